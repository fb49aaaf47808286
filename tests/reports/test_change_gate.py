"""A gate on what changed between two reports."""

from __future__ import annotations

import msgspec
import pytest

from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.report import FindingStatus
from doctrine.reports import _shape as shape
from doctrine.reports._change_conditions import FailOnChange
from doctrine.reports._change_gate import Answer, answer
from doctrine.reports._difference import difference
from tests.report_command.files import REPORT, with_clause

ALL = tuple(one for one in FailOnChange if one is not FailOnChange.NEVER)


def asked(base: shape.ReportV1, head: shape.ReportV1, *conditions: FailOnChange) -> Answer:
    return answer(difference(base, head), head, conditions)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Outcome.PASS, Outcome.FAIL, 1),
        (Outcome.PASS, Outcome.UNVERIFIED, 1),
        (Outcome.PASS, Outcome.WAIVED, 1),
        (Outcome.PASS, Outcome.ERROR, 3),
        (Outcome.FAIL, Outcome.ERROR, 0),
        (Outcome.ERROR, Outcome.ERROR, 0),
        (Outcome.UNVERIFIED, Outcome.FAIL, 1),
        (Outcome.FAIL, Outcome.NOT_APPLICABLE, 0),
    ],
)
def test_a_clause_that_got_worse_fails_a_regression_gate(
    before: Outcome, after: Outcome, code: int
) -> None:
    base, head = with_clause("DEP002", outcome=before), with_clause("DEP002", outcome=after)
    assert asked(base, head, FailOnChange.REGRESSION).exit_code == code


def test_an_error_is_less_than_a_failure_elsewhere() -> None:
    head = with_clause("DEP002", outcome=Outcome.ERROR)
    both = with_clause("DEP003", head, outcome=Outcome.FAIL)
    assert asked(REPORT, head, FailOnChange.REGRESSION).exit_code == 3
    assert asked(REPORT, both, FailOnChange.REGRESSION).exit_code == 1


@pytest.mark.parametrize("after", [Outcome.ERROR, Outcome.UNVERIFIED])
@pytest.mark.parametrize("before", [Outcome.PASS, Outcome.FAIL])
def test_no_new_finding_counts_for_nothing_where_nobody_looked(
    before: Outcome, after: Outcome
) -> None:
    base, head = with_clause("DEP002", outcome=before), with_clause("DEP002", outcome=after)
    said = asked(base, head, FailOnChange.NEW_FINDINGS)
    assert said.exit_code == 3
    assert "DEP002" in said.reasons[0].message


@pytest.mark.parametrize("status", FindingStatus)
def test_only_a_finding_that_counts_is_a_new_one(status: FindingStatus) -> None:
    (first, *rest) = (one for one in REPORT.findings if one.fingerprint == "r1")
    assert not rest
    base = msgspec.structs.replace(REPORT, findings=())
    head = msgspec.structs.replace(
        REPORT, findings=(msgspec.structs.replace(first, status=status),)
    )
    said = asked(base, head, FailOnChange.NEW_FINDINGS)
    assert said.exit_code == int(status is FindingStatus.NEW)


def test_taking_a_suppression_away_does_not_pass_unseen() -> None:
    (first,) = (one for one in REPORT.findings if one.fingerprint == "r1")
    silent = msgspec.structs.replace(first, status=FindingStatus.SUPPRESSED)
    base = msgspec.structs.replace(REPORT, findings=(silent,))
    head = msgspec.structs.replace(REPORT, findings=(first,))
    assert asked(base, head, FailOnChange.NEW_FINDINGS).exit_code == 1
    assert asked(head, base, FailOnChange.NEW_FINDINGS).exit_code == 0


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Verdict.CONFORMANT, Verdict.CONDITIONAL, 1),
        (Verdict.CONDITIONAL, Verdict.NON_CONFORMANT, 1),
        (Verdict.CONFORMANT, Verdict.INDETERMINATE, 3),
        (Verdict.NON_CONFORMANT, Verdict.INDETERMINATE, 0),
    ],
)
def test_a_worse_verdict_fails_its_gate(before: Verdict, after: Verdict, code: int) -> None:
    base, head = (msgspec.structs.replace(REPORT, verdict=one) for one in (before, after))
    assert asked(base, head, FailOnChange.VERDICT).exit_code == code


def test_a_report_without_a_score_is_no_lower_and_no_pass() -> None:
    none = msgspec.structs.replace(REPORT, grade=msgspec.structs.replace(REPORT.grade, score=None))
    assert asked(REPORT, none, FailOnChange.SCORE).exit_code == 3
    assert asked(none, REPORT, FailOnChange.SCORE).exit_code == 0


def test_a_clause_that_disappears_leaves_the_gate_incomplete() -> None:
    head = msgspec.structs.replace(
        REPORT, clauses=tuple(one for one in REPORT.clauses if one.id != "DEP002")
    )
    for condition in (FailOnChange.REGRESSION, FailOnChange.NEW_FINDINGS):
        assert asked(REPORT, head, condition).exit_code == 3


def test_never_looks_at_nothing_and_says_nothing() -> None:
    head = with_clause("DEP002", outcome=Outcome.FAIL)
    assert asked(REPORT, head, *ALL, FailOnChange.NEVER) == Answer(exit_code=0)
    assert asked(REPORT, head, *ALL).exit_code == 1
