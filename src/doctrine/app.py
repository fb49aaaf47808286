"""The composition root: from settings to a finished report, without printing anything."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from doctrine.bench import Bench, bench_of
from doctrine.collecting import Followed, collect, survey_of
from doctrine.errors import TerminatedError, UsageError
from doctrine.following import Follower
from doctrine.guide.chosen import load_guide
from doctrine.model.collected import Collected
from doctrine.model.guide import Guide
from doctrine.model.project import Layout, Project, TomlFile
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Tool
from doctrine.plan import Step, plan
from doctrine.project.layout import discover
from doctrine.readings import located_run
from doctrine.runner import Listener, capture, in_thread
from doctrine.tools.discovery import tools

if TYPE_CHECKING:
    from doctrine.judging import Merge
    from doctrine.model.baseline import Baseline
    from doctrine.model.diagnosis import Diagnosis
    from doctrine.model.partial import Partial
    from doctrine.model.report import Report

_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks doctrine to end; a terminal that is closed sends the second, which Windows lacks."""


def check(
    settings: Settings,
    pyproject: TomlFile | None,
    listener: Listener,
    *,
    guide: Guide | None = None,
    baseline: Baseline | None = None,
    partial: Partial | None = None,
) -> Report:
    """Judge a project.

    Args:
        settings: What the user asked for.
        pyproject: The project's ``pyproject.toml``.
        listener: Told what runs.
        guide: Judge by these clauses alone, and run no tool that they do not ask; None for the
            whole guide and every tool.
        baseline: What was accepted, and is not looked at by the gate; None without a baseline.
        partial: The files to look at; None for the whole project. All that takes the whole project
            is left open then, and no tool is run that does not judge each file by itself.

    Returns:
        The finished report.

    Raises:
        UsageError: The project was removed while it was judged.
        TerminatedError: A SIGTERM or SIGHUP came; every child has been ended.
        KeyboardInterrupt: A SIGINT came; every child has been ended.
    """
    start, started = time.perf_counter(), datetime.now(UTC)
    layout, settings = _discovered(settings, pyproject)
    if partial is not None:
        from doctrine.narrowing import kept

        layout, settings, partial = kept(layout, settings, partial)
    ran = _run_loop(layout, settings, listener, guide, partial)
    _require_there(layout.root)
    from doctrine.judging import report_on

    report = report_on(ran, start=start, baseline=baseline, partial=partial)
    return replace(report, started=started.isoformat(timespec="seconds"))


def _require_there(root: str) -> None:
    """Say nothing of a project that is gone: that it has no tests or no lock would be wrong."""
    if not os.path.isdir(root):  # noqa: PTH112 - pathlib costs 10 ms before the first tool starts
        raise UsageError(
            f"{root} was removed while it was judged, so there is nothing to say of it",
            hint="check again when it is back",
        )


async def judge(
    settings: Settings,
    pyproject: TomlFile | None,
    listener: Listener,
    *,
    baseline: Baseline | None,
    follower: Follower,
    merge: Merge,
) -> Report:
    """Judge a project within a loop that goes on, and tell what is known before all is.

    Cancelling ends every child.

    Args:
        settings: What the user asked for.
        pyproject: The project's ``pyproject.toml``.
        listener: Told what runs.
        baseline: What was accepted; None without a baseline.
        follower: Told of reports that still miss some tools, and asked to run each tool.
        merge: Merges what tools reported, in each of these reports.

    Returns:
        The finished report.
    """
    start, started = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    layout, settings = await in_thread(lambda: _discovered(settings, pyproject))

    def told(ran: Collected) -> Report:
        from doctrine.judging import report_on

        report = report_on(ran, start=start, baseline=baseline, partial=None, merge=merge)
        return replace(report, started=started)

    followed = Followed(follower=follower, told=told)
    ran = await collect(layout, settings, listener, followed=followed)
    return await in_thread(lambda: told(ran))


def planned_steps(
    settings: Settings, pyproject: TomlFile | None
) -> tuple[Project, tuple[Step, ...]]:
    """Return what a check would run, without running it.

    Args:
        settings: What the user asked for.
        pyproject: The project's ``pyproject.toml``.
    """
    _, project, decided = _decided(settings, pyproject)
    return project, tuple(step for _, _, step in decided if isinstance(step, Step))


def examine(settings: Settings, pyproject: TomlFile | None) -> Diagnosis:
    """Return what stands in the way of a check, having started no tool.

    Args:
        settings: What the user asked for.
        pyproject: The project's ``pyproject.toml``.
    """
    from doctrine.doctor.diagnose import Planned, diagnose

    bench, project, decided = _decided(settings, pyproject)
    planned = (
        Planned(tool=tool, located=located, step=step)
        if isinstance(step, Step)
        else Planned(tool=tool, located=located, step=None, idle=step.message)
        for tool, located, step in decided
    )
    jobs = settings.jobs or os.cpu_count() or 1
    return diagnose(project, planned, bench.pythons, jobs=jobs)


_Decided = tuple[Tool, Located | None, Step | ToolRun]


def _decided(
    settings: Settings, pyproject: TomlFile | None
) -> tuple[Bench, Project, tuple[_Decided, ...]]:
    """Survey a project, and decide of every tool whether and how it runs, as a check does."""
    layout, settings = _discovered(settings, pyproject)
    bench = bench_of(layout, settings, load_guide())
    project = survey_of(bench).project

    def decide(tool: Tool) -> _Decided:
        found = bench.locate(tool)
        if found is None:
            return tool, None, located_run(tool, None)
        request = bench.request(tool, found, project if tool.waits(layout) else None)
        return tool, found, plan(tool, request)

    return bench, project, tuple(map(decide, tools()))


def _discovered(settings: Settings, pyproject: TomlFile | None) -> tuple[Layout, Settings]:
    """Look at the files, and find the declared operations among them before anything starts."""
    layout = discover(settings, pyproject, capture)
    if not settings.declarations:
        return layout, settings
    from doctrine.project.declarations import find_operations

    found = find_operations(settings.declarations, layout)
    return layout, replace(settings, declarations=found)


def _run_loop(
    layout: Layout,
    settings: Settings,
    listener: Listener,
    guide: Guide | None,
    partial: Partial | None,
) -> Collected:
    """Run everything in an event loop that ends its children whatever ends it."""
    received: list[int] = []
    ran: list[Collected] = []

    async def main() -> None:
        # Nothing is returned: asyncio looks up the handler of SIGINT at its end, which holds this
        # task, and an error message that nobody sees is made from all that the task returned
        # (three seconds and 100 MB for 100,000 findings).
        _heed_signals(received)
        ran.append(await collect(layout, settings, listener, guide=guide, partial=partial))

    before = {one: signal.getsignal(one) for one in _ENDING}
    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        raise TerminatedError(received[0] if received else signal.SIGTERM) from None
    finally:
        # The loop leaves the default behind, by which whoever cleans up after it would be killed.
        for one, handler in before.items():
            if handler is not None and signal.getsignal(one) != handler:
                signal.signal(one, handler)
    return ran[0]


def _heed_signals(received: list[int]) -> None:
    """Let SIGTERM and SIGHUP cancel the running task, so that its children are ended too."""
    task = asyncio.current_task()
    if task is None or sys.platform == "win32":
        return

    def cancel(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in _ENDING:
        # Who ignores one (`nohup`) wants to go on.
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, cancel, number)
