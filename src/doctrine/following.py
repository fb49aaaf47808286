"""Following a check while it runs: what is known so far, and other ways to run its tools."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from doctrine.model.replacing import replace
from doctrine.model.run import Reading, ToolRun, ToolStatus
from doctrine.readings import located_run

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse
    from doctrine.model.observation import Finding
    from doctrine.model.report import Report
    from doctrine.plan import Step
    from doctrine.runner import Runner

CLOSELY = 0.1
"""Seconds in which tools end together: one report tells of all of them."""
AT_WORK = "still at work"

Settled = Mapping[str, frozenset[str]]
"""The files of which tools have said their last word, by the names of tools that are still at work."""

_Say = Callable[[tuple[ToolRun, ...], frozenset[str], Settled], Awaitable[None]]


class Words:
    """What tools have found so far that are still at work: certain, and not all."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._settled: dict[str, frozenset[str]] = {}
        self._said = asyncio.Event()

    def say(
        self, tool: str, found: tuple[Finding, ...], settled: Iterable[str] = frozenset()
    ) -> None:
        """Take what a tool has found.

        Args:
            tool: Its name.
            found: What it will not take back when it has ended.
            settled: Paths of files in which it will find nothing else.
        """
        self._found[tool] = found
        self._settled[tool] = frozenset(settled)
        self._said.set()

    def of(self, tool: str) -> tuple[Finding, ...]:
        """Return what a tool has found so far."""
        return self._found.get(tool, ())

    def settled(self, tools: Iterable[str]) -> Settled:
        """Return the files of which some tools have said their last word."""
        return {one: self._settled[one] for one in tools if self._settled.get(one)}

    def taken(self) -> int:
        """Return how many tools have said something; what another one says is news again."""
        self._said.clear()
        return len(self._found)

    async def heard(self) -> None:
        """Wait until another tool says something."""
        await self._said.wait()


class Follower(Protocol):
    """Who follows a check, and may know of another way to run a tool."""

    words: Words

    async def run(self, runner: Runner, step: Step | ToolRun, reuse: Reuse | None) -> ToolRun:
        """Run a planned tool.

        Args:
            runner: Starts processes.
            step: The plan, or a run that needs none.
            reuse: What earlier checks have left.
        """
        ...

    async def heard(self, report: Report, waiting: frozenset[str], settled: Settled) -> None:
        """Take a report that misses some tools.

        Args:
            report: What is known; nothing that needs the missing tools counts as held in it.
            waiting: The names of those tools.
            settled: The files of which some of them have said all that they have to say.
        """
        ...


async def meanwhile(
    tasks: Mapping[asyncio.Task[ToolRun], Step | ToolRun], words: Words, say: _Say
) -> None:
    """Tell of the tools that have ended, as long as others are still at work.

    Args:
        tasks: What each task runs.
        words: What tools say before they have ended.
        say: Told all runs, those that are still at work as skipped, the names of the latter, and
            of which files these have said all.
    """
    told: tuple[int, int] | None = None
    while open_ := {task for task in tasks if not task.done()}:
        if (len(open_), words.taken()) == told:
            await _next(open_, words)
            continue
        _, left = await asyncio.wait(open_, timeout=CLOSELY)
        told = (len(left), words.taken())
        if left:
            runs = tuple(_so_far(task, step, words) for task, step in tasks.items())
            names = frozenset(run.name for run in runs if run.message == AT_WORK)
            await say(runs, names, words.settled(names))


async def _next(open_: set[asyncio.Task[ToolRun]], words: Words) -> None:
    """Wait until a tool has ended, or says something before."""
    heard = asyncio.create_task(words.heard())
    try:
        await asyncio.wait({*open_, heard}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        heard.cancel()


def _so_far(task: asyncio.Task[ToolRun], step: Step | ToolRun, words: Words) -> ToolRun:
    """Return a run, or what stands for it: nothing that its silence could prove."""
    if task.done():
        return task.result()
    if isinstance(step, ToolRun):
        return step
    run = located_run(step.tool, step.request.located)
    return replace(
        run,
        status=ToolStatus.SKIPPED,
        message=AT_WORK,
        reading=Reading(findings=words.of(run.name)),
    )
