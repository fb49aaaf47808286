"""The composition root: from settings to a finished report, without printing anything.

The order is the speed: what needs nothing but the file list (pyright above all) is started before
the sources are parsed, and what only the report needs is imported while tools are already at work.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine import __version__
from doctrine.errors import TerminatedError, UsageError
from doctrine.following import Follower, meanwhile
from doctrine.guide.defaults import load_defaults
from doctrine.model.guide import Guide
from doctrine.model.project import Automation, Environment, Layout, Project, TomlFile
from doctrine.model.replacing import replace
from doctrine.model.run import Origin, ToolRun
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Request, Tool
from doctrine.ordering import with_durations
from doctrine.plan import Step, plan, rules_for, tools_of
from doctrine.project.layout import discover
from doctrine.project.toolchain import interpreters, locate, own_environment
from doctrine.readings import located_run
from doctrine.runner import BRIEF, Listener, Runner, capture, in_thread
from doctrine.running import found_earlier, run_tool
from doctrine.tools.discovery import tool_names, tools

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse
    from doctrine.ignoring import Ignoring
    from doctrine.model.baseline import Baseline
    from doctrine.model.diagnosis import Diagnosis
    from doctrine.model.observation import Finding
    from doctrine.model.partial import Partial
    from doctrine.model.report import Problem, ProjectSummary, Report
    from doctrine.survey import Survey, Written

GUIDE = "python"
_DRIVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drivers")  # noqa: PTH100, PTH118, PTH120 - pathlib costs 10 ms before the first tool starts
_HEAD_START = ("pyright", "ruff")
"""Tools that are started before the others are even imported, in this order: the one that decides
how long a cold check takes, and the one that has something to show at once. Only a hint; a tool that
is not named here is started a moment later."""
_TURNS = 4
"""Turns of the loop after which a task that need not wait has started its process."""
_SURVEY_COST = 1e9
"""Nothing that waits for the survey can start before it: it goes before all that takes longer than a
moment."""


class _Bench(Struct, frozen=True, kw_only=True):
    """What every request is made from."""

    guide: Guide
    layout: Layout
    settings: Settings
    pythons: tuple[tuple[tuple[int, int], str], ...]
    own: Environment | None
    reuse: Reuse | None = None
    followed: _Followed | None = None

    def locate(self, tool: Tool) -> Located | None:
        """Find a tool: the project's own copy first, then that of its hooks, then doctrine's."""
        found = locate(
            distribution=tool.distribution,
            program=tool.program,
            supported=tool.supported,
            environment=self.layout.environment,
            own=self.own,
            path=self.settings.trust.search_path,
        )
        if found is None or found.origin is not Origin.DOCTRINE or not tool.alone:
            return found
        return self._of_hooks(tool, found) or found

    def _of_hooks(self, tool: Tool, own: Located) -> Located | None:
        """Find the copy of a tool that the project's hooks pin; none where nothing is believed."""
        if not self.settings.trust.believed:
            return None
        # The first tool is none of those that hooks are asked about.
        from doctrine.project.hook_environments import hook_pins
        from doctrine.project.toolchain import hooked

        return hooked(
            own,
            distribution=tool.distribution,
            program=tool.program,
            supported=tool.supported,
            pins=hook_pins(self.layout.root),
        )

    def request(self, tool: Tool, located: Located, project: Project | None) -> Request:
        """Return what a tool is asked; without a project when it starts before parsing."""
        configuration = tool.distribution if tool.name not in self.guide.defaults else tool.name
        base = Request(
            layout=self.layout,
            located=located,
            settings=self.settings,
            rules=rules_for(self.guide, tool.name),
            defaults=self.guide.defaults.get(configuration, {}),
            drivers=_DRIVERS,
            pythons=self.pythons,
        )
        if project is None:
            return base
        return _with_project(base, project)


def _with_project(request: Request, project: Project) -> Request:
    return replace(
        request, modules=project.modules, automation=project.automation, lock=project.lock
    )


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
    report = _report(ran, start, baseline, partial)
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
) -> Report:
    """Judge a project within a loop that goes on, and tell what is known before all is.

    Cancelling ends every child.

    Args:
        settings: What the user asked for.
        pyproject: The project's ``pyproject.toml``.
        listener: Told what runs.
        baseline: What was accepted; None without a baseline.
        follower: Told of reports that still miss some tools, and asked to run each tool.

    Returns:
        The finished report.
    """
    start, started = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    layout, settings = await in_thread(lambda: _discovered(settings, pyproject))

    def told(ran: _Ran) -> Report:
        return replace(_report(ran, start, baseline, None), started=started)

    followed = _Followed(follower=follower, told=told)
    ran = await _collected(layout, settings, listener, None, None, followed=followed)
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
) -> tuple[_Bench, Project, tuple[_Decided, ...]]:
    """Survey a project, and decide of every tool whether and how it runs, as a check does."""
    layout, settings = _discovered(settings, pyproject)
    bench = _bench(layout, settings, load_guide())
    project = _survey(bench).project

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


