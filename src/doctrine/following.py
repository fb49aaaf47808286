"""Following a check while it runs: what is known so far, and other ways to run its tools."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.readings import located_run

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse
    from doctrine.model.report import Report
    from doctrine.plan import Step
    from doctrine.runner import Runner

CLOSELY = 0.1
"""Seconds in which tools end together: one report tells of all of them."""
AT_WORK = "still at work"

_Say = Callable[[tuple[ToolRun, ...], frozenset[str]], Awaitable[None]]


class Follower(Protocol):
    """Who follows a check, and may know of another way to run a tool."""

    async def run(self, runner: Runner, step: Step | ToolRun, reuse: Reuse | None) -> ToolRun:
        """Run a planned tool.

        Args:
            runner: Starts processes.
            step: The plan, or a run that needs none.
            reuse: What earlier checks have left.
        """
        ...

    async def heard(self, report: Report, waiting: frozenset[str]) -> None:
        """Take a report that misses some tools.

        Args:
            report: What is known; nothing that needs the missing tools counts as held in it.
            waiting: The names of those tools.
        """
        ...


async def meanwhile(tasks: Mapping[asyncio.Task[ToolRun], Step | ToolRun], say: _Say) -> None:
    """Tell of the tools that have ended, as long as others are still at work.

    Args:
        tasks: What each task runs.
        say: Told all runs, those that are still at work as skipped, and the names of the latter.
    """
    told: set[asyncio.Task[ToolRun]] | None = None
    while open_ := {task for task in tasks if not task.done()}:
        if open_ == told:
            await asyncio.wait(open_, return_when=asyncio.FIRST_COMPLETED)
            continue
        _, told = await asyncio.wait(open_, timeout=CLOSELY)
        if told:
            runs = tuple(_so_far(task, step) for task, step in tasks.items())
            names = frozenset(run.name for run in runs if run.message == AT_WORK)
            await say(runs, names)


def _so_far(task: asyncio.Task[ToolRun], step: Step | ToolRun) -> ToolRun:
    """Return a run, or what stands for it: nothing that its silence could prove."""
    if task.done():
        return task.result()
    if isinstance(step, ToolRun):
        return step
    run = located_run(step.tool, step.request.located)
    return replace(run, status=ToolStatus.SKIPPED, message=AT_WORK)
