"""What a watched project looks like."""

from __future__ import annotations

import io

from doctrine.cli.watch_screen import PlainScreen
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.watch.events import Began, Changed, Effect, Event, Pressed, Refused, Say
from doctrine.watch.lines import plain
from doctrine.watch.state import State, begin, step
from doctrine.watch.view import footer, written
from tests.watch.told import a_finding, told

FAIL, UNVERIFIED = Outcome.FAIL, Outcome.UNVERIFIED
CHANGE = Changed(paths=("src/a.py",))


def seen(*events: Event) -> tuple[State, list[str]]:
    """The state after events, a second apart, and everything that was written."""
    state, effects = begin(0.0)
    every: list[Effect] = [*effects]
    for at, event in enumerate(events, start=1):
        state, more = step(state, event, float(at))
        every.extend(more)
    return state, [plain(line) for effect in every for line in written(effect)]


def test_the_first_report_tells_the_grade_the_counts_and_what_fails() -> None:
    _, lines = seen(told(1, {"TYP001": FAIL}))
    assert "non-conformant" in lines[0]
    assert "1 fail" in lines[0]
    assert lines[1:] == ["  x TYP001 MUST why TYP001"]


def test_a_clause_that_fails_now_is_shown_with_place_reason_and_remedy() -> None:
    finding = a_finding("f", line=7, column=2)
    _, lines = seen(told(1), CHANGE, told(2, {"TYP001": FAIL}, finding))
    assert "src/a.py" in lines[1]
    assert lines[2:] == [
        "  x TYP001 MUST pass -> fail: why TYP001",
        "      src/a.py:7:2 f is wrong  [mypy R1]",
        "      mend: Do it.",
    ]


def test_what_is_mended_is_shown_too() -> None:
    _, lines = seen(told(1, {"TYP001": FAIL}, a_finding("f")), CHANGE, told(2))
    assert "  + TYP001 MUST fail -> pass: It holds." in lines
    assert "  - 1 finding gone" in lines


def test_another_finding_of_a_clause_that_fails_anyway_is_shown() -> None:
    old, new = a_finding("old"), a_finding("new", line=9)
    _, lines = seen(told(1, {"TYP001": FAIL}, old), CHANGE, told(2, {"TYP001": FAIL}, old, new))
    assert lines[-1] == "  x src/a.py:9:5 new is wrong  [mypy R1] TYP001"


def test_clauses_that_are_being_judged_are_no_part_of_the_counts() -> None:
    waiting = frozenset({"mypy"})
    said = told(2, {"TYP001": UNVERIFIED, "LNT001": FAIL}, waiting=waiting)
    state, lines = seen(told(1), CHANGE, said)
    assert "being judged" in lines[1]
    assert "(A 100" in lines[1], "the last grade is shown as what it was"
    assert "1 fail" in lines[1]
    below = [plain(line) for line in footer(state, 4.0, keys=True)]
    assert "1 fail" in below[0]
    assert "clauses open" in below[1]


def test_the_lines_below_tell_what_runs_and_which_keys_there_are() -> None:
    state, _ = seen(told(1), CHANGE, Began(tool="mypy"))
    below = [plain(line) for line in footer(state, 5.0, keys=True)]
    assert below[1] == "judging 3.0 s  mypy 2.0s"
    assert below[2].startswith("q quit")
    quiet = footer(replace(state, judging=False), 5.0, keys=False)
    assert [plain(line) for line in quiet][1:] == ["watching"]


def test_a_configuration_that_cannot_be_read_stays_on_view() -> None:
    state, lines = seen(told(1), CHANGE, Refused(number=2, message="no\x1b[2J", hint="mend it"))
    assert lines[1:] == ["no\\x1b[2J", "  mend it"]
    below = [plain(line) for line in footer(state, 5.0, keys=False)]
    assert below[-1] == "waiting for a change: no\\x1b[2J"


def test_a_key_lists_everything_that_fails() -> None:
    _, lines = seen(told(1, {"TYP001": FAIL, "LNT001": FAIL}), Pressed(key="f"))
    assert sorted(lines[-2:]) == ["  x LNT001 MUST why LNT001", "  x TYP001 MUST why TYP001"]


def test_lines_one_after_another_carry_the_time_and_no_escapes() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    screen = PlainScreen(stream)
    screen.write(written(Say(text="naïve \x1b[31m", bad=True)))
    screen.stand(())
    stream.seek(0)
    text = stream.read()
    assert text[2] == text[5] == ":"
    assert text.endswith(" na\\xefve \\x1b[31m\n")
