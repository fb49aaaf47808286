r"""Which files a project consists of: git's answer, or a walk where git has none.

Names are shown as UTF-8 can carry them: a file whose name is not UTF-8 appears with escapes
(``caf\xe9.py``) and as unreadable, so that no later step meets a string it cannot encode.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from doctrine.model.project import Flaw
from doctrine.patterns import matcher
from doctrine.project.reading import CannotReadError, read_regular

Capture = Callable[[tuple[str, ...], str], tuple[int | None, bytes]]
"""Runs a program: (argv, cwd) -> (exit code, or None if it cannot be started; stdout)."""

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")

# The monitor is a program named in the judged project's own git configuration: never run it.
_GIT = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks")
_LIST = (*_GIT, "ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard")

_FOREIGN = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        ".venv",
        ".tox",
        ".nox",
        ".eggs",
        ".direnv",
        ".pixi",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "_vendor",
        "_vendored",
        "vendor",
        "vendored",
        "third_party",
    }
)
_FOREIGN_SUFFIXES = (".egg-info", ".dist-info")
# These names are also given to packages (``src/build``), and then they are the project's own.
_PRODUCED = frozenset({"venv", "env", "virtualenv", "build", "dist", "htmlcov"})

_WELL_KNOWN = (
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "requirements.txt",
    "setup.py",
    "setup.cfg",
    ".pre-commit-config.yaml",
    ".python-version",
)

_GITIGNORE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A Python file as its directory entry shows it."""

    path: str
    size: int
    flaw: Flaw | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of a project, every part sorted by path.

    Attributes:
        python: Python files, and folders that could not be listed (they may hold some).
        others: Other files.
        tracked: What git tracks; None outside git.
        ignored: Well-known files of the root that exist and are ignored.
    """

    python: tuple[Entry, ...]
    others: tuple[str, ...]
    tracked: frozenset[str] | None
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Names before they are looked at, as the file system spells them."""

    tracked: frozenset[str] | None
    untracked: frozenset[str]
    unlisted: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def list_files(root: str, exclude: tuple[str, ...], capture: Capture) -> Listing:
    """List a project.

    Args:
        root: Absolute project root.
        exclude: gitignore-style patterns of what is not the project's own.
        capture: Runs git.
    """
    names = _from_git(root, capture) or _from_walk(root)
    is_excluded = matcher(exclude) if exclude else _never
    python: list[Entry] = []
    others: list[str] = []
    listed = (names.tracked or frozenset()) | names.untracked
    for name in listed:
        if is_excluded(name):
            continue
        if name.endswith(PYTHON_SUFFIXES):
            entry = _python_entry(root, name, listed)
            python.extend([entry] if entry else [])
        elif _is_file(f"{root}/{name}"):
            others.append(displayed(name))
    python.extend(
        Entry(path=displayed(name), size=0, flaw=Flaw.UNREADABLE)
        for name in names.unlisted
        if not is_excluded(f"{name}/")
    )
    return Listing(
        python=tuple(sorted(python, key=lambda entry: entry.path)),
        others=tuple(sorted(others)),
        tracked=None if names.tracked is None else frozenset(map(displayed, names.tracked)),
        ignored=names.ignored,
    )


def displayed(name: str) -> str:
    """Return a file name as UTF-8 can carry it, undecodable bytes as escapes."""
    if name.isascii():
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _from_git(root: str, capture: Capture) -> _Names | None:
    """Ask git; None when there is no repository, it refuses, or it knows nothing of the root."""
    folder = Path(root)
    if not any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents)):
        return None
    code, output = capture(_LIST, root)
    if code != 0:
        return None
    records = [os.fsdecode(record) for record in output.split(b"\0") if record]
    tracked = {record[2:] for record in records if not record.startswith("? ")}
    untracked = {record[2:] for record in records if record.startswith("? ")}
    if not tracked and not untracked:
        return None  # the root is itself ignored by a repository around it
    listed = tracked | untracked
    folders = _Folders(listed)
    return _Names(
        tracked=frozenset(name for name in tracked if not folders.foreign(name, own=True)),
        # A name that ends in a slash is a repository inside the repository.
        untracked=frozenset(
            name
            for name in untracked
            if not name.endswith("/") and not folders.foreign(name, own=False)
        ),
        ignored=frozenset(
            name for name in _WELL_KNOWN if name not in listed and _is_file(f"{root}/{name}")
        ),
    )


