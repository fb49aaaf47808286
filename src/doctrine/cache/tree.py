"""Everything below a folder that a tool could read: what is there, and what it holds.

Looking is cheap and tells whether anything was touched; the contents are digested when they are
asked for. Nothing is left out because git ignores it: type checkers import such modules, too.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from doctrine.cache.digests import RACY, Digests

NEVER = frozenset(
    {
        ".git", ".hg", ".svn", ".hypothesis", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache",
        ".tox", "__pycache__", "node_modules",
    }
)  # fmt: skip
"""Folders that no tool reads the project's sources from."""
ENVIRONMENT = "pyvenv.cfg"
"""What makes a folder an environment, which is known by what is installed in it."""
MOST = 500_000
"""Paths of a project: to look at more takes longer than what is saved."""
LARGE = 32 << 20
"""Bytes of a file that is known by its size and time: no tool reads so much."""
_SOURCES = (".py", ".pyi", ".pyw")
_FILE, _FOLDER, _LINK, _OTHER, _SHUT = "file", "folder", "link", "other", "shut"


class Seen(Struct, frozen=True):
    """What a look tells of a path.

    Attributes:
        kind: What it is.
        detail: Where a link leads; whether a file may be executed.
        size: Bytes; what these and the next ones are of is the file that a link leads to.
        modified: Nanoseconds since the epoch.
        changed: Likewise.
        inode: Number on its device.
    """

    kind: str
    detail: str = ""
    size: int = 0
    modified: int = 0
    changed: int = 0
    inode: int = 0


class Tree(Struct, frozen=True, kw_only=True):
    """A folder as it was at one moment.

    Attributes:
        root: Absolute path.
        paths: What there is, by path relative to the root.
        outside: Absolute paths of folders elsewhere that links lead to.
        taken: Nanoseconds since the epoch, before the first look.
    """

    root: str
    paths: Mapping[str, Seen]
    outside: tuple[str, ...]
    taken: int

    def same_as(self, other: Tree, disregarded: Collection[str]) -> bool:
        """Return whether nothing was touched from one look to another.

        Args:
            other: The same folder at another moment.
            disregarded: Paths that do not count.
        """
        counting = (
            {path: seen for path, seen in one.paths.items() if path not in disregarded}
            for one in (self, other)
        )
        mine, others = counting
        return mine == others and self.outside == other.outside

    def contents(self, digests: Digests) -> dict[str, str]:
        """Return what there is with what it holds, by path as UTF-8 can carry it.

        Args:
            digests: Reads files.
        """
        return {
            carried(path): self._content(path, seen, digests) for path, seen in self.paths.items()
        }

    def fresh(self, digests: Digests) -> dict[str, str]:
        """Return the same of what was touched so late that it may have been touched again."""
        late = self.taken - RACY
        return {
            carried(path): self._content(path, seen, digests)
            for path, seen in self.paths.items()
            if max(seen.modified, seen.changed) > late
        }

    def _content(self, path: str, seen: Seen, digests: Digests) -> str:
        if not seen.inode or seen.kind not in {_FILE, _LINK}:
            return f"{seen.kind} {carried(seen.detail)}".rstrip()
        if seen.size > LARGE and not path.endswith(_SOURCES):
            held = f"{seen.size} {seen.modified}"
        else:
            held = digests.of(f"{self.root}/{path}") or "unreadable"
        told = f"{seen.kind} {carried(seen.detail)} " if seen.detail else ""
        return told + held


def carried(text: str) -> str:
    """Return a name as UTF-8 can carry it, and no two names as one."""
    if text.isascii():
        return text
    raw = os.fsencode(text)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"{raw.decode('utf-8', 'backslashreplace')} ({raw.hex()})"


def look(root: str, leave_out: Collection[str] = (), *, most: int = MOST) -> Tree | None:
    """Look at everything below a folder, without opening a file.

    Args:
        root: Absolute folder.
        leave_out: Paths relative to it that do not count, with all below them.
        most: Paths that are looked at.

    Returns:
        None where there are more.
    """
    taken = time.time_ns()
    real = os.path.realpath(root)
    paths: dict[str, Seen] = {}
    outside: set[str] = set()
    pending = [""]
    while pending and len(paths) <= most:
        folder = pending.pop()
        entries = _entries(f"{root}/{folder}")
        if entries is None:
            paths[folder] = Seen(_SHUT)
            continue
        for entry in _counting(entries, folder):
            path = f"{folder}{entry.name}"
            if path in leave_out:
                continue
            seen = _seen(entry)
            if seen.kind == _FOLDER:
                path = f"{path}/"
                pending.append(path)
            elif seen.kind == _LINK and (target := _leads_out(entry, real)):
                outside.add(target)
            paths[path] = seen
    if len(paths) > most:
        return None
    return Tree(root=root, paths=paths, outside=tuple(sorted(outside)), taken=taken)


def _entries(folder: str) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(folder) as scan:
            return list(scan)
    except (OSError, ValueError):
        return None


def _counting(entries: list[os.DirEntry[str]], folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what counts of a folder; of an environment, what makes it one."""
    inner = folder and any(entry.name == ENVIRONMENT for entry in entries)
    for entry in entries:
        if entry.name == ENVIRONMENT if inner else entry.name not in NEVER:
            yield entry


def _seen(entry: os.DirEntry[str]) -> Seen:
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            return _linked(entry, os.readlink(entry.path))  # noqa: PTH115 - for every link
    except OSError:
        return Seen(_SHUT)
    if stat.S_ISDIR(status.st_mode):
        return Seen(_FOLDER)
    if stat.S_ISREG(status.st_mode):
        return _file(_FILE, "executable" if status.st_mode & stat.S_IXUSR else "", status)
    return Seen(_OTHER)


def _linked(entry: os.DirEntry[str], target: str) -> Seen:
    try:
        status = entry.stat()
    except OSError:
        return Seen(_LINK, f"-> {target} (broken)")
    if stat.S_ISREG(status.st_mode):
        return _file(_LINK, f"-> {target}", status)
    return Seen(_LINK, f"-> {target}")


def _file(kind: str, detail: str, status: os.stat_result) -> Seen:
    return Seen(
        kind, detail, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino or 1
    )


def _leads_out(entry: os.DirEntry[str], root: str) -> str:
    """Return the folder elsewhere that a link leads to; empty where it leads to none."""
    try:
        if not entry.is_dir():
            return ""
        target = os.path.realpath(entry.path)
    except OSError:
        return ""
    return "" if target == root or target.startswith(f"{root}{os.sep}") else target
