"""What an inspector sees one by one, and how that becomes a reading."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from doctrine.model.observation import Evidence, Finding, Location, Severity, Support
from doctrine.model.run import Reading


class Undecided(Struct, frozen=True, kw_only=True, tag="undecided"):
    """A rule that could not be decided.

    Attributes:
        rule: The rule.
        reason: Why, and what would decide it.
    """

    rule: str
    reason: str


Sighting = Finding | Support | Undecided


class Spot(Struct, frozen=True, kw_only=True):
    """A place in a configuration file; line 0 is the file as a whole."""

    path: str
    line: int = 0

    @property
    def text(self) -> str:
        """The place as people write it (``mypy.ini:3``)."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Reporter(Struct, frozen=True, kw_only=True):
    """Writes findings in the name of one inspector."""

    tool: str

    def finding(
        self,
        rule: str,
        spot: Spot,
        message: str,
        severity: Severity = Severity.ERROR,
        *,
        symbol: str = "",
    ) -> Finding:
        """Return a finding at a place."""
        return Finding(
            tool=self.tool,
            rule=rule,
            message=message,
            location=Location.point(spot.path, max(spot.line, 1)),
            severity=severity,
            symbol=symbol,
        )

    def advice(self, rule: str, spot: Spot, message: str, *, symbol: str = "") -> Finding:
        """Return a finding that never fails a check."""
        return self.finding(rule, spot, message, Severity.INFO, symbol=symbol)


def support(rule: str, spot: Spot, detail: str) -> Support:
    """Return what speaks for a rule."""
    return Support(rule=rule, evidence=Evidence(path=spot.path, line=spot.line, detail=detail))


def reading(sightings: Iterable[Sighting], analysed: Iterable[str]) -> Reading:
    """Return the reading that the sightings amount to.

    Args:
        sightings: What was seen, in any order; equal findings count once.
        analysed: Paths that were looked at.
    """
    findings: dict[Finding, None] = {}
    supports: dict[Support, None] = {}
    undecided: dict[str, str] = {}
    for sighting in sightings:
        match sighting:
            case Finding():
                findings[sighting] = None
            case Support():
                supports[sighting] = None
            case Undecided():
                undecided.setdefault(sighting.rule, sighting.reason)
    return Reading(
        findings=tuple(sorted(findings, key=_order)),
        supports=tuple(supports),
        analysed=frozenset(analysed),
        undecided=undecided,
    )


def undecided(rules: Iterable[str], reason: str) -> list[Sighting]:
    """Return one undecided entry a rule."""
    return [Undecided(rule=rule, reason=reason) for rule in rules]


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.location.path, finding.location.line, finding.rule, finding.message)
