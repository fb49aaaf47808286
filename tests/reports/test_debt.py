"""How a report shows what was accepted, and which conditions of the gate are not satisfied."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from doctrine.model.baseline import Accepted, Debt
from doctrine.model.gate import Condition, Held
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._format import Canvas
from tests.reports.build import a_report
from tests.reports.goldens import rendered

PLAIN = Canvas(width=100)
ENTRY = Accepted(
    path="src/acme/tokens.py",
    symbol="make_token",
    rule="ruff:S311",
    digest="0123456789abcdef",
    clauses=("SEC005",),
)
DEBT = Debt(
    path="doctrine-baseline.txt",
    entries=12,
    matched=9,
    new=("a", "b"),
    regressions=("TYP001.gate",),
    stale=(ENTRY,),
    stale_checks=("LNT001.gate",),
    undecided=1,
    notes=("made by another guide: run `doctrine baseline update`",),
)
GATE = (
    Condition(name="fail-on", asked="must", held=Held.NO, detail="1 clause fails: TYP001 (x)"),
    Condition(name="min-score", asked="80", held=Held.YES, detail="it is 81.0"),
    Condition(name="verdict", asked="conditional", held=Held.OPEN, detail="it is open"),
)


def report() -> Report:
    return replace(a_report(), baseline=DEBT, gate=GATE)


def test_the_terminal_says_what_is_accepted_new_mended_and_unknown() -> None:
    text = " ".join(rendered("terminal", report(), PLAIN).split())
    for said in (
        "9 of 12 accepted still there",
        "new, not accepted: 2 findings and checks TYP001.gate",
        "2 mended: LNT001.gate, ruff:S311 in src/acme/tokens.py (make_token).",
        "`doctrine baseline update` drops what is mended",
        "1 entry not looked for in this run",
        "made by another guide",
    ):
        assert said in text


def test_the_terminal_names_each_condition_that_is_not_satisfied() -> None:
    text = " ".join(rendered("terminal", report(), PLAIN).split())
    assert "fail-on = must 1 clause fails: TYP001 (x)" in text
    assert "verdict = conditional it is open" in text
    assert "min-score" not in text


def test_a_commit_that_was_compared_with_is_named_and_needs_no_update() -> None:
    debt = replace(DEBT, path="", since="main (0123456789ab)", notes=())
    text = " ".join(rendered("terminal", replace(report(), baseline=debt), PLAIN).split())
    assert "Since main (0123456789ab) 9 of 12 that failed then still there" in text
    assert "new: 2 findings and checks TYP001.gate" in text
    assert "doctrine baseline update" not in text


def test_a_long_list_of_mended_entries_is_cut_and_counted() -> None:
    debt = replace(DEBT, stale=(ENTRY,) * 40)
    text = rendered("terminal", replace(report(), baseline=debt), PLAIN)
    assert "41 mended" in text
    assert ", and 36 more" in " ".join(text.split())


@pytest.mark.parametrize("debt", [DEBT, None])
def test_the_json_report_has_it_as_the_schema_says(debt: Debt | None) -> None:
    document = json.loads(rendered("json", replace(report(), baseline=debt), PLAIN))
    schema = json.loads(
        files("doctrine.reports").joinpath("report-v1.schema.json").read_text("utf-8")
    )
    jsonschema.validate(document, schema)
    held = {one["name"]: one["held"] for one in document["gate"]["conditions"]}
    assert held == {"fail-on": "not-satisfied", "min-score": "satisfied", "verdict": "incomplete"}
    assert (document["baseline"] is None) is (debt is None)
    if debt is not None:
        assert document["baseline"]["new"] == 2
        assert document["baseline"]["stale"][0]["symbol"] == "make_token"
