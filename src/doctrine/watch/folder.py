"""Which files of a project hold something else than at the last look.

An event only says that somebody touched a path; whether it counts is decided by what the files
hold, as far as that is known. So a file that is saved as it was is no change, and one that no
event told of is found by looking.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, field

from doctrine.cache.digests import RACY, content_digest
from doctrine.cache.tree import ENVIRONMENT, LARGE, Seen, Tree, look
from doctrine.project.candidates import LIST, Capture
from doctrine.watch.events import Changed
from doctrine.watch.noise import is_of_git, matters

_INSTALLED = (".py", ".pyi", ".pth", ".so", ".pyd", "/RECORD", "/METADATA")
"""What a change of means something in an environment, of which the tree holds nothing."""


class Folder(Struct):
    """The project's folder as it was at the last look.

    Attributes:
        root: Absolute path.
        capture: Asks git.
        leave_out: Paths relative to the root that do not count.
    """

    root: str
    capture: Capture
    leave_out: frozenset[str] = frozenset()
    _tree: Tree | None = None
    _held: dict[str, str] = field(default_factory=dict[str, str])
    _git: bytes = b""

    def begin(self) -> None:
        """Look for the first time."""
        self._tree = look(self.root, self.leave_out)
        self._git = self._told_by_git()

    def is_there(self) -> bool:
        """Return whether the folder exists."""
        return Path(self.root).is_dir()

    def look(self, hints: Collection[str] = ()) -> Changed:
        """Look again, and return what changed since the last look.

        Args:
            hints: Paths that something is said to have happened to, relative to the root.
        """
        before, tree = self._tree, look(self.root, self.leave_out)
        if before is None or tree is None:
            # Too many files to look at: events alone have to do.
            self._tree = tree
            return Changed(paths=tuple(sorted({path for path in hints if matters(path)})))
        touched = set(self._differing(before, tree, hints))
        paths = {path for path in touched if self._counts(path, tree)}
        paths.update(self._beside(tree, hints))
        self._tree = tree
        return Changed(paths=tuple(sorted(paths)), touched=tuple(sorted(touched | paths)))

    def _beside(self, tree: Tree, hints: Collection[str]) -> Iterator[str]:
        """Yield what changed of what the tree does not hold."""
        yield from (path for path in hints if _is_installed(path, tree.paths))
        if any(map(is_of_git, hints)) and self._git_turned():
            yield ".git/index"

    def _differing(self, before: Tree, tree: Tree, hints: Collection[str]) -> Iterator[str]:
        for path in before.paths.keys() | tree.paths.keys():
            seen, was = tree.paths.get(path), before.paths.get(path)
            late = path in hints and seen is not None and _is_late(seen, before.taken)
            if (seen != was or late) and matters(path.rstrip("/")):
                yield path

    def _counts(self, path: str, tree: Tree) -> bool:
        """Return whether a path that was touched holds something else; remembers what it holds."""
        held, known = self._content(path, tree.paths.get(path)), self._held.get(path)
        self._held[path] = held
        return held != known

    def _content(self, path: str, seen: Seen | None) -> str:
        if seen is None:
            return "missing"
        shape = f"{seen.kind} {seen.detail} "
        if not seen.inode:
            return shape
        if seen.size > LARGE:
            return f"{shape}{seen.size} {seen.modified}"
        return shape + (content_digest(f"{self.root}/{path}") or "unreadable")

    def _git_turned(self) -> bool:
        before, self._git = self._git, self._told_by_git()
        return before != self._git

    def _told_by_git(self) -> bytes:
        if not os.path.lexists(f"{self.root}/.git"):
            return b""
        code, said = self.capture(LIST, self.root)
        return f"{code} ".encode() + blake2b(said).digest()


def _is_late(seen: Seen, taken: int) -> bool:
    """Return whether a file may have been changed after a look without showing it."""
    return max(seen.modified, seen.changed) > taken - RACY


def _is_installed(path: str, paths: Mapping[str, Seen]) -> bool:
    """Return whether a path is a module or a record of an environment inside the project."""
    if not path.endswith(_INSTALLED):
        return False
    folders = path.split("/")[:-1]
    above = ("/".join(folders[:depth]) for depth in range(1, len(folders) + 1))
    return any(f"{folder}/{ENVIRONMENT}" in paths for folder in above)
