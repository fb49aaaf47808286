"""Checks that are decided by what tools found and measured."""

from __future__ import annotations

from doctrine.checks.case import Case
from doctrine.checks.evidence import SHOWN, places
from doctrine.checks.proof import run_trouble, unproven
from doctrine.drift import drift
from doctrine.model.guide import RuleCheck, Scope, ThresholdCheck
from doctrine.model.observation import Evidence, Measurement, Severity
from doctrine.model.project import Project, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.run import Covers, ToolRun
from doctrine.model.verdict import CheckResult, Outcome

# Asked of each finding: an enumeration takes five times as long to find its member before Python 3.12.
_INFO = Severity.INFO
_NEW = FindingStatus.NEW
_SOURCE = Role.SOURCE


def _relevant(
    check: RuleCheck | ThresholdCheck, case: Case
) -> tuple[list[ReportFinding], list[ReportFinding], int]:
    """Return what fails the check, what may only be due to missing packages, and the silenced."""
    counting = _counting(check, case)
    standing = [one for one in counting if one.status is _NEW]
    failing = [one for one in standing if not one.needs_environment]
    doubtful = [one for one in standing if one.needs_environment]
    return failing, doubtful, len(counting) - len(standing)


def _counting(check: RuleCheck | ThresholdCheck, case: Case) -> list[ReportFinding]:
    """Return what the check asks for that is more than advice, each defect once."""
    by_rule = case.findings.get(check.tool, {})
    # A defect that several of the check's rules report is one finding all the same.
    asked = {one.fingerprint: one for rule in by_rule if check.asks(rule) for one in by_rule[rule]}
    counting = [one for one in asked.values() if one.severity is not _INFO]
    if check.scope is not Scope.SOURCE:
        return counting
    roles = case.roles
    return [one for one in counting if roles.get(one.location.path, _SOURCE) is _SOURCE]


def rules(check: RuleCheck, case: Case) -> CheckResult:
    """Decide a check of rules.

    Args:
        check: Its tool and rules.
        case: The run, and its findings.
    """
    failing, doubtful, suppressed = _relevant(check, case)
    if failing:
        return _drifted(check, failing, case) or _failed(check.id, failing)
    trouble = run_trouble(check, case)
    if trouble is not None:
        return _left_out(trouble) if check.optional else trouble
    run = case.runs[check.tool]
    undecided = [why for rule, why in run.reading.undecided.items() if check.asks(rule)]
    if undecided:
        return CheckResult(
            id=check.id,
            outcome=Outcome.UNVERIFIED,
            detail="; ".join(dict.fromkeys(undecided)),
            evidence=_supports(check, run)[:SHOWN],
        )
    if doubtful:
        return _without_environment(check.id, run, doubtful)
    held = unproven(check.id, run, case) or _held(check, run, suppressed, case)
    return _held_by_another_version(held, run, case)


def _left_out(trouble: CheckResult) -> CheckResult:
    """Return a check whose tool did not run as one that has no say; a tool that failed has."""
    if trouble.outcome is not Outcome.UNVERIFIED:
        return trouble
    return replace(trouble, outcome=Outcome.NOT_APPLICABLE)


def _held_by_another_version(held: CheckResult, run: ToolRun, case: Case) -> CheckResult:
    """Return a pass as a partial one where the version that was silent is not the project's."""
    pin = drift(run, case.project.pins)
    if held.outcome is not Outcome.PASS or pin is None:
        return held
    detail = f"{held.detail} ({run.program} {run.version}; the project pins {pin.detail})"
    return replace(held, partial=True, detail=detail, evidence=(*held.evidence, pin))


def _drifted(check: RuleCheck, failing: list[ReportFinding], case: Case) -> CheckResult | None:
    """Return what findings of a version tell that is not the project's; None where it is.

    They count where the project's version has the rule and is told to look for it.
    """
    run = case.runs.get(check.tool)
    pin = drift(run, case.project.pins) if run is not None else None
    if run is None or pin is None:
        return None
    shared = [one for one in failing if _is_shared(one, run, pin, case.project)]
    if not shared:
        return _doubted(check, failing, run, pin)
    failed = _failed(check.id, shared)
    rest = {one.fingerprint for one in failing} - set(failed.findings)
    return replace(
        failed,
        detail=f"{failed.detail} (by {run.program} {run.version}; the project pins {pin.detail}, "
        f"which has {_both(len(shared), len(rest))})",
        evidence=(*failed.evidence[: SHOWN - 1], pin),
        doubted=tuple(sorted(rest)),
    )


def _both(shared: int, rest: int) -> str:
    """Return which rules two versions have, and how many findings do not count for it."""
    told = f"{'this rule' if shared == 1 else 'these rules'}, too"
    if not rest:
        return told
    return f"{told}; {rest:,} more that it may not report {'do' if rest > 1 else 'does'} not count"


def _is_shared(finding: ReportFinding, run: ToolRun, pin: Evidence, project: Project) -> bool:
    from doctrine.ages import RUFF, is_shared

    own = (rule for name, rule in finding.traces if name == run.name and run.name == RUFF)
    return any(is_shared(rule, pin.detail, project.selected) for rule in own)


