"""Measurements beyond a clause's limit become findings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.model.guide import Guide, Scope, ThresholdCheck
from doctrine.model.observation import PROJECT_PATH, Finding, Measurement
from doctrine.model.project import Role
from doctrine.model.run import ToolRun


def threshold_checks(guide: Guide) -> tuple[ThresholdCheck, ...]:
    """Return every threshold check of a guide."""
    return tuple(
        check
        for clause in guide.clauses
        for check in clause.checks
        if isinstance(check, ThresholdCheck)
    )


def in_scope(path: str, scope: Scope, roles: dict[str, Role]) -> bool:
    """Return whether a path counts for a check of that scope.

    Args:
        path: Root-relative path, or ``.`` for the project.
        scope: Scope of the check.
        roles: Role of each Python file.
    """
    if scope is Scope.ALL or path == PROJECT_PATH:
        return True
    return roles.get(path, Role.SOURCE) is Role.SOURCE


def excesses(
    guide: Guide, runs: Iterable[ToolRun], roles: dict[str, Role]
) -> Iterator[tuple[ToolRun, Finding]]:
    """Yield a finding for each measurement on the wrong side of a limit.

    Args:
        guide: Its threshold checks hold the limits.
        runs: Every tool run.
        roles: Role of each Python file.
    """
    checks = threshold_checks(guide)
    for run in runs:
        for check in (one for one in checks if one.tool == run.name):
            for measurement in run.reading.measurements:
                if measurement.metric != check.metric or not beyond(check, measurement.value):
                    continue
                if in_scope(measurement.location.path, check.scope, roles):
                    yield run, _finding(check, measurement)


def beyond(check: ThresholdCheck, value: float) -> bool:
    """Return whether a value violates the limit; the limit itself holds."""
    return value > check.limit if check.at_most else value < check.limit


def _finding(check: ThresholdCheck, measurement: Measurement) -> Finding:
    relation = "more" if check.at_most else "less"
    metric = measurement.metric.replace("-", " ")
    return Finding(
        tool=measurement.tool,
        rule=check.metric,
        message=f"{measurement.subject}: {metric} {measurement.value:.4g}, {relation} than "
        f"{check.limit:g}",
        location=measurement.location,
        symbol=measurement.subject,
    )
