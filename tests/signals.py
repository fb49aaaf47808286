"""Starting children that can be interrupted, wherever the tests themselves run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager


@contextmanager
def interruptible() -> Generator[None]:
    """Let SIGINT and SIGHUP end this process and children started inside.

    A shell starts its background jobs with SIGINT ignored, and ``nohup`` what it starts with SIGHUP
    ignored, and children inherit that.
    """
    with ExitStack() as stack:
        interrupted = signal.signal(signal.SIGINT, signal.default_int_handler)
        stack.callback(signal.signal, signal.SIGINT, interrupted)
        if sys.platform != "win32":
            hung_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
            stack.callback(signal.signal, signal.SIGHUP, hung_up)
        yield
