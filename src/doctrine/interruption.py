"""What Ctrl-C does before there is anything to clean up, and once there no longer is.

Python answers SIGINT by an exception wherever it happens to be. Amid imports that is a traceback,
and where the exception falls into a callback it is printed and forgotten. As long as nothing has
been begun, and when all has been said, ending at once is safe.
"""

from __future__ import annotations

import os
import signal

INTERRUPTED = 130
"""Exit code after SIGINT, as shells have it."""


def end_at_once() -> None:
    """Let SIGINT end the process where it stands; who ignores it (``nohup``) goes on ignoring it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def end_in_order() -> None:
    """Let SIGINT raise again: from here on something may be begun that has to be ended."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_number: int, _frame: object) -> None:
    # Not by way of `sys`: its buffers may be half written.
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
