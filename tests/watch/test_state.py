"""What a watched project makes of what happens."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.watch.events import (
    Began,
    Broke,
    Changed,
    Effect,
    End,
    Ended,
    Event,
    Forget,
    Gone,
    Idle,
    Judge,
    List,
    Noted,
    Pressed,
    Refused,
    Say,
    Show,
    Signalled,
    Wait,
)
from doctrine.watch.state import State, begin, step
from tests.watch.told import a_finding, told

FAIL, PASS, UNVERIFIED = Outcome.FAIL, Outcome.PASS, Outcome.UNVERIFIED
WAITING = frozenset({"mypy"})
OPEN = {"TYP001": UNVERIFIED, "TYP003": UNVERIFIED, "TYP005": UNVERIFIED}
CHANGE = Changed(paths=("src/a.py",), touched=("src/a.py",))


def after(*events: Event, state: State | None = None) -> tuple[State, list[Effect]]:
    """The state after events, a second apart, and all effects."""
    effects: list[Effect] = []
    if state is None:
        state, first = begin(0.0)
        effects.extend(first)
    for at, event in enumerate(events, start=1):
        state, more = step(state, event, float(at))
        effects.extend(more)
    return state, effects


def judged(effects: list[Effect]) -> list[int]:
    return [one.number for one in effects if isinstance(one, Judge)]


def shown(effects: list[Effect]) -> list[Show]:
    return [one for one in effects if isinstance(one, Show)]


def test_it_begins_with_a_judgement_and_shows_the_complete_one() -> None:
    state, effects = after(told(1, OPEN, waiting=WAITING), told(1, {"TYP001": FAIL}))
    assert judged(effects) == [1]
    assert [one.difference for one in shown(effects)] == [None]
    assert not state.judging
    assert state.complete is not None


def test_a_change_is_judged_and_only_what_it_changed_is_shown() -> None:
    _, effects = after(told(1), CHANGE, told(2, {"LNT001": FAIL}))
    assert judged(effects) == [1, 2]
    difference = shown(effects)[1].difference
    assert difference is not None
    assert [(one.clause.id, one.before, one.after) for one in difference.clauses] == [
        ("LNT001", PASS, FAIL)
    ]
    assert shown(effects)[1].paths == ("src/a.py",)


def test_what_tools_at_work_decide_is_open_and_neither_held_nor_mended() -> None:
    finding = a_finding("f")
    state, effects = after(
        told(1, {"TYP001": FAIL}, finding),
        CHANGE,
        told(2, {**OPEN, "LNT001": FAIL}, waiting=WAITING),
    )
    last = shown(effects)[-1]
    assert last.undecided == frozenset({"TYP001", "TYP003", "TYP005"})
    assert last.difference is not None
    assert [one.clause.id for one in last.difference.clauses] == ["LNT001"]
    assert not last.difference.fixed
    assert state.judging


def test_the_rest_is_shown_when_the_last_tool_has_ended() -> None:
    _, effects = after(
        told(1, {"TYP001": FAIL}, a_finding("f")),
        CHANGE,
        told(2, {**OPEN, "LNT001": FAIL}, waiting=WAITING),
        told(2, {"LNT001": FAIL}),
    )
    difference = shown(effects)[-1].difference
    assert difference is not None
    assert [one.clause.id for one in difference.clauses] == ["TYP001"]
    assert [one.fingerprint for one in difference.fixed] == ["f"]


def test_what_misses_tools_and_says_nothing_new_is_not_shown() -> None:
    _, effects = after(told(1), CHANGE, told(2, OPEN, waiting=WAITING))
    assert len(shown(effects)) == 1


def test_a_failure_that_another_tool_proves_is_shown_at_once() -> None:
    umbrella = {**OPEN, "TYP005": FAIL, "LNT001": FAIL}
    _, effects = after(told(1), CHANGE, told(2, umbrella, waiting=WAITING))
    difference = shown(effects)[-1].difference
    assert difference is not None
    assert {one.clause.id for one in difference.clauses} == {"LNT001", "TYP005"}


def test_a_defect_that_two_tools_report_is_not_new_while_one_is_missing() -> None:
    both = a_finding("both", tools=("pyright", "mypy"))
    # each tool points elsewhere, and the lines have moved
    alone = a_finding("alone", tools=("mypy",), line=4, column=1)
    other = a_finding("other", tools=("mypy",), line=9)
    waiting = frozenset({"pyright"})
    state, effects = after(
        told(1, {"TYP001": FAIL}, both),
        CHANGE,
        told(2, {"TYP001": FAIL, "TYP002": UNVERIFIED}, alone, other, waiting=waiting),
    )
    assert len(shown(effects)) == 2
    assert state.known is not None
    assert [one.fingerprint for one in state.known.findings] == ["both", "other"]


def test_what_a_tool_is_done_with_is_gone_once_all_who_found_it_are() -> None:
    both = a_finding("both", tools=("pyright", "mypy"), clause="TYP001")
    alone, other = (
        a_finding(path, path=path, tools=("pyright",), clause="TYP002")
        for path in ("src/a.py", "src/b.py")
    )
    waiting = frozenset({"pyright", "mypy"})
    state, effects = after(
        told(1, {"TYP001": FAIL, "TYP002": FAIL}, both, alone, other),
        CHANGE,
        told(
            2,
            {"TYP001": UNVERIFIED, "TYP002": UNVERIFIED},
            waiting=waiting,
            settled={"pyright": frozenset({"src/a.py"})},
        ),
    )
    assert state.known is not None
    assert [one.fingerprint for one in state.known.findings] == ["both", "src/b.py"]
    assert {"TYP001", "TYP002"} <= state.undecided, "that it holds is for the whole to say"
    difference = shown(effects)[-1].difference
    assert difference is not None
    assert [one.fingerprint for one in difference.fixed] == ["src/a.py"]
    assert not difference.clauses


def test_a_judgement_of_files_that_are_others_by_now_says_nothing() -> None:
    state, effects = after(told(1), CHANGE, CHANGE, told(2, {"LNT001": FAIL}))
    assert judged(effects) == [1, 2, 3]
    assert len(shown(effects)) == 1
    assert state.judging


def test_touching_a_file_matters_only_to_a_judgement_that_may_have_read_it() -> None:
    touch = Changed(paths=(), touched=("src/a.py",))
    _, effects = after(told(1), touch)
    assert judged(effects) == [1]
    _, effects = after(touch)
    assert judged(effects) == [1, 2]


def test_a_flood_of_changes_lets_a_judgement_speak_now_and_then() -> None:
    flood = [CHANGE] * 20
    state, effects = after(*flood)
    assert len(judged(effects)) < 6
    assert state.stale
    state, effects = after(told(state.number, OPEN, waiting=WAITING), state=state)
    assert judged(effects) == [state.number]
    assert state.touched == ("src/a.py",)
    assert not state.stale


def test_a_configuration_that_cannot_be_read_is_said_once_and_watched_on() -> None:
    wrong = "pyproject.toml:3: not TOML"
    state, effects = after(
        told(1),
        CHANGE,
        Refused(number=2, message=wrong, hint="mend it"),
        CHANGE,
        Refused(number=3, message=wrong),
        CHANGE,
        told(4, {"LNT001": FAIL}),
    )
    said = [one for one in effects if isinstance(one, Say)]
    assert [one.text for one in said] == [wrong]
    assert state.refused == ""
    assert len(shown(effects)) == 2


def test_keys_end_it_judge_anew_and_list_what_fails() -> None:
    _, effects = after(told(1), Pressed(key="f"), Pressed(key="r"), Pressed(key="x"))
    assert [type(one) for one in effects[2:]] == [List, Judge]
    assert effects[-1] == Judge(number=2, anew=True)
    assert after(Pressed(key="q"))[1][-1] == End(code=0)
    assert after(Pressed(key="f"))[1][1:] == []


def test_one_that_broke_off_is_begun_anew_unless_another_one_runs() -> None:
    state, effects = after(CHANGE, Broke(number=1, text="OSError: gone"))
    assert state.number == 2
    assert not any(isinstance(one, Say) for one in effects)
    state, effects = after(CHANGE, Broke(number=2, text="OSError: gone"))
    assert effects[-2:] == [
        Say(text="the judgement broke off (OSError: gone)", bad=True), Judge(number=3, anew=True)
    ]  # fmt: skip


def test_signals_and_a_vanished_project_end_it() -> None:
    assert after(Signalled(number=15))[1][-1] == End(code=143)
    assert after(Gone())[1][-1] == End(code=2)
    assert after(Noted(text="mind"))[1][-1] == Say(text="mind")


def test_tools_are_known_while_they_run() -> None:
    state, _ = after(Began(tool="mypy"), Began(tool="ruff"), Ended(tool="ruff"))
    assert state.running == {"mypy": 1.0}


_OUTCOMES = st.dictionaries(
    st.sampled_from(["LNT001", "TYP001", "TYP002", "TYP003", "DEP001"]),
    st.sampled_from([PASS, FAIL, UNVERIFIED, Outcome.ERROR]),
)
_WAITING = st.frozensets(st.sampled_from(["ruff", "mypy", "pyright"]))


@st.composite
def _events(draw: st.DrawFn) -> Event:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return CHANGE
    if kind == 1:
        return Refused(number=draw(st.integers(1, 6)), message="no")
    finding = a_finding(
        draw(st.sampled_from("abc")), tools=(draw(st.sampled_from(["ruff", "mypy"])),)
    )
    return told(draw(st.integers(1, 6)), draw(_OUTCOMES), finding, waiting=draw(_WAITING))


@settings(max_examples=40)
@given(st.lists(_events(), max_size=12))
def test_whatever_happens_the_last_complete_report_is_what_is_known(events: list[Event]) -> None:
    state, effects = after(*events)
    numbers = judged(effects)
    assert numbers == list(range(1, len(numbers) + 1))
    assert state.number == len(numbers)
    if not state.judging and not state.refused:
        assert state.known == state.complete
        assert not state.undecided
    for one in shown(effects):
        held = {clause.id for clause in one.report.clauses if clause.outcome is PASS}
        turned = one.difference.clauses if one.difference else ()
        # Nothing that a tool may still decide is shown as mended.
        assert not {turn.clause.id for turn in turned if not turn.worse} & one.undecided & held


def by_server(number: int, outcomes: dict[str, Outcome] | None = None) -> Event:
    return replace(told(number, outcomes), residents=frozenset({"pyright"}))


def test_what_a_process_that_stays_has_told_is_confirmed_when_nothing_happens() -> None:
    state, effects = after(by_server(1))
    assert effects[-1] == Wait(number=1)
    state, effects = after(Idle(number=1), state=state)
    assert effects == [Judge(number=2, confirming=True)]
    state, effects = after(told(2, OPEN, waiting=WAITING), told(2), state=state)
    assert effects == [], "what is only confirmed is not said again"
    assert not state.residents
    assert not state.judging


def test_a_change_ends_what_would_confirm_and_an_old_pause_confirms_nothing() -> None:
    state, effects = after(by_server(1), CHANGE, Idle(number=1))
    assert judged(effects) == [1, 2]
    state, effects = after(by_server(1), Idle(number=1), CHANGE)
    assert [one.confirming for one in effects if isinstance(one, Judge)] == [False, True, False]
    assert not state.confirming


def test_a_process_that_told_otherwise_than_the_tool_is_trusted_no_more() -> None:
    state, effects = after(by_server(1), Idle(number=1), told(2, {"TYP002": FAIL}))
    said, shown_, forgotten = effects[-3:]
    assert isinstance(said, Say)
    assert said.bad
    assert isinstance(shown_, Show)
    assert forgotten == Forget()
    assert state.complete is not None
    assert not state.residents


def test_what_was_run_as_a_check_does_needs_no_confirming() -> None:
    _, effects = after(told(1), Idle(number=1))
    assert judged(effects) == [1]
