"""Keeps contents under the digest of what they depend on; whatever goes wrong is a miss.

An entry is whole or not there: it is written beside its place and renamed. It carries a checksum
over itself and its key, and is believed only if it is a plain file of the user's own that nobody
else can read or write. Several processes may use one store, and any of them may be killed at any
moment: there are no locks, and what the dead were writing is swept away.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import struct
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from doctrine.cache.drafts import begin_draft, drafts_in, new_draft, own_drafts, sweep
from doctrine.cache.pending import Pending
from doctrine.cache.place import (
    BINARY,
    FILE,
    UNBLOCKED,
    is_own,
    is_safe,
    own_file,
    own_folder,
    prepare,
)
from doctrine.cache.room import entries_in, make_room, taken

LIMIT = 1_000_000_000
"""Bytes that all entries may take, by default."""
FORMAT = 1
"""Version of what is written here; another one has a folder of its own, and never meets this."""

_MAGIC = b"doctrine-cache %d\n" % FORMAT
_CHECK = 16
"""Bytes of a checksum. It stands at the end, so that a content can be written as it comes."""
_DIGITS = 32
"""Hexadecimal digits of a digest."""
_AROUND = len(_MAGIC) + _CHECK
_FORBIDDEN = stat.S_IRWXG | stat.S_IRWXO
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | UNBLOCKED
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | UNBLOCKED
_USED = 60.0
"""Seconds after which another use of an entry is noted: to note each would write more than it reads."""
_NOTE = struct.Struct("<q")
_MOST_NOTES = 8192


class Key(Struct, frozen=True, kw_only=True):
    """What an entry is found by.

    Attributes:
        kind: What it is, as a lower-case word: a folder of its own.
        digest: Hexadecimal, of everything that the content depends on.
    """

    kind: str
    digest: str

    @staticmethod
    def of(kind: str, *parts: str | bytes) -> Key:
        """Return the key of what depends on some texts.

        Args:
            kind: What it is.
            parts: The texts; each counts by itself, so that no two lists of them are the same.
        """
        return Key(kind=kind, digest=digest_of(*parts))


def digest_of(*parts: str | bytes) -> str:
    """Return one hexadecimal digest of several texts, in their order."""
    hashed = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(raw))
        hashed.update(raw)
    return hashed.hexdigest()[:_DIGITS]


class Usage(Struct, frozen=True, kw_only=True):
    """What a store holds of one kind.

    Attributes:
        kind: The kind.
        entries: How many there are.
        size: Bytes that they take.
    """

    kind: str
    entries: int
    size: int


class Store:
    """Contents by key, in a folder; without a folder it is always empty."""

    def __init__(self, folder: Path | None, *, limit: int = LIMIT) -> None:
        """Know the place without touching it.

        Args:
            folder: Absolute folder of the cache; None keeps nothing.
            limit: Bytes that all entries may take; what was used longest ago goes first.
        """
        self._base = folder
        self._folder = None if folder is None else folder / f"v{FORMAT}"
        self._limit = limit
        self._trusted = False
        self._prepared = False
        self._abandoned = False
        self._pending: Pending[Key] | None = None

    @property
    def folder(self) -> Path | None:
        """The folder of the cache; None where nothing is kept."""
        return self._base

    def read(self, key: Key) -> bytes | None:
        """Return what was written under a key; None where nothing was that can be believed."""
        if self._pending is not None and self._pending.knows(key):
            return self._pending.get(key)
        if self._folder is None or not self._is_trusted():
            return None
        try:
            raw = _believed(os.fspath(_path(self._folder, key)))
        except (OSError, ValueError, MemoryError):
            return None
        return None if raw is None else _content(key, raw)

    def write(self, key: Key, content: bytes) -> bool:
        """Keep a content under a key, instead of what was there.

        Returns:
            Whether it is kept; nothing needs to be done where it is not.
        """
        return self.write_pieces(key, (content,))

    def write_pieces(self, key: Key, pieces: Iterable[bytes]) -> bool:
        """Keep a content that comes in pieces.

        Args:
            key: The key.
            pieces: The content. What they raise leaves everything as it was, and is raised here.

        Returns:
            Whether it is kept.
        """
        if self._pending is not None:
            return not self._abandoned and self._pending.put(key, pieces)
        writing = self.begin(key)
        try:
            for piece in pieces:
                writing.add(piece)
        except BaseException:
            writing.give_up()
            raise
        return writing.finish()

    def begin(self, key: Key) -> Writing:
        """Begin to keep a content that comes in pieces, and that need not wait for others."""
        try:
            ready = not self._abandoned and self._is_prepared()
        except (OSError, ValueError):
            ready = False
        return Writing(self._folder if ready else None, key, self._limit, self._account)

    def forget(self, key: Key) -> None:
        """Remove what was written under a key."""
        if self._pending is not None:
            self._pending.drop(key)
        elif self._folder is not None and self._is_trusted():
            with suppress(OSError, ValueError):
                _path(self._folder, key).unlink(missing_ok=True)

    def hold(self) -> None:
        """Let all that is written from now on wait, unseen by others, until it is settled."""
        self._pending = Pending(self._place_to_wait, limit=self._limit)

    def settle(self, unwanted: Callable[[bytes], bool]) -> frozenset[Key]:
        """Keep what has waited.

        Args:
            unwanted: Tells of a content that it is not to be kept.

        Returns:
            The keys of what was unwanted: nothing is kept under them.
        """
        pending, self._pending = self._pending, None
        if pending is None:
            return frozenset()
        gone: set[Key] = set()
        for key in pending.names():
            content = pending.get(key)
            if content is not None and not unwanted(content):
                self.write(key, content)
                continue
            self.forget(key)
            if content is not None:
                gone.add(key)
        pending.close()
        return frozenset(gone)

    def abandon(self) -> None:
        """Keep nothing more, and leave no draft: doctrine ends while threads are still writing."""
        self._abandoned = True
        if self._pending is not None:
            self._pending.close()
        if self._folder is None or not self._is_trusted():
            return
        with suppress(OSError):
            for draft in own_drafts(self._folder):
                draft.unlink(missing_ok=True)

    def holds(self, kind: str) -> bool:
        """Return whether there may be an entry of a kind."""
        return self._folder is not None and (self._folder / kind).is_dir()

    def usage(self) -> tuple[Usage, ...]:
        """Return what the store holds, by kind, sorted."""
        if self._folder is None:
            return ()
        found: dict[str, list[int]] = {}
        for entry in entries_in(self._folder):
            found.setdefault(entry.kind, []).append(entry.size)
        return tuple(
            Usage(kind=kind, entries=len(sizes), size=sum(sizes))
            for kind, sizes in sorted(found.items())
        )

    def clean(self) -> None:
        """Forget everything, whatever version of doctrine wrote it.

        Raises:
            OSError: Something cannot be removed.
        """
        if self._base is None:
            return
        for folder in sorted(self._base.glob("v*")):
            if folder.name[1:].isdigit() and not folder.is_symlink():
                # Another doctrine may write meanwhile: the second time it is in the way for good.
                shutil.rmtree(folder, ignore_errors=True)
                if folder.exists():
                    shutil.rmtree(folder)
        self._trusted = self._prepared = False

    def _is_trusted(self) -> bool:
        """Return whether nobody else could have written what is read."""
        if not self._trusted:
            folder = self._folder
            self._trusted = folder is not None and is_safe(folder.parent) and is_safe(folder)
        return self._trusted

    def _is_prepared(self) -> bool:
        """Make the folders, once, and sweep away what the dead have left in them."""
        if self._prepared:
            return True
        if self._base is None or self._folder is None:
            return False
        if not self._folder.is_dir():
            prepare(self._base)
            own_folder(self._folder)
        if not self._is_trusted():
            return False
        own_folder(drafts_in(self._folder))
        sweep(self._folder)
        self._prepared = True
        return True

    def _place_to_wait(self) -> Path:
        """Return the folder in which a file without a name can lie.

        Raises:
            OSError: There is none.
        """
        if self._folder is None or not self._is_prepared():
            raise OSError(errno.EACCES, "nothing can be kept there")
        return drafts_in(self._folder)

    def _account(self, size: int) -> None:
        """Note that something was added, and make room where that was too much.

        Eight bytes are appended for each write, which no two processes can spoil for each other:
        the sum is what was added since the entries were last looked at, or more.
        """
        folder = self._folder
        if folder is None:
            return
        journal = folder / "usage"
        handle = os.open(journal, _APPEND | BINARY, FILE)
        try:
            fresh = os.fstat(handle).st_size == 0
            if fresh:
                own_file(handle)
            os.write(handle, _NOTE.pack(size))
        finally:
            os.close(handle)
        notes = _notes(journal)
        if fresh or notes is None or len(notes) > _MOST_NOTES or sum(notes) > self._limit:
            rest = make_room(folder, self._limit)
            _replace(folder, journal, _NOTE.pack(rest))


class _Check(Protocol):
    """A checksum in the making."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Count more content."""

    def digest(self) -> bytes:
        """Return what it is so far."""
        ...


