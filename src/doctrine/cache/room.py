"""How much room entries take, and which of them go where there is too much."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

_BLOCK = 4096
"""Bytes that a file takes at least."""
_ROOM = 0.8
"""Share of the limit that is left after something had to go, so that the next write need not look."""


class Entry(Struct, frozen=True, kw_only=True):
    """A file of the store.

    Attributes:
        kind: What it is.
        path: Absolute.
        size: Bytes that it takes.
        used: When it was written or used, in seconds since the epoch.
    """

    kind: str
    path: str
    size: int
    used: float


def taken(size: int) -> int:
    """Return how many bytes a file of a size takes."""
    return -(-size // _BLOCK) * _BLOCK


def entries_in(folder: Path) -> Iterator[Entry]:
    """Yield every entry; what vanishes meanwhile is none.

    Args:
        folder: The store's.
    """
    for kind in _folders(folder):
        if kind.name == "tmp":
            continue
        for shelf in _folders(Path(kind.path)):
            with suppress(OSError), os.scandir(shelf.path) as scan:
                for one in scan:
                    with suppress(OSError):
                        status = one.stat(follow_symlinks=False)
                        yield Entry(
                            kind=kind.name,
                            path=one.path,
                            size=taken(status.st_size),
                            used=status.st_mtime,
                        )


def _folders(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as scan:
            return [one for one in scan if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def make_room(folder: Path, limit: int) -> int:
    """Forget what was used longest ago where there is too much.

    Args:
        folder: The store's.
        limit: Bytes that all entries may take.

    Returns:
        Bytes that what is left takes.
    """
    now = time.time()
    # Farthest from now, and not longest ago: after a clock was set back, entries of the future
    # would stay for good, and whatever is new would go first.
    entries = sorted(entries_in(folder), key=lambda one: -abs(now - one.used))
    total = sum(one.size for one in entries)
    if total <= limit:
        return total
    for one in entries:
        with suppress(OSError):
            Path(one.path).unlink(missing_ok=True)
            total -= one.size
        if total <= limit * _ROOM:
            break
    return total
