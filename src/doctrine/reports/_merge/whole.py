"""Puts the parts together, and grades the whole as every project is graded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from doctrine.grade import grade, project_verdict
from doctrine.reports import _shape as shape
from doctrine.reports._merge import united
from doctrine.reports._merge.agreement import (
    common_name,
    overlaps,
    require_one_maker,
    require_whole,
)
from doctrine.reports._merge.shard import Shard, placed
from doctrine.reports._stored import points_lost, rounded

_replace = msgspec.structs.replace


def merged(shards: Sequence[Shard], name: str = "") -> shape.ReportV1:
    """Return one report of a project that was judged in parts.

    Args:
        shards: Reports of the parts; at least one.
        name: What the project is called; empty for the name that all parts have.

    Returns:
        A report without a gate and without a baseline: both looked at the parts.

    Raises:
        UsageError: The reports are not parts of one project by one guide, or contradict each other.
    """
    require_one_maker(shards)
    require_whole(shards)
    project_name = common_name(shards, name)
    reports = [placed(shard) for shard in shards]
    labels = [shard.label for shard in shards]
    judged = tuple(
        united.clause(list(zip(labels, found, strict=True)))
        for found in zip(*(report.clauses for report in reports), strict=True)
    )
    graded = grade(judged, analysed=True)
    lost = points_lost(graded)
    first = reports[0]
    return _replace(
        first,
        project=_project(project_name, reports),
        run=_run(labels, reports),
        verdict=project_verdict(judged),
        grade=rounded(graded),
        clauses=tuple(_replace(one, points_lost=lost.get(one.id, 0.0)) for one in judged),
        findings=united.findings(
            [(label, report.findings) for label, report in zip(labels, reports, strict=True)]
        ),
        problems=tuple(sorted(set(_problems(shards, reports)), key=_by_tool)),
        recommendations=united.recommendations(report.recommendations for report in reports),
        gate=None,
        baseline=None,
    )


def _project(name: str, reports: Sequence[shape.ReportV1]) -> shape.ProjectV1:
    projects = [report.project for report in reports]
    return shape.ProjectV1(
        name=name,
        target_python=min((one.target_python for one in projects), key=_version),
        python_files=sum(one.python_files for one in projects),
        lines=sum(one.lines for one in projects),
        facts=united.facts(one.facts for one in projects),
    )


def _version(target: str) -> tuple[int, ...]:
    """Return a version to compare by; what is unknown promises least."""
    return tuple(int(part) for part in target.split(".") if part.isdecimal() and part.isascii())


def _run(labels: Sequence[str], reports: Sequence[shape.ReportV1]) -> shape.RunV1:
    tools = [
        _replace(tool, note="; ".join(part for part in (f"in {label}", tool.note) if part))
        for label, report in zip(labels, reports, strict=True)
        for tool in report.run.tools
    ]
    started = sorted(report.run.started for report in reports if report.run.started)
    return shape.RunV1(
        seconds=round(sum(report.run.seconds for report in reports), 2),
        # Stable: the runs of one tool stay in the order of the parts.
        tools=tuple(sorted(tools, key=lambda one: one.name)),
        started=started[0] if started else "",
    )


def _problems(
    shards: Sequence[Shard], reports: Sequence[shape.ReportV1]
) -> Iterator[shape.ProblemV1]:
    for shard, report in zip(shards, reports, strict=True):
        for one in report.problems:
            yield _replace(one, message=f"{shard.label}: {one.message}")
        if report.baseline is not None:
            yield _own(
                f"{shard.label} was judged with a baseline, which a merged report leaves out"
            )
    targets = {report.project.target_python for report in reports}
    if len(targets) > 1:
        listed = ", ".join(sorted(targets, key=_version))
        yield _own(f"the parts promise different versions of Python: {listed}; the oldest is shown")
    for told in overlaps(shards, reports):
        yield _own(told)


def _own(message: str) -> shape.ProblemV1:
    return shape.ProblemV1(tool="doctrine", message=message)


def _by_tool(one: shape.ProblemV1) -> tuple[str, str]:
    return one.tool, one.message
