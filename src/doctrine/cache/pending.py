"""Contents that wait until it is known whether they quote a secret, in a file that has no name.

What a tool said is to be kept long before anybody knows where secrets stand. A process that is killed
meanwhile cannot take anything back, so nothing of it may be where it can be found: the file is gone
with the last process that has it open.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Generic, TypeVar

from msgspec import Struct

_Named = TypeVar("_Named")


class _Extent(Struct, frozen=True):
    """Where a piece of a content lies in the file, in bytes."""

    start: int
    size: int


class Pending(Generic[_Named]):
    """Contents by name, the last one of each; several threads may add some."""

    def __init__(self, folder: Callable[[], Path], *, limit: int) -> None:
        """Open nothing yet.

        Args:
            folder: Tells where the file is to be; asked when there is something to write.
            limit: Bytes that all contents may have.
        """
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._file: FileIO | None = None
        self._end = 0
        self._contents: dict[_Named, tuple[_Extent, ...] | None] = {}

    def put(self, name: _Named, pieces: Iterable[bytes]) -> bool:
        """Hold a content in the place of what was held under its name.

        Args:
            name: The name.
            pieces: The content. What they raise is raised here, and changes nothing.

        Returns:
            Whether it is held.
        """
        extents: list[_Extent] = []
        for piece in pieces:
            try:
                extents.append(self._write(piece))
            except OSError:
                return False
        self._contents[name] = tuple(extents)
        return True

    def drop(self, name: _Named) -> None:
        """Hold nothing under a name, and remember that there is to be nothing."""
        self._contents[name] = None

    def names(self) -> tuple[_Named, ...]:
        """Return what was held or dropped, in the order of the first word about each."""
        return tuple(self._contents)

    def knows(self, name: _Named) -> bool:
        """Return whether something was held or dropped under a name."""
        return name in self._contents

    def get(self, name: _Named) -> bytes | None:
        """Return what is held under a name; None where nothing is, or it cannot be read."""
        extents = self._contents.get(name)
        if extents is None:
            return None
        try:
            return b"".join(self._read(extent) for extent in extents)
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._contents = {}
            if self._file is not None:
                with suppress(OSError):
                    self._file.close()
            self._file = None

    def _write(self, piece: bytes) -> _Extent:
        with self._lock:
            if self._end + len(piece) > self._limit:
                raise OSError(errno.EFBIG, "larger than the whole cache may be")
            file = self._opened()
            extent = _Extent(self._end, len(piece))
            file.seek(extent.start)
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest) :]
            self._end += len(piece)
            return extent

    def _opened(self) -> FileIO:
        if self._file is None:
            # Without a buffer, so that what could not be written is known to its own writer.
            self._file = TemporaryFile(buffering=0, dir=self._folder())  # noqa: SIM115 - until closed
        return self._file

    def _read(self, extent: _Extent) -> bytes:
        with self._lock:
            if self._file is None:
                raise OSError(errno.ENOENT, "nothing is held any more")
            self._file.seek(extent.start)
            piece = self._file.read(extent.size)
        if len(piece) != extent.size:
            raise OSError(errno.EIO, "what was held is not all there")
        return piece