def _without_clauses() -> Guide:
    """Return what the first tools need of the guide: its configuration for tools, no clauses."""
    return Guide(
        id=GUIDE, title="", version="", digest="", registry="", clauses=(),
        defaults=load_defaults(GUIDE),
    )  # fmt: skip


def _bench(layout: Layout, settings: Settings, guide: Guide) -> _Bench:
    return _Bench(
        guide=guide,
        layout=layout,
        settings=settings,
        pythons=interpreters(layout.environment, path=settings.trust.search_path),
        own=own_environment(),
    )


class _Ran(Struct, frozen=True, kw_only=True):
    """Everything that was collected."""

    bench: _Bench
    project: Project
    runs: tuple[ToolRun, ...]
    problems: tuple[Problem, ...] = ()
    scratch: str


class _Followed(Struct, frozen=True, kw_only=True):
    """Who follows a check, and what makes a report for them of what there is."""

    follower: Follower
    told: Callable[[_Ran], Report]


def _run_loop(
    layout: Layout,
    settings: Settings,
    listener: Listener,
    guide: Guide | None,
    partial: Partial | None,
) -> _Ran:
    """Run everything in an event loop that ends its children whatever ends it."""
    received: list[int] = []
    ran: list[_Ran] = []

    async def main() -> None:
        # Nothing is returned: asyncio looks up the handler of SIGINT at its end, which holds this
        # task, and an error message that nobody sees is made from all that the task returned
        # (three seconds and 100 MB for 100,000 findings).
        _heed_signals(received)
        ran.append(await _collected(layout, settings, listener, guide, partial))

    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        raise TerminatedError(received[0] if received else signal.SIGTERM) from None
    return ran[0]


async def _collected(
    layout: Layout,
    settings: Settings,
    listener: Listener,
    guide: Guide | None,
    partial: Partial | None,
    *,
    followed: _Followed | None = None,
) -> _Ran:
    """Run everything that a check takes."""
    async with Runner(jobs=settings.jobs, listener=listener) as runner:
        installed, problems = await _environment(layout, settings, runner)
        slim = _bench(installed, settings, guide or _without_clauses())
        slim = replace(slim, reuse=found_earlier(installed, settings, slim.own), followed=followed)
        if partial is not None:
            run = _run_files(slim, runner)
        else:
            run = _run_all(slim, runner) if guide is None else _run_some(slim, runner)
        try:
            bench, project, runs = await run
        except BaseException:
            if slim.reuse is not None:
                slim.reuse.abandon()
            raise
        if slim.reuse is not None:
            reuse = slim.reuse
            await in_thread(lambda: _close(reuse, project, runs))
    return _Ran(bench=bench, project=project, runs=runs, problems=problems, scratch=runner.scratch)


def _close(reuse: Reuse, project: Project, runs: tuple[ToolRun, ...]) -> None:
    """Remember what became of the tools, but nothing that quotes a secret."""
    from doctrine.redact import found_secrets
    from doctrine.survey import line_reader

    reuse.forget_quoting(found_secrets(_reported(runs), line_reader(project.layout)))
    reuse.close()


def _heed_signals(received: list[int]) -> None:
    """Let SIGTERM and SIGHUP cancel the running task, so that its children are ended too."""
    task = asyncio.current_task()
    if task is None or sys.platform == "win32":
        return

    def cancel(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, cancel, number)


async def _environment(
    layout: Layout, settings: Settings, runner: Runner
) -> tuple[Layout, tuple[Problem, ...]]:
    """Make the private environment if it was asked for and the project has none."""
    if not settings.install or layout.environment is not None:
        return layout, ()
    from doctrine.install import install

    return await install(layout, runner, tests=settings.tests)


