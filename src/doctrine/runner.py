"""The only module that starts processes: bounded, cancellable, and leaving nothing behind.

Every child is the leader of a session of its own, so that one signal reaches its whole family:
pyright's wrapper, semgrep's front end and test suites all leave children running when only they
themselves are stopped. Output goes to files, never through pipes, because a surviving grandchild
that holds a pipe would keep the reader waiting for ever.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import heapq
import itertools
import math
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from msgspec import Struct, field

from doctrine.aside import in_thread as in_thread  # noqa: PLC0414 - part of this module's surface
from doctrine.child_watch import watched_by_descriptor
from doctrine.children import Spent
from doctrine.children import attend as attend  # noqa: PLC0414 - part of this module's surface
from doctrine.children import capture as capture  # noqa: PLC0414 - part of this module's surface
from doctrine.children import child_environment as child_environment  # noqa: PLC0414
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.priorities import give_way
from doctrine.private import private_folder, remove_folder
from doctrine.stalling import Stalling

T = TypeVar("T")

OUTPUT_CAP = 1 << 30
"""Bytes a child may write to one stream; real tools reach 150 MB on 500,000 lines."""
GRACE = 2.0
"""Seconds between asking a process group to end and ending it."""
REAP = 5.0
"""Seconds to wait for a killed child; a child stuck in the kernel must not hold doctrine."""
POLL = 0.2
"""Seconds between looks at how much a child has written."""
YIELD = 5
"""How much nicer a child is for each more costly one that runs: those decide when a check ends, and
what they do beside their main thread (collecting, compiling) wants a second core now and then. Five
is a third of the time where several want it: on a busy machine nobody waits for ever."""
_RUBBISH = "tmp"
"""A child's folder for temporary files, in its private one."""
BRIEF = 0.5
"""Cost up to which a child goes first and yields to none: it shows what it found in a moment."""
AT_ONCE = 0.0
"""Cost of what looks at a few files only: unless jobs were counted, it waits for no permit."""
_NOT_COPIED = (
    ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox",
)  # fmt: skip


class Listener(Protocol):
    """Who wants to know what is running."""

    def started(self, name: str) -> None:
        """A tool was started."""

    def finished(self, name: str, seconds: float) -> None:
        """A tool has ended, one way or another."""

    def reported(self, run: ToolRun) -> None:
        """What a tool has found is known; nothing is merged or suppressed yet."""


