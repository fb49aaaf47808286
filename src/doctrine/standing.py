"""What makes a clause fail or leaves it undone, as the gate and a baseline look at it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doctrine.model.report import Report
from doctrine.model.verdict import CheckResult, ClauseVerdict, Outcome


def failed_checks(verdict: ClauseVerdict) -> tuple[CheckResult, ...]:
    """Return the checks that make a clause fail; none where it does not, or is waived.

    Args:
        verdict: What became of the clause.
    """
    if verdict.outcome is not Outcome.FAIL or not verdict.clause.scored:
        return ()
    return tuple(check for check in verdict.checks if check.outcome is Outcome.FAIL)


def name_of(verdict: ClauseVerdict, check: CheckResult) -> str:
    """Return how a check is named outside its clause: ``TYP001.gate``."""
    return f"{verdict.clause.id}.{check.id}"


def failing_findings(report: Report) -> Mapping[str, frozenset[str]]:
    """Return the findings that make clauses fail, with those clauses, by fingerprint.

    Args:
        report: A report with final verdicts.
    """
    found: dict[str, set[str]] = {}
    for verdict, check in _failing(report):
        for fingerprint in check.findings:
            found.setdefault(fingerprint, set()).add(verdict.clause.id)
    return {fingerprint: frozenset(clauses) for fingerprint, clauses in found.items()}


def failing_alone(report: Report) -> frozenset[str]:
    """Return the checks that fail without a finding, such as a gate that is missing.

    Args:
        report: A report with final verdicts.
    """
    return frozenset(
        name_of(verdict, check) for verdict, check in _failing(report) if not check.findings
    )


def _failing(report: Report) -> Iterator[tuple[ClauseVerdict, CheckResult]]:
    return ((verdict, check) for verdict in report.clauses for check in failed_checks(verdict))