async def _run_all(bench: _Bench, runner: Runner) -> tuple[_Bench, Project, tuple[ToolRun, ...]]:
    """Start the early tools, survey the project, start the rest."""
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench)
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
        if bench.followed is not None:
            known = _Ran(
                bench=bench, project=survey.project, runs=inspected, scratch=runner.scratch
            )
            await _tell(bench.followed, known, launch)
        await in_thread(lambda: _warm_up(bench.settings))
    return bench, survey.project, _sorted_runs(inspected, launch.results())


async def _turns() -> None:
    """Let the loop get from a task to the process that it starts, before it gets other work.

    Its steps: the task, its slot, the permit, the process.
    """
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def _tell(followed: _Followed, known: _Ran, launch: _Launch) -> None:
    """Make reports of what is known, as long as some tools are still at work."""

    async def say(runs: tuple[ToolRun, ...], waiting: frozenset[str]) -> None:
        ran = replace(known, runs=_sorted_runs(known.runs, (*launch.missing, *runs)))
        report = await in_thread(lambda: followed.told(ran))
        await followed.follower.heard(report, waiting)

    await meanwhile(launch.tasks, followed.follower.words, say)


async def _run_some(bench: _Bench, runner: Runner) -> tuple[_Bench, Project, tuple[ToolRun, ...]]:
    """Run the tools that the bench's guide asks, and all inspectors, which cost next to nothing."""
    wanted = tools_of(bench.guide)
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench)
        launch.early(bench, tuple(tool for tool in tools() if tool.name in wanted))
        survey = await _survey_and_go_on(launch, bench, runner)
        inspected = await in_thread(survey.inspect_project)
    return bench, survey.project, _sorted_runs(inspected, launch.results())


async def _run_files(bench: _Bench, runner: Runner) -> tuple[_Bench, Project, tuple[ToolRun, ...]]:
    """Run the tools and inspectors that judge each file by itself."""
    async with asyncio.TaskGroup() as group:
        launch = _Launch(runner, group, bench)
        bench = await in_thread(lambda: replace(bench, guide=load_guide()))
        launch.early(bench, tuple(tool for tool in tools() if tool.per_file))
        survey = await _survey_and_go_on(launch, bench, runner)
        await in_thread(lambda: _warm_up(bench.settings))
    return bench, survey.project, _sorted_runs(survey.file_runs, launch.results())


async def _survey_and_go_on(launch: _Launch, bench: _Bench, runner: Runner) -> Survey:
    written = await in_thread(lambda: _written(bench))
    launch.decided(bench, written.automation)
    survey = await runner.call("survey", lambda: _survey(bench, written), cost=_SURVEY_COST)
    launch.late(bench, survey.project)
    return survey


def _sorted_runs(
    inspected: tuple[ToolRun, ...], others: tuple[ToolRun, ...]
) -> tuple[ToolRun, ...]:
    return tuple(sorted((*inspected, *others), key=lambda run: run.name))


class _Launch:
    """Starts tools as soon as what they need is known."""

    def __init__(self, runner: Runner, group: asyncio.TaskGroup, bench: _Bench) -> None:
        self._runner = runner
        self._reuse = bench.reuse
        self._durations = bench.reuse.durations() if bench.reuse else dict[str, float]()
        self._run = bench.followed.follower.run if bench.followed else run_tool
        self._group = group
        self._waiting: list[tuple[Tool, Located]] = []
        self.missing: list[ToolRun] = []
        self.tasks: dict[asyncio.Task[ToolRun], Step | ToolRun] = {}

    def early(self, bench: _Bench, chosen: tuple[Tool, ...]) -> None:
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

    def decided(self, bench: _Bench, automation: Automation) -> None:
        """Start the tools that waited for nothing but how the project's commands use them."""
        waiting, self._waiting = self._waiting, []
        for tool, found in waiting:
            if tool.after_parse:
                self._waiting.append((tool, found))
            else:
                request = replace(bench.request(tool, found, None), automation=automation)
                self._start(plan(tool, request))

    def late(self, bench: _Bench, project: Project) -> None:
        """Start the tools that waited."""
        for tool, found in self._waiting:
            self._start(plan(tool, bench.request(tool, found, project)))

    def _start(self, step: Step | ToolRun) -> None:
        task = self._group.create_task(self._run(self._runner, step, self._reuse))
        self.tasks[task] = step

    def results(self) -> tuple[ToolRun, ...]:
        """Return every run; only once the group has ended."""
        return (*self.missing, *(task.result() for task in self.tasks))


