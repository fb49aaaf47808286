"""What a tool took the last time says when it is started, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.replacing import replace
from doctrine.model.tool import Tool
from doctrine.ordering import with_durations
from doctrine.tools.discovery import tools

_TOOLS = tools(["mypy", "pyright", "radon", "ruff", "vulture"])
_BRIEF = 0.5


def _order(chosen: tuple[Tool, ...]) -> list[str]:
    return [one.name for one in sorted(chosen, key=lambda one: -one.cost)]


def test_the_longest_of_the_last_check_goes_first() -> None:
    known = {"mypy": 30.0, "pyright": 20.0, "radon": 4.0, "vulture": 2.0}
    told = with_durations(_TOOLS, known, brief=_BRIEF)
    assert _order(told) == ["mypy", "pyright", "radon", "vulture", "ruff"]


def test_what_is_not_known_is_estimated_by_what_is() -> None:
    # Here everything takes a hundredth of what is usual: mypy, too.
    known = {"pyright": 0.36, "vulture": 0.036}
    told = with_durations(_TOOLS, known, brief=_BRIEF)
    assert _order(told) == ["pyright", "mypy", "vulture", "radon", "ruff"]


@given(st.dictionaries(st.sampled_from([one.name for one in _TOOLS]), st.floats(0, 1e6)))
def test_brief_tools_stay_brief_and_no_other_becomes_so(known: dict[str, float]) -> None:
    told = with_durations(_TOOLS, known, brief=_BRIEF)
    for before, after in zip(_TOOLS, told, strict=True):
        assert replace(after, cost=before.cost) == before
        assert (after.cost <= _BRIEF) is (before.cost <= _BRIEF)


def test_without_a_last_check_the_order_is_the_usual_one() -> None:
    assert _order(with_durations(_TOOLS, {}, brief=_BRIEF)) == _order(_TOOLS)