class _Folders:
    """Tells which folders of a list of names are foreign, each folder looked at once."""

    def __init__(self, names: Iterable[str]) -> None:
        self._packages: set[str] = set()
        self._environments: set[str] = set()
        for name in names:
            if name.endswith("/__init__.py"):
                self._packages.add(name[: -len("/__init__.py")])
            elif name.endswith("/pyvenv.cfg"):
                self._environments.add(name[: -len("/pyvenv.cfg")])
        self._known: dict[tuple[str, bool], bool] = {("", True): False, ("", False): False}

    def foreign(self, name: str, *, own: bool) -> bool:
        """Whether a name lies in a foreign folder; ``own`` trusts what git tracks further."""
        pending: list[str] = []
        folder = name.rpartition("/")[0]
        while (folder, own) not in self._known:
            pending.append(folder)
            folder = folder.rpartition("/")[0]
        foreign = self._known[folder, own]
        for inner in reversed(pending):
            foreign = foreign or self._is_foreign(inner, own=own)
            self._known[inner, own] = foreign
        return foreign

    def _is_foreign(self, folder: str, *, own: bool) -> bool:
        return (
            _has_foreign_name(folder)
            or folder in self._environments
            or (not own and _is_produced(folder, package=folder in self._packages))
        )


def _has_foreign_name(folder: str) -> bool:
    base = folder.rpartition("/")[2]
    return base in _FOREIGN or base.endswith(_FOREIGN_SUFFIXES)


def _is_produced(folder: str, *, package: bool) -> bool:
    return not package and folder.rpartition("/")[2] in _PRODUCED


def _from_walk(root: str) -> _Names:
    is_ignored = _gitignore(root)
    found: set[str] = set()
    unlisted: set[str] = set()
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(f"{root}/{folder}") as scan:
                entries = list(scan)
        except OSError:
            unlisted.add(folder or ".")
            continue
        for name, is_folder in _members(folder, entries):
            if is_ignored(f"{name}/" if is_folder else name):
                continue
            if is_folder:
                pending.append(name)
            else:
                found.add(name)
    ignored = frozenset(
        name for name in _WELL_KNOWN if is_ignored(name) and _is_file(f"{root}/{name}")
    )
    return _Names(
        tracked=None,
        untracked=frozenset(found),
        unlisted=frozenset(unlisted),
        ignored=ignored,
    )


def _members(folder: str, entries: list[os.DirEntry[str]]) -> Iterator[tuple[str, bool]]:
    """Yield what a folder holds, with whether it is a folder; nothing for a foreign one."""
    bases = {entry.name for entry in entries}
    if folder and "pyvenv.cfg" in bases:
        return
    if folder and _is_produced(folder, package="__init__.py" in bases):
        return
    if folder and ".git" in bases:
        return  # a repository of its own
    for entry in entries:
        name = f"{folder}/{entry.name}" if folder else entry.name
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
        except OSError:
            is_folder = False
        if not is_folder or not _has_foreign_name(name):
            yield name, is_folder


def _never(name: str) -> bool:
    return False


def _gitignore(root: str) -> Callable[[str], bool]:
    try:
        text = read_regular(f"{root}/.gitignore", _GITIGNORE_LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        return _never
    return matcher(line for line in text.splitlines() if _usable(line))


def _usable(line: str) -> bool:
    """Whether a line is a pattern; git passes over those that are not."""
    try:
        matcher([line])
    except ValueError:
        return False
    return True


def _is_file(path: str) -> bool:
    return _mode(path, stat.S_ISREG)


def _mode(path: str, test: Callable[[int], bool]) -> bool:
    try:
        return test(os.stat(path).st_mode)  # noqa: PTH116 - once for every file
    except (OSError, ValueError):
        return False


def _python_entry(root: str, name: str, listed: frozenset[str]) -> Entry | None:
    """Look at a Python file; None when there is nothing to judge behind the name."""
    path = f"{root}/{name}"
    shown = displayed(name)
    unreadable = Entry(path=shown, size=0, flaw=Flaw.UNREADABLE)
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None  # tracked, but deleted from the working tree
    except OSError:
        return unreadable
    if stat.S_ISLNK(status.st_mode):
        return _link_entry(root, name, listed)
    if stat.S_ISDIR(status.st_mode):
        return None  # a submodule
    if not stat.S_ISREG(status.st_mode) or shown != name or not os.access(path, os.R_OK):
        return unreadable
    return Entry(path=name, size=status.st_size, flaw=None)


def _link_entry(root: str, name: str, listed: frozenset[str]) -> Entry | None:
    """Judge a link: one to a Python file of the project is that file again, so not counted."""
    if name.rpartition("/")[2].startswith(".#"):
        return None  # an editor's lock, which points nowhere on purpose
    target = os.path.realpath(f"{root}/{name}")
    inside = os.path.relpath(target, os.path.realpath(root)).replace(os.sep, "/")
    if inside in listed and inside.endswith(PYTHON_SUFFIXES) and _is_file(target):
        return None
    if _mode(target, stat.S_ISDIR):
        return None
    return Entry(path=displayed(name), size=0, flaw=Flaw.UNREADABLE)
