"""Calls that block the thread they run in, by dotted name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from doctrine.inspect._word_set import word_set

_NETWORK = "it waits for the network"
_FILES = "it moves file contents"
_WAIT = "it waits"
_PROCESS = "it waits for a process"
_DATABASE = "it waits for a database"
_LOOP = "a loop is running already, and nothing else can run meanwhile"

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    _NETWORK: (
        "requests.Session().*",
        "requests.session().*",
        "requests.sessions.Session().*",
        "httpx.Client().*",
        "urllib3.PoolManager().request",
        "urllib3.PoolManager().urlopen",
        "urllib3.request",
        "http.client.HTTPConnection().*",
        "http.client.HTTPSConnection().*",
        "socket.create_connection",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.gethostbyname_ex",
        "socket.getfqdn",
        "socket.socket().accept",
        "socket.socket().connect",
        "socket.socket().recv*",
        "socket.socket().send*",
        "socket.create_connection().recv*",
        "socket.create_connection().send*",
        "select.select",
        "smtplib.SMTP",
        "smtplib.SMTP_SSL",
        "smtplib.SMTP().*",
        "smtplib.SMTP_SSL().*",
        "ftplib.FTP().*",
        "boto3.client().*",
        "boto3.resource().*",
        "paramiko.SSHClient().connect",
        "paramiko.SSHClient().exec_command",
        "imaplib.IMAP4().*",
        "imaplib.IMAP4_SSL().*",
        "dns.resolver.resolve",
        "openai.OpenAI().*.create",
        "anthropic.Anthropic().*.create",
        "elasticsearch.Elasticsearch().*",
        "git.Repo.clone_from",
        "yt_dlp.YoutubeDL().download",
        "yt_dlp.YoutubeDL().extract_info",
    ),
    _FILES: (
        "shutil.copy",
        "shutil.copy2",
        "shutil.copyfile",
        "shutil.copyfileobj",
        "shutil.copytree",
        "shutil.make_archive",
        "shutil.move",
        "shutil.rmtree",
        "shutil.unpack_archive",
        "tarfile.open().extractall",
        "zipfile.ZipFile().extractall",
        "os.fsync",
    ),
    _WAIT: (
        "queue.Queue().get",
        "queue.Queue().join",
        "queue.LifoQueue().get",
        "queue.PriorityQueue().get",
        "queue.SimpleQueue().get",
        "multiprocessing.Queue().get",
        "threading.Thread().join",
        "threading.Lock().acquire",
        "threading.RLock().acquire",
        "threading.Semaphore().acquire",
        "threading.BoundedSemaphore().acquire",
        "threading.Condition().wait",
        "threading.Condition().wait_for",
        "threading.Event().wait",
        "threading.Barrier().wait",
        "concurrent.futures.wait",
        "concurrent.futures.ThreadPoolExecutor().submit().result",
        "concurrent.futures.ProcessPoolExecutor().submit().result",
        "asyncio.run_coroutine_threadsafe().result",
        "multiprocessing.Process().join",
        "signal.pause",
    ),
    _PROCESS: (
        "subprocess.Popen().communicate",
        "subprocess.Popen().wait",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
    ),
    _DATABASE: (
        "sqlite3.connect",
        "sqlite3.connect().*",
        "psycopg.connect",
        "psycopg.connect().*",
        "psycopg2.connect",
        "psycopg2.connect().*",
        "pymysql.connect",
        "pymysql.connect().*",
        "redis.Redis().*",
        "redis.StrictRedis().*",
        "redis.from_url().*",
        "pymongo.MongoClient().*.*.*",
        "sqlalchemy.create_engine().connect",
        "sqlalchemy.create_engine().connect().execute",
        *(
            f"sqlalchemy.orm{session}().{method}"
            for session in (".Session", ".session.Session", ".sessionmaker()", ".scoped_session")
            for method in (
                "commit",
                "execute",
                "flush",
                "get",
                "query().*.all",
                "query().all",
                "query().*.first",
                "query().first",
                "query().*.one",
                "query().*.one_or_none",
                "query().*.count",
                "query().get",
                "refresh",
                "scalar",
                "scalars",
            )
        ),
    ),
    _LOOP: (
        "asyncio.run",
        "asyncio.get_event_loop().run_until_complete",
        "asyncio.get_running_loop().run_until_complete",
        "asyncio.new_event_loop().run_until_complete",
    ),
}

_KNOWN_TO_RUFF = (
    "time.sleep",
    "requests.delete",
    "requests.get",
    "requests.head",
    "requests.options",
    "requests.patch",
    "requests.post",
    "requests.put",
    "requests.request",
    "httpx.delete",
    "httpx.get",
    "httpx.head",
    "httpx.patch",
    "httpx.post",
    "httpx.put",
    "httpx.request",
    "httpx.stream",
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.run",
    "os.popen",
    "os.system",
    "os.wait",
    "os.waitpid",
)

_CHEAP = (
    "glob.glob",
    "os.listdir",
    "os.link",
    "os.lstat",
    "os.makedirs",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.replace",
    "os.rmdir",
    "os.scandir",
    "os.stat",
    "os.symlink",
    "os.unlink",
    "os.walk",
    "shutil.disk_usage",
    "shutil.which",
)

_HARMLESS = word_set("""add_done_callback batch clear close cursor exceptions fileno getpeername getsockname headers
    meta mount pipeline row_factory rollback setblocking settimeout shutdown""")
"""Methods of the table's objects that return at once."""

_EXACT: dict[str, str] = {
    name: why for why, names in _PATTERNS.items() for name in names if "*" not in name
}
_OPEN: tuple[tuple[str, str], ...] = tuple(
    (name, why) for why, names in _PATTERNS.items() for name in names if "*" in name
)

ROOTS = frozenset(
    name.partition(".")[0]
    for names in (*_PATTERNS.values(), _KNOWN_TO_RUFF, _CHEAP)
    for name in names
)
"""Top-level modules of the tables: a file that imports none of them needs no second look."""


def why_blocking(dotted: str) -> str:
    """Return why a call blocks, for those that ruff does not report; empty if it does not."""
    if dotted in _EXACT:
        return _EXACT[dotted]
    if dotted.partition(".")[0] not in ROOTS or dotted.rpartition(".")[2] in _HARMLESS:
        return ""
    return next((why for pattern, why in _OPEN if fnmatchcase(dotted, pattern)), "")


def blocks_anywhere(dotted: str) -> bool:
    """Return whether a call blocks, whoever reports it where it stands in a coroutine."""
    return dotted in _KNOWN_TO_RUFF or bool(why_blocking(dotted))


def is_cheap(dotted: str) -> bool:
    """Return whether a call asks the file system for little and mostly returns at once."""
    return dotted in _CHEAP


def any_root(modules: Iterable[str]) -> bool:
    """Return whether any of the imported modules is one of the tables'."""
    return any(module.partition(".")[0] in ROOTS for module in modules)
