"""From runs, findings and facts to the outcome of one check. Pure.

The order of questions is the promise: a finding fails before anything else; then trouble with the
tool is an error; then what could not be decided is unverified; and only silence with proof that
the files were read passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import assert_never

from doctrine.drift import drift
from doctrine.gates import GateKind, brings, match
from doctrine.model.guide import (
    Check,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    ManualCheck,
    RuleCheck,
    Scope,
    ThresholdCheck,
)
from doctrine.model.observation import Evidence, Severity
from doctrine.model.project import Command, Project, Role
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.run import Covers, ToolRun, ToolStatus
from doctrine.model.verdict import CheckResult, Outcome
from doctrine.reach import left_out

_SHOWN = 5
"""Places that a check's evidence names; the findings themselves are all in the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a check can be decided from.

    Attributes:
        project: Facts, dependencies, CI and hooks.
        runs: Tool runs by name.
        findings: Findings by run name and the full name of the rule.
        sources: Paths of the source files, those that cannot be parsed included.
        roles: Role of each Python file.
    """

    project: Project
    runs: Mapping[str, ToolRun]
    findings: Mapping[str, Mapping[str, Sequence[ReportFinding]]]
    sources: frozenset[str] = field(default_factory=frozenset[str])
    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])


def case_of(
    project: Project, runs: tuple[ToolRun, ...], findings: tuple[ReportFinding, ...]
) -> Case:
    """Index what checks look up.

    Args:
        project: The project.
        runs: Every tool run.
        findings: Every finding, suppressed ones included.
    """
    paths = tuple(file.path for file in project.layout.files)
    skipped = {run.name: left_out(run, project.automation, paths) for run in runs}
    return Case(
        project=project,
        runs={run.name: _without(run, skipped[run.name]) for run in runs},
        findings=_by_run(findings, skipped),
        sources=frozenset(module.path for module in project.modules if module.role is Role.SOURCE),
        roles={module.path: module.role for module in project.modules},
    )


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


def decide(check: Check, case: Case) -> CheckResult:
    """Decide one check.

    Args:
        check: The check.
        case: What it can be decided from.

    Returns:
        Its outcome with one sentence and the places that say so.
    """
    match check:
        case RuleCheck():
            return _rules(check, case)
        case ThresholdCheck():
            return _threshold(check, case)
        case DeclaredCheck():
            return _declared(check, case)
        case GateCheck():
            return _gate(check, case)
        case FactCheck():
            return _fact(check, case)
        case ManualCheck():
            return CheckResult(id=check.id, outcome=Outcome.UNVERIFIED, detail=check.reason)
        case _:
            assert_never(check)


def _relevant(
    check: RuleCheck | ThresholdCheck, case: Case
) -> tuple[list[ReportFinding], list[ReportFinding], int]:
    """Return what fails the check, what may only be due to missing packages, and the silenced."""
    failing: list[ReportFinding] = []
    doubtful: list[ReportFinding] = []
    suppressed = 0
    by_rule = case.findings.get(check.tool, {})
    # A defect that several of the check's rules report is one finding all the same.
    asked = {one.fingerprint: one for rule in by_rule if check.asks(rule) for one in by_rule[rule]}
    for finding in asked.values():
        if finding.severity is Severity.INFO:
            continue
        role = case.roles.get(finding.location.path, Role.SOURCE)
        if check.scope is Scope.SOURCE and role is not Role.SOURCE:
            continue
        if finding.status is not FindingStatus.NEW:
            suppressed += 1
        elif finding.needs_environment:
            doubtful.append(finding)
        else:
            failing.append(finding)
    return failing, doubtful, suppressed


def _rules(check: RuleCheck, case: Case) -> CheckResult:
    failing, doubtful, suppressed = _relevant(check, case)
    if failing:
        return _drifted(check, failing, case) or _failed(check.id, failing)
    trouble = _run_trouble(check, case)
    if trouble is not None:
        return trouble
    run = case.runs[check.tool]
    undecided = [why for rule, why in run.reading.undecided.items() if check.asks(rule)]
    if undecided:
        return CheckResult(id=check.id, outcome=Outcome.UNVERIFIED, detail="; ".join(undecided))
    if doubtful:
        return _without_environment(check.id, run, doubtful)
    unproven = _unproven(check.id, run, case)
    return unproven or _held(check, run, suppressed, case)


def _drifted(check: RuleCheck, failing: list[ReportFinding], case: Case) -> CheckResult | None:
    """Return unverified when the findings are those of a version that is not the project's."""
    run = case.runs.get(check.tool)
    pin = drift(run, case.project.pins) if run is not None else None
    if run is None or pin is None:
        return None
    count = "1 finding" if len(failing) == 1 else f"{len(failing):,} findings"
    return CheckResult(
        id=check.id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{count} of {run.program} {run.version}, but the project pins {run.program} "
        f"{pin.detail}, which may report others: install the project's environment (`uv sync`) "
        "and check again, or `doctrine check --install`",
        evidence=(pin, *_places(failing)[: _SHOWN - 1]),
        findings=tuple(sorted(finding.fingerprint for finding in failing)),
    )


