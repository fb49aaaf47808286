"""What a plan writes holds the clauses that it names, as a check judges them."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.adopt.edits import Plan
from doctrine.adopt.situation import Platform
from doctrine.adoption import adoption
from doctrine.model.outcome import Outcome
from tests.adopt.trees import EVERYTHING, TINY, adopted, after, write
from tests.guide.examples import guide, judge_by, plant, told

NEEDS_MORE = {
    "FUZ001": "only a test that uses Hypothesis holds it; the plan declares it",
    "PKG001": "it asks for the lock as well, which takes a network",
}
"""Clauses that a plan works towards, and why it cannot hold them alone."""
CLAIMED = (
    *("CMP001", "COV001", "COV002", "CPX001", "CPX002", "DED001", "DEP004", "DEP005", "DEP006"),
    *("FMT001", "LNT001", "SGP001", "TYP001", "TYP002", "TYP003", "TYP004", "XDT001"),
)
"""Every other clause that the plan for a fresh project names."""


def _named(plan: Plan) -> set[str]:
    return {
        clause for edit in plan.edits for reason in edit.reasons for clause in reason.clauses
    } - NEEDS_MORE.keys()


@pytest.mark.parametrize("platform", Platform)
def test_a_fresh_project_is_brought_to_every_clause_that_configuration_can_hold(
    platform: Platform, tmp_path: Path
) -> None:
    plant(tmp_path, TINY)
    assert _named(adopted(tmp_path, platform=platform)) == set(CLAIMED)


@pytest.mark.live
@pytest.mark.parametrize("platform", Platform)
def test_the_clauses_that_a_plan_names_hold_after_it(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    plant(tmp_path, TINY)
    write(tmp_path, adopted(tmp_path, platform=platform))
    plant(tmp_path, {})
    report = judge_by(tmp_path, guide())
    verdicts = [one for one in report.clauses if one.clause.id in CLAIMED]
    assert sorted(one.clause.id for one in verdicts) == sorted(CLAIMED)
    missed = [one for one in verdicts if one.outcome is not Outcome.PASS]
    assert not missed, [told(report, one) for one in missed]


def test_who_wants_a_clause_gets_nothing_that_only_others_ask(tmp_path: Path) -> None:
    plant(tmp_path, TINY)
    root = str(tmp_path.resolve())
    plan = adoption(root, EVERYTHING, None, clauses=frozenset({"DED001"}))
    reasons = [reason for edit in plan.edits for reason in edit.reasons]
    assert all("DED001" in reason.clauses for reason in reasons)
    assert {one.path for one in plan.edits} == {
        "pyproject.toml",
        ".github/workflows/doctrine.yml",
    }
    assert 'dev = ["vulture>=2.14,<3"]' in after(plan, "pyproject.toml")
    assert "mypy" not in "".join(after(plan, one.path) for one in plan.edits)
    assert not plan.left


@pytest.mark.parametrize("clause_id", ["ASY001", "SEC005"])
def test_what_no_configuration_holds_configures_nothing(clause_id: str, tmp_path: Path) -> None:
    plant(tmp_path, TINY)
    root = str(tmp_path.resolve())
    assert adoption(root, EVERYTHING, None, clauses=frozenset({clause_id})) == Plan()
