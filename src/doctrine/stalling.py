"""Whether a child waits for what never comes, as programs do where the memory they may have is small.

Threads that get no memory die, or never begin, and those that wait for them wait for good: mypy and
node do under ``ulimit -v``, without a word. Nobody shall wait for their whole time limit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PATIENCE = 60.0
"""Seconds without any processor time after which a child has stalled: imports that come over a slow
network wait too, and use some."""
_PIECES = 12
"""Looks that these seconds are divided into."""
_STOPPED = frozenset("DTt")
"""States of processes that wait for a disk, or that somebody has stopped: these go on some day."""


class Stalling:
    """Looks at one child, again and again; what does nothing for long has stalled."""

    def __init__(self, leader: int, *, interval: float) -> None:
        """Begin to look.

        Args:
            leader: Process id of a child that leads a session.
            interval: Seconds between two calls of ``noticed``. Calls are counted, and no clock is
                read: where doctrine was stopped, its children were as well.
        """
        self._leader = leader
        self._every = max(round(PATIENCE / _PIECES / interval), 1)
        self._calls = self._idle = 0
        self._seen: tuple[int, int] | None = None
        self._limited = memory_limit() is not None

    def noticed(self) -> bool:
        """Return whether the child has stalled; never where its memory is not limited."""
        self._calls += 1
        if not self._limited or self._calls % self._every:
            return False
        seen = _spent(self._leader)
        self._idle = self._idle + 1 if seen is not None and seen == self._seen else 0
        self._seen = seen
        return self._idle >= _PIECES


def memory_of(process: int) -> int:
    """Return the bytes of memory that a process takes; 0 where the system does not tell.

    Args:
        process: Its id.
    """
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def memory_limit() -> int | None:
    """Return the bytes of address space that a process may have; None where nobody limits them."""
    if sys.platform != "linux":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _spent(session: int) -> tuple[int, int] | None:
    """Return the processes of a session and their ticks; None where they wait for good reasons."""
    ticks = count = 0
    for state, spent in _members(session):
        if state in _STOPPED:
            return None
        count, ticks = count + 1, ticks + spent
    return (count, ticks) if count else None


def _members(session: int) -> Iterator[tuple[str, int]]:
    """Yield state and ticks, its own and those of what it has waited for, of each process."""
    with suppress(OSError):
        for name in filter(str.isdecimal, os.listdir("/proc")):  # noqa: PTH208 - names alone
            with suppress(OSError, ValueError, IndexError):
                # The name of a program may hold anything, also spaces and brackets.
                fields = Path("/proc", name, "stat").read_text("utf-8", "replace")
                told = fields.rpartition(")")[2].split()
                if int(told[3]) == session:
                    yield told[0], sum(map(int, told[11:15]))