class Writing:
    """A content that is being written; nobody sees it before it is whole."""

    def __init__(
        self, folder: Path | None, key: Key, limit: int, account: Callable[[int], None]
    ) -> None:
        """Open a temporary file.

        Args:
            folder: Where entries lie; None keeps nothing.
            key: Of the content.
            limit: Bytes that it may have.
            account: Told the bytes that were added.
        """
        self._folder = folder
        self._key = key
        self._limit = limit
        self._account = account
        self._check = _begun(key)
        self._size = _AROUND
        self._temporary: Path | None = None
        self._file: BinaryIO | None = None
        if folder is not None:
            with suppress(OSError, ValueError):
                self._temporary = new_draft(folder)
                self._file = begin_draft(self._temporary)
                self._file.write(_MAGIC)

    def add(self, piece: bytes) -> None:
        """Write the next piece."""
        if self._file is None:
            return
        self._size += len(piece)
        self._check.update(piece)
        try:
            if self._size > self._limit:
                raise OSError(errno.EFBIG, "larger than the whole cache may be")  # noqa: TRY301
            self._file.write(piece)
        except OSError:
            self.give_up()

    def finish(self) -> bool:
        """Put the content in its place; return whether it is there."""
        if self._file is None or self._temporary is None or self._folder is None:
            return False
        try:
            self._file.write(self._check.digest()[:_CHECK])
            self._file.close()
            _put(self._folder, self._key, self._temporary)
            self._account(taken(self._size))
        except (OSError, ValueError):
            self.give_up()
            return False
        except BaseException:
            self.give_up()
            raise
        self._file = None
        return True

    def give_up(self) -> None:
        """Leave everything as it was."""
        with suppress(OSError, ValueError):
            if self._file is not None:
                self._file.close()
        with suppress(OSError):
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)
        self._file = None


