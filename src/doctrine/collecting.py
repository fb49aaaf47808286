"""Collects what a report is made from: starts the tools in the order that is fastest, and the survey.

What needs nothing but the file list (pyright above all) is started before the sources are parsed, and
what only the report needs is imported while tools are already at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.bench import Bench, bench_of
from doctrine.following import Follower, Settled, meanwhile
from doctrine.guide.chosen import load_guide, without_clauses
from doctrine.model.collected import Collected
from doctrine.model.guide import Guide
from doctrine.model.project import Automation, Layout, Project
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Tool
from doctrine.ordering import with_durations
from doctrine.plan import Step, plan, tools_of
from doctrine.readings import located_run
from doctrine.runner import BRIEF, Listener, Runner, in_thread
from doctrine.running import found_earlier, run_tool
from doctrine.tools.discovery import tool_names, tools

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse
    from doctrine.model.partial import Partial
    from doctrine.model.report import Problem, Report
    from doctrine.survey import Survey, Written

_HEAD_START = ("pyright", "ruff")
"""Tools that are started before the others are even imported, in this order: the one that decides
how long a cold check takes, and the one that has something to show at once. Only a hint; a tool that
is not named here is started a moment later."""
_TURNS = 4
"""Turns of the loop after which a task that need not wait has started its process."""
_SURVEY_COST = 1e9
"""Nothing that waits for the survey can start before it: it goes before all that takes longer than a
moment."""


class Followed(Struct, frozen=True, kw_only=True):
    """Who follows a check, and what makes a report for them of what there is.

    Attributes:
        follower: Told of reports that still miss some tools, and asked to run each tool.
        told: Makes a report of what was collected so far.
    """

    follower: Follower
    told: Callable[[Collected], Report]


async def collect(
    layout: Layout,
    settings: Settings,
    listener: Listener,
    *,
    guide: Guide | None = None,
    partial: Partial | None = None,
    followed: Followed | None = None,
) -> Collected:
    """Run everything that a check takes.

    Args:
        layout: What is known of the project's files.
        settings: What the user asked for.
        listener: Told what runs.
        guide: Judge by these clauses alone, and run no tool that they do not ask; None for the
            whole guide and every tool.
        partial: The files to look at; None for the whole project.
        followed: Who is told of what is known before all is; None for nobody.
    """
    async with Runner(jobs=settings.jobs, listener=listener) as runner:
        installed, problems = await _environment(layout, settings, runner)
        slim = bench_of(installed, settings, guide or without_clauses())
        reuse = found_earlier(installed, settings, slim.own)
        slim = replace(slim, reuse=reuse)
        if partial is not None:
            run = _run_files(slim, runner)
        else:
            run = _run_all(slim, runner, followed) if guide is None else _run_some(slim, runner)
        try:
            ran = await run
            if reuse is not None:
                await in_thread(lambda: _close(reuse, ran))
        except BaseException:
            if reuse is not None:
                reuse.abandon()
            raise
    return replace(ran, problems=problems)


def _close(reuse: Reuse, ran: Collected) -> None:
    """Remember what became of the tools, but nothing that quotes a secret."""
    from doctrine.judging import reported
    from doctrine.redact import found_secrets
    from doctrine.survey import line_reader

    reuse.settle(found_secrets(reported(ran.runs), line_reader(ran.project.layout)))
    reuse.close()


async def _environment(
    layout: Layout, settings: Settings, runner: Runner
) -> tuple[Layout, tuple[Problem, ...]]:
    """Make the private environment if it was asked for and the project has none."""
    if not settings.install or layout.environment is not None:
        return layout, ()
    from doctrine.install import install

    return await install(layout, runner, tests=settings.tests)


async def _run_all(bench: Bench, runner: Runner, followed: Followed | None) -> Collected:
    """Start the early tools, survey the project, start the rest."""
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench, followed)
        names = tool_names()
        for name in _HEAD_START:
            launch.early(bench, tools(one for one in names if one == name))
            await _turns()  # it starts here, before the next one is imported
        # In a thread, so that the loop is free to start the first ones meanwhile.
        bench, others = await in_thread(
            lambda: (
                replace(bench, guide=load_guide()),
                tools(name for name in names if name not in _HEAD_START),
            )
        )
        launch.early(bench, others)
        survey = await _survey_and_go_on(launch, bench, runner)
        inspected = await in_thread(survey.inspect_project)
        known = _collected(bench, survey, inspected, runner)
        if followed is not None:
            await _tell(followed, known, launch)
        await in_thread(lambda: _warm_up(bench.settings))
    return launch.completed(known)


async def _turns() -> None:
    """Let the loop get from a task to the process that it starts, before it gets other work.

    Its steps: the task, its slot, the permit, the process.
    """
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def _tell(followed: Followed, known: Collected, launch: _Launch) -> None:
    """Make reports of what is known, as long as some tools are still at work."""

    async def say(runs: tuple[ToolRun, ...], waiting: frozenset[str], settled: Settled) -> None:
        ran = _joined(known, (*launch.missing, *runs))
        report = await in_thread(lambda: followed.told(ran))
        await followed.follower.heard(report, waiting, settled)

    await meanwhile(launch.tasks, followed.follower.words, say)


async def _run_some(bench: Bench, runner: Runner) -> Collected:
    """Run the tools that the bench's guide asks, and all inspectors, which cost next to nothing."""
    wanted = tools_of(bench.guide)
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench)
        launch.early(bench, tuple(tool for tool in tools() if tool.name in wanted))
        survey = await _survey_and_go_on(launch, bench, runner)
        inspected = await in_thread(survey.inspect_project)
    return launch.completed(_collected(bench, survey, inspected, runner))


