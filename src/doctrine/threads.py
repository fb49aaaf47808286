"""Threads of which it is known that they live: no one waits for one that could not begin.

``threading.Thread.start`` waits until the new thread has said that it runs, and for ever where there
is no memory left for its first line: not even a signal is answered then. The threads of this module
are told dead as soon as the system has given up what they were begun with.
"""

from __future__ import annotations

import _thread
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

LOOK = 1.0
"""Seconds between looks whether a thread that is waited for still lives."""


class _Life:
    """Held by a running thread alone: gone when it is."""

    __slots__ = ("__weakref__",)


class ThreadlessError(MemoryError):
    """A thread ended without a word: there was no memory for its first or its last step."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("a thread could not begin")


def begin(work: Callable[[], object]) -> Callable[[], bool]:
    """Run something in a thread that does not keep the process alive.

    Args:
        work: What to run; it tells by itself what came of it.

    Returns:
        Whether the thread may still be at work.

    Raises:
        RuntimeError: The system has no room for another thread.
    """
    life = _Life()
    alive = weakref.ref(life)
    _thread.start_new_thread(_work, (work, life))
    del life
    return lambda: alive() is not None


def _work(work: Callable[[], object], _life: _Life) -> None:
    work()


class Aside(Generic[T]):
    """Something that is computed in a thread, and waited for when it is needed."""

    def __init__(self, function: Callable[[], T]) -> None:
        """Begin.

        Args:
            function: What to run.

        Raises:
            RuntimeError: The system has no room for another thread.
        """
        self._over = _thread.allocate_lock()
        self._over.acquire()
        self._came: list[T] = []
        self._failed: list[BaseException] = []
        self._alive = begin(lambda: self._run(function))

    def _run(self, function: Callable[[], T]) -> None:
        try:
            self._came.append(function())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._failed.append(error)
        finally:
            self._over.release()

    def wait(self, seconds: float) -> None:
        """Wait for its end, but no longer than so many seconds."""
        if self._over.acquire(timeout=seconds):
            self._over.release()

    def result(self) -> T:
        """Wait for what comes of it.

        Returns:
            What the function returned; what it raised is raised here.

        Raises:
            ThreadlessError: The thread is gone without a word.
        """
        while not self._over.acquire(timeout=LOOK) and self._alive():
            pass
        if self._failed:
            raise self._failed[0]
        if not self._came:
            raise ThreadlessError
        return self._came[0]
