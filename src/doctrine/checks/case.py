"""Everything that a check can be decided from, indexed once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from doctrine.model.project import Project, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.run import ToolRun
from doctrine.reach import left_out
from doctrine.statements.screening import Screened


class Case(Struct, frozen=True, kw_only=True):
    """Everything a check can be decided from.

    Attributes:
        project: Facts, dependencies, CI and hooks.
        runs: Tool runs by name.
        findings: Findings by run name and the full name of the rule.
        sources: Paths of the source files, those that cannot be parsed included.
        roles: Role of each Python file.
        entries: What people put on record about clauses.
        changed: Files that changed while they were judged.
    """

    project: Project
    runs: Mapping[str, ToolRun]
    findings: Mapping[str, Mapping[str, Sequence[ReportFinding]]]
    sources: frozenset[str] = field(default_factory=frozenset[str])
    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    entries: Screened = field(default_factory=Screened)
    changed: tuple[str, ...] = ()


def case_of(
    project: Project,
    runs: tuple[ToolRun, ...],
    findings: tuple[ReportFinding, ...],
    entries: Screened | None = None,
    *,
    changed: tuple[str, ...] = (),
) -> Case:
    """Index what checks look up.

    Args:
        project: The project.
        runs: Every tool run.
        findings: Every finding, suppressed ones included.
        entries: What people put on record about clauses; None where that is nothing.
        changed: Files that changed while they were judged.
    """
    notebooks = (path for path in project.layout.others if path.endswith(".ipynb"))
    paths = (*(file.path for file in project.layout.files), *notebooks)
    skipped = {run.name: left_out(run, project.automation, paths) for run in runs}
    return Case(
        project=project,
        runs={run.name: _without(run, skipped[run.name]) for run in runs},
        findings=_by_run(findings, skipped),
        sources=frozenset(module.path for module in project.modules if module.role is Role.SOURCE),
        roles={module.path: module.role for module in project.modules},
        entries=entries or Screened(),
        changed=changed,
    )


def without(case: Case, fingerprints: Collection[str]) -> Case:
    """Return a case in which some findings are waived."""
    return replace(
        case,
        findings={
            run: {rule: [_waived(one, fingerprints) for one in found] for rule, found in by.items()}
            for run, by in case.findings.items()
        },
    )


def _waived(finding: ReportFinding, fingerprints: Collection[str]) -> ReportFinding:
    if finding.fingerprint not in fingerprints or finding.status is not FindingStatus.NEW:
        return finding
    return replace(finding, status=FindingStatus.WAIVED)


def _by_run(
    findings: tuple[ReportFinding, ...], skipped: Mapping[str, frozenset[str]]
) -> Mapping[str, Mapping[str, Sequence[ReportFinding]]]:
    by_run: dict[str, dict[str, list[ReportFinding]]] = {}
    for finding in findings:
        for run, rule in finding.traces:
            if run not in skipped or finding.location.path not in skipped[run]:
                by_run.setdefault(run, {}).setdefault(rule, []).append(finding)
    return by_run


def _without(run: ToolRun, skipped: frozenset[str]) -> ToolRun:
    """Return a run as if it had not looked at files that the project keeps from the tool."""
    if not skipped:
        return run
    reading = run.reading
    rest = reading.analysed - skipped
    excluded = reading.excluded + len(reading.analysed) - len(rest)
    return replace(run, reading=replace(reading, analysed=rest, excluded=excluded))
