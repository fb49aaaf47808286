"""Programs that start other programs: ``uv run``, ``python -m``, ``uvx``, ``sudo``, containers.

Each is taken off by one layer, with what it says about the program inside: who installs it,
which interpreter runs it, and in which folder.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from packaging.utils import canonicalize_name

Argv = tuple[str, ...]

_PYTHON = re.compile(r"^(?:python|pypy)(?P<version>\d(?:\.\d+)?t?)?(?:\.exe)?$")
_VARIABLE = re.compile(
    r"^(?:\$\{?|\$\(|\{\{?\s*|\{)(?:\w*[_-]|env|session)?"
    r"(?P<name>python|py|pip|pytest|uv|uvx|ruff|mypy|pyright|poetry|tox|nox)[)}\s]*$",
    re.IGNORECASE,
)
_BIN = re.compile(r"^(?:.*[/\\}])?(?:s?bin|Scripts)[/\\](?P<name>[^/\\]+?)(?:\.exe)?$")
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.-]*")
_RUNNER = frozenset({"pytest", "ptr"})
"""Commands that pytest-runner adds to ``setup.py``."""
_MODULES: Mapping[str, str] = {"pre_commit": "pre-commit", "pip_audit": "pip-audit"}


class Launched(Struct, frozen=True, kw_only=True):
    """What a launcher starts.

    Attributes:
        argv: The program inside; empty when the launcher names none.
        provides: Distributions that the launcher installs for it, normalised.
        brings: Whether the program itself is among what it installs.
        python: Python version it asks for; empty if it does not say.
        cwd: Folder it changes to; empty if it stays.
        keep: Whether the launcher is worth a command of its own (``coverage run``).
    """

    argv: Argv
    provides: tuple[str, ...] = ()
    brings: bool = False
    python: str = ""
    cwd: str = ""
    keep: bool = False


class _Wrapper(Struct, frozen=True, kw_only=True):
    """A launcher whose options end where the program begins.

    Attributes:
        words: Words after its own name that belong to it (``run`` of ``uv run``).
        valued: Options whose value is the next word.
        operands: Words of its own between the options and the program (``timeout 60 cmd``).
        package: Whether the program is a package that it installs (``uvx``).
    """

    words: Argv = ()
    valued: frozenset[str] = frozenset()
    operands: int = 0
    package: bool = False


def _options(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UV_GLOBAL = "--directory --project --config-file --color --cache-dir --allow-insecure-host"
_UV = _options(
    _UV_GLOBAL + " --with --with-editable --with-requirements --python -p --extra --no-extra"
    " --group --no-group --only-group --package --env-file --from --index --default-index"
    " --index-url -i --extra-index-url --find-links -f --index-strategy --keyring-provider"
    " --resolution --prerelease --exclude-newer --link-mode --refresh-package -P"
    " --upgrade-package --config-setting -C --no-build-package --no-binary-package"
    " --reinstall-package --python-platform -c --constraints --overrides -w"
)
_DOCKER = _options(
    "-v --volume -e --env --env-file -w --workdir --name --network --net -u --user -p --publish"
    " --entrypoint --mount --platform --index -m --memory --cpus -h --hostname --add-host -l"
    " --label --link --ipc --tmpfs --cap-add --security-opt --shm-size --gpus --ulimit --pull"
    " -f --file -P --project-name --project-directory --profile"
)
_WRAPPERS: Mapping[str, tuple[_Wrapper, ...]] = {
    "uv": (
        _Wrapper(words=("run",), valued=_UV),
        _Wrapper(words=("tool", "run"), valued=_UV, package=True),
    ),
    "uvx": (_Wrapper(valued=_UV, package=True),),
    "pipx": (
        _Wrapper(words=("run",), valued=_options("--spec --python --pip-args"), package=True),
    ),
    "npx": (_Wrapper(valued=_options("-p --package"), package=True),),
    "bunx": (_Wrapper(package=True),),
    "pnpm": (_Wrapper(words=("dlx",), package=True), _Wrapper(words=("exec",))),
    "yarn": (_Wrapper(words=("dlx",), package=True),),
    "poetry": (_Wrapper(words=("run",), valued=_options("-C --directory -P --project")),),
    "pdm": (_Wrapper(words=("run",), valued=_options("-p --project --venv")),),
    "pipenv": (_Wrapper(words=("run",)),),
    "rye": (_Wrapper(words=("run",), valued=_options("--pyproject")),),
    "pixi": (_Wrapper(words=("run",), valued=_options("-e --environment --manifest-path")),),
    "hatch": (
        _Wrapper(words=("run",)),
        _Wrapper(words=("env", "run"), valued=_options("-e --env -i -x -f --filter")),
    ),
    "conda": (_Wrapper(words=("run",), valued=_options("-n --name -p --prefix --cwd")),),
    "mamba": (_Wrapper(words=("run",), valued=_options("-n --name -p --prefix --cwd")),),
    "micromamba": (_Wrapper(words=("run",), valued=_options("-n --name -p --prefix --cwd")),),
    "docker": (
        _Wrapper(words=("compose", "run"), valued=_DOCKER, operands=1),
        _Wrapper(words=("compose", "exec"), valued=_DOCKER, operands=1),
        _Wrapper(words=("run",), valued=_DOCKER, operands=1),
        _Wrapper(words=("exec",), valued=_DOCKER, operands=1),
    ),
    "podman": (_Wrapper(words=("run",), valued=_DOCKER, operands=1),),
    "docker-compose": (
        _Wrapper(words=("run",), valued=_DOCKER, operands=1),
        _Wrapper(words=("exec",), valued=_DOCKER, operands=1),
    ),
    "time": (_Wrapper(valued=_options("-f -o")),),
    "exec": (_Wrapper(valued=_options("-a")),),
    "sudo": (_Wrapper(valued=_options("-u --user -g --group -h -p -D")),),
    "command": (_Wrapper(),),
    "nohup": (_Wrapper(),),
    "env": (_Wrapper(valued=_options("-u --unset -C --chdir")),),
    "nice": (_Wrapper(valued=_options("-n --adjustment")),),
    "stdbuf": (_Wrapper(valued=_options("-i -o -e")),),
    "timeout": (_Wrapper(valued=_options("-k -s --signal --kill-after"), operands=1),),
    "xvfb-run": (_Wrapper(valued=_options("-n --server-num -s --server-args -e -f -w")),),
    "dbus-run-session": (_Wrapper(valued=_options("--config-file")),),
    "catchsegv": (_Wrapper(),),
    "unbuffer": (_Wrapper(),),
    "xargs": (
        _Wrapper(valued=_options("-n -P -I -L -d -s -a -E --max-args --max-procs --delimiter")),
    ),
    "doppler": (_Wrapper(words=("run",), valued=_options("-p -c --project --config")),),
    "op": (_Wrapper(words=("run",), valued=_options("--env-file")),),
    "direnv": (_Wrapper(words=("exec",), operands=1),),
}


def program_name(word: str) -> str:
    """Return a program's plain name: folders of environments and well-known variables dropped."""
    variable = _VARIABLE.match(word)
    if variable:
        return variable["name"].lower()
    inside = _BIN.match(word)
    name = inside["name"] if inside else word.removesuffix(".exe")
    return "pytest" if name == "py.test" else name


