"""Standard streams that are there, whoever started doctrine.

A daemon, or a shell with ``>&-``, may close one. Python has None for it then; and the next file that
is opened takes its number, so that whatever a library or a child says there would end up in it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def ensure_streams() -> None:
    """Give every standard stream that is closed a place where nothing is kept."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere(number))


def _nowhere(number: int) -> object:
    mode = "r" if number == 0 else "w"
    handle = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
    if handle != number:
        os.dup2(handle, number)
        os.close(handle)
    # As the interpreter makes its own: children get them too.
    with suppress(OSError):
        os.set_inheritable(number, True)
    return open(number, mode, encoding="utf-8", closefd=False)
