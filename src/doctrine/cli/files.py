"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path

from doctrine.errors import TerminatedError, UsageError
from doctrine.project.replacing import umask


def write_pieces(pieces: Iterable[str], path: Path, name: str) -> None:
    """Write a text to a file, atomically, creating its folders.

    A signal that ends doctrine in the middle leaves the old file whole, and no other. A symbolic
    link in the place of the file is replaced, not followed: what it points to may be anybody's.

    Args:
        pieces: The text.
        path: The file; replaced only when the new one is complete.
        name: What to call the report in an error.

    Raises:
        UsageError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ending_cleanly():
            _replaced(pieces, path)
    except OSError as error:
        raise UsageError(
            f"the {name} report cannot be written to {path}: {error.strerror}",
            hint="choose a folder that you can write to and that has room",
        ) from error


def _replaced(pieces: Iterable[str], path: Path) -> None:
    # A long name leaves no room for more; the file is only known by its new name for a moment.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".doctrine-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            for piece in pieces:
                file.write(piece)
        Path(temporary).chmod(0o666 & ~umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def ending_cleanly() -> Generator[None, None, None]:
    """Turn a request to end (SIGTERM, SIGHUP) into an exception, so that droppings are removed."""

    def end(number: int, _frame: object) -> None:
        raise TerminatedError(number)

    names = ("SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # Who ignores one (`nohup`) wants to go on; and only the main thread may ask.
    before = {one: signal.getsignal(one) for one in numbers}
    heeded = [one for one in numbers if before[one] is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        heeded = []
    for one in heeded:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in heeded:
            signal.signal(one, before[one])


@contextmanager
def undisturbed() -> Generator[None, None, None]:
    """Let nobody who asks a second time to end keep what was begun from being removed."""
    with ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)
                before = None if number is None else signal.getsignal(number)
                if number is not None and before is not None:  # None: nobody could put it back
                    signal.signal(number, signal.SIG_IGN)
                    stack.callback(signal.signal, number, before)
        yield
