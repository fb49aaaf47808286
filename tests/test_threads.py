"""Whoever waits for a thread is told when there is none any more."""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine import aside, threads
from doctrine.cli.check import Silence
from doctrine.runner import Runner, in_thread
from doctrine.threads import Aside, ThreadlessError, begin

_Work = Callable[..., object]


def never_begins(work: _Work, arguments: tuple[object, ...]) -> int:
    """Do what the system does with a thread that has no memory for its first line: forget it."""
    return 1


def is_refused(work: _Work, arguments: tuple[object, ...]) -> int:
    """Do what the system does where there may be no more threads."""
    raise RuntimeError("can't start new thread")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "LOOK", 0.02)
    monkeypatch.setattr(threads, "LOOK", 0.02)


def test_a_thread_that_never_begins_is_an_error_and_no_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("_thread.start_new_thread", never_begins)
    with pytest.raises(ThreadlessError):
        asyncio.run(asyncio.wait_for(in_thread(lambda: 1), 20))
    with pytest.raises(ThreadlessError):
        Aside(lambda: 1).result()


@pytest.mark.parametrize("how", [never_begins, is_refused])
def test_without_threads_a_runner_still_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, how: Callable[[_Work, tuple[object, ...]], int]
) -> None:
    monkeypatch.setattr("_thread.start_new_thread", how)
    folders: list[Path] = []
    later: list[tuple[Callable[[Path], None], Path]] = []

    def register(work: Callable[[Path], None], folder: Path) -> None:
        later.append((work, folder))

    monkeypatch.setattr(atexit, "register", register)

    async def main() -> None:
        async with Runner(jobs=1, listener=Silence()) as running:
            folders.append(Path(running.scratch))
            await running.call("survey", lambda: 1, cost=1)

    with pytest.raises((ThreadlessError, RuntimeError)):
        asyncio.run(asyncio.wait_for(main(), 20))
    for work, folder in later:  # at the end of the process, when no loop waits for it
        work(folder)
    assert [folder.exists() for folder in folders] == [False]


def test_a_thread_that_takes_longer_than_a_look_is_waited_for() -> None:
    def slow() -> int:
        import time

        time.sleep(0.15)
        return 7

    assert asyncio.run(in_thread(slow)) == 7
    assert Aside(slow).result() == 7


def test_what_happened_in_a_thread_is_told_where_it_is_waited_for() -> None:
    def fails() -> int:
        raise LookupError("there")

    with pytest.raises(LookupError, match="there"):
        asyncio.run(in_thread(fails))
    with pytest.raises(LookupError, match="there"):
        Aside(fails).result()


class _Large:
    """What a thread has made."""


def test_what_a_thread_has_made_is_held_by_whoever_waited_for_it_alone() -> None:
    async def main() -> bool:
        made = weakref.ref(await in_thread(_Large))
        for _ in range(500):  # the thread itself may not have ended yet
            if made() is None:
                return True
            await asyncio.sleep(0.01)
        return False

    gc.disable()  # as a check does: what holds itself is never let go
    try:
        assert asyncio.run(main())
    finally:
        gc.enable()


def test_whoever_stops_waiting_for_a_thread_hears_no_more_of_it() -> None:
    go = threading.Event()

    def fails() -> int:
        go.wait(20)
        raise LookupError("too late")

    async def main() -> list[dict[str, object]]:
        heard: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, what: heard.append(what))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_thread(fails), 0.05)
        go.set()
        await asyncio.sleep(0.1)
        return heard

    assert asyncio.run(main()) == []


def test_a_thread_lives_as_long_as_it_works() -> None:
    import threading

    go, gone = threading.Event(), threading.Event()
    alive = begin(lambda: go.wait(20))
    assert alive()
    go.set()
    for _ in range(200):
        if not alive():
            break
        gone.wait(0.02)
    assert not alive()


_SCARCE = """\
import re, resource
from doctrine import threads
threads.LOOK = 0.01
used = 1024 * int(re.search(r"VmSize:\\s*(\\d+)", open("/proc/self/status").read())[1])
_, most = resource.getrlimit(resource.RLIMIT_AS)
for kilobytes in range(8000, 9000, 4):
    resource.setrlimit(resource.RLIMIT_AS, (used + 1024 * kilobytes, most))
    try:
        threads.Aside(lambda: bytes(1000)).result()
    except (MemoryError, RuntimeError, OSError):
        pass
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
print("never waited")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited there alone")
def test_whatever_memory_there_is_left_nobody_waits_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCARCE],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "MALLOC_ARENA_MAX": "1"},
    )
    assert done.stdout.decode() == "never waited\n", done.stderr.decode()[-500:]
