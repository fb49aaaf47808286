"""From what was collected to a finished report: merge, judge, grade, advise.

Imported while tools are still at work: nothing here is needed before they are done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from doctrine import __version__
from doctrine.acceptance import compared
from doctrine.adopt.situation import code_of
from doctrine.advice.advise import advise
from doctrine.checks.case import case_of
from doctrine.defects import load_defects
from doctrine.gate import judged
from doctrine.grade import grade, project_verdict
from doctrine.guide.loader import clause_ids
from doctrine.guide.remedies import with_sources
from doctrine.ignoring import Ignoring, screened_ignores
from doctrine.model.baseline import Baseline
from doctrine.model.collected import Collected
from doctrine.model.guide import Guide
from doctrine.model.observation import Finding
from doctrine.model.partial import Partial
from doctrine.model.project import Project
from doctrine.model.report import ProjectSummary, Report, ReportFinding
from doctrine.model.run import ToolRun, judged_run
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
from doctrine.runner import capture
from doctrine.statements.excusing import marked
from doctrine.survey import line_reader
from doctrine.thresholds import excesses

Merge = Callable[[Iterable[tuple[ToolRun, Finding]], Context], tuple[ReportFinding, ...]]
"""Turns what tools reported into one sorted list of defects, as ``normalise`` does."""


def report_on(
    ran: Collected,
    *,
    start: float,
    baseline: Baseline | None,
    partial: Partial | None,
    merge: Merge = normalise,
) -> Report:
    """Judge what was collected; advice comes last, when nothing can depend on it any more.

    Args:
        ran: What was collected.
        start: When that began, in seconds of the performance counter.
        baseline: What was accepted; None without a baseline.
        partial: The files that were looked at; None for the whole project.
        merge: Merges what tools reported.
    """
    project, runs = ran.project, ran.runs
    guide, settings = with_sources(ran.guide, code_of(project).sources), ran.settings
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
    said = without_secrets((*reported(runs), *excesses(guide, runs, roles)), context.lines)
    findings = merge(said, context)
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
        report = compared(report, baseline, project, context.defects, capture)
    return redacted(judged(report, settings))


def _ignoring(project: Project, guide: Guide) -> Ignoring:
    asking = [module for module in project.modules if module.ignores]
    return screened_ignores(asking, guide, clause_ids(guide.id)) if asking else Ignoring()


def reported(runs: Iterable[ToolRun]) -> Iterator[tuple[ToolRun, Finding]]:
    """Yield every finding with the run it came from."""
    return ((run, finding) for run in runs for finding in run.reading.findings)


def _summary(project: Project) -> ProjectSummary:
    return ProjectSummary(
        name=project.layout.name,
        target_python=project.layout.target.text,
        python_files=len(project.layout.files),
        lines=sum(module.lines for module in project.modules),
        facts=tuple(sorted(project.facts.values(), key=lambda fact: fact.id)),
    )
