"""The gate lets a waived clause pass, and nothing that is not honoured."""

from __future__ import annotations

import pytest

from doctrine.gate import INCOMPLETE, SATISFIED, UNSATISFIED, judged
from doctrine.model.guide import Level
from doctrine.model.replacing import replace
from doctrine.model.settings import FailOn, Settings
from doctrine.model.verdict import Outcome
from tests.builders import a_verdict
from tests.reports.build import a_perfect_report


@pytest.mark.parametrize(
    ("outcome", "level", "fail_on", "code"),
    [
        (Outcome.FAIL, Level.MUST, FailOn.MUST, UNSATISFIED),
        (Outcome.WAIVED, Level.MUST, FailOn.MUST, SATISFIED),
        (Outcome.WAIVED, Level.SHOULD, FailOn.SHOULD, SATISFIED),
        (Outcome.ATTESTED, Level.MUST, FailOn.SHOULD, SATISFIED),
        (Outcome.ERROR, Level.MUST, FailOn.MUST, INCOMPLETE),
    ],
)
def test_what_the_gate_makes_of_a_clause(
    outcome: Outcome, level: Level, fail_on: FailOn, code: int
) -> None:
    report = a_perfect_report()
    one = a_verdict(outcome, clause_id="ZZZ999", level=level)
    assert (
        judged(
            replace(report, clauses=(*report.clauses, one)),
            Settings(root="/project", fail_on=fail_on),
        ).exit_code
        == code
    )