def _warm_up(settings: Settings) -> None:
    """Import what the end of a check needs, while tools are still at work."""
    from doctrine.reports.discovery import formats

    formats()[settings.format].prepare()


@cache
def load_guide() -> Guide:
    """Return the guide that projects are judged by: its files belong to doctrine and are read once."""
    from doctrine.guide.loader import load

    return load(GUIDE)


def _written(bench: _Bench) -> Written:
    from doctrine.memory import give_back_at_once
    from doctrine.survey import read_written

    give_back_at_once()  # tools are at work by now, and nobody waits for it
    return read_written(bench.layout)


def _survey(bench: _Bench, written: Written | None = None) -> Survey:
    from doctrine.survey import survey

    known = None if bench.reuse is None else bench.reuse.surveyed
    return survey(bench.layout, bench.settings, known, written)


def _report(ran: _Ran, start: float, baseline: Baseline | None, partial: Partial | None) -> Report:
    """Judge what was collected; advice comes last, when nothing can depend on it any more."""
    from doctrine.adopt.situation import code_of
    from doctrine.advice.advise import advise
    from doctrine.checks.case import case_of
    from doctrine.defects import load_defects
    from doctrine.gate import judged
    from doctrine.grade import grade, project_verdict
    from doctrine.guide.remedies import with_sources
    from doctrine.model.report import Report
    from doctrine.model.run import judged_run
    from doctrine.narrowing import decided
    from doctrine.normalise import Context, normalise
    from doctrine.problems import (
        disregarded,
        listed,
        remarked,
        screened,
        silent,
        troubles,
        unsteady,
    )
    from doctrine.project.changes import changed_files
    from doctrine.redact import redacted, without_secrets
    from doctrine.statements.excusing import marked
    from doctrine.survey import line_reader
    from doctrine.thresholds import excesses

    project, runs = ran.project, ran.runs
    guide, settings = with_sources(ran.bench.guide, code_of(project).sources), ran.bench.settings
    roles = {module.path: module.role for module in project.modules}
    ignoring = _ignoring(project, guide)
    context = Context(
        guide=guide,
        modules={module.path: module for module in project.modules},
        defects=load_defects(),
        lines=line_reader(project.layout),
        ignores=ignoring.honoured,
        audit=settings.audit,
    )
    said = without_secrets((*_reported(runs), *excesses(guide, runs, roles)), context.lines)
    findings = normalise(said, context)
    entries = screened(settings, guide)
    case = case_of(project, runs, findings, entries, changed=changed_files(project.layout))
    verdicts, partial = decided(guide, case, findings, partial)
    report = Report(
        doctrine_version=__version__,
        guide=guide,
        project=_summary(project),
        root=project.layout.root,
        seconds=time.perf_counter() - start,
        tools=tuple(map(judged_run, runs)),
        verdict=project_verdict(verdicts),
        grade=grade(verdicts if partial is None else (), analysed=bool(project.layout.files)),
        clauses=verdicts,
        findings=marked(findings, verdicts) if settings.entries else findings,
        problems=listed(
            ran.problems,
            remarked(settings),
            troubles(project, runs, whole=partial is None),
            unsteady(case.changed),
            disregarded(entries, verdicts, project.layout),
            () if settings.audit else silent(ignoring, findings, guide, runs),
        ),
        advice=advise(guide, case) if partial is None else (),
        scratch=ran.scratch,
        fail_on=settings.fail_on.value,
        partial=partial,
    )
    if baseline is not None:
        from doctrine.acceptance import compared

        report = compared(report, baseline, project, context.defects, capture)
    return redacted(judged(report, settings))


def _ignoring(project: Project, guide: Guide) -> Ignoring:
    from doctrine.guide.loader import clause_ids
    from doctrine.ignoring import Ignoring, screened_ignores

    asking = [module for module in project.modules if module.ignores]
    return screened_ignores(asking, guide, clause_ids(guide.id)) if asking else Ignoring()


def _reported(runs: Iterable[ToolRun]) -> Iterator[tuple[ToolRun, Finding]]:
    return ((run, finding) for run in runs for finding in run.reading.findings)


def _summary(project: Project) -> ProjectSummary:
    from doctrine.model.report import ProjectSummary

    return ProjectSummary(
        name=project.layout.name,
        target_python=project.layout.target.text,
        python_files=len(project.layout.files),
        lines=sum(module.lines for module in project.modules),
        facts=tuple(sorted(project.facts.values(), key=lambda fact: fact.id)),
    )
