"""Every condition of the gate, with and without a baseline."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.baseline.matching import held_against
from doctrine.gate import INCOMPLETE, SATISFIED, UNSATISFIED, USAGE, judged
from doctrine.model.baseline import Baseline
from doctrine.model.gate import Condition, Held
from doctrine.model.guide import Level
from doctrine.model.observation import Evidence
from doctrine.model.outcome import Verdict
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report
from doctrine.model.settings import FailOn, GateRules, Settings
from doctrine.model.stated import Entry, EntryKind
from doctrine.model.verdict import Outcome
from tests.baseline.build import accepting, found, report_of, today

A = "src/a.py"
TEXTS = {A: "random()\nrandom()\n"}
ONE, TWO = (found("random()", TEXTS, number=number) for number in (1, 2))
TODAY = datetime.date(2030, 1, 31)


def gated(
    report: Report,
    rules: GateRules | None = None,
    *,
    fail_on: FailOn = FailOn.NEVER,
    entries: tuple[Entry, ...] = (),
    origin: str = "",
) -> Report:
    settings = Settings(
        root="/project",
        fail_on=fail_on,
        gate=rules or GateRules(),
        entries=entries,
        today=TODAY,
        origins={"fail-on": origin},
    )
    return judged(report, settings)


def only(report: Report) -> Condition:
    (one,) = report.gate
    return one


def test_failing_clauses_are_named_and_not_explained_again() -> None:
    detail = only(gated(report_of([ONE]), fail_on=FailOn.MUST)).detail
    assert detail == "1 clause fails: AAA001"


def with_all_accepted(report: Report) -> Baseline:
    debt = held_against(report, Baseline(path="b.txt"), today(TEXTS)).baseline
    assert debt is not None
    return accepting(report, debt)


def after(baseline: Baseline, report: Report) -> Report:
    return held_against(report, baseline, today(TEXTS))


def test_without_a_condition_everything_will_do() -> None:
    report = gated(report_of([ONE]))
    assert (report.gate, report.exit_code) == ((), SATISFIED)


def test_nothing_to_judge_is_a_mistake_whatever_is_asked() -> None:
    report = report_of([])
    empty = replace(report, project=replace(report.project, python_files=0))
    assert gated(empty, GateRules(min_score=0)).exit_code == USAGE


def test_accepted_findings_are_not_looked_at_and_new_ones_are() -> None:
    baseline = with_all_accepted(report_of([ONE]))
    same = gated(after(baseline, report_of([ONE])), fail_on=FailOn.MUST)
    assert (same.exit_code, only(same).held) == (SATISFIED, Held.YES)
    more = gated(after(baseline, report_of([ONE, TWO])), fail_on=FailOn.MUST)
    assert (more.exit_code, only(more).held) == (UNSATISFIED, Held.NO)
    assert "AAA001 (1 new finding)" in only(more).detail


def test_an_accepted_failure_hides_no_failure_and_no_error_of_another_check() -> None:
    alone = {"AAA001.gate": Outcome.FAIL}
    baseline = with_all_accepted(report_of([ONE], alone=alone))
    worse = {**alone, "AAA001.declared": Outcome.FAIL}
    report = gated(after(baseline, report_of([ONE], alone=worse)), fail_on=FailOn.MUST)
    assert report.exit_code == UNSATISFIED
    assert "AAA001 (declared)" in only(report).detail
    broken = {**alone, "AAA001.clean": Outcome.ERROR}
    report = gated(after(baseline, report_of([], alone=broken)), fail_on=FailOn.MUST)
    assert (report.exit_code, only(report).held) == (INCOMPLETE, Held.OPEN)
    assert report.baseline is not None
    assert report.baseline.undecided == 0 or report.baseline.stale


def test_a_clause_that_held_and_fails_now_is_looked_at() -> None:
    baseline = with_all_accepted(report_of([], alone={"AAA001.gate": Outcome.PASS}))
    report = after(baseline, report_of([], alone={"AAA001.gate": Outcome.FAIL}))
    assert gated(report, fail_on=FailOn.MUST).exit_code == UNSATISFIED


@pytest.mark.parametrize(
    ("level", "rules", "code"),
    [
        (Level.SHOULD, GateRules(), SATISFIED),
        (Level.SHOULD, GateRules(clauses=("AAA*",)), UNSATISFIED),
        (Level.SHOULD, GateRules(clauses=("BBB001",)), SATISFIED),
    ],
)
def test_further_clauses_can_be_named(level: Level, rules: GateRules, code: int) -> None:
    report = report_of([ONE], level=level)
    assert gated(report, rules, fail_on=FailOn.MUST).exit_code == code


@pytest.mark.parametrize("asked", Verdict)
@pytest.mark.parametrize("there", Verdict)
def test_the_worst_verdict_that_will_do(asked: Verdict, there: Verdict) -> None:
    report = gated(replace(report_of([]), verdict=there), GateRules(verdict=asked))
    order = list(Verdict)
    expected = SATISFIED if order.index(there) <= order.index(asked) else UNSATISFIED
    assert report.exit_code == expected
    assert there in only(report).detail


def test_a_verdict_that_a_crash_left_open_is_incomplete() -> None:
    report = report_of([], alone={"AAA001.clean": Outcome.ERROR})
    report = replace(report, verdict=Verdict.INDETERMINATE)
    assert gated(report, GateRules(verdict=Verdict.CONDITIONAL)).exit_code == INCOMPLETE


@pytest.mark.parametrize(
    ("score", "asked", "error", "held"),
    [
        (80.0, 80, 0.0, Held.YES),
        (79.96, 80, 0.0, Held.YES),
        (79.9, 80, 0.0, Held.NO),
        (79.9, 80, 5.0, Held.OPEN),
        (70.0, 80, 5.0, Held.NO),
        (None, 0, 0.0, Held.NO),
    ],
)
def test_the_least_score(score: float | None, asked: float, error: float, held: Held) -> None:
    report = report_of([], alone={"AAA001.clean": Outcome.ERROR})
    grade = replace(report.grade, score=score, points_lost={"AAA001": error, "BBB001": 9.0})
    done = gated(replace(report, grade=grade), GateRules(min_score=asked))
    assert only(done).held is held


def test_the_least_assurance() -> None:
    report = report_of([])
    report = replace(report, grade=replace(report.grade, assurance=69.9))
    assert gated(report, GateRules(min_assurance=70)).exit_code == UNSATISFIED
    assert gated(report, GateRules(min_assurance=69)).exit_code == SATISFIED


@pytest.mark.parametrize(("most", "code"), [(0, UNSATISFIED), (1, SATISFIED)])
def test_the_most_new_findings(most: int, code: int) -> None:
    baseline = with_all_accepted(report_of([ONE]))
    report = gated(after(baseline, report_of([ONE, TWO])), GateRules(new_findings=most))
    assert report.exit_code == code
    assert only(report).detail == "1 new finding: src/a.py:2"


def test_without_a_baseline_every_failing_finding_is_new() -> None:
    waived = replace(TWO, status=FindingStatus.WAIVED)
    report = gated(report_of([ONE, waived]), GateRules(new_findings=0))
    assert only(report).detail == "1 new finding: src/a.py:1"


@pytest.mark.parametrize(("day", "code"), [(30, UNSATISFIED), (31, SATISFIED)])
def test_the_most_expired_waivers(day: int, code: int) -> None:
    entry = Entry(
        kind=EntryKind.WAIVER,
        clause="CPX002",
        words="the parser is replaced in spring",
        owner="parser team",
        date=datetime.date(2030, 1, 1),
        expires=datetime.date(2030, 1, day),
        place=Evidence(path="pyproject.toml", line=1, detail=""),
    )
    attested = replace(entry, kind=EntryKind.ATTESTATION, expires=datetime.date(2029, 1, 1))
    rules = GateRules(expired_waivers=0)
    report = gated(report_of([]), rules, entries=(entry, attested))
    assert report.exit_code == code


def test_never_on_the_command_line_asks_for_nothing_and_in_the_file_for_the_rest() -> None:
    report, rules = report_of([ONE]), GateRules(new_findings=0)
    assert gated(report, rules).exit_code == UNSATISFIED
    assert gated(report, rules, origin="--fail-on").exit_code == SATISFIED


OUTCOMES = st.sampled_from([Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED])
ALONE = st.dictionaries(
    st.sampled_from(["AAA001.gate", "AAA001.declared", "BBB001.gate"]), OUTCOMES, max_size=3
)


@given(ALONE, ALONE, st.booleans(), st.booleans())
def test_a_baseline_never_makes_the_gate_stricter_nor_lets_a_new_failure_pass(
    before: dict[str, Outcome], now: dict[str, Outcome], had: bool, has: bool
) -> None:
    old = report_of([ONE] if had else [], alone=before)
    new = report_of([ONE] if has else [], alone=now)
    plain = gated(new, fail_on=FailOn.MUST).exit_code
    held = gated(after(with_all_accepted(old), new), fail_on=FailOn.MUST).exit_code
    failed_before = {name for name, outcome in before.items() if outcome is Outcome.FAIL}
    failing_now = {name for name, outcome in now.items() if outcome is Outcome.FAIL}
    regressed = bool(failing_now - failed_before) or (has and not had)
    assert (held == UNSATISFIED) is regressed
    assert plain in {UNSATISFIED, held}
