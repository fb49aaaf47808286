"""Whether a difference between two reports satisfies a gate. Pure.

A gate on a difference lets through what was there before. It must not let through what nobody can
see any more: where a clause could be judged before and cannot now, the answer is that the
comparison is incomplete.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from doctrine.gate import INCOMPLETE, SATISFIED, UNSATISFIED
from doctrine.model.outcome import Outcome, Verdict
from doctrine.reports._change_conditions import FailOnChange
from doctrine.reports._difference import ClauseTurn, Difference, Turn, counts
from doctrine.reports._shape import ReportV1

_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.ERROR})
_VERDICTS = (
    Verdict.CONFORMANT,
    Verdict.CONDITIONAL,
    Verdict.INDETERMINATE,
    Verdict.NON_CONFORMANT,
)

_BEFORE = {
    Outcome.PASS: "held",
    Outcome.ATTESTED: "was attested",
    Outcome.NOT_APPLICABLE: "did not apply",
    Outcome.WAIVED: "was waived",
    Outcome.UNVERIFIED: "was unverified",
    Outcome.ERROR: "was in error",
    Outcome.FAIL: "failed",
}
_NOW = {
    Outcome.PASS: "holds",
    Outcome.ATTESTED: "is attested",
    Outcome.NOT_APPLICABLE: "does not apply",
    Outcome.WAIVED: "is waived",
    Outcome.UNVERIFIED: "is unverified",
    Outcome.ERROR: "is in error",
    Outcome.FAIL: "fails",
}


class Reason(Struct, frozen=True, kw_only=True):
    """Why a gate is not satisfied.

    Attributes:
        condition: What was looked at; None for what concerns all of them.
        message: One sentence.
        incomplete: Whether nothing is known to be worse, but something is unknown.
    """

    condition: FailOnChange | None
    message: str
    incomplete: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """What the gate answers.

    Attributes:
        exit_code: 0, 1 or 3 of the documented table.
        reasons: Why it is not 0.
    """

    exit_code: int
    reasons: tuple[Reason, ...] = ()


def answer(found: Difference, report: ReportV1, conditions: Collection[FailOnChange]) -> Answer:
    """Return what a gate answers.

    Args:
        found: The difference.
        report: The later report.
        conditions: What is looked at; with ``never`` among them, nothing.

    Returns:
        3 when nothing is known to be worse, but the reports cannot be compared or the later one
        could not judge what the earlier one could.
    """
    if FailOnChange.NEVER in conditions:
        return Answer(exit_code=SATISFIED)
    reasons = [*_doubts(found, report)]
    for condition in FailOnChange:
        if condition in conditions:
            reasons += _REASONS[condition](found)
    # What one sentence says, two conditions need not repeat.
    told = tuple({one.message: one for one in reasons}.values())
    if not told:
        return Answer(exit_code=SATISFIED)
    failed = any(not one.incomplete for one in told)
    return Answer(exit_code=UNSATISFIED if failed else INCOMPLETE, reasons=told)


def _doubts(found: Difference, report: ReportV1) -> Iterator[Reason]:
    for one in found.mismatches:
        if one.grave:
            yield Reason(condition=None, message=str(one), incomplete=True)
    if not report.project.python_files:
        yield Reason(
            condition=None, message="the later report judged no Python file", incomplete=True
        )


def _regressions(found: Difference) -> Iterator[Reason]:
    for one in found.worse:
        yield Reason(
            condition=FailOnChange.REGRESSION,
            message=f"{one.clause.id} {_step(one)}",
            incomplete=_unknown(one),
        )


def _step(one: ClauseTurn) -> str:
    if one.turn is Turn.LEFT:
        return "was there, and the later report does not have it"
    if one.turn is Turn.SLIPPED:
        names = ", ".join(check.id for check in one.checks if check.worse)
        return f"{_NOW[one.clause.outcome]} as before, and got worse in: {names}"
    before = _BEFORE[one.before] if one.before else "was not in the earlier report"
    after = _NOW[one.after] if one.after else "is not in the later report"
    return f"{before}, and {after}"


def _unknown(one: ClauseTurn) -> bool:
    """Return whether a clause is only worse because something could not be completed."""
    if one.turn is Turn.SLIPPED:
        return {check.after for check in one.checks if check.worse} <= {Outcome.ERROR, None}
    return one.after is Outcome.ERROR or one.after is None


def _new_findings(found: Difference) -> Iterator[Reason]:
    new = sum(map(counts, (*found.new, *found.unsilenced)))
    if new:
        noun = "finding that fails" if new == 1 else "findings that fail"
        yield Reason(condition=FailOnChange.NEW_FINDINGS, message=f"{new:,} new {noun} a clause")
    for one in found.clauses:
        if one.counts and _went_dark(one):
            yield Reason(
                condition=FailOnChange.NEW_FINDINGS,
                message=f"{one.clause.id} {_step(one)}: what it would find now is unknown",
                incomplete=True,
            )


def _went_dark(one: ClauseTurn) -> bool:
    return one.before not in {*_OPEN, None} and (one.after is None or one.after in _OPEN)


def _score(found: Difference) -> Iterator[Reason]:
    score = found.score
    if score.change is not None and score.change < 0:
        yield Reason(
            condition=FailOnChange.SCORE,
            message=f"the score fell by {-score.change:.1f}, from {score.before} to {score.after}",
        )
    elif score.before is not None and score.after is None:
        yield Reason(
            condition=FailOnChange.SCORE, message="the later report has no score", incomplete=True
        )


def _verdict(found: Difference) -> Iterator[Reason]:
    before, after = found.verdicts
    if _VERDICTS.index(after) > _VERDICTS.index(before):
        yield Reason(
            condition=FailOnChange.VERDICT,
            message=f"the verdict was {before}, and is {after}",
            incomplete=after is Verdict.INDETERMINATE,
        )


def _nothing(found: Difference) -> Iterator[Reason]:
    del found
    yield from ()


_REASONS = {
    FailOnChange.REGRESSION: _regressions,
    FailOnChange.NEW_FINDINGS: _new_findings,
    FailOnChange.SCORE: _score,
    FailOnChange.VERDICT: _verdict,
    FailOnChange.NEVER: _nothing,
}
