"""The peak memory of a process."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def high_water(pid: int) -> float:
    """Return the peak of a process of this machine in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    for line in status.read_text().splitlines() if status.is_file() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def own_peak(pid: int) -> float:
    """Return the peak of this process in MB.

    ``getrusage`` is asked only where there is no better: on Linux, what it says of a process is at
    least what its parent had when it started it.

    Args:
        pid: Its own number.
    """
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return high_water(pid) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
