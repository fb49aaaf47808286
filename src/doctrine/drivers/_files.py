"""What both drivers share: the job, room for deep nesting, and reading sources one by one."""

from __future__ import annotations

import _thread
import gc
import json
import sys
import threading
import tokenize
import weakref
from collections.abc import Callable, Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import cast

Job = Mapping[str, object]

STACK = 256 << 20
"""Bytes of stack: a generated expression of thousands of terms nests as deep."""
DEPTH = 10_000
"""Calls that may nest; beyond it a file counts as unreadable."""
_LOOK = 1.0
"""Seconds between looks whether the thread still lives."""
TROUBLE = (SyntaxError, UnicodeError, ValueError, LookupError, RecursionError, MemoryError, OSError)
"""What a file can do to a parser: each costs this file alone."""
_JOB, _LEFT = 2, 4
"""Words of a command line, without and with a folder."""


def run(work: Callable[[Job], Mapping[str, object]]) -> None:
    """Do the job named on the command line with a deep stack, and print what comes of it.

    A folder behind ``--left`` holds what the last run has left, and is where this one leaves the same.
    """
    going_on = len(sys.argv) == _LEFT and sys.argv[_JOB] == "--left"
    if len(sys.argv) != _JOB and not going_on:
        sys.exit("usage: driver JOB.json")
    job = cast("dict[str, object]", json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    job["left"] = sys.argv[-1] if going_on else ""
    finished: list[Mapping[str, object]] = []
    # Syntax trees hold no cycles: looking for some takes a fifth of the time.
    gc.disable()
    sys.setrecursionlimit(DEPTH)
    threading.stack_size(STACK)
    _in_thread(lambda: finished.append(work(job)))
    if not finished:
        sys.exit(1)
    json.dump(finished[0], sys.stdout)


class _Life:
    """Held by a running thread alone: gone when it is."""


def _in_thread(work: Callable[[], None]) -> None:
    """Run something in a thread, and wait for its end.

    ``threading.Thread.start`` waits for ever for a thread that has no memory for its first line.
    """
    over = _thread.allocate_lock()
    over.acquire()

    def begun(_life: _Life) -> None:
        try:
            work()
        finally:
            over.release()

    life = _Life()
    alive = weakref.ref(life)
    _thread.start_new_thread(begun, (life,))
    del life
    while not over.acquire(timeout=_LOOK) and alive() is not None:
        pass


def use_sites(job: Job) -> None:
    """Make the tool importable, after the standard library so that nothing can shadow it."""
    sys.path.extend(strings(job, "sites"))


def strings(job: Job, key: str) -> list[str]:
    """Return a list of strings from the job."""
    value = job.get(key)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def read_source(path: str) -> str:
    """Return a file's text in its declared encoding; raises one of ``TROUBLE``."""
    return decoded(Path(path).read_bytes())


def decoded(raw: bytes) -> str:
    """Return what a file holds as text in its declared encoding; raises one of ``TROUBLE``."""
    encoding, _ = tokenize.detect_encoding(BytesIO(raw).readline)
    return TextIOWrapper(BytesIO(raw), encoding).read()


def reason(error: BaseException) -> str:
    """Return one line about why a file was given up."""
    if isinstance(error, SyntaxError):
        # The tokenizer names the file by its absolute path, which is no part of the reason.
        return f"line {error.lineno or 1}: {error.msg.partition(' for ' + chr(39))[0]}"
    if isinstance(error, MemoryError):
        return "MemoryError"  # newer versions add words for a parser that is too deep
    return f"{type(error).__name__}: {error}".removesuffix(": ")[:200]
