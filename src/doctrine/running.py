"""Runs planned tools, or finds what they said of the same things in an earlier check."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.cache.place import is_off
from doctrine.model.replacing import replace
from doctrine.model.run import Reading, ToolRun, ToolStatus
from doctrine.plan import Step
from doctrine.project.evidence import absent_files
from doctrine.readings import finished_run
from doctrine.runner import AT_ONCE, Runner, child_environment, in_thread

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse
    from doctrine.model.project import Environment, Layout
    from doctrine.model.settings import Settings

_BROKEN = frozenset({ToolStatus.CRASHED, ToolStatus.UNREADABLE})
"""What another way may mend."""


def found_earlier(layout: Layout, settings: Settings, own: Environment | None) -> Reuse | None:
    """Return what earlier checks have left; None where nothing is kept.

    Args:
        layout: The project.
        settings: Say where results are kept.
        own: The environment that doctrine runs in.
    """
    if is_off(settings):
        return None
    from doctrine.cache.opening import open_store

    store = open_store(settings)
    if store.folder is None or own is None:
        return None
    # Whoever keeps nothing does not wait for what keeps it.
    from doctrine.cache.digests import digests_of
    from doctrine.cache.reuse import Reuse
    from doctrine.cache.tickets import Tickets

    store.hold()  # until it is known where secrets stand
    digests = digests_of(layout.root, store)
    environ = child_environment()
    tickets = Tickets(layout, own, store=store, digests=digests, environ=environ)
    return Reuse(store, tickets, layout.root)


async def run_tool(runner: Runner, step: Step | ToolRun, reuse: Reuse | None) -> ToolRun:
    """Run a planned tool, or as little of it as is not known from an earlier check.

    What is known holds no slot.

    Args:
        runner: Starts processes.
        step: The plan, or a run that needs none.
        reuse: What earlier checks have left.
    """
    run = step if isinstance(step, ToolRun) else await _run(runner, step, reuse)
    if run.status is not ToolStatus.SKIPPED:
        runner.listener.reported(run)
    return run


async def _run(runner: Runner, step: Step, reuse: Reuse | None) -> ToolRun:
    if reuse is None:
        return await _tried(runner, step)
    going = _carrying(runner, step)
    if not reuse.is_known(step):
        # Whoever runs for the first time need not wait until it is known what for.
        run, found = await asyncio.gather(
            _gone_on(runner, step, going), in_thread(lambda: reuse.describe(step))
        )
    else:
        found = await in_thread(lambda: reuse.find(step))
        if found.run is not None:
            return found.run
        if going is not None:
            found = await in_thread(lambda: reuse.restore(found, going.folder))
        run = found.settled or await _gone_on(runner, found.step, going)
        if reuse.needs_all(found, run):
            found = replace(found, step=step, kept=None)
            run = await _tried(runner, step)
    folder = None if going is None else going.folder
    return await in_thread(lambda: reuse.keep(found, run, folder))


class _Going(Struct, frozen=True, kw_only=True):
    """A planned run that goes on from the last one.

    Attributes:
        step: The plan.
        folder: Holds what the last run has left, and then what this one does.
    """

    step: Step
    folder: Path


def _carrying(runner: Runner, step: Step) -> _Going | None:
    """Return how a tool goes on from its last run; None for one that begins anew each time."""
    if step.tool.carrying is None:
        return None
    invocations = step.tool.carrying(step.request, step.invocations)
    if not invocations[0].carry:
        return None
    folder = Path(runner.scratch, step.tool.name, invocations[0].carry)
    return _Going(step=replace(step, invocations=invocations), folder=folder)


async def _gone_on(runner: Runner, step: Step, going: _Going | None) -> ToolRun:
    """Run a planned tool from where it left off, or from nothing where that does not work."""
    if going is None:
        return await _tried(runner, step)
    run = await _attempt(runner, replace(going.step, few=step.few))
    if run.status in _BROKEN:
        await in_thread(lambda: shutil.rmtree(going.folder, ignore_errors=True))
        return await _tried(runner, step)
    # It is the answer to the same question.
    return replace(run, argv=step.invocations[0].argv)


async def _tried(runner: Runner, step: Step) -> ToolRun:
    """Run a planned tool, and its second way if the first one failed."""
    run = await _attempt(runner, step)
    other = step.second_way() if run.status in _BROKEN else ()
    return await _attempt(runner, replace(step, invocations=other)) if other else run


async def _attempt(runner: Runner, step: Step) -> ToolRun:
    cost = AT_ONCE if step.few else step.tool.cost
    completed = await runner.run(step.tool.name, step.invocations, cost=cost)
    run = await runner.read(lambda: finished_run(step.tool, step.request, completed))
    return about_what_is_there(run, step.request.layout.root)


def about_what_is_there(run: ToolRun, root: str) -> ToolRun:
    """Return a run, as one that cannot be believed where it is about files that are not there.

    Args:
        run: What a tool said.
        root: Absolute project root.
    """
    gone = absent_files(root, run.reading.strays)
    if not gone:
        return run
    message = (
        f"{run.name} reports something of {gone[0]}, which is not there: nobody can tell which file of"
        " the project is meant"
    )
    return replace(run, status=ToolStatus.UNREADABLE, reading=Reading(), message=message)
