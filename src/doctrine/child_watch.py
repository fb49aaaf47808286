"""How the event loop learns that a child has ended: by a descriptor of it, not by a thread for each.

Python 3.12 does so by itself where the system can. In 3.11 each child costs a thread, and the loop
hangs for good where there is no memory for another one.
"""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache


@contextmanager
def watched_by_descriptor() -> Generator[None]:
    """Let the running loop watch children without threads, if the system can.

    Who watches belongs to the process and knows one loop: afterwards it is who it was, so that other
    loops can start children again.
    """
    if sys.version_info >= (3, 12) or not _has_descriptors():
        yield
        return
    policy = asyncio.get_event_loop_policy()  # pyright: ignore[reportDeprecated] - before 3.12
    before = policy.get_child_watcher()  # pyright: ignore[reportDeprecated] - before 3.12
    if isinstance(before, asyncio.PidfdChildWatcher) and before.is_active():
        yield
        return
    watcher = asyncio.PidfdChildWatcher()
    watcher.attach_loop(asyncio.get_running_loop())
    policy.set_child_watcher(watcher)  # pyright: ignore[reportDeprecated] - before 3.12
    try:
        yield
    finally:
        # Where threads were scarce, a child that was ended may not have been waited for: no news.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            policy.set_child_watcher(before)  # pyright: ignore[reportDeprecated] - before 3.12


@cache
def _has_descriptors() -> bool:
    """Return whether the kernel knows descriptors of processes, and a sandbox lets them be opened."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True
