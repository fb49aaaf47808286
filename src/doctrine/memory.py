"""What a large check has used and needs no more goes back to the system at once."""

from __future__ import annotations

import sys
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8
"""Numbers of ``mallopt`` of the GNU C library (``malloc.h``)."""
_LARGE = 128 << 10
"""Bytes from which a block has pages of its own: the library's own value, as long as it is not told
otherwise by blocks that are freed. It would raise it to what a tool has printed, and keep that."""
_FEW = 2


@cache
def give_back_at_once() -> None:
    """Let large blocks go back to the system when they are freed; nothing where nobody can say so.

    Without it, a million lines take a seventh more: the output of each tool leaves a hole.
    """
    if sys.platform != "linux":
        return
    import ctypes

    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library
        return
    for name, value in ((_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE), (_ARENAS, _FEW)):
        tell(name, value)
