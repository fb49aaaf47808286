"""The edge of a watched project: files, processes, keys, signals, and the clock."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from typing import Protocol

from msgspec import Struct

from doctrine.app import judge
from doctrine.cache.reuse import Reuse
from doctrine.child_watch import watched_by_descriptor
from doctrine.errors import DoctrineError, first_of
from doctrine.following import Settled, Words
from doctrine.model.baseline import Baseline
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings
from doctrine.plan import Step
from doctrine.reports._stored import stored
from doctrine.runner import Runner, in_thread
from doctrine.running import run_tool
from doctrine.watch.events import (
    Began,
    Broke,
    Effect,
    End,
    Ended,
    Event,
    Forget,
    Gone,
    Idle,
    Judge,
    Noted,
    Pressed,
    Refused,
    Signalled,
    Told,
    Wait,
)
from doctrine.watch.folder import Folder
from doctrine.watch.keys import keys
from doctrine.watch.lines import Line
from doctrine.watch.merging import Merging
from doctrine.watch.notices import Notices
from doctrine.watch.residents.staying import NAMES, Residents
from doctrine.watch.state import State, begin, step
from doctrine.watch.view import footer, written
from doctrine.watch.waiting import asking

_FRAME = 0.1
"""Seconds between two pictures while a judgement runs."""
_SWEEP = 2.0
"""Seconds between two looks at all files: the system may lose an event."""
_POLL = 0.3
"""The same where the system tells of nothing."""
_SHARE = 0.05
"""Most of the time that is spent with looking."""
REST = 10.0
"""Seconds without a change after which the word of a process that stays is confirmed."""
_TRIES = 2
"""Judgements that may end by surprise, one after another: files vanish under a tool's hands."""


class Screen(Protocol):
    """Where everything is shown."""

    def write(self, lines: Collection[Line]) -> None:
        """Write lines that stay."""

    def stand(self, lines: Collection[Line]) -> None:
        """Let lines stand below all that was written, in the place of those before."""

    def listens(self) -> bool:
        """Return whether keys are of use."""
        ...


class Loaded(Struct, frozen=True, kw_only=True):
    """What a judgement is made by, as the configuration has it now."""

    settings: Settings
    pyproject: TomlFile | None
    baseline: Baseline | None


class Asked(Struct, frozen=True, kw_only=True):
    """What is watched, and how.

    Attributes:
        root: Absolute root of the project.
        load: Reads the configuration; raises ``DoctrineError``.
        folder: The project's files.
        poll: Whether to look at the files from time to time instead of being told.
    """

    root: str
    load: Callable[[], Loaded]
    folder: Folder
    poll: bool = False


def watch(asked: Asked, screen: Screen) -> int:
    """Watch a project until somebody ends it.

    Args:
        asked: What is watched, and how.
        screen: Where everything is shown.

    Returns:
        The exit code of the documented table.
    """
    return asyncio.run(Session(asked, screen).run())