class _Slots(Struct):
    """As many permits as jobs; of those who wait the brief go first, and then the most costly."""

    free: int
    waiting: list[tuple[float, int, asyncio.Future[None]]] = field(
        default_factory=list[tuple[float, int, "asyncio.Future[None]"]]
    )
    order: itertools.count[int] = field(default_factory=itertools.count)

    @contextlib.asynccontextmanager
    async def hold(self, cost: float) -> AsyncGenerator[None]:
        """Wait for a permit, and give it back at the end."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        urgency = math.inf if cost <= BRIEF else cost
        heapq.heappush(self.waiting, (-urgency, next(self.order), turn))
        # Not at once: whoever asks in the same moment, and is more urgent, goes first.
        loop.call_soon(self._grant)
        await self._wait(turn)
        try:
            yield
        finally:
            self._release()

    async def _wait(self, turn: asyncio.Future[None]) -> None:
        try:
            await turn
        except asyncio.CancelledError:
            # A permit that was handed over in the same moment must not be lost.
            if turn.done() and not turn.cancelled():
                self._release()
            raise

    def _release(self) -> None:
        self.free += 1
        self._grant()

    def _grant(self) -> None:
        while self.free > 0 and self.waiting:
            _, _, turn = heapq.heappop(self.waiting)
            if not turn.done():
                self.free -= 1
                turn.set_result(None)


class Runner:
    """Runs invocations and calls, a bounded number at a time.

    Use as an asynchronous context manager: leaving it removes the private folders.
    """

    def __init__(self, *, jobs: int, listener: Listener) -> None:
        """Prepare to run.

        Args:
            jobs: How many at a time; 0 means one per core, and what is done at once beside these.
            listener: Who is told about starts and ends.
        """
        self._slots = _Slots(free=jobs if jobs > 0 else os.cpu_count() or 1)
        self._counted = jobs > 0
        self._listener = listener
        self._running: list[float] = []
        self._spent = Spent()
        self._reading = asyncio.Lock()
        self._scratch = private_folder()
        self._watching = contextlib.ExitStack()

    async def __aenter__(self) -> Runner:
        """Return the runner itself."""
        self._watching.enter_context(watched_by_descriptor())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Remove every private folder."""
        with self._watching:
            await _whatever_happens(_cleared(self._scratch))

    @property
    def listener(self) -> Listener:
        """Who is told what becomes of the tools."""
        return self._listener

    @property
    def scratch(self) -> str:
        """The folder that holds the private folders."""
        return str(self._scratch)

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        """Run a tool's invocations one after another in one slot.

        Args:
            name: The tool's name; also names its private folder.
            invocations: What to run.
            cost: Larger is started earlier, unless it is brief; ``AT_ONCE`` waits for nobody.

        Returns:
            One completed process for each invocation. After one that did not exit by itself the
            rest are not started and are left out.
        """
        async with self._permit(cost):
            self._listener.started(name)
            start = time.perf_counter()
            folder = self._scratch / name
            done: list[Completed] = []
            way = YIELD * sum(other > cost for other in self._running) if cost > BRIEF else 0
            self._running.append(cost)
            try:
                for invocation in invocations:
                    least = max(way, invocation.way)
                    done.append(await _execute(invocation, folder, self._spent, way=least))
                    if done[-1].ending is not Ending.EXITED:
                        break
            finally:
                self._running.remove(cost)
                self._listener.finished(name, time.perf_counter() - start)
            return tuple(done)

    def _permit(self, cost: float) -> contextlib.AbstractAsyncContextManager[None]:
        if cost == AT_ONCE and not self._counted:
            return contextlib.nullcontext()
        return self._slots.hold(cost)

    async def read(self, function: Callable[[], T]) -> T:
        """Run a function that reads what a tool has said, in a thread, one after the other.

        Two at once are no faster, and need the memory for what two tools have printed.

        Args:
            function: What to run; as in ``call``.
        """
        async with self._reading:
            return await in_thread(function)

    async def call(self, name: str, function: Callable[[], T], *, cost: float) -> T:
        """Run a function in a thread while holding a slot.

        Args:
            name: What to tell the listener.
            function: What to run; it is abandoned, not stopped, on cancellation.
            cost: Larger is started earlier.

        Returns:
            What the function returns; what it raises is raised here.
        """
        async with self._slots.hold(cost):
            self._listener.started(name)
            start = time.perf_counter()
            try:
                return await in_thread(function)
            finally:
                self._listener.finished(name, time.perf_counter() - start)


async def _whatever_happens(work: Coroutine[object, object, None]) -> None:
    """Wait for something to its end, and only then be cancelled: nobody else would do it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()


async def _cleared(folder: Path) -> None:
    try:
        await in_thread(lambda: remove_folder(folder))
    except (MemoryError, RuntimeError):  # there is no room for a thread
        atexit.register(remove_folder, folder)


async def _execute(invocation: Invocation, folder: Path, spent: Spent, *, way: int) -> Completed:
    """Run one invocation to its end, whatever that end is."""
    try:
        return await _executed(invocation, folder, spent, way=way)
    except OSError as error:  # no room, too many files, or somebody took the folder away
        return Completed(
            invocation=invocation, ending=Ending.REFUSED, exit_code=None, detail=str(error)
        )


async def _executed(invocation: Invocation, folder: Path, spent: Spent, *, way: int) -> Completed:
    start = time.perf_counter()
    if invocation.copy_tree:
        await in_thread(lambda: _copy_tree(invocation, folder))
    (folder / _RUBBISH).mkdir(parents=True, exist_ok=True)
    # Small files, at once: a thread would cost the first tool a turn of the loop.
    _write_files(invocation, folder)
    out, err = folder / f"{invocation.name}.out", folder / f"{invocation.name}.err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        started = await _start(invocation, folder, stdout, stderr)
        if isinstance(started, Completed):
            return started
        # Tests, which run in a copy, may depend on time: they are left alone.
        if way and not invocation.copy_tree:
            _yield(started, way)
        # They may also sleep for as long as they like.
        stalling = None if invocation.copy_tree else Stalling(started.pid, interval=POLL)
        ending = await _supervise(started, invocation.timeout, (out, err), stalling)
    cpu = spent.last()  # before the next one has ended
    return await in_thread(
        lambda: replace(_collect(invocation, folder, ending, started.returncode, start), cpu=cpu)
    )


def _copy_tree(invocation: Invocation, folder: Path) -> None:
    shutil.copytree(
        invocation.copy_tree,
        folder / "tree",
        symlinks=True,
        ignore=shutil.ignore_patterns(*_NOT_COPIED),
        ignore_dangling_symlinks=True,
    )


def _write_files(invocation: Invocation, folder: Path) -> None:
    for name, content in invocation.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _rubbish_in(folder: Path) -> Mapping[str, str]:
    """Return the variables by which a child leaves what is removed with a folder, however it ends."""
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / _RUBBISH))


async def _start(
    invocation: Invocation, folder: Path, stdout: BinaryIO, stderr: BinaryIO
) -> asyncio.subprocess.Process | Completed:
    def fill(text: str) -> str:
        return text.replace("{scratch}", str(folder))

    path = os.environ.get("PATH", "")
    extra = {key: fill(value).replace("{PATH}", path) for key, value in invocation.env.items()}
    env = child_environment({**_rubbish_in(folder), **extra})
    cwd = fill(invocation.cwd)
    try:
        return await asyncio.create_subprocess_exec(
            *(fill(argument) for argument in invocation.argv),
            cwd=cwd,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # Where the folder is gone in which it should work, the system names that one.
        missing = isinstance(error, FileNotFoundError) and error.filename != cwd
        return Completed(
            invocation=invocation,
            ending=Ending.MISSING if missing else Ending.REFUSED,
            exit_code=None,
            detail=str(error),
        )


def _yield(process: asyncio.subprocess.Process, way: int) -> None:
    """Let a child's family go on only where others leave time."""
    if process.returncode is None and not give_way(process.pid, way):
        asyncio.get_running_loop().call_later(POLL, _yield, process, way)