def _failed(check_id: str, failing: list[ReportFinding]) -> CheckResult:
    files = len({finding.location.path for finding in failing})
    if len(failing) == 1:
        detail = failing[0].message
    else:
        detail = f"{len(failing):,} findings in {files:,} file{'s' if files > 1 else ''}"
    return CheckResult(
        id=check_id,
        outcome=Outcome.FAIL,
        detail=detail,
        evidence=_places(failing),
        findings=tuple(sorted(finding.fingerprint for finding in failing)),
    )


def _places(findings: Iterable[ReportFinding]) -> tuple[Evidence, ...]:
    """Return the first places, by path and line; there may be very many."""
    return tuple(_place(finding) for finding in nsmallest(_SHOWN, findings, key=_where))


def _where(finding: ReportFinding) -> tuple[str, int, int, str]:
    place = finding.location
    return place.path, place.line, place.column, finding.fingerprint


def _place(finding: ReportFinding) -> Evidence:
    where = finding.location
    return Evidence(path=where.path, line=where.line, detail=finding.message)


def _run_trouble(check: RuleCheck | ThresholdCheck, case: Case) -> CheckResult | None:
    """Return the outcome when the tool's silence cannot be believed."""
    run = case.runs.get(check.tool)
    if run is None:
        return CheckResult(
            id=check.id,
            outcome=Outcome.ERROR,
            detail=f"{check.tool} is not part of this installation of doctrine",
        )
    if run.status is ToolStatus.OK:
        return None
    outcome = Outcome.UNVERIFIED if run.status is ToolStatus.SKIPPED else Outcome.ERROR
    detail = run.message or f"{run.name}: {run.status}"
    return CheckResult(id=check.id, outcome=outcome, detail=detail)


def _without_environment(check_id: str, run: ToolRun, doubtful: list[ReportFinding]) -> CheckResult:
    packages = ", ".join(run.reading.missing_packages[:_SHOWN])
    named = f" ({packages} …)" if packages else ""
    return CheckResult(
        id=check_id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{len(doubtful):,} {run.program} findings may only exist because the project's "
        f"packages are not installed{named}: run `uv sync` and check again, or "
        "`doctrine check --install`",
        evidence=_places(doubtful),
        findings=tuple(sorted(finding.fingerprint for finding in doubtful)),
    )


