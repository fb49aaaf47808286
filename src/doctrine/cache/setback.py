"""Whether the clock that stamps files was set back: then nobody can order changes by their times.

A clock that never goes back runs beside it. What both say at a moment differs by the same span for
ever, except where somebody (or a time service) sets the one that stamps files.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Setback:
    """By how much the clock was set back since this was made."""

    def __init__(
        self,
        clock: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Compare both clocks for the first time.

        Args:
            clock: Nanoseconds since the epoch, by the clock that stamps files.
            steady: Nanoseconds of a clock that nobody can set.
        """
        self._clock, self._steady = clock, steady
        # In this order here and in the other one below: a process that waits between the two makes
        # the clock look set forward, which does no harm, and never set back.
        began = clock()
        self._apart = began - steady()
        self._most = 0

    def span(self) -> int:
        """Return by how many nanoseconds at most so far; 0 where it was not, or set forward."""
        steady = self._steady()
        self._most = max(self._apart - (self._clock() - steady), self._most)
        return self._most