async def _supervise(
    process: asyncio.subprocess.Process,
    patience: float,
    outputs: tuple[Path, Path],
    stalling: Stalling | None,
) -> Ending:
    """Wait for a child; end it, and whatever it started, when it overstays or floods."""
    waiting = asyncio.ensure_future(process.wait())
    deadline = time.monotonic() + patience
    ending = Ending.EXITED
    try:
        while not waiting.done():
            rest = deadline - time.monotonic()
            if rest <= 0:
                ending = Ending.TIMEOUT
                break
            if stalling is not None and stalling.noticed():
                ending = Ending.STALLED
                break
            if any(path.stat().st_size > OUTPUT_CAP for path in outputs):
                ending = Ending.FLOODED
                break
            await asyncio.wait({waiting}, timeout=min(POLL, rest))
    finally:
        await _end_family(process, waiting)
    return ending


async def _end_family(process: asyncio.subprocess.Process, waiting: asyncio.Future[int]) -> None:
    """Leave no member of the child's process group behind; bounded in time."""
    try:
        if not waiting.done():
            _signal_group(process, signal.SIGTERM)
            await asyncio.wait({waiting}, timeout=GRACE)
    finally:
        # The leader may be gone while its children run on, and a second Ctrl-C may have cut the
        # grace short, so the group is swept whatever happened.
        _signal_group(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    if not waiting.done():
        await asyncio.wait({waiting}, timeout=REAP)
    waiting.cancel()


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, number)


def _collect(
    invocation: Invocation, folder: Path, ending: Ending, exit_code: int | None, start: float
) -> Completed:
    kept = {
        name: (folder / name).read_bytes() for name in invocation.keep if (folder / name).is_file()
    }
    flooded = ending is Ending.FLOODED
    out, err = folder / f"{invocation.name}.out", folder / f"{invocation.name}.err"
    completed = Completed(
        invocation=invocation,
        ending=ending,
        exit_code=exit_code,
        stdout=b"" if flooded else out.read_bytes(),
        stderr=b"" if flooded else err.read_bytes(),
        seconds=time.perf_counter() - start,
        kept=kept,
    )
    out.unlink()
    err.unlink()
    return completed


async def start_staying(
    argv: tuple[str, ...], *, cwd: str, env: Mapping[str, str], scratch: str, way: int = 0
) -> asyncio.subprocess.Process:
    """Start a child that stays, and is talked to through pipes; ``end_staying`` ends it.

    Args:
        argv: Program and arguments.
        cwd: Absolute working directory.
        env: Variables on top of those that every child gets.
        scratch: Folder that is removed when it has ended, for all that it leaves.
        way: How much nicer it is than doctrine.

    Raises:
        OSError: The system would not start it.
    """
    Path(scratch, _RUBBISH).mkdir(exist_ok=True)  # noqa: ASYNC240 - one folder
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env=child_environment({**_rubbish_in(Path(scratch)), **env}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    if way:
        _yield(process, way)
    return process


async def end_staying(process: asyncio.subprocess.Process) -> None:
    """End a child that stayed, and whatever it started; bounded in time."""
    await _end_family(process, asyncio.ensure_future(process.wait()))
