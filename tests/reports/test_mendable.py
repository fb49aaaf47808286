"""Only what counts for a clause, and needs nobody to read it, is offered to be mended."""

from __future__ import annotations

import pytest

from doctrine.model.observation import Applicability, Fix, Location, Severity
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.reports._mendable import is_mendable

SAFE = Fix(applicability=Applicability.SAFE, description="Remove it")
FINDING = ReportFinding(
    fingerprint="a",
    clauses=("AAA001",),
    location=Location.point("a.py"),
    message="it is wrong",
    severity=Severity.WARNING,
    reported_by=(),
    fix=SAFE,
)


@pytest.mark.parametrize("status", [FindingStatus.NEW, FindingStatus.BASELINE])
def test_what_counts_is_offered(status: FindingStatus) -> None:
    assert is_mendable(replace(FINDING, status=status))


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, status=FindingStatus.SUPPRESSED),
        replace(FINDING, status=FindingStatus.WAIVED),
        replace(FINDING, severity=Severity.INFO),
        replace(FINDING, clauses=()),
        replace(FINDING, fix=None),
        replace(FINDING, fix=replace(SAFE, applicability=Applicability.UNSAFE)),
    ],
)
def test_what_does_not_count_or_needs_somebody_is_not(other: ReportFinding) -> None:
    assert not is_mendable(other)
