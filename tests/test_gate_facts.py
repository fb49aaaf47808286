"""A gate pattern that rests on the configuration counts only as far as a fact says so."""

from __future__ import annotations

import pytest

from doctrine.checks.case import case_of
from doctrine.checks.decide import decide
from doctrine.model.guide import GateCheck, GatePattern
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, Command, CommandKind, Fact, Project
from doctrine.model.replacing import replace
from doctrine.model.verdict import Outcome
from tests.builders import a_project

CHECK = GateCheck(
    id="gate",
    gates=(
        GatePattern(program="pytest", needs_any=("--cov",)),
        GatePattern(program="pytest", fact="coverage-by-default"),
    ),
)


def _running(*argv: str) -> Project:
    place = Evidence(path=".github/workflows/ci.yml", line=7, detail=" ".join(argv))
    command = Command(argv=argv, kind=CommandKind.CI, place=place)
    return a_project(automation=Automation(commands=(command,), has_ci=True))


def _given(project: Project, value: bool | None) -> Project:
    fact = Fact(id="coverage-by-default", value=value)
    return replace(project, facts={fact.id: fact})


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(True, Outcome.PASS), (False, Outcome.FAIL), (None, Outcome.UNVERIFIED)],
)
def test_the_fact_stands_for_the_missing_option(value: bool | None, outcome: Outcome) -> None:
    project = _given(_running("pytest", "-q"), value)
    assert decide(CHECK, case_of(project, (), ())).outcome is outcome


def test_a_fact_that_nobody_looked_for_counts_for_nothing() -> None:
    assert decide(CHECK, case_of(_running("pytest"), (), ())).outcome is Outcome.FAIL


def test_no_fact_is_needed_where_the_option_is_given() -> None:
    project = _given(_running("pytest", "--cov=src"), None)
    assert decide(CHECK, case_of(project, (), ())).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [True, False, None])
def test_a_fact_makes_no_gate_of_another_program(value: bool | None) -> None:
    project = _given(_running("ruff", "check"), value)
    assert decide(CHECK, case_of(project, (), ())).outcome is Outcome.FAIL