def _path(folder: Path, key: Key) -> Path:
    return folder / key.kind / key.digest[:2] / key.digest[2:]


def _begun(key: Key) -> _Check:
    """Return a checksum over whose content it is."""
    return hashlib.sha256(f"{key.kind}/{key.digest}\0".encode("utf-8", "surrogatepass"))


def _content(key: Key, raw: bytes) -> bytes | None:
    """Return what an entry holds; None where it is damaged, or that of another key."""
    if len(raw) < _AROUND or not raw.startswith(_MAGIC):
        return None
    content = memoryview(raw)[len(_MAGIC) : -_CHECK]
    check = _begun(key)
    check.update(content)
    return bytes(content) if raw.endswith(check.digest()[:_CHECK]) else None


def _believed(path: str) -> bytes | None:
    """Return a file that only the user can have written; None for any other."""
    handle = os.open(path, _OPEN | BINARY)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or not is_own(status, _FORBIDDEN):
            return None
        raw = file.read()
        # One who clears the clock back makes an entry of the future: it is as if used now.
        if sys.platform != "win32" and abs(time.time() - status.st_mtime) > _USED:
            with suppress(OSError):
                os.utime(handle)
    return raw


def _put(folder: Path, key: Key, temporary: Path) -> None:
    path = _path(folder, key)
    # One by one: what `parents` makes on the way would be open to others.
    for one in (folder, path.parent.parent, path.parent):
        own_folder(one)
    temporary.replace(path)


def _replace(folder: Path, path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = new_draft(folder)
    try:
        with begin_draft(temporary) as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _notes(journal: Path) -> tuple[int, ...] | None:
    """Return the sizes that were noted; None where they cannot be told."""
    raw = _believed(os.fspath(journal))
    if raw is None or len(raw) % _NOTE.size:
        return None
    sizes: tuple[int, ...] = tuple(size for (size,) in _NOTE.iter_unpack(raw))
    return sizes if all(size >= 0 for size in sizes) else None
