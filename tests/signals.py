"""Starting children that can be interrupted, wherever the tests themselves run."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Generator[None]:
    """Let children started inside receive SIGINT.

    A shell starts its background jobs with SIGINT ignored, and children inherit that; a handler is
    not inherited, so with one in place a child starts with the default.
    """
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
