"""Keeps a text within a limit that its reader has: what does not fit is counted, never cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class Room:
    """What is left of a limit."""

    def __init__(self, limit: int) -> None:
        """Start with all of it.

        Args:
            limit: Bytes of UTF-8, which are never fewer than characters.
        """
        self._left = limit

    def take(self, piece: str) -> bool:
        """Take a piece if it fits.

        Args:
            piece: Text that has to be written whole.
        """
        size = len(piece.encode("utf-8", "backslashreplace"))
        if size > self._left:
            return False
        self._left -= size
        return True

    def fitted(self, blocks: Iterable[str], rest: Callable[[int], str]) -> Iterator[str]:
        """Yield blocks while they fit, then say how many did not.

        Args:
            blocks: Each is written whole or not at all; after the first that does not fit, none is,
                since the later ones matter less.
            rest: Says how many are missing; room for it is kept.
        """
        # No number that is told is longer than this one.
        kept = len(rest(10**9).encode())
        self._left -= kept
        missing = 0
        for block in blocks:
            if missing or not self.take(block):
                missing += 1
            else:
                yield block
        self._left += kept
        if missing:
            last = rest(missing)
            if self.take(last):
                yield last
