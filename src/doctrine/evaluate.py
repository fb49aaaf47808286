"""From checks and facts to a verdict for every clause. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doctrine.checks import Case, decide
from doctrine.model.guide import Clause, Condition, Guide, Level, Term, Verification
from doctrine.model.observation import Evidence
from doctrine.model.project import Fact
from doctrine.model.report import ReportFinding
from doctrine.model.verdict import PARENT_CHECK, CheckResult, ClauseVerdict, Outcome

WORST_FIRST = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED, Outcome.PASS)
"""A clause takes the worst of its checks."""
_UMBRELLA_ORDER = (*WORST_FIRST[:3], Outcome.WAIVED, Outcome.ATTESTED, Outcome.PASS)


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
    traced = _traced(findings)
    decided = {clause.id: _decide_checks(clause, case) for clause in guide.clauses}
    verdicts: dict[str, ClauseVerdict] = {}
    for clause in guide.clauses:
        if not clause.umbrella:
            verdicts[clause.id] = _verdict(clause, decided, case, traced.get(clause.id, ()))
    for clause in guide.clauses:
        if clause.umbrella:
            verdicts[clause.id] = _umbrella(clause, verdicts)
    return tuple(verdicts[clause.id] for clause in guide.clauses)


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
        return _plain(clause, Outcome.PASS, "permitted; the guide asks for nothing here")
    checks = (*decided[clause.id], *_parent_checks(clause, decided))
    return _from_checks(clause, checks, findings)


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
    outcome = next(
        (one for one in WORST_FIRST if any(check.outcome is one for check in checks)),
        Outcome.UNVERIFIED,
    )
    deciding = [check for check in checks if check.outcome is outcome]
    partial = outcome is Outcome.PASS and (
        clause.verification is Verification.PARTIAL or any(check.partial for check in checks)
    )
    return ClauseVerdict(
        clause=clause,
        outcome=outcome,
        reason="; ".join(dict.fromkeys(check.detail for check in deciding)),
        verification="partial" if partial else clause.verification.value,
        checks=checks,
        findings=findings,
        partial=partial,
    )


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


def _umbrella(clause: Clause, verdicts: Mapping[str, ClauseVerdict]) -> ClauseVerdict:
    members = [verdicts[member] for member in clause.members]
    applicable = [one for one in members if one.outcome is not Outcome.NOT_APPLICABLE]
    if not applicable:
        return _plain(clause, Outcome.NOT_APPLICABLE, "none of its members applies")
    outcome = next(
        one for one in _UMBRELLA_ORDER if any(member.outcome is one for member in applicable)
    )
    blamed = [member.clause.id for member in applicable if member.outcome is outcome]
    if clause.level is Level.MAY and outcome is not Outcome.UNVERIFIED:
        outcome = Outcome.PASS
    return ClauseVerdict(
        clause=clause,
        outcome=outcome,
        reason=f"follows from {', '.join(blamed)}",
        verification=clause.verification.value,
        findings=tuple(sorted({one for member in applicable for one in member.findings})),
        partial=outcome is Outcome.PASS and any(member.partial for member in applicable),
    )


def holds(
    condition: Condition, facts: Mapping[str, Fact]
) -> tuple[bool | None, str, tuple[Evidence, ...]]:
    """Return whether a condition holds, with the fact that decides it.

    Args:
        condition: In conjunctive normal form.
        facts: Facts by id.

    Returns:
        True, False or None (unknown); for the latter two the reason and the evidence.
    """
    unknown: tuple[str, tuple[Evidence, ...]] | None = None
    for group in condition.groups:
        values = [_term(term, facts) for term in group]
        if any(value is True for value in values):
            continue
        if any(value is None for value in values):
            undecided = tuple(
                term for term, value in zip(group, values, strict=True) if value is None
            )
            unknown = unknown or _told(undecided, facts, known=False)
        else:
            why, evidence = _told(group, facts, known=True)
            return False, why, evidence
    return (None, *unknown) if unknown else (True, "", ())


def _term(term: Term, facts: Mapping[str, Fact]) -> bool | None:
    fact = facts.get(term.fact)
    if fact is None or fact.value is None:
        return None
    return fact.value is not term.negated


def _told(
    terms: tuple[Term, ...], facts: Mapping[str, Fact], *, known: bool
) -> tuple[str, tuple[Evidence, ...]]:
    """Say why the terms do not hold, or cannot be settled."""
    evidence = tuple(
        one for term in terms if (fact := facts.get(term.fact)) for one in fact.evidence
    )
    names = " or ".join(
        ("not " if term.negated else "") + term.fact.replace("-", " ") for term in terms
    )
    told = "; ".join(dict.fromkeys(one.detail for one in evidence[:2]))
    lead = f"applies only where: {names}" if known else f"cannot settle whether it applies: {names}"
    return lead + (f" ({told})" if told else ""), evidence
