r"""Which files a project consists of, and which of them cannot be read.

Names are shown as UTF-8 can carry them: a file whose name is not UTF-8 appears with escapes
(``caf\xe9.py``) and as unreadable, so that no later step meets a string it cannot encode.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from msgspec import Struct

from doctrine.model.project import Flaw
from doctrine.patterns import matcher
from doctrine.project.candidates import Capture, Names, candidates, is_file, mode

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")


class Entry(Struct, frozen=True, kw_only=True):
    """A Python file as its directory entry shows it."""

    path: str
    size: int
    flaw: Flaw | None
    modified: int = 0


class Listing(Struct, frozen=True, kw_only=True):
    """The files of a project, every part sorted by path.

    Attributes:
        python: Python files, and folders that could not be listed (they may hold some).
        others: Other files.
        linked: Links to folders, and links that lead nowhere.
        tracked: What git tracks; None outside git.
        ignored: Well-known files of the root that exist and are ignored.
    """

    python: tuple[Entry, ...]
    others: tuple[str, ...]
    linked: tuple[str, ...]
    tracked: frozenset[str] | None
    ignored: frozenset[str]


def list_files(root: str, exclude: tuple[str, ...], capture: Capture) -> Listing:
    """List a project.

    Args:
        root: Absolute project root.
        exclude: gitignore-style patterns of what is not the project's own.
        capture: Runs git.
    """
    names = candidates(root, capture)
    is_excluded = matcher(exclude) if exclude else _never
    listed = (names.tracked or frozenset()) | names.untracked
    kept = tuple(name for name in listed if not is_excluded(name))
    unlisted = tuple(name for name in names.unlisted if not is_excluded(f"{name}/"))
    others, linked = _others(root, kept, names)
    return Listing(
        python=tuple(sorted(_python(root, kept, listed, unlisted), key=lambda each: each.path)),
        others=tuple(sorted(map(displayed, others))),
        linked=tuple(sorted(map(displayed, linked))),
        tracked=None if names.tracked is None else frozenset(map(displayed, names.tracked)),
        ignored=names.ignored,
    )


def _python(
    root: str, kept: tuple[str, ...], listed: frozenset[str], unlisted: tuple[str, ...]
) -> Iterator[Entry]:
    for name in kept:
        entry = _python_entry(root, name, listed) if _is_python(name) else None
        if entry is not None:
            yield entry
    for name in unlisted:
        yield Entry(path=displayed(name), size=0, flaw=Flaw.UNREADABLE)


def _others(root: str, kept: tuple[str, ...], names: Names) -> tuple[list[str], list[str]]:
    """Return the files that are no Python, and the links to folders or to nothing.

    A tool that follows the latter walks in circles, or out of the root.
    """
    others: list[str] = []
    linked: list[str] = []
    for name in kept:
        if _is_python(name):
            continue
        if name in names.regular or is_file(f"{root}/{name}"):
            others.append(name)
        elif os.path.islink(f"{root}/{name}"):  # noqa: PTH114 - once for every name
            linked.append(name)
    return others, linked


def _never(name: str) -> bool:
    return False


def _is_python(name: str) -> bool:
    return name.endswith(PYTHON_SUFFIXES)


def displayed(name: str) -> str:
    """Return a file name as UTF-8 can carry it, undecodable bytes as escapes."""
    if name.isascii():
        return name
    return displayed_bytes(os.fsencode(name))


def displayed_bytes(name: bytes) -> str:
    """Return the bytes of a file name as UTF-8 can carry them, undecodable ones as escapes."""
    return name.decode("utf-8", "backslashreplace")


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
    return Entry(path=name, size=status.st_size, flaw=None, modified=status.st_mtime_ns)


def _link_entry(root: str, name: str, listed: frozenset[str]) -> Entry | None:
    """Judge a link: one to a Python file of the project is that file again, so not counted."""
    if name.rpartition("/")[2].startswith(".#"):
        return None  # an editor's lock, which points nowhere on purpose
    target = os.path.realpath(f"{root}/{name}")
    inside = os.path.relpath(target, os.path.realpath(root)).replace(os.sep, "/")
    if inside in listed and inside.endswith(PYTHON_SUFFIXES) and is_file(target):
        return None
    if mode(target, stat.S_ISDIR):
        return None
    return Entry(path=displayed(name), size=0, flaw=Flaw.UNREADABLE)
