"""What files hold, by digest; a file that nobody touched is not read again.

Size, times and inode tell whether it was touched, as in git. Where a file was changed at nearly
the moment it was read, the same times might stand for two contents: it is read every time, until
they are clearly in the past.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable

import msgspec

from doctrine.cache.decoding import decoded
from doctrine.cache.setback import Setback
from doctrine.cache.store import Key, Store
from doctrine.model.decoders import msgpack_decoder

RACY = 2_000_000_000
"""Nanoseconds that a file's times have to lie before it was read: FAT counts in steps of them."""
_PIECE = 1 << 20
_KIND = "stat"
_LENGTH = 32
"""Hexadecimal digits of a digest."""

_Stamp = tuple[int, int, int, int]
"""Size in bytes, modification and change time in nanoseconds, inode."""


class _Memo(msgspec.Struct, array_like=True):
    """What was known at a time.

    Attributes:
        taken: When the first of the files was read, in nanoseconds since the epoch.
        known: Stamp and content digest of each file, by path.
    """

    taken: int
    known: dict[str, tuple[_Stamp, str]]


_DECODER = msgpack_decoder(_Memo)


class Digests:
    """Content digests of files, remembered between runs."""

    def __init__(
        self, store: Store, scope: str, *, clock: Callable[[], int] = time.time_ns
    ) -> None:
        """Recall what is known.

        Args:
            store: Where it is remembered.
            scope: Whose files these are, such as a project's root; each remembers its own.
            clock: Nanoseconds since the epoch, by the clock that stamps files.
        """
        self._store = store
        self._key = Key.of(_KIND, scope)
        self._setback = Setback(clock)
        self._began = clock()
        self._old = _recalled(store.read(self._key))
        self._new: dict[str, tuple[_Stamp, str]] = {}
        self._changed = False

    def of(self, path: str, status: os.stat_result | None = None) -> str:
        """Return the digest of a file's content; empty where there is no file that can be read.

        Args:
            path: Absolute path; a link is followed.
            status: What the file's status is known to be, links followed.
        """
        try:
            found = os.stat(path) if status is None else status  # noqa: PTH116 - thousands of times
        except (OSError, ValueError):
            return ""
        if not stat.S_ISREG(found.st_mode):
            return ""
        stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        if known := self._known(path, stamp):
            return known
        digest = content_digest(path)
        # Whether a file can be read depends on more than its times tell.
        if digest:
            self._new[path] = (stamp, digest)
            self._changed = True
        return digest

    def _known(self, path: str, stamp: _Stamp) -> str:
        """Return what is known of a file that was not touched since; empty where nothing is."""
        if seen := self._new.get(path):
            return seen[1] if seen[0] == stamp and not _is_racy(stamp, self._taken()) else ""
        seen = self._old.known.get(path)
        if seen is None or seen[0] != stamp or _is_racy(stamp, self._old.taken):
            return ""
        self._new[path] = seen
        return seen[1]

    def _taken(self) -> int:
        """Return when this began, by the clock as it stamps files now if it was set back."""
        return self._began - self._setback.span()

    def keep(self) -> None:
        """Remember what was seen for the next run, and forget most of what nobody asked for."""
        if not self._changed:
            return
        unseen = {
            path: one
            for path, one in self._old.known.items()
            # With a later moment, what was doubtful would look as if it were not.
            if path not in self._new and not _is_racy(one[0], self._old.taken)
        }
        known = self._new if len(unseen) > len(self._new) else {**unseen, **self._new}
        try:
            content = msgspec.msgpack.encode(_Memo(taken=self._taken(), known=known))
        except UnicodeEncodeError:
            # A name that is no UTF-8: everything else is remembered.
            readable = {path: one for path, one in known.items() if _is_utf8(path)}
            content = msgspec.msgpack.encode(_Memo(taken=self._taken(), known=readable))
        if self._store.write(self._key, content):
            self._changed = False


def digests_of(root: str, store: Store) -> Digests:
    """Return what a check of a project knows of files: what was remembered last is the latest.

    Args:
        root: The project's absolute folder.
        store: Where it is remembered.
    """
    return Digests(store, f"check {root}")


def _is_racy(stamp: _Stamp, taken: int) -> bool:
    """Return whether a file was changed so late that it may have changed again unnoticed."""
    return max(stamp[1], stamp[2]) + RACY > taken


def _recalled(raw: bytes | None) -> _Memo:
    return decoded(raw, _DECODER) or _Memo(taken=0, known={})


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def content_digest(path: str) -> str:
    """Return the digest of a regular file's content; empty where it cannot be read.

    Args:
        path: Absolute path; a link is followed.
    """
    hashed = hashlib.sha256()
    try:
        # A pipe that has taken the place of a file would block whoever opens it.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return ""
            while piece := file.read(_PIECE):
                hashed.update(piece)
    except (OSError, ValueError):
        return ""
    return hashed.hexdigest()[:_LENGTH]
