"""From checks and facts to a verdict for every clause. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from doctrine.applies import holds
from doctrine.checks.case import Case, without
from doctrine.checks.decide import decide
from doctrine.model.guide import Clause, Guide, Level, Verification
from doctrine.model.replacing import replace
from doctrine.model.report import ReportFinding
from doctrine.model.verdict import PARENT_CHECK, CheckResult, ClauseVerdict, Outcome

WORST_FIRST = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED, Outcome.PASS)
"""A clause takes the worst of its checks."""
_UMBRELLA_ORDER = (
    *WORST_FIRST[:3],
    Outcome.WAIVED,
    Outcome.ATTESTED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def evaluate(
    guide: Guide, case: Case, findings: Iterable[ReportFinding]
) -> tuple[ClauseVerdict, ...]:
    """Give every clause of a guide its verdict.

    Args:
        guide: The clauses.
        case: What their checks are decided from.
        findings: Every finding, for tracing them back to clauses.

    Returns:
        One verdict a clause, in the guide's order.
    """
    every = tuple(findings)
    traced = _traced(every)
    decided = {clause.id: _decide_checks(clause, case) for clause in guide.clauses}
    verdicts = {
        clause.id: _verdict(clause, decided, case, traced.get(clause.id, ()))
        for clause in guide.clauses
        if not clause.umbrella
    }
    if case.entries.sound and case.project.layout.files:
        verdicts = _excused(verdicts, decided, case, every)
    for clause in guide.clauses:
        if clause.umbrella:
            verdicts[clause.id] = _excluded(clause, case) or _umbrella(clause, verdicts)
    return tuple(verdicts[clause.id] for clause in guide.clauses)


def _excused(
    verdicts: Mapping[str, ClauseVerdict],
    decided: Mapping[str, tuple[CheckResult, ...]],
    case: Case,
    findings: tuple[ReportFinding, ...],
) -> dict[str, ClauseVerdict]:
    """Return the verdicts with what people put on record about their clauses."""
    from doctrine.statements.excusing import excused

    def again(verdict: ClauseVerdict, waived: Collection[str]) -> ClauseVerdict:
        clause, rest = verdict.clause, without(case, waived)
        anew = {**decided, clause.id: _decide_checks(clause, rest)}
        return _verdict(clause, anew, rest, verdict.findings)

    paths = {finding.fingerprint: finding.location.path for finding in findings}
    return {
        clause_id: excused(verdict, case.entries, paths, again)
        for clause_id, verdict in verdicts.items()
    }


def _traced(findings: Iterable[ReportFinding]) -> Mapping[str, tuple[str, ...]]:
    by_clause: dict[str, list[str]] = {}
    for finding in findings:
        for clause in finding.clauses:
            by_clause.setdefault(clause, []).append(finding.fingerprint)
    return {clause: tuple(sorted(prints)) for clause, prints in by_clause.items()}


def _decide_checks(clause: Clause, case: Case) -> tuple[CheckResult, ...]:
    """Decide a clause's checks; a stand-in replaces a check that stayed unverified."""
    results: dict[str, CheckResult] = {}
    for check in clause.checks:
        if not check.instead_of:
            results[check.id] = decide(check, case)
        elif results[check.instead_of].outcome is Outcome.UNVERIFIED:
            substitute = decide(check, case)
            if substitute.outcome is Outcome.PASS:
                results[check.instead_of] = substitute
    return tuple(results.values())


def _verdict(
    clause: Clause,
    decided: Mapping[str, tuple[CheckResult, ...]],
    case: Case,
    findings: tuple[str, ...],
) -> ClauseVerdict:
    if not case.project.layout.files:
        return _plain(clause, Outcome.UNVERIFIED, "no Python file was found to judge")
    applies, why, evidence = holds(clause.condition, case.project.facts)
    if applies is None and clause.level is Level.MAY:
        return _plain(clause, Outcome.PASS, f"permitted where it applies; {why}")
    if applies is not True:
        outcome = Outcome.NOT_APPLICABLE if applies is False else Outcome.UNVERIFIED
        applies_check = (CheckResult(id="applies", outcome=outcome, detail=why, evidence=evidence),)
        return _plain(clause, outcome, why, applies_check)
    if clause.level is Level.MAY:
        return _permission(clause, decided[clause.id], findings)
    checks = (*decided[clause.id], *_parent_checks(clause, decided))
    return _from_checks(clause, checks, findings)


