"""Outcomes of checks and clauses."""

from __future__ import annotations

from msgspec import Struct

from doctrine.model.guide import Clause, Level
from doctrine.model.observation import Evidence
from doctrine.model.outcome import Outcome
from doctrine.model.stated import Entry

__all__ = ["PARENT_CHECK", "CheckResult", "ClauseVerdict", "Excuse", "Outcome"]

PARENT_CHECK = "parent-"
"""How the id of a check begins that fails because a check of another clause does."""


class CheckResult(Struct, frozen=True, kw_only=True):
    """What became of one check.

    Attributes:
        id: Name of the check inside its clause.
        outcome: ``pass``, ``fail``, ``unverified`` or ``error``; ``not-applicable`` for one that
            has no say, because it is optional and what it asks did not run.
        detail: One sentence: what was found, or what is missing and how to get it.
        evidence: Places that say so.
        findings: Fingerprints of the findings that made it fail.
        partial: True when a pass proves the clause only in part.
        doubted: Fingerprints of the findings that may be those of another version of the tool than
            the project's alone.
    """

    id: str
    outcome: Outcome
    detail: str
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[str, ...] = ()
    partial: bool = False
    doubted: tuple[str, ...] = ()


class Excuse(Struct, frozen=True, kw_only=True):
    """A waiver or an attestation that was honoured, and what it hides.

    Attributes:
        entry: The entry.
        days_left: Days until it expires; 0 on its last day.
        outcome_without: What the clause's outcome would have been.
        reason_without: Why.
        findings: Fingerprints of the findings that a waiver excuses.
    """

    entry: Entry
    days_left: int
    outcome_without: Outcome
    reason_without: str
    findings: tuple[str, ...] = ()


class ClauseVerdict(Struct, frozen=True, kw_only=True):
    """What became of one clause.

    Attributes:
        clause: The clause.
        outcome: Its outcome.
        reason: One sentence: the worst check's detail, or the fact that makes it not apply.
        verification: ``automated``, or ``partial`` when it passed on partial proof only, or
            ``attestation``.
        checks: The checks, in the clause's order.
        findings: Fingerprints of every finding that traces to the clause, sorted.
        partial: True when the outcome is a pass on partial proof.
        waiver: The waiver that was honoured; it may leave the clause failing by what lies outside
            its paths.
        attestation: The attestation that was honoured.
    """

    clause: Clause
    outcome: Outcome
    reason: str
    verification: str
    checks: tuple[CheckResult, ...] = ()
    findings: tuple[str, ...] = ()
    partial: bool = False
    waiver: Excuse | None = None
    attestation: Excuse | None = None

    @property
    def id(self) -> str:
        """Return the clause's id."""
        return self.clause.id

    @property
    def level(self) -> Level:
        """Return the clause's level."""
        return self.clause.level

    @property
    def scored(self) -> bool:
        """Return whether the clause is scored."""
        return self.clause.scored