class Session:
    """Carries events to the pure core, and out what it decides."""

    def __init__(self, asked: Asked, screen: Screen, *, rest: float = REST) -> None:
        """Begin nothing yet.

        Args:
            asked: What is watched, and how.
            screen: Where everything is shown.
            rest: Seconds without a change after which the word of what stays is confirmed.
        """
        self._asked = asked
        self._rest = rest
        self._screen = screen
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._state = State()
        self._task: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()
        self._told = not asked.poll
        self._surprises = 0
        self._surprise: Exception | None = None
        self._keys = False
        self._residents = Residents()
        self._merging = Merging()

    @property
    def state(self) -> State:
        """What is known by now."""
        return self._state

    async def run(self) -> int:
        """Watch until somebody ends it, and return the exit code."""
        # Before anything that takes a while, so that whoever ends it early is heard.
        self._heed_signals()
        await in_thread(self._asked.folder.begin)
        put = self._events.put_nowait
        # For as long as anything stays: who watches one judgement's children forgets all others at
        # its end, and nobody would hear of their end any more.
        with watched_by_descriptor():
            async with self._edges():
                return await self._attended(put)

    async def _attended(self, put: Callable[[Event], None]) -> int:
        """Listen to keys, where there are some, and serve."""
        with keys(lambda key: put(Pressed(key=key))) as listening:
            self._keys = listening and self._screen.listens()
            return await self._serve()

    @contextlib.asynccontextmanager
    async def _edges(self) -> AsyncGenerator[None]:
        """Listen to files, and leave nothing behind."""
        notices = self._notices() if self._told else None
        helpers = [asyncio.create_task(self._sweep()), asyncio.create_task(self._draw())]
        for helper in helpers:
            helper.add_done_callback(self._ended)
        try:
            yield
        finally:
            if notices is not None:
                notices.close()
            rest = [*helpers, *([self._task] if self._task else [])]
            for task in rest:
                task.cancel()
            await asyncio.wait(rest)
            await self._residents.close()
            self._screen.stand(())

    def _ended(self, helper: asyncio.Task[None]) -> None:
        """Bring out why a helper ended: nothing would be seen any more without it."""
        error = None if helper.cancelled() else helper.exception()
        if isinstance(error, Exception):
            self._surprise = error
            self._events.put_nowait(Noted(text="watching broke off"))

    def _heed_signals(self) -> None:
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._events.put_nowait, Signalled(number=number))

    def _notices(self) -> Notices:
        loop = asyncio.get_running_loop()

        def notify(paths: Collection[str]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                asyncio.run_coroutine_threadsafe(self._look(paths), loop)

        def failed(words: str) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._lost, words)

        return Notices(self._asked.root, notify, failed)

    def _lost(self, words: str) -> None:
        self._told = False
        text = f"the system does not tell of changes ({words}): looking for them instead"
        self._events.put_nowait(Noted(text=text))

    async def _serve(self) -> int:
        """Take one event after another until one of them is the end."""
        self._state, effects = begin(time.monotonic())
        while True:
            for effect in effects:
                if isinstance(effect, End):
                    return effect.code
                self._carry_out(effect)
            self._picture()
            event = await self._events.get()
            if self._surprise is not None:
                raise self._surprise
            self._state, effects = step(self._state, event, time.monotonic())

    def _carry_out(self, effect: Effect) -> None:
        lines = written(effect)
        if lines:
            self._screen.write(lines)
        if isinstance(effect, Wait):
            idle = Idle(number=effect.number)
            asyncio.get_running_loop().call_later(self._rest, self._events.put_nowait, idle)
        if isinstance(effect, Forget) or (isinstance(effect, Judge) and effect.anew):
            self._residents.forget()
            self._merging = Merging()
        if isinstance(effect, Judge):
            before = self._task
            if before is not None:
                before.cancel()
            self._task = asyncio.create_task(self._judge(effect, before))

    async def _look(self, hints: Collection[str]) -> None:
        """Look at the files, and tell what changed."""
        folder = self._asked.folder
        async with self._looking:
            if not await in_thread(folder.is_there):
                self._events.put_nowait(Gone())
                return
            changed = await in_thread(lambda: folder.look(hints))
        self._residents.touch(changed.paths)
        if changed.touched or changed.paths:
            self._events.put_nowait(changed)

    async def _sweep(self) -> None:
        """Look again and again, since no system tells of everything."""
        took = 0.0
        while True:
            await asyncio.sleep(max(_SWEEP if self._told else _POLL, took / _SHARE))
            start = time.monotonic()
            await self._look(())
            took = time.monotonic() - start

    async def _draw(self) -> None:
        while True:
            await asyncio.sleep(_FRAME)
            if self._state.judging:
                self._picture()

    def _picture(self) -> None:
        self._screen.stand(footer(self._state, time.monotonic(), keys=self._keys))

    async def _judge(self, effect: Judge, before: asyncio.Task[None] | None) -> None:
        """Judge once the judgement before has ended, children and all."""
        if before is not None:
            await asyncio.wait({before})
        number = effect.number
        if not effect.confirming:
            self._residents.hasten()
        try:
            loaded = await in_thread(self._asked.load)
            residents = None if effect.confirming else self._residents
            following = _Following(number, self._events.put_nowait, self._tell, residents)
            report = await judge(
                loaded.settings,
                loaded.pyproject,
                following,
                baseline=loaded.baseline,
                follower=following,
                merge=self._merging.normalise,
            )
            last = await in_thread(lambda: told(number, report, frozenset()))
            await self._tell(replace(last, residents=following.believed))
            self._surprises = 0
            if residents is not None:
                residents.warm(following.steps)
            # Nobody waits now: what has cycles goes here, since it is never collected otherwise.
            await in_thread(gc.collect)
        except Exception as error:  # noqa: BLE001 - told to the user, or raised where it is seen
            self._failed(number, first_of(error))

    async def _tell(self, event: Told) -> None:
        """Tell something of the files as they are now: if they are others, that is heard first."""
        await self._look(())
        self._events.put_nowait(event)

    def _failed(self, number: int, error: Exception) -> None:
        if isinstance(error, DoctrineError):
            refused = Refused(number=number, message=error.message, hint=error.hint)
            self._events.put_nowait(refused)
            return
        self._surprises += 1
        if self._surprises >= _TRIES:
            self._surprise = error
        text = f"{type(error).__name__}: {error}"
        self._events.put_nowait(Broke(number=number, text=text))