def _permission(
    clause: Clause, checks: tuple[CheckResult, ...], findings: tuple[str, ...]
) -> ClauseVerdict:
    """Return the verdict of a MAY clause: its checks tell how it is used, and decide nothing."""
    details = list(dict.fromkeys(check.detail for check in checks))
    if findings:
        details.append(f"{len(findings):,} finding{'s' * (len(findings) > 1)} of advice")
    told = "; ".join(details)
    reason = f"permitted: {told}" if told else "permitted; the guide asks for nothing here"
    return replace(_plain(clause, Outcome.PASS, reason, checks), findings=findings)


def _plain(
    clause: Clause, outcome: Outcome, reason: str, checks: tuple[CheckResult, ...] = ()
) -> ClauseVerdict:
    return ClauseVerdict(
        clause=clause,
        outcome=outcome,
        reason=reason,
        verification=clause.verification.value,
        checks=checks,
    )


def _from_checks(
    clause: Clause, checks: tuple[CheckResult, ...], findings: tuple[str, ...]
) -> ClauseVerdict:
    outcome = _first(WORST_FIRST, (check.outcome for check in checks))
    deciding = [check for check in checks if check.outcome is outcome]
    # What was not asked takes nothing from a pass, but whoever reads the pass should know.
    passed = outcome is Outcome.PASS
    left_open = [one for one in checks if passed and one.outcome is Outcome.NOT_APPLICABLE]
    partial = passed and _decides_in_part(clause, checks)
    return ClauseVerdict(
        clause=clause,
        outcome=outcome,
        reason="; ".join(dict.fromkeys(check.detail for check in (*deciding, *left_open))),
        verification="partial" if partial else clause.verification.value,
        checks=checks,
        findings=findings,
        partial=partial,
    )


def _decides_in_part(clause: Clause, checks: tuple[CheckResult, ...]) -> bool:
    """Return whether a clause can only be told by a part of what it asks for."""
    return clause.verification is Verification.PARTIAL or any(check.partial for check in checks)


def _parent_checks(
    clause: Clause, decided: Mapping[str, tuple[CheckResult, ...]]
) -> tuple[CheckResult, ...]:
    """Return a failed check for each parent that fails: what rests on nothing cannot hold."""
    return tuple(
        CheckResult(
            id=f"{PARENT_CHECK}{clause_id}",
            outcome=Outcome.FAIL,
            detail=f"{clause_id} fails: {result.detail}",
            evidence=result.evidence,
        )
        for clause_id, _, check_id in (parent.partition(".") for parent in clause.parents)
        for result in decided[clause_id]
        if result.id == check_id and result.outcome is Outcome.FAIL
    )


def _excluded(clause: Clause, case: Case) -> ClauseVerdict | None:
    """Return the verdict of an umbrella whose own condition does not hold; None where it may."""
    applies, why, evidence = holds(clause.condition, case.project.facts)
    if applies is not False or not case.project.layout.files:
        return None
    idle = CheckResult(id="applies", outcome=Outcome.NOT_APPLICABLE, detail=why, evidence=evidence)
    return _plain(clause, Outcome.NOT_APPLICABLE, why, (idle,))


def _umbrella(clause: Clause, verdicts: Mapping[str, ClauseVerdict]) -> ClauseVerdict:
    members = [verdicts[member] for member in clause.members]
    implied = _first(_UMBRELLA_ORDER, (member.outcome for member in members))
    if implied is Outcome.NOT_APPLICABLE:
        return _plain(clause, implied, "none of its members applies")
    blamed = [member for member in members if member.outcome is implied]
    outcome = _permitted(clause, implied)
    return ClauseVerdict(
        clause=clause,
        outcome=outcome,
        reason=f"follows from {', '.join(member.clause.id for member in blamed)}",
        verification=clause.verification.value,
        findings=_findings_of(members),
        partial=outcome is Outcome.PASS and any(member.partial for member in blamed),
    )


def _permitted(clause: Clause, implied: Outcome) -> Outcome:
    """Return the outcome of an umbrella: what a MAY permits cannot be violated."""
    allowed = clause.level is Level.MAY and implied is not Outcome.UNVERIFIED
    return Outcome.PASS if allowed else implied


def _findings_of(members: Iterable[ClauseVerdict]) -> tuple[str, ...]:
    return tuple(sorted({one for member in members for one in member.findings}))


def _first(order: Iterable[Outcome], outcomes: Iterable[Outcome]) -> Outcome:
    """Return the first outcome of an order that occurs; unverified if none does."""
    present = set(outcomes)
    return next((one for one in order if one in present), Outcome.UNVERIFIED)
