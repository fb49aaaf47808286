"""What doctrine said about a project: the part of its JSON report that labels are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec


class _Reporter(msgspec.Struct, frozen=True):
    tool: str
    rule: str


class _Finding(msgspec.Struct, frozen=True):
    clauses: tuple[str, ...]
    path: str
    line: int
    message: str
    severity: str
    status: str
    reported_by: tuple[_Reporter, ...]
    needs_environment: bool = False


class _Clause(msgspec.Struct, frozen=True):
    id: str
    outcome: str
    reason: str
    verification: str


class _Report(msgspec.Struct, frozen=True):
    clauses: tuple[_Clause, ...]
    findings: tuple[_Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One finding that speaks against one clause."""

    clause: str
    path: str
    line: int
    rules: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a clause."""

    outcome: str
    reason: str
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Everything doctrine claims about a project.

    Attributes:
        clauses: By id, in the guide's order.
        sightings: The findings that make a clause fail: neither advice nor suppressed nor for
            want of installed packages, and only of clauses that do fail, since no other finding
            is held against the project.
    """

    clauses: dict[str, Decided]
    sightings: tuple[Sighting, ...]


def read(report: bytes) -> Verdicts:
    """Read a JSON report of ``doctrine check``.

    Args:
        report: The whole report.
    """
    decoded = msgspec.json.decode(report, type=_Report)
    clauses = {
        one.id: Decided(
            outcome=one.outcome, reason=one.reason, partial=one.verification == "partial"
        )
        for one in decoded.clauses
    }
    return Verdicts(clauses=clauses, sightings=tuple(_sightings(decoded, clauses)))


def _sightings(report: _Report, clauses: dict[str, Decided]) -> Iterator[Sighting]:
    for finding in report.findings:
        if finding.severity == "info" or finding.needs_environment:
            continue
        if finding.status not in {"new", "baseline"}:
            continue
        for clause in finding.clauses:
            if clause in clauses and clauses[clause].outcome == "fail":
                yield Sighting(
                    clause=clause,
                    path=finding.path,
                    line=finding.line,
                    rules=tuple(f"{by.tool}:{by.rule}" for by in finding.reported_by),
                    message=finding.message,
                )