def _unproven(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    """Return an error unless the tool proved that it read what it had to."""
    read = run.reading.analysed
    unread = sorted(path for path in run.reading.unread if path in case.sources)
    if unread:
        first = unread[0]
        return CheckResult(
            id=check_id,
            outcome=Outcome.ERROR,
            detail=f"{run.program} could not read {len(unread):,} source "
            f"file{'s' if len(unread) > 1 else ''}, {first} among them: "
            f"{run.reading.unread[first]}",
            evidence=tuple(
                Evidence(path=path, line=0, detail=run.reading.unread[path])
                for path in unread[:_SHOWN]
            ),
        )
    if not read or (run.covers is not Covers.PROJECT and case.sources and not read & case.sources):
        return CheckResult(
            id=check_id,
            outcome=Outcome.ERROR,
            detail=f"{run.program} reported nothing, and nothing proves that it looked at a "
            "source file",
        )
    missing = sorted(case.sources - read) if run.covers is Covers.ALL else []
    if missing:
        return CheckResult(
            id=check_id,
            outcome=Outcome.ERROR,
            detail=f"nothing proves that {run.program} read {len(missing):,} of "
            f"{len(case.sources):,} source files, {missing[0]} among them",
            evidence=tuple(
                Evidence(path=path, line=0, detail="not proven to be read")
                for path in missing[:_SHOWN]
            ),
        )
    return None


def _held(
    check: RuleCheck | ThresholdCheck, run: ToolRun, suppressed: int, case: Case
) -> CheckResult:
    supports = (
        tuple(one.evidence for one in run.reading.supports if check.asks(one.rule))
        if run.reading.supports
        else ()
    )
    if run.covers is Covers.PROJECT:
        said = "; ".join(dict.fromkeys(one.detail for one in supports[:_SHOWN]))
        detail = said or f"nothing found in {len(run.reading.analysed):,} files"
    else:
        read = len(run.reading.analysed & case.sources)
        detail = f"{run.program} read {read:,} source files and found nothing"
    if suppressed:
        detail += f" ({suppressed:,} suppressed)"
    if run.covers is Covers.CONFIGURED and run.reading.excluded:
        detail += f"; {run.reading.excluded:,} files excluded by the project's configuration"
    return CheckResult(
        id=check.id,
        outcome=Outcome.PASS,
        detail=detail,
        evidence=supports[:_SHOWN],
        partial=isinstance(check, RuleCheck) and check.partial,
    )


def _threshold(check: ThresholdCheck, case: Case) -> CheckResult:
    failing, _, suppressed = _relevant(check, case)
    if failing:
        return _failed(check.id, failing)
    trouble = _run_trouble(check, case)
    if trouble is not None:
        return trouble
    run = case.runs[check.tool]
    values = [one for one in run.reading.measurements if one.metric == check.metric]
    unproven = _unproven(check.id, run, case)
    if unproven is not None:
        return unproven
    if not check.at_most and not values:
        return CheckResult(
            id=check.id,
            outcome=Outcome.ERROR,
            detail=f"{run.program} measured no {check.metric.replace('-', ' ')}",
        )
    held = _held(check, run, suppressed, case)
    if not values:
        return held
    pick = max if check.at_most else min
    extreme = pick(values, key=lambda one: one.value)
    relation = "highest" if check.at_most else "lowest"
    return CheckResult(
        id=check.id,
        outcome=Outcome.PASS,
        detail=f"{relation} {check.metric.replace('-', ' ')} {extreme.value:.4g} "
        f"({extreme.subject}), the limit is {check.limit:g}",
        evidence=(
            Evidence(
                path=extreme.location.path,
                line=extreme.location.line,
                detail=f"{extreme.subject}: {extreme.value:.4g}",
            ),
        ),
    )


def _declared(check: DeclaredCheck, case: Case) -> CheckResult:
    project = case.project
    wanted = dict.fromkeys(check.distributions)
    places = [
        (dependency.name, dependency.place)
        for dependency in project.dependencies
        if dependency.name in wanted
    ]
    evidence = (*(place for _, place in places), *brings(check.distributions, _commands(case)))
    first = check.distributions[0]
    if evidence:
        names = ", ".join(dict.fromkeys(name for name, _ in places)) or first
        note = "" if first in names.split(", ") else f" (an equivalent of {first})"
        return CheckResult(
            id=check.id,
            outcome=Outcome.PASS,
            detail=f"{names} declared{note}",
            evidence=evidence[:_SHOWN],
        )
    unread = {**project.unread, **project.automation.unread}
    if unread:
        return _unsettled(check.id, f"no declaration of {first} was found", unread)
    return CheckResult(
        id=check.id,
        outcome=Outcome.FAIL,
        detail=f"{first} is not among the project's dependencies, hooks or CI actions",
    )


def _commands(case: Case) -> tuple[Command, ...]:
    return case.project.automation.commands


def _unsettled(check_id: str, found: str, unread: Mapping[str, str]) -> CheckResult:
    path = min(unread)
    return CheckResult(
        id=check_id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{found}, but {path} could not be read or followed: {unread[path]}",
        evidence=tuple(
            Evidence(path=one, line=0, detail=unread[one]) for one in sorted(unread)[:_SHOWN]
        ),
    )


def _gate(check: GateCheck, case: Case) -> CheckResult:
    automation = case.project.automation
    counting = _counting(check, case, values=frozenset({True}))
    found = match(counting, automation.commands, ci_only=check.ci_only)
    if found.kind is GateKind.HOLDS:
        return CheckResult(
            id=check.id, outcome=Outcome.PASS, detail=found.detail, evidence=found.evidence[:_SHOWN]
        )
    if found.kind is GateKind.ABSENT and automation.unread:
        return _unsettled(check.id, found.detail, automation.unread)
    perhaps = _counting(check, case, values=frozenset({True, None}))
    wider = match(perhaps, automation.commands, ci_only=check.ci_only)
    if wider.kind is GateKind.HOLDS:
        return CheckResult(
            id=check.id,
            outcome=Outcome.UNVERIFIED,
            detail=f"{wider.detail}; whether the configuration makes that a gate is not settled",
            evidence=wider.evidence[:_SHOWN],
        )
    detail = found.detail
    if not automation.has_ci and not automation.commands:
        detail = "the project has no CI configuration and no hooks, so nothing runs " + (
            check.gates[0].program
        )
    return CheckResult(
        id=check.id, outcome=Outcome.FAIL, detail=detail, evidence=found.evidence[:_SHOWN]
    )


def _counting(
    check: GateCheck, case: Case, *, values: frozenset[bool | None]
) -> tuple[GatePattern, ...]:
    """Return the patterns that need no fact, or whose fact has one of the values."""
    facts = case.project.facts
    return tuple(
        pattern
        for pattern in check.gates
        if not pattern.fact or (pattern.fact in facts and facts[pattern.fact].value in values)
    )


def _fact(check: FactCheck, case: Case) -> CheckResult:
    fact = case.project.facts.get(check.fact)
    if fact is None or fact.value is None:
        told = "; ".join(one.detail for one in fact.evidence[:1]) if fact else ""
        return CheckResult(
            id=check.id,
            outcome=Outcome.UNVERIFIED,
            detail=told or f"nothing settles whether {check.fact.replace('-', ' ')}",
            evidence=fact.evidence[:_SHOWN] if fact else (),
        )
    if fact.value:
        detail = "; ".join(dict.fromkeys(one.detail for one in fact.evidence[:2]))
        return CheckResult(
            id=check.id,
            outcome=Outcome.PASS,
            detail=detail or check.fact.replace("-", " "),
            evidence=fact.evidence[:_SHOWN],
            partial=check.partial,
        )
    return CheckResult(
        id=check.id,
        outcome=Outcome.UNVERIFIED if check.false_is == "unverified" else Outcome.FAIL,
        detail=check.otherwise,
        evidence=fact.evidence[:_SHOWN],
    )
