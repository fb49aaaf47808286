"""What is remembered of a file is what merging it again would tell, whatever changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.defects import load_defects
from doctrine.model.guide import Guide, RuleCheck
from doctrine.model.observation import Finding, Location
from doctrine.model.project import (
    Definition,
    Ignore,
    IgnoreScope,
    Module,
    Role,
    Silencer,
    Suppression,
)
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.normalise import Context, normalise
from doctrine.watch import merging
from doctrine.watch.merging import Merging
from tests.builders import a_clause, a_finding, a_run

PATHS = ("a.py", "b\udcff.py", "c.toml")
TEXTS = ((), ("import os", "", "x = 1"), ("import os", "", "x = 2"))
RULES = (("ruff", "F401"), ("pyright", "reportUnusedImport"), ("vulture", "unused-import"))


def a_guide(*tools: str) -> Guide:
    checks = tuple(RuleCheck(id=one, tool=one, rules=("*",)) for one in tools)
    clause = a_clause("LNT001", checks=checks)
    return Guide(id="g", title="G", version="1", digest="", registry="", clauses=(clause,))


AN_IGNORE = Ignore(
    location=Location.point("a.py", 1),
    scope=IgnoreScope.LINE,
    word="doctrine: ignore",
    clauses=("LNT001",),
    reason="because",
    first_line=1,
    last_line=3,
)
GUIDES = (a_guide("ruff", "vulture"), a_guide("pyright"))


@st.composite
def modules(draw: st.DrawFn, path: str) -> Module:
    noqa = Suppression(
        silencer=Silencer.NOQA, rules=("F401",), location=Location.point(path, 1), whole_file=False
    )
    function = Definition(qualname=draw(st.sampled_from("fg")), line=1, end_line=3)
    return Module(
        path=path,
        role=draw(st.sampled_from((Role.SOURCE, Role.TEST))),
        suppressions=draw(st.sampled_from(((), (noqa,)))),
        definitions=draw(st.sampled_from(((), (function,)))),
    )


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    texts = {path: draw(st.sampled_from(TEXTS)) for path in PATHS}

    def lines(path: str) -> Sequence[str]:
        return texts[path]

    return Context(
        guide=draw(st.sampled_from(GUIDES)),
        modules={path: draw(modules(path)) for path in PATHS[:2]},
        defects=load_defects(),
        lines=lines,
        ignores=draw(st.sampled_from(({}, {"a.py": (AN_IGNORE,)}))),
        audit=draw(st.booleans()),
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    tool, rule = draw(st.sampled_from(RULES))
    found = a_finding(tool, rule, symbol="os", message=draw(st.sampled_from(("m", "n"))))
    where = Location.point(draw(st.sampled_from(PATHS)), draw(st.integers(1, 3)))
    return replace(found, location=where)


def with_runs(found: Iterable[Finding]) -> list[tuple[ToolRun, Finding]]:
    return [(replace(a_run(one.tool), program=one.tool), one) for one in found]


@given(st.lists(st.tuples(st.lists(findings(), max_size=6), contexts()), min_size=2, max_size=6))
def test_what_is_remembered_tells_the_same_as_merging_again(
    states: list[tuple[list[Finding], Context]],
) -> None:
    kept = Merging()
    for found, context in states:
        reported = with_runs(found)
        assert kept.normalise(reported, context) == normalise(reported, context)


def a_context() -> Context:
    noqa = Suppression(
        silencer=Silencer.NOQA,
        rules=("F401",),
        location=Location.point("a.py", 1),
        whole_file=False,
    )
    module = Module(path="a.py", role=Role.SOURCE, suppressions=(noqa,))
    return Context(
        guide=GUIDES[0], modules={"a.py": module}, defects=load_defects(), lines=lambda _: TEXTS[1]
    )


CONTEXT = a_context()


def another_text(_: str) -> Sequence[str]:
    return ("import sys",)


@pytest.mark.parametrize(
    "after",
    [
        replace(CONTEXT, guide=GUIDES[1]),
        replace(CONTEXT, audit=True),
        replace(CONTEXT, ignores={"a.py": (AN_IGNORE,)}),
        replace(CONTEXT, modules={}),
        replace(CONTEXT, lines=another_text),
    ],
)
def test_what_any_other_thing_changes_is_told(after: Context) -> None:
    reported = with_runs([replace(a_finding("ruff", "F401"), location=Location.point("a.py", 1))])
    kept = Merging()
    assert kept.normalise(reported, CONTEXT) == normalise(reported, CONTEXT)
    assert kept.normalise(reported, after) == normalise(reported, after)
    assert normalise(reported, after) != normalise(reported, CONTEXT)


def test_a_file_of_which_the_same_is_known_is_not_merged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merged: list[str] = []

    def noted(reported: Iterable[tuple[ToolRun, Finding]], context: Context) -> object:
        pairs = list(reported)
        merged.extend(one.location.path for _, one in pairs)
        return normalise(pairs, context)

    monkeypatch.setattr(merging, "normalise", noted)
    both = [
        replace(a_finding("ruff", "F401"), location=Location.point(one, 1)) for one in PATHS[:2]
    ]
    text = ["import os"]
    known = {path: Module(path=path, role=Role.SOURCE) for path in PATHS[:2]}
    context = Context(
        guide=GUIDES[0],
        modules=known,
        defects=load_defects(),
        lines=lambda path: text[path > "a.py" :],
    )
    kept = Merging()
    first = kept.normalise(with_runs(both), context)
    assert merged == [*PATHS[:2]]
    assert kept.normalise(with_runs(both[:1]), context) == first[:1]
    assert kept.normalise(with_runs(both), context) == first
    assert merged == [*PATHS[:2]]
    text[0] = "import sys"
    assert kept.normalise(with_runs(both), context)[1:] == first[1:]
    assert merged == [*PATHS[:2], "a.py"]
