"""Scoring model 1: its bands and caps, and the properties that make it honest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.grade import grade, project_verdict
from doctrine.model.guide import Level
from doctrine.model.outcome import Verdict
from doctrine.model.verdict import ClauseVerdict, Outcome
from tests.builders import a_verdict

P, F, N = Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE
W, A, U, E = Outcome.WAIVED, Outcome.ATTESTED, Outcome.UNVERIFIED, Outcome.ERROR


def verdicts(musts: list[Outcome], shoulds: list[Outcome]) -> tuple[ClauseVerdict, ...]:
    return tuple(
        a_verdict(outcome, clause_id=f"M{index:03}") for index, outcome in enumerate(musts)
    ) + tuple(
        a_verdict(outcome, clause_id=f"S{index:03}", level=Level.SHOULD)
        for index, outcome in enumerate(shoulds)
    )


def mixed(size: int = 12) -> st.SearchStrategy[tuple[ClauseVerdict, ...]]:
    outcomes = st.lists(st.sampled_from(list(Outcome)), max_size=size)
    return st.builds(verdicts, outcomes, outcomes)


@pytest.mark.parametrize(
    ("musts", "shoulds", "expected"),
    [
        ([P, P], [P, N], Verdict.CONFORMANT),
        ([P, A], [W], Verdict.CONFORMANT),
        ([P], [F], Verdict.CONDITIONAL),
        ([P], [U], Verdict.CONDITIONAL),
        ([P], [E], Verdict.CONDITIONAL),
        ([P, W], [P], Verdict.CONDITIONAL),
        ([P, U], [P], Verdict.INDETERMINATE),
        ([P, E], [F], Verdict.INDETERMINATE),
        ([F, E, U, W], [], Verdict.NON_CONFORMANT),
        ([], [], Verdict.INDETERMINATE),
        ([N], [N], Verdict.INDETERMINATE),
    ],
)
def test_project_verdict(musts: list[Outcome], shoulds: list[Outcome], expected: Verdict) -> None:
    assert project_verdict(verdicts(musts, shoulds)) is expected


@pytest.mark.parametrize(
    ("musts", "shoulds", "letter", "score", "capped_by"),
    [
        ([P] * 3, [P], "A", 100.0, ()),
        ([P] * 9, [F] * 3, "A", 90.0, ()),
        ([P] * 8, [F] * 6, "B", 80.0, ()),
        ([P] * 13, [F] * 21, "C", 65.0, ()),
        ([P] * 10, [F] * 30, "D", 50.0, ()),
        ([P], [F] * 4, "F", 100 * 3 / 7, ()),
        ([P] * 30 + [F], [], "C", 100 * 30 / 31, ("M030",)),
        ([P] * 30 + [W], [], "B", 100 * 30 / 31, ("M030",)),
        ([P] + [F] * 2, [], "F", 100 / 3, ()),
        ([P] * 30 + [E], [], None, 100 * 30 / 31, ()),
    ],
)
def test_letter_score_and_cap(
    musts: list[Outcome],
    shoulds: list[Outcome],
    letter: str | None,
    score: float,
    capped_by: tuple[str, ...],
) -> None:
    result = grade(verdicts(musts, shoulds), analysed=True)
    assert result.letter == letter
    assert result.score == pytest.approx(score)
    assert result.capped_by == capped_by


def test_ceiling_counts_what_is_unverified_but_not_what_is_in_error() -> None:
    result = grade(verdicts([P, U], [U, E, F]), analysed=True)
    assert result.score == pytest.approx(100 * 3 / 9)
    assert result.score_ceiling == pytest.approx(100 * 7 / 9)


def test_assurance_counts_partial_passes_half() -> None:
    partial = (a_verdict(P, partial=True), a_verdict(F, clause_id="B"), a_verdict(U, clause_id="C"))
    result = grade(partial, analysed=True)
    assert result.assurance == pytest.approx(50.0)
    assert result.provisional


def test_may_clauses_and_umbrellas_are_never_scored() -> None:
    may = a_verdict(F, clause_id="MAY001", level=Level.MAY)
    assert grade((may,), analysed=True).score is None
    assert grade((a_verdict(P), may), analysed=True).score == 100.0


def test_nothing_analysed_gives_no_letter() -> None:
    assert grade(verdicts([P, P], [P]), analysed=False).letter is None


@given(mixed())
def test_points_lost_add_up_to_what_is_missing(given_verdicts: tuple[ClauseVerdict, ...]) -> None:
    result = grade(given_verdicts, analysed=True)
    if result.score is not None:
        assert sum(result.points_lost.values()) == pytest.approx(100 - result.score, abs=1e-6)


BETTER = {F: [E, U, W, P, A], E: [U, W, P, A], U: [W, P, A], W: [P, A]}


@given(mixed(), st.data())
def test_a_better_outcome_never_lowers_the_score(
    given_verdicts: tuple[ClauseVerdict, ...], data: st.DataObject
) -> None:
    improvable = [one for one in given_verdicts if one.outcome in BETTER]
    if not improvable:
        return
    chosen = data.draw(st.sampled_from(improvable))
    better = a_verdict(
        data.draw(st.sampled_from(BETTER[chosen.outcome])),
        clause_id=chosen.clause.id,
        level=chosen.clause.level,
    )
    improved = tuple(better if one is chosen else one for one in given_verdicts)
    before, after = grade(given_verdicts, analysed=True), grade(improved, analysed=True)
    assert before.score is not None
    assert after.score is not None
    assert after.score >= before.score


@given(mixed(), st.sampled_from([E, U]), st.data())
def test_losing_a_tool_never_raises_score_letter_or_assurance(
    given_verdicts: tuple[ClauseVerdict, ...], lost: Outcome, data: st.DataObject
) -> None:
    passing = [one for one in given_verdicts if one.outcome is P]
    if not passing:
        return
    chosen = data.draw(st.sampled_from(passing))
    worse = a_verdict(lost, clause_id=chosen.clause.id, level=chosen.clause.level)
    degraded = tuple(worse if one is chosen else one for one in given_verdicts)
    before, after = grade(given_verdicts, analysed=True), grade(degraded, analysed=True)
    assert before.score is not None
    assert after.score is not None
    assert after.score < before.score
    assert after.assurance < before.assurance
    order = ["A", "B", "C", "D", "F", None]
    assert order.index(after.letter) >= order.index(before.letter)


@given(mixed(), st.randoms())
def test_order_changes_nothing(given_verdicts: tuple[ClauseVerdict, ...], chance: object) -> None:
    shuffled = tuple(sorted(given_verdicts, key=lambda one: hash((repr(chance), one.clause.id))))
    assert grade(shuffled, analysed=True).letter == grade(given_verdicts, analysed=True).letter
    assert project_verdict(shuffled) is project_verdict(given_verdicts)


@given(st.lists(st.sampled_from([P, A]), max_size=30))
def test_a_failing_must_cannot_be_outvoted(others: list[Outcome]) -> None:
    result = grade(verdicts([F, *others], [P] * 5), analysed=True)
    assert result.letter not in {"A", "B"}