class _Following:
    """Follows one judgement."""

    def __init__(
        self,
        number: int,
        put: Callable[[Event], None],
        tell: Callable[[Told], Awaitable[None]],
        residents: Residents | None,
    ) -> None:
        self._number = number
        self._put = put
        self._tell = tell
        self._residents = residents
        self.words = Words()
        """What tools say before they have ended."""
        self.believed: frozenset[str] = frozenset()
        """Tools of which a process that stays has told."""
        self.steps: dict[str, Step] = {}
        """What such processes were asked, or would have been."""

    def started(self, name: str) -> None:
        """Tell that a tool was started."""
        self._put(Began(tool=name))

    def finished(self, name: str, seconds: float) -> None:
        """Tell that a tool has ended."""
        del seconds
        self._put(Ended(tool=name))

    def reported(self, run: ToolRun) -> None:
        """Say nothing: what was found is told once it is merged."""

    async def run(self, runner: Runner, step: Step | ToolRun, reuse: Reuse | None) -> ToolRun:
        """Run a planned tool."""
        residents = self._residents
        if isinstance(step, ToolRun) or residents is None or step.tool.name not in NAMES:
            return await run_tool(runner, step, reuse)
        self.steps[step.tool.name] = step
        run, is_word = await residents.run(runner, step, reuse, self.words)
        if is_word:
            self.believed |= {step.tool.name}
        return run

    async def heard(self, report: Report, waiting: frozenset[str], settled: Settled) -> None:
        """Tell what is known while some tools are still at work."""
        await self._tell(await in_thread(lambda: told(self._number, report, waiting, settled)))


def told(
    number: int, report: Report, waiting: frozenset[str], settled: Settled | None = None
) -> Told:
    """Return what a judgement says.

    Args:
        number: Which judgement.
        report: Its report.
        waiting: Tools that are still at work.
        settled: The files of which some of them have said all that they have to say.
    """
    done = settled or {}
    return Told(
        number=number,
        report=stored(report),
        waiting=waiting,
        programs=_programs(report, {one: done.get(one, frozenset()) for one in waiting}),
        asked=asking(report.guide, waiting) if waiting else frozenset(),
    )


def _programs(report: Report, done: Settled) -> Settled:
    """Return what is done by all names that findings give the tools; one may be that of several."""
    found: dict[str, frozenset[str]] = {}
    for run in report.tools:
        for name in {run.name, run.program or run.name} if run.name in done else ():
            found[name] = found.get(name, done[run.name]) & done[run.name]
    return found
