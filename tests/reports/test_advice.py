"""The block of recommendations: every one is named, and what is not followed says how to."""

from __future__ import annotations

from doctrine.cli.clauses_view import clauses_json, render_clauses
from doctrine.cli.explain_view import render_explain
from doctrine.guide.loader import load
from doctrine.model.observation import Evidence
from doctrine.model.recommendation import Advice, AdviceState
from doctrine.model.replacing import replace
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports.terminal.body import sections
from tests.reports.build import a_report
from tests.reports.standard import GUIDE

PYTHON = load()
CANVAS = Canvas(width=100, unicode=True, color=False, links=False)


def shown(*states: AdviceState) -> str:
    place = Evidence(path="pyproject.toml", line=7, detail="line-length")
    advice = tuple(
        Advice(recommendation=one, state=state, detail="it is 88", evidence=(place,))
        for one, state in zip(PYTHON.recommendations, states, strict=False)
    )
    return "".join(sections(stored(replace(a_report(), advice=advice)), CANVAS))


def test_what_is_not_followed_says_where_and_how_to() -> None:
    text = " ".join(shown(AdviceState.NOT_FOLLOWED, AdviceState.FOLLOWED).split())
    one = PYTHON.recommendations[0]
    assert "1 of 2 recommendations not followed; they cost no points" in text
    assert f"{one.id} pyproject.toml:7 it is 88. {one.remedy}" in text


def test_every_recommendation_of_use_is_named_and_the_others_are_counted() -> None:
    states = tuple(AdviceState)
    every = tuple(states[at % len(states)] for at in range(len(PYTHON.recommendations)))
    text = shown(*every)
    for one, state in zip(PYTHON.recommendations, every, strict=True):
        assert (one.id in text) is (state is not AdviceState.NOT_APPLICABLE)
    assert f"{every.count(AdviceState.NOT_APPLICABLE)} without a use here" in text


def test_a_report_without_advice_has_no_block() -> None:
    assert "Recommendations" not in shown()


def test_the_clauses_are_listed_with_the_recommendations() -> None:
    listed = render_clauses(PYTHON, CANVAS)
    assert all(one.id in listed for one in PYTHON.recommendations)
    assert '"id": "REC-RUFF-LEN"' in clauses_json(PYTHON)
    assert "Recommendations" not in render_clauses(GUIDE, CANVAS)


def test_explain_shows_advice_under_its_clause_and_by_itself() -> None:
    assert "REC-COV-BRANCH: Branches are measured" in render_explain(PYTHON, "COV001", CANVAS)
    text = render_explain(PYTHON, "rec-cov-branch", CANVAS)
    assert "`run.branch` of coverage is true" in text
    assert "nothing: it is shown, and costs no point" in text


def test_every_recommendation_can_be_explained() -> None:
    for one in PYTHON.recommendations:
        text = " ".join(render_explain(PYTHON, one.id, CANVAS).split())
        assert one.remedy in text
