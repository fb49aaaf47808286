"""What a clause looks like in code, where the clause is explained."""

from __future__ import annotations

import pytest

from doctrine.cli.examples_view import chosen_examples
from doctrine.cli.explain_view import render_explain
from doctrine.model.example import Example
from doctrine.model.guide import Guide
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.reports._format import Canvas
from tests.reports.standard import GUIDE, SEC005

WIDE = Canvas(width=120)


def _example(name: str, outcome: Outcome, code: str = "x = 1\n", *, line: int = 0) -> Example:
    places = (f"src/a.py:{line}",) if line else ()
    return Example(name=name, outcome=outcome, files={"src/a.py": code}, places=places)


def _guide(*examples: Example) -> Guide:
    shown = replace(SEC005, examples=examples)
    others = (one for one in GUIDE.clauses if one.id != shown.id)
    return replace(GUIDE, clauses=(*others, shown))


LONG_PASS = _example("long", Outcome.PASS, "x = 1\n" * 3)
SHORT_PASS = _example("short", Outcome.PASS, "x = 1\ny = 2\n")
ELSEWHERE = _example("elsewhere", Outcome.NOT_APPLICABLE)
DOUBT = _example("doubt", Outcome.UNVERIFIED)
FAIL = _example("bad", Outcome.FAIL, "import random\ntoken = random.random()\n", line=2)


@pytest.mark.parametrize(
    ("examples", "shown"),
    [
        ((LONG_PASS, SHORT_PASS, FAIL, DOUBT), [("complies", "short"), ("violates", "bad")]),
        ((ELSEWHERE, LONG_PASS, DOUBT), [("complies", "long"), ("open", "doubt")]),
        ((DOUBT, ELSEWHERE), [("complies", "elsewhere"), ("open", "doubt")]),
        ((), []),
    ],
)
def test_the_shortest_of_each_kind_is_shown(
    examples: tuple[Example, ...], shown: list[tuple[str, str]]
) -> None:
    guide = _guide(*examples)
    clause = guide.clause(SEC005.id)
    assert clause is not None
    chosen = chosen_examples(guide, clause)
    assert [(one.label, one.example.name) for one in chosen] == shown


def test_what_decides_a_violation_is_marked() -> None:
    text = render_explain(_guide(replace(FAIL, note="Guessed easily."), SHORT_PASS), "SEC005", WIDE)
    assert text.endswith(
        """
  complies short
           src/a.py
             x = 1
             y = 2

  violates bad: Guessed easily.
           src/a.py
             import random
           ✗ token = random.random()
"""
    )


def test_a_narrow_page_keeps_the_code_of_an_example_whole() -> None:
    text = render_explain(_guide(FAIL), "SEC005", Canvas(width=40, unicode=False))
    assert text.endswith("  violates: bad\n    src/a.py\n      import random\n"
                         "    x token = random.random()\n")  # fmt: skip


def test_an_umbrella_is_shown_by_a_member() -> None:
    guide = _guide(FAIL)
    umbrella = replace(SEC005, id="SEC003", checks=(), members=("SEC005",))
    guide = replace(guide, clauses=(*(c for c in guide.clauses if c.id != "SEC003"), umbrella))
    assert "violates SEC005 bad" in render_explain(guide, "SEC003", WIDE)


def test_only_the_beginning_of_a_long_file_is_shown() -> None:
    text = render_explain(_guide(_example("big", Outcome.FAIL, "x = 1\n" * 99)), "SEC005", WIDE)
    assert text.count("x = 1") == 24
    assert text.endswith(" …\n")


def test_an_example_cannot_steer_the_terminal() -> None:
    nasty = replace(FAIL, note="\x1b[2J", files={"src/\x1b[2J": "\x1b[2J\t\x07\n"})
    assert not set(render_explain(_guide(nasty), "SEC005", WIDE)) & {"\x1b", "\t", "\x07"}