def unwrap(argv: Argv) -> Launched | None:
    """Return what a launcher starts, or None when the command is none.

    Args:
        argv: Program, by its plain name, and arguments.
    """
    program = argv[0]
    if found := _PYTHON.match(program):
        return _python(argv[1:], found["version"] or "")
    if program == "py":
        return _windows_launcher(argv[1:])
    if program == "coverage":
        return _coverage(argv[1:])
    for wrapper in _WRAPPERS.get(program, ()):
        if (rest := _own_words(argv[1:], wrapper)) is not None:
            return _wrapped(rest, wrapper)
    return None


def _own_words(rest: Argv, wrapper: _Wrapper) -> Argv | None:
    """Return what follows the wrapper's own words; options may stand between them."""
    kept: list[str] = []
    for word in wrapper.words:
        options, rest = _split_options(rest, wrapper.valued)
        kept.extend(options)
        if rest[:1] != (word,):
            return None
        rest = rest[1:]
    return (*kept, *rest)


def _split_options(words: Argv, valued: frozenset[str]) -> tuple[Argv, Argv]:
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in {"-", "--", "-m"}:
        at += 2 if words[at] in valued else 1
    return words[:at], words[at:]


def _wrapped(rest: Argv, wrapper: _Wrapper) -> Launched:
    options, words = _split_options(rest, wrapper.valued)
    words = words[1:] if words[:1] == ("--",) else words
    words = words[wrapper.operands :]
    while words and re.match(r"^[A-Za-z_]\w*=", words[0]):  # env A=b, sudo A=b
        words = words[1:]
    if words[:1] == ("-m",):
        words = ("python", *words)
    given = tuple(_values(options, "--with", "-w", "--with-editable"))
    python = next(_values(options, "--python", "-p"), "")
    folder = next(_values(options, "--directory", "-C", "--chdir", "--cwd"), "")
    provides = tuple(name for one in given for name in _names(one))
    if not (wrapper.package and words):
        return Launched(argv=words, provides=provides, python=_version(python), cwd=folder)
    source = next(_values(options, "--from", "--spec", "--package"), words[0])
    tool = (re.split(r"@(?=[\dl^~])|[=<>!~\[]", words[0])[0], *words[1:])
    return Launched(
        argv=tool,
        provides=(*_names(source), *provides),
        brings=True,
        python=_version(python),
        cwd=folder,
    )


