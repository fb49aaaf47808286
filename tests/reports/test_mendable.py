"""Only what counts for a clause, and needs nobody to read it, is offered to be mended."""

from __future__ import annotations

import pytest

from doctrine.model.observation import Applicability, Fix, Location, Severity
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.verdict import Outcome
from doctrine.reports._mendable import Mendable, is_mendable
from doctrine.reports._stored import stored
from tests.reports.build import a_report, check, verdict
from tests.reports.standard import LNT001, SGP001

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


@pytest.mark.parametrize("gate", [Outcome.FAIL, Outcome.UNVERIFIED, Outcome.ERROR])
def test_what_a_tool_repairs_that_nothing_runs_has_to_be_asked_for(gate: Outcome) -> None:
    finished = replace(
        a_report(),
        clauses=(
            verdict(SGP001, Outcome.FAIL, "", check("gate", gate, "nothing runs it")),
            verdict(LNT001, Outcome.FAIL, "", check("gate", Outcome.PASS, "CI runs it")),
        ),
        findings=(
            replace(FINDING, fingerprint="a", clauses=("SGP001",)),
            replace(FINDING, fingerprint="b", clauses=("SGP001", "LNT001")),
            replace(FINDING, fingerprint="c", clauses=("LNT001",)),
        ),
    )
    kept = stored(finished)
    found = Mendable.of(kept.clauses, kept.findings)
    assert found == Mendable(at_once=2, named=1, clauses=("SGP001",))


def test_what_the_projects_own_version_may_not_report_is_not_offered() -> None:
    unsure = check("clean", Outcome.UNVERIFIED, "another version", found=("a", "b"))
    finished = replace(
        a_report(),
        clauses=(
            verdict(LNT001, Outcome.UNVERIFIED, "", unsure),
            verdict(SGP001, Outcome.FAIL, "", check("clean", Outcome.FAIL, "", found=("b", "c"))),
        ),
        findings=tuple(
            replace(FINDING, fingerprint=one, clauses=("LNT001", "SGP001")) for one in "abc"
        ),
    )
    kept = stored(finished)
    assert Mendable.of(kept.clauses, kept.findings).at_once == 2
