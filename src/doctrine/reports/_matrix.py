"""The compliance matrix: what became of each clause, how, by what, and on what it rests. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.outcome import Outcome
from doctrine.reports._shape import (
    AttestationV1,
    CheckV1,
    ClauseV1,
    FindingV1,
    ReportV1,
    WaiverV1,
)


class Place(Struct, frozen=True, kw_only=True):
    """Where something was seen; line 0 is the whole file."""

    path: str
    line: int


class Row(Struct, frozen=True, kw_only=True):
    """A clause in the matrix.

    Attributes:
        clause: The clause.
        verified: How its outcome was come by.
        by: The checks that decided, with their outcomes, or whatever stands in for them.
        findings: How many findings decided.
        places: Where that can be seen, those of findings first, without repetitions.
    """

    clause: ClauseV1
    verified: str
    by: str
    findings: int
    places: tuple[Place, ...]

    @property
    def excuse(self) -> WaiverV1 | AttestationV1 | None:
        """Return what a person put on record about the clause."""
        return self.clause.waiver or self.clause.attestation


def rows(report: ReportV1) -> Iterator[Row]:
    """Yield the matrix, in the order of the guide.

    Args:
        report: Any report.
    """
    known = {one.fingerprint: one for one in report.findings}
    for clause in report.clauses:
        found = [known[one] for one in _decisive(clause) if one in known]
        yield Row(
            clause=clause,
            verified=_verified(clause),
            by=_by(clause),
            findings=len(found),
            places=tuple(dict.fromkeys(_places(clause, found))),
        )


def by_section(report: ReportV1) -> Mapping[str, list[Row]]:
    """Return the matrix by the guide's sections, in the order of the guide.

    Args:
        report: Any report.
    """
    found: dict[str, list[Row]] = {}
    for row in rows(report):
        found.setdefault(row.clause.section, []).append(row)
    return found


def _verified(clause: ClauseV1) -> str:
    if clause.members:
        return "by its members"
    if clause.outcome is Outcome.ATTESTED:
        return "attestation"
    if clause.outcome in {Outcome.UNVERIFIED, Outcome.ERROR}:
        return "not verified"
    return "partial proof" if clause.partial else clause.verification


def _by(clause: ClauseV1) -> str:
    if clause.members:
        return ", ".join(clause.members)
    checks = ", ".join(f"{one.id} {one.outcome}" for one in clause.checks)
    if clause.attestation is not None:
        return f"{clause.attestation.owner}; {checks}" if checks else clause.attestation.owner
    return checks


def _checks(clause: ClauseV1) -> Iterator[CheckV1]:
    """Yield the checks that have the clause's outcome, or had it but for a waiver."""
    excuse = clause.waiver or clause.attestation
    outcomes = {clause.outcome, excuse.outcome_without if excuse else clause.outcome}
    return (one for one in clause.checks if one.outcome in outcomes)


def _decisive(clause: ClauseV1) -> Iterable[str]:
    excused = clause.waiver.findings if clause.waiver else ()
    return dict.fromkeys((*(one for check in _checks(clause) for one in check.findings), *excused))


def _places(clause: ClauseV1, found: Iterable[FindingV1]) -> Iterator[Place]:
    for finding in sorted(found, key=lambda one: (one.path, one.line)):
        yield Place(path=finding.path, line=finding.line)
    for check in _checks(clause):
        for one in check.evidence:
            yield Place(path=one.path, line=one.line)
