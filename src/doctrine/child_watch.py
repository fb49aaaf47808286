"""How the event loop learns that a child has ended: by a descriptor of it, not by a thread for each.

Python 3.12 does so by itself where the system can. In 3.11 each child costs a thread, and the loop
hangs for good where there is no memory for another one.
"""

from __future__ import annotations

import asyncio
import os
import sys
from functools import cache


def watch_by_descriptor() -> None:
    """Let the running loop watch children without threads, if the system can."""
    if sys.version_info >= (3, 12) or not _has_descriptors():
        return
    policy = asyncio.get_event_loop_policy()  # pyright: ignore[reportDeprecated] - before 3.12
    watcher = policy.get_child_watcher()  # pyright: ignore[reportDeprecated] - before 3.12
    if not isinstance(watcher, asyncio.PidfdChildWatcher):
        watcher = asyncio.PidfdChildWatcher()
        policy.set_child_watcher(watcher)  # pyright: ignore[reportDeprecated] - before 3.12
    if not watcher.is_active():
        watcher.attach_loop(asyncio.get_running_loop())


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