async def _run_files(bench: Bench, runner: Runner) -> Collected:
    """Run the tools and inspectors that judge each file by itself."""
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench)
        bench = await in_thread(lambda: replace(bench, guide=load_guide()))
        launch.early(bench, tuple(tool for tool in tools() if tool.per_file))
        survey = await _survey_and_go_on(launch, bench, runner)
        await in_thread(lambda: _warm_up(bench.settings))
    return launch.completed(_collected(bench, survey, survey.file_runs, runner))


async def _survey_and_go_on(launch: _Launch, bench: Bench, runner: Runner) -> Survey:
    written = await in_thread(lambda: _written(bench))
    launch.decided(bench, written.automation)
    survey = await runner.call("survey", lambda: survey_of(bench, written), cost=_SURVEY_COST)
    launch.late(bench, survey.project)
    return survey


def _collected(
    bench: Bench, survey: Survey, inspected: tuple[ToolRun, ...], runner: Runner
) -> Collected:
    """Return what is known before any tool has spoken."""
    return Collected(
        guide=bench.guide, settings=bench.settings, project=survey.project, runs=inspected,
        scratch=runner.scratch,
    )  # fmt: skip


def _joined(known: Collected, others: tuple[ToolRun, ...]) -> Collected:
    return replace(known, runs=tuple(sorted((*known.runs, *others), key=lambda run: run.name)))


class _Launch:
    """Starts tools as soon as what they need is known."""

    def __init__(
        self,
        runner: Runner,
        group: asyncio.TaskGroup,
        bench: Bench,
        followed: Followed | None = None,
    ) -> None:
        self._runner = runner
        self._reuse = bench.reuse
        self._durations = bench.reuse.durations() if bench.reuse else dict[str, float]()
        self._run = followed.follower.run if followed else run_tool
        self._group = group
        self._waiting: list[tuple[Tool, Located]] = []
        self.missing: list[ToolRun] = []
        self.tasks: dict[asyncio.Task[ToolRun], Step | ToolRun] = {}

    def early(self, bench: Bench, chosen: tuple[Tool, ...]) -> None:
        """Start the tools that need no parsed sources, and keep the others for later."""
        known = with_durations(chosen, self._durations, brief=BRIEF)
        for tool in sorted(known, key=lambda one: -one.cost):
            found = bench.locate(tool)
            if found is None:
                self.missing.append(located_run(tool, None))
            elif tool.waits(bench.layout):
                self._waiting.append((tool, found))
            else:
                self._start(plan(tool, bench.request(tool, found, None)))

    def decided(self, bench: Bench, automation: Automation) -> None:
        """Start the tools that waited for nothing but how the project's commands use them."""
        waiting, self._waiting = self._waiting, []
        for tool, found in waiting:
            if tool.after_parse:
                self._waiting.append((tool, found))
            else:
                request = replace(bench.request(tool, found, None), automation=automation)
                self._start(plan(tool, request))

    def late(self, bench: Bench, project: Project) -> None:
        """Start the tools that waited."""
        for tool, found in self._waiting:
            self._start(plan(tool, bench.request(tool, found, project)))

    def _start(self, step: Step | ToolRun) -> None:
        task = self._group.create_task(self._run(self._runner, step, self._reuse))
        self.tasks[task] = step

    def completed(self, known: Collected) -> Collected:
        """Return what is known with every run; only once the group has ended."""
        return _joined(known, (*self.missing, *(task.result() for task in self.tasks)))


def _warm_up(settings: Settings) -> None:
    """Import what the end of a check needs, while tools are still at work."""
    from doctrine.reports.discovery import formats

    import_module("doctrine.judging")
    formats()[settings.format].prepare()


def _written(bench: Bench) -> Written:
    from doctrine.memory import give_back_at_once
    from doctrine.survey import read_written

    give_back_at_once()  # tools are at work by now: it delays the survey alone, once
    return read_written(bench.layout)


def survey_of(bench: Bench, written: Written | None = None) -> Survey:
    """Survey the project of a bench.

    Args:
        bench: What requests are made from.
        written: What was read of its commands already; None for nothing.
    """
    from doctrine.survey import survey

    known = None if bench.reuse is None else bench.reuse.surveyed
    return survey(bench.layout, bench.settings, known, written)
