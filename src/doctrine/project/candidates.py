"""The names that may belong to a project: git's answer, or a walk where git has none."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from doctrine.patterns import matcher
from doctrine.project.beside import beside, is_closed
from doctrine.project.reading import CannotReadError, read_regular

Capture = Callable[[tuple[str, ...], str], tuple[int | None, bytes]]
"""Runs a program: (argv, cwd) -> (exit code, or None if it cannot be started; stdout)."""

# The monitor is a program named in the judged project's own git configuration: never run it.
GIT = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks")
"""How git is asked without being able to write, or to start a program of the judged project."""
LIST = (*GIT, "ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard")
"""How git is asked which files there are, and which of them it tracks."""

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

_TAG = "CACHEDIR.TAG"
"""What caches are marked with, doctrine's own among them: https://bford.info/cachedir/."""
_GITIGNORE_LIMIT = 1024 * 1024


class Names(Struct, frozen=True, kw_only=True):
    """Names before they are looked at, as the file system spells them.

    Attributes:
        tracked: What git tracks; None outside git.
        untracked: Everything else.
        regular: Names, not all of them of the project, that are known to be those of regular files.
        unlisted: Folders that could not be listed.
        ignored: Well-known files of the root that exist and are ignored.
    """

    tracked: frozenset[str] | None
    untracked: frozenset[str]
    regular: frozenset[str] = frozenset()
    unlisted: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def candidates(root: str, capture: Capture) -> Names:
    """Return the names of a project, as the file system spells them.

    Args:
        root: Absolute project root.
        capture: Runs git.
    """
    return _from_git(root, capture) or _from_walk(root)


def _from_git(root: str, capture: Capture) -> Names | None:
    """Ask git; None when there is no repository, it refuses, or it knows nothing of the root."""
    records = _records(root, capture)
    if not records:
        return None  # without a record, the root is itself ignored by a repository around it
    # A name that ends in a slash is a repository inside the repository.
    untracked = {record[2:] for record in records if record[0] == "?" and record[-1] != "/"}
    tracked = {record[2:] for record in records if record[0] != "?"}
    around = beside(root, tracked | untracked)
    untracked.update(around.special)
    folders = _Folders(tracked | untracked)
    return Names(
        tracked=folders.own(tracked, tracked=True),
        untracked=folders.own(untracked, tracked=False),
        unlisted=_closed(root, around.folders, folders, capture),
        ignored=_well_known(root, lambda name: name not in tracked and name not in untracked),
    )


def _closed(
    root: str, present: Iterable[str], folders: _Folders, capture: Capture
) -> frozenset[str]:
    """Return the folders that git could not list; of those that it ignores it would list none."""
    marks = {f"{one}/.": one for one in present}
    own = sorted(marks[one] for one in folders.own(marks, tracked=False))
    found = [one for one in own if is_closed(root, one)]
    if not found:
        return frozenset()
    # Names with a quote or a line break come quoted, and count as not ignored.
    asked = (*GIT, "-c", "core.quotePath=false", "check-ignore", "--", *found)
    code, output = capture(asked, root)
    ignored = {os.fsdecode(one) for one in output.split(b"\n")} if code == 0 else set[str]()
    return frozenset(found) - ignored


def _records(root: str, capture: Capture) -> list[str]:
    folder = Path(root)
    if not any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents)):
        return []
    code, output = capture(LIST, root)
    records = (os.fsdecode(record) for record in output.split(b"\0") if record)
    return [record for record in records if is_inside(record[2:])] if code == 0 else []


def is_inside(name: str) -> bool:
    """Whether a name stays below the root: an index can be made to hold any name."""
    return not name.startswith("/") and ".." not in name.split("/")


def _well_known(root: str, is_ignored: Callable[[str], bool]) -> frozenset[str]:
    return frozenset(name for name in _WELL_KNOWN if is_ignored(name) and is_file(f"{root}/{name}"))


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

    def own(self, names: Iterable[str], *, tracked: bool) -> frozenset[str]:
        """Return the names outside foreign folders; what git tracks is trusted further."""
        return frozenset(name for name in names if not self._lies_in_foreign(name, own=tracked))

    def _lies_in_foreign(self, name: str, *, own: bool) -> bool:
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
            or (not own and folder not in self._packages and _is_produced(folder, set()))
        )


def _has_foreign_name(folder: str) -> bool:
    base = folder.rpartition("/")[2]
    return base in _FOREIGN or base.endswith(_FOREIGN_SUFFIXES)


def _is_produced(folder: str, bases: set[str]) -> bool:
    return "__init__.py" not in bases and folder.rpartition("/")[2] in _PRODUCED


def _from_walk(root: str) -> Names:
    is_ignored = _gitignore(root)
    files, unlisted = _walked(root, is_ignored)
    return Names(
        tracked=None,
        untracked=frozenset(name for name in files if not is_ignored(name)),
        regular=frozenset(name for name, regular in files.items() if regular),
        unlisted=frozenset(unlisted),
        ignored=_well_known(root, is_ignored),
    )


def _walked(root: str, is_ignored: Callable[[str], bool]) -> tuple[dict[str, bool], set[str]]:
    """Return the files, with whether they are regular, and the folders that cannot be listed."""
    files: dict[str, bool] = {}
    unlisted: set[str] = set()
    pending = [""]
    while pending:
        folder = pending.pop()
        entries = _entries(f"{root}/{folder}")
        if entries is None:
            unlisted.add(folder or ".")
        elif not folder or not _is_left_out(folder, {entry.name for entry in entries}):
            inner = _sorted_out(f"{folder}/" if folder else "", entries, files)
            pending += (name for name in inner if not is_ignored(f"{name}/"))
    return files, unlisted


def _entries(folder: str) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(folder) as scan:
            return list(scan)
    except OSError:
        return None


def _sorted_out(
    prefix: str, entries: list[os.DirEntry[str]], files: dict[str, bool]
) -> Iterator[str]:
    """Yield the folders that are not foreign, and add the files, with whether they are regular."""
    for entry in entries:
        if not _is_folder(entry):
            files[prefix + entry.name] = _is_regular(entry)
        elif not _has_foreign_name(entry.name):
            yield prefix + entry.name


def _is_left_out(folder: str, bases: set[str]) -> bool:
    """Whether what a folder holds makes it none of the project's own."""
    tagged = _TAG in bases and "__init__.py" not in bases
    return tagged or bool(bases & {"pyvenv.cfg", ".git"}) or _is_produced(folder, bases)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_regular(entry: os.DirEntry[str]) -> bool:
    # The kind comes with the entry; only a file system that does not tell it costs a call.
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


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


def is_file(path: str) -> bool:
    """Whether a path leads to a regular file."""
    return mode(path, stat.S_ISREG)


def mode(path: str, test: Callable[[int], bool]) -> bool:
    """Whether what a path leads to passes a test of its mode; False for what cannot be told."""
    try:
        return test(os.stat(path).st_mode)  # noqa: PTH116 - once for every file
    except (OSError, ValueError):
        return False