def _doubted(
    check: RuleCheck, failing: list[ReportFinding], run: ToolRun, pin: Evidence
) -> CheckResult:
    count = "1 finding" if len(failing) == 1 else f"{len(failing):,} findings"
    prints = tuple(sorted(finding.fingerprint for finding in failing))
    return CheckResult(
        id=check.id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{count} of {run.program} {run.version}, but the project pins {run.program} "
        f"{pin.detail}, which may report others: check again with `doctrine check --install`, or "
        f"after `uv pip install {run.program}=={pin.detail}` in the project's environment",
        evidence=(pin, *places(failing)[: SHOWN - 1]),
        findings=prints,
        doubted=prints,
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
        evidence=places(failing),
        findings=tuple(sorted(finding.fingerprint for finding in failing)),
    )


def _without_environment(check_id: str, run: ToolRun, doubtful: list[ReportFinding]) -> CheckResult:
    missing = run.reading.missing_packages
    more = ", …" if len(missing) > SHOWN else ""
    named = f" ({', '.join(missing[:SHOWN])}{more})" if missing else ""
    one = len(doubtful) == 1
    return CheckResult(
        id=check_id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{len(doubtful):,} {run.program} finding{'' if one else 's'} may only exist because the project's "
        f"packages are not installed{named}: check again with `doctrine check --install`, or "
        "with the project's environment installed",
        evidence=places(doubtful),
        findings=tuple(sorted(finding.fingerprint for finding in doubtful)),
    )


def _held(
    check: RuleCheck | ThresholdCheck, run: ToolRun, suppressed: int, case: Case
) -> CheckResult:
    supports = _supports(check, run)
    detail = _what_was_read(run, supports, case)
    if suppressed:
        detail += f" ({suppressed:,} suppressed)"
    left_out = run.reading.excluded if run.covers is Covers.CONFIGURED else 0
    if left_out:
        detail += f"; {left_out:,} file{'' if left_out == 1 else 's'} not looked at"
    return CheckResult(
        id=check.id,
        outcome=Outcome.PASS,
        detail=detail + _strays(run),
        evidence=supports[:SHOWN],
        partial=isinstance(check, RuleCheck) and check.partial,
    )


def _strays(run: ToolRun) -> str:
    """Return the words for findings of files that are not among those that are judged."""
    paths = run.reading.strays
    if not paths:
        return ""
    files = paths[0] if len(paths) == 1 else f"{len(paths):,} files, {paths[0]} among them"
    return f"; what it finds in {files}, ignored or left out, does not count"


def _supports(check: RuleCheck | ThresholdCheck, run: ToolRun) -> tuple[Evidence, ...]:
    return tuple(one.evidence for one in run.reading.supports if check.asks(one.rule))


def _what_was_read(run: ToolRun, supports: tuple[Evidence, ...], case: Case) -> str:
    if run.covers is Covers.PROJECT:
        said = "; ".join(dict.fromkeys(one.detail for one in supports[:SHOWN]))
        seen = len(run.reading.analysed)
        return said or f"nothing found in {seen:,} file{'' if seen == 1 else 's'}"
    read = len(run.reading.analysed & case.sources)
    files = "1 source file" if read == 1 else f"{read:,} source files"
    if not supports:
        return f"{run.program} read {files} and found nothing"
    count = "1 place" if len(supports) == 1 else f"{len(supports):,} places"
    said = ", ".join(sorted({one.detail for one in supports[:SHOWN]}))
    return f"{run.program} read {files}: nothing counts against it, and {count} for it ({said})"


def threshold(check: ThresholdCheck, case: Case) -> CheckResult:
    """Decide a check of measurements.

    Args:
        check: Its metric and limit.
        case: The run that measured, and what exceeds the limit as findings.
    """
    failing, _, suppressed = _relevant(check, case)
    if failing:
        return _failed(check.id, failing)
    trouble = run_trouble(check, case)
    if trouble is not None:
        return trouble
    run = case.runs[check.tool]
    values = [one for one in run.reading.measurements if one.metric == check.metric]
    return (
        unproven(check.id, run, case)
        or _measured(check, run, values)
        or _held(check, run, suppressed, case)
    )


def _measured(check: ThresholdCheck, run: ToolRun, values: list[Measurement]) -> CheckResult | None:
    """Return what the measurements show; None where none was to be expected."""
    metric = check.metric.replace("-", " ")
    if not values:
        if check.at_most:
            return None
        detail = f"{run.program} measured no {metric}"
        return CheckResult(id=check.id, outcome=Outcome.ERROR, detail=detail)
    pick, relation = (max, "highest") if check.at_most else (min, "lowest")
    extreme = pick(values, key=lambda one: one.value)
    where = extreme.location
    return CheckResult(
        id=check.id,
        outcome=Outcome.PASS,
        detail=f"{relation} {metric} {extreme.value:.4g} ({extreme.subject}), the limit is "
        f"{check.limit:g}",
        evidence=(
            Evidence(
                path=where.path,
                line=where.line,
                detail=f"{extreme.subject}: {extreme.value:.4g}",
            ),
        ),
    )
