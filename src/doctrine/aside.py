"""Work that an event loop waits for while a thread does it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

from doctrine.threads import LOOK, ThreadlessError, begin

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    """Run a function in a daemon thread.

    ``asyncio.to_thread`` would keep an interrupted doctrine alive until the function returns.

    Raises:
        ThreadlessError: The thread ended without a word, for want of memory.
        RuntimeError: The system has no room for a thread.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    alive = begin(_telling(function, future, loop))
    try:
        # Nothing here may hold itself: cycles are never collected, and results are large.
        while not future.done() and alive():
            await asyncio.wait((future,), timeout=LOOK)
        if not future.done():
            await asyncio.sleep(0)  # what it said last may still wait for its turn
        if not future.done():
            raise ThreadlessError
        return future.result()
    finally:
        future.cancel()  # nobody waits for it any more, whatever becomes of it


def _telling(
    function: Callable[[], T], future: asyncio.Future[T], loop: asyncio.AbstractEventLoop
) -> Callable[[], None]:
    """Return what runs a function in another thread, and tells the loop what came of it."""

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only with an error

    def work() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - handed to the waiting coroutine
            outcome: tuple[T | None, BaseException | None] = (None, error)
        else:
            outcome = (result, None)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, *outcome)

    return work
