"""What a damaged output of a tool comes to: the pipeline after the runner, on recorded runs.

The tools are those that discovery finds and the undamaged runs are their recordings, so that a new
tool is in the matrix by being there. Each check that the guide asks of the tool becomes a MUST of
its own, beside one that a healthy neighbour decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from doctrine.checks.case import case_of
from doctrine.defects import load_defects
from doctrine.evaluate import evaluate
from doctrine.gate import judged
from doctrine.grade import grade, project_verdict
from doctrine.guide.chosen import load_guide
from doctrine.model.defect import Defects
from doctrine.model.guide import Guide, RuleCheck, ThresholdCheck
from doctrine.model.outcome import Outcome
from doctrine.model.process import Completed
from doctrine.model.project import Project
from doctrine.model.replacing import replace
from doctrine.model.report import ProjectSummary, Report
from doctrine.model.run import Covers, Reading, ToolRun, ToolStatus
from doctrine.model.tool import Request, Tool
from doctrine.normalise import Context, normalise
from doctrine.problems import listed, troubles
from doctrine.readings import finished_run
from doctrine.survey import line_reader
from doctrine.thresholds import excesses
from doctrine.tools.discovery import tools
from tests.builders import a_clause, a_run
from tests.tools import recordings

TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in tools()}
NEIGHBOUR = "neighbour"
"""A tool that works, beside the one that does not."""

_NOT_GOOD = frozenset({Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED})


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a run.

    Attributes:
        run: As the report has it.
        outcomes: By check, those of the neighbour left out.
        neighbour: What became of the check of a tool that works.
        report: The whole report.
    """

    run: ToolRun
    outcomes: Mapping[str, Outcome]
    neighbour: Outcome
    report: Report


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a tool that went well.

    Attributes:
        name: Tool and case.
        tool: The adapter.
        request: What it was asked.
        completed: What its processes left behind.
        judged: What that comes to.
    """

    name: str
    tool: Tool
    request: Request
    completed: tuple[Completed, ...]
    judged: Judged


@cache
def checks_of(name: str) -> Guide:
    """Return a guide that asks of a tool what the real one asks, each check as a MUST."""
    guide = load_guide()
    asked = [
        a_clause(f"{clause.id}-{check.id}", checks=(replace(check, instead_of=""),))
        for clause in guide.clauses
        for check in clause.checks
        if isinstance(check, RuleCheck | ThresholdCheck) and check.tool == name
    ]
    beside = RuleCheck(id="clean", tool=NEIGHBOUR, rules=("*",))
    clauses = (*asked, a_clause("ZZZ001", checks=(beside,)))
    return replace(guide, clauses=clauses)


def judge(tool: Tool, request: Request, completed: tuple[Completed, ...]) -> Judged:
    """Judge a project that nothing is known of but what one tool left behind."""
    return judged_run(tool, request, finished_run(tool, request, completed))


def judged_run(tool: Tool, request: Request, run: ToolRun) -> Judged:
    """Judge a project by the run of one tool, and a neighbour that found nothing."""
    guide = checks_of(tool.name)
    project = _project(request)
    sources = frozenset(module.path for module in request.modules)
    beside = a_run(NEIGHBOUR, reading=Reading(analysed=sources), covers=Covers.PROJECT)
    runs = tuple(sorted((run, beside), key=lambda one: one.name))
    roles = {module.path: module.role for module in request.modules}
    context = Context(
        guide=guide,
        modules={module.path: module for module in request.modules},
        defects=_defects(),
        lines=line_reader(request.layout),
    )
    reported = [(run, finding) for finding in run.reading.findings]
    findings = normalise((*reported, *excesses(guide, runs, roles)), context)
    verdicts = evaluate(guide, case_of(project, runs, findings), findings)
    report = judged(
        Report(
            doctrine_version="",
            guide=guide,
            project=ProjectSummary(
                name="project",
                target_python="",
                python_files=len(request.layout.files),
                lines=0,
                facts=(),
            ),
            root=request.layout.root,
            seconds=0.0,
            tools=runs,
            verdict=project_verdict(verdicts),
            grade=grade(verdicts, analysed=bool(request.layout.files)),
            clauses=verdicts,
            findings=findings,
            problems=listed(troubles(project, runs)),
        ),
        request.settings,
    )
    *outcomes, neighbour = report.clauses
    return Judged(
        run=run,
        outcomes={one.clause.id: one.outcome for one in outcomes},
        neighbour=neighbour.outcome,
        report=report,
    )


@cache
def _defects() -> Defects:
    return load_defects()


def _project(request: Request) -> Project:
    return Project(
        layout=request.layout,
        modules=request.modules,
        dependencies=(),
        lock=request.lock,
        automation=request.automation,
        facts={},
    )


@cache
def recorded(name: str) -> tuple[Recorded, ...]:
    """Return the recordings of a tool in which it went well."""
    found = (_replayed(folder) for folder in recordings.cases() if folder.parent.name == name)
    return tuple(one for one in found if one is not None)


def _replayed(folder: Path) -> Recorded | None:
    tool = TOOLS[folder.parent.name]
    case = recordings.case_of(folder)
    root = folder / "input"
    request = recordings.request_of(tool, case, root)
    invocations = recordings.prepared(tool, request, case)
    if not invocations:
        return None
    scrubber = recordings.Scrubber(root, folder / "scratch")
    completed = recordings.load(folder, invocations, scrubber)
    result = judge(tool, request, completed)
    if result.run.status is not ToolStatus.OK:
        return None
    return Recorded(
        name=f"{tool.name}/{folder.name}",
        tool=tool,
        request=request,
        completed=completed,
        judged=result,
    )


def gained(before: Outcome, after: Outcome) -> bool:
    """Whether something looks good that did not; what does not apply looks good as well."""
    return after not in _NOT_GOOD and before in _NOT_GOOD
