"""What somebody has said: waivers and attestations, the first to expire first. Pure."""

from __future__ import annotations

from msgspec import Struct

from doctrine.reports._shape import ClauseV1, ExcuseV1, ReportV1

_SOON = 14
"""Days before the end of an entry in which it is high time to see to it."""


class Stated(Struct, frozen=True, kw_only=True):
    """A waiver or an attestation.

    Attributes:
        kind: Which of them.
        clause: What it is about.
        words: The reason or the statement.
        excuse: What both have in common.
        paths: Where it holds; empty for everywhere.
        findings: How many findings it excuses.
        soon: Whether it is over soon.
    """

    kind: str
    clause: ClauseV1
    words: str
    excuse: ExcuseV1
    paths: tuple[str, ...]
    findings: int
    soon: bool


def stated(report: ReportV1) -> tuple[Stated, ...]:
    """Return the waivers and attestations that are honoured.

    Args:
        report: Any report.
    """
    found: list[Stated] = []
    for clause in report.clauses:
        waiver, attestation = clause.waiver, clause.attestation
        if waiver is not None:
            found.append(
                Stated(
                    kind="waiver",
                    clause=clause,
                    words=waiver.reason,
                    excuse=waiver,
                    paths=waiver.paths,
                    findings=len(waiver.findings),
                    soon=waiver.days_left <= _SOON,
                )
            )
        if attestation is not None:
            found.append(
                Stated(
                    kind="attestation",
                    clause=clause,
                    words=attestation.statement,
                    excuse=attestation,
                    paths=(),
                    findings=0,
                    soon=attestation.days_left <= _SOON,
                )
            )
    return tuple(sorted(found, key=lambda one: one.excuse.days_left))
