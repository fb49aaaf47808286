"""Which findings ``doctrine fix`` mends without being asked for more."""

from __future__ import annotations

from typing import Protocol

from doctrine.model.observation import Applicability, Severity
from doctrine.model.report import FindingStatus

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
    counts = finding.severity is not Severity.INFO and finding.status in _COUNTING
    safe = finding.fix is not None and finding.fix.applicability is Applicability.SAFE
    return counts and safe and bool(finding.clauses)
