"""What an outcome, a gate's answer and a missing letter are called, alike in every report."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._shape import ReportV1

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.FAIL: "fail",
    Outcome.ERROR: "in error",
    Outcome.UNVERIFIED: "unverified",
    Outcome.WAIVED: "waived",
    Outcome.ATTESTED: "attested",
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "not applicable",
}
"""What is said of several clauses, as in ``3 fail``; what has to be seen to first comes first."""
EXITS = {
    0: "the gate is satisfied",
    1: "the gate is not satisfied",
    2: "there was nothing to judge",
    3: "incomplete: a clause that the gate looks at could not be checked",
}
GATES = {
    "must": "it looks at the MUST clauses",
    "should": "it looks at the MUST and SHOULD clauses",
    "never": "it looks at nothing",
}


_SO_FAR = ", as far as a few files tell"


def exit_in_words(report: ReportV1, code: int) -> str:
    """Return what an exit code means; a partial run never satisfies more than its files can tell.

    Args:
        report: Whose gate answered.
        code: What it answered.
    """
    meaning = EXITS.get(code, "see the table of exit codes")
    return meaning + (_SO_FAR if report.partial is not None and code == 0 else "")


def withholding(report: ReportV1) -> tuple[str, ...]:
    """Return the ids of the clauses whose error keeps the report from having a letter.

    Args:
        report: One without a letter; where the answer is empty, no Python file was analysed.
    """
    return tuple(
        one.id
        for one in report.clauses
        if one.outcome is Outcome.ERROR and one.scored and one.level is Level.MUST
    )