def _values(options: Argv, *names: str) -> Iterator[str]:
    for at, word in enumerate(options):
        name, equals, value = word.partition("=")
        if name not in names:
            continue
        if equals:
            yield value
        elif at + 1 < len(options):
            yield options[at + 1]


def _names(requirements: str) -> Iterator[str]:
    for one in requirements.split(","):
        if found := _REQUIREMENT.match(one.strip()):
            yield canonicalize_name(found.group())


def _version(text: str) -> str:
    found = re.search(r"(?:^|[a-z@-])(\d\.\d+)(?:\.\d+)?(t)?(?:\D|$)", text)
    return found[1] + (found[2] or "") if found else text if "$" in text else ""


def _python(rest: Argv, version: str) -> Launched | None:
    valued = frozenset({"-W", "-X", "--check-hash-based-pycs"})
    options, words = _split_options(rest, valued)
    words = _behind_unknown_options(words)
    if words[:1] != ("-m",) or not words[1:]:
        clustered = options[-1:] and re.match(r"^-[bBdEiIOPqsSuvx]+m$", options[-1])
        if not (clustered and words):
            return _through_setuptools(words)
        words = ("-m", *words)
    module = words[1]
    argv = (_MODULES.get(module, module), *words[2:])
    return Launched(argv=argv, python=version if "." in version else "")


def _through_setuptools(words: Argv) -> Launched | None:
    """Return pytest where pytest-runner starts it, with the options that it is handed."""
    script, command = (*words[:2], "", "")[:2]
    if posixpath.basename(script) != "setup.py" or command not in _RUNNER:
        return None
    handed = (one for value in _values(words, "--addopts", "-a") for one in value.split())
    return Launched(argv=("pytest", *handed))


def _windows_launcher(rest: Argv) -> Launched | None:
    version = ""
    if rest and re.match(r"^-\d", rest[0]):
        version, rest = rest[0][1:], rest[1:]
    return _python(rest, version)


def _coverage(rest: Argv) -> Launched | None:
    valued = _options(
        "--source --omit --include --rcfile --data-file --context --concurrency --debug"
    )
    if rest[:1] != ("run",):
        return None
    _, words = _split_options(rest[1:], valued)
    words = _behind_unknown_options(words)
    if words[:1] == ("-m",) and len(words) > 1:
        return Launched(argv=words[1:], keep=True)
    return None


def _behind_unknown_options(words: Argv) -> Argv:
    """Drop what only a run fills in, such as ``$flags``, where ``-m`` shows that it is options."""
    at = next((index for index, word in enumerate(words) if not word.startswith(("$", "`"))), 0)
    return words[at:] if words[at : at + 1] == ("-m",) else words
