"""How a child's family is let go on only where others leave time.

A priority says something about processes of one group only. Since every child leads a session of its own,
Linux gives each of them the same share, whatever their priorities are, as long as the sessions themselves
have none (``sched(7)``, "The autogroup feature"): both are set.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

_LEAST = 19
"""The lowest priority there is."""
_NICE = re.compile(r"nice (-?\d+)")


def give_way(leader: int, by: int) -> bool:
    """Let the session of a child go on only where others leave time.

    Args:
        leader: Process id of a child that leads a session and a group, and has not been waited for.
        by: How much nicer it becomes than doctrine is.

    Returns:
        Whether all is said; if not, the system wants to be asked again a little later.
    """
    if sys.platform == "win32":
        return True
    said = _lower_session(leader, by)
    with contextlib.suppress(OSError):  # it has ended already
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PGRP, leader, own + by)
    return said


def _lower_session(leader: int, by: int) -> bool:
    try:
        own = _NICE.search(Path("/proc/self/autogroup").read_text("ascii"))
        if own is not None:
            nice = min(int(own[1]) + by, _LEAST)
            Path(f"/proc/{leader}/autogroup").write_text(f"{nice}\n", "ascii")
    except BlockingIOError:  # Linux takes ten such wishes in a second, from all who are not root
        return False
    except OSError:  # there are no such groups here, or it has ended already
        return True
    return True
