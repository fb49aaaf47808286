"""Which findings ``doctrine fix`` mends without being asked for more."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Protocol

from msgspec import Struct

from doctrine.model.observation import Applicability, Severity
from doctrine.model.outcome import Outcome
from doctrine.model.report import FindingStatus
from doctrine.reports._shape import ClauseV1, FindingV1

_COUNTING = frozenset({FindingStatus.NEW, FindingStatus.BASELINE})


class _Fix(Protocol):
    @property
    def applicability(self) -> Applicability: ...


class _Finding(Protocol):
    """A finding as it was made, or as it is stored."""

    @property
    def clauses(self) -> tuple[str, ...]: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def status(self) -> FindingStatus: ...
    @property
    def fix(self) -> _Fix | None: ...


def is_mendable(finding: _Finding) -> bool:
    """Return whether a finding counts for a clause, and has a repair that nobody has to read."""
    fix = finding.fix  # asked first: most have none
    if fix is None or fix.applicability is not Applicability.SAFE:
        return False
    counts = finding.severity is not Severity.INFO and finding.status in _COUNTING
    return counts and bool(finding.clauses)


_GATE = "gate"
"""The check of a clause about a tool that CI or a hook runs it."""


class Mendable(Struct, frozen=True, kw_only=True):
    """How many findings need no person.

    Attributes:
        at_once: What `doctrine fix` mends.
        named: What it mends where the clauses are named, since nothing of the project runs the tool.
        clauses: Those clauses, in the report's order.
    """

    at_once: int
    named: int
    clauses: tuple[str, ...]

    @staticmethod
    def of(clauses: Iterable[ClauseV1], findings: Iterable[FindingV1]) -> Mendable:
        """Count the findings of a report by what has to be said for them to be mended."""
        clauses = tuple(clauses)
        unused = tuple(clause.id for clause in filter(_is_unused, clauses))
        doubtful = _doubtful(clauses)
        mendable = tuple(
            one for one in findings if is_mendable(one) and one.fingerprint not in doubtful
        )
        waiting = [one.clauses for one in mendable if set(one.clauses) <= set(unused)]
        named = frozenset(chain.from_iterable(waiting))
        return Mendable(
            at_once=len(mendable) - len(waiting),
            named=len(waiting),
            clauses=tuple(filter(named.__contains__, unused)),
        )


def _doubtful(clauses: Iterable[ClauseV1]) -> frozenset[str]:
    """Return the findings of which nobody knows whether the project's own tools report them."""
    known = {Outcome.FAIL: set[str](), Outcome.UNVERIFIED: set[str]()}
    for check in chain.from_iterable(clause.checks for clause in clauses):
        if check.outcome in known:
            known[check.outcome].update(check.findings)
    return frozenset(known[Outcome.UNVERIFIED] - known[Outcome.FAIL])


def _is_unused(clause: ClauseV1) -> bool:
    gates = [check.outcome for check in clause.checks if check.id == _GATE]
    return bool(gates) and Outcome.PASS not in gates
