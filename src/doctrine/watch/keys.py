"""Keys of the terminal, one at a time and without Return."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Generator


@contextlib.contextmanager
def keys(pressed: Callable[[str], None]) -> Generator[bool]:
    """Listen to the keyboard, and leave the terminal as it was.

    Args:
        pressed: Told each key.

    Yields:
        Whether there is a keyboard that can be listened to.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield False
        return
    import termios
    import tty

    number = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(number)
        # In the background the system would stop whoever changes the terminal.
        if os.getpgrp() != os.tcgetpgrp(number):
            yield False
            return
        tty.setcbreak(number)
    except (OSError, termios.error):
        yield False
        return
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            data = os.read(number, 64)
        except OSError:
            data = b""
        if not data:
            loop.remove_reader(number)
        for key in data.decode("utf-8", "replace"):
            pressed(key)

    loop.add_reader(number, read)
    try:
        yield True
    finally:
        loop.remove_reader(number)
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(number, termios.TCSADRAIN, before)
