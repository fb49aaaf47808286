from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from xmlschema import XMLSchema

from doctrine.model.baseline import Debt
from doctrine.model.gate import Condition, Held
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report
from doctrine.model.verdict import Outcome
from tests.reports.build import (
    a_finding,
    a_perfect_report,
    a_report,
    an_empty_report,
    check,
    verdict,
)
from tests.reports.goldens import rendered
from tests.reports.standard import CPX002, FUZ002, LNT001, SEC005, TYP005
from tests.reports.strategies import DRAWN, REPORTS, harmless

PUBLISHED = Path(__file__).parent / "schemas" / "junit-10.xsd"


@cache
def _schema() -> XMLSchema:
    return XMLSchema(PUBLISHED)


def _suite(report: Report) -> TestSuite:
    """Return the only suite, as junitparser reads it, which puts a list around it."""
    (suite,) = JUnitXml.fromstring(rendered("junit", report).encode())
    assert isinstance(suite, TestSuite)
    return suite


def _cases(report: Report) -> Iterator[TestCase]:
    for case in _suite(report):
        assert isinstance(case, TestCase)
        yield case


def _said(item: object, what: str) -> str:
    """Return an attribute, which junitparser gives without a type."""
    return str(getattr(item, what, ""))


def _kinds(report: Report) -> dict[str, str]:
    """Return what became of each clause, as a reader of JUnit has it."""
    return {
        _said(case, "name").partition(":")[0]: "".join(type(one).__name__ for one in case.result)
        for case in _cases(report)
    }


@pytest.mark.parametrize("report", [a_report(), a_perfect_report(), an_empty_report()])
def test_reports_keep_the_published_schema(report: Report) -> None:
    _schema().validate(rendered("junit", report))


def test_the_schema_refuses_what_is_not_in_it() -> None:
    text = rendered("junit", a_report())
    assert not _schema().is_valid(text.replace("<testcase name=", "<testcase nome=", 1))
    assert not _schema().is_valid(text.replace('time="7.900"', 'time="soon"', 1))


def test_each_outcome_is_what_a_reader_takes_it_for() -> None:
    kinds = _kinds(a_report())
    assert {key: kinds[key] for key in ("SEC005", "TYP006", "LNT001")} == dict.fromkeys(
        ("SEC005", "TYP006", "LNT001"), "Failure"
    )
    assert kinds["SGP001"] == "Error"
    assert {key for key, kind in kinds.items() if kind == "Skipped"} == {
        "ASY007",  # not applicable
        "COV002",  # unverified
        "CPX002",  # a SHOULD fails, and the gate looks at MUST
        "DEP005",  # waived
        "PRF001",
        "TYP001",
        "WSK001",
    }
    assert kinds["DAT001"] == ""
    assert kinds["FUZ002"] == ""


def test_the_counts_are_those_of_the_cases() -> None:
    suite = _suite(a_report())
    kinds = list(_kinds(a_report()).values())
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
        len(kinds),
        kinds.count("Failure"),
        kinds.count("Error"),
        kinds.count("Skipped"),
    )


@pytest.mark.parametrize(
    ("gate", "kind"), [("must", Skipped), ("never", Skipped), ("", Skipped), ("should", Failure)]
)
def test_a_should_fails_the_build_where_the_gate_says_so(gate: str, kind: type) -> None:
    report = replace(
        a_report(),
        clauses=(verdict(CPX002, Outcome.FAIL, "too complex"),),
        fail_on=gate,
        exit_code=None if not gate else 1,
    )
    ((result,),) = [case.result for case in _cases(report)]
    assert isinstance(result, kind)
    assert "too complex" in _said(result, "message")


@pytest.mark.parametrize("gate", ["must", "should", "never"])
def test_a_must_that_fails_and_what_is_in_error_never_look_better(gate: str) -> None:
    clauses = (verdict(SEC005, Outcome.FAIL, "weak"), verdict(CPX002, Outcome.ERROR, "crashed"))
    report = replace(a_report(), clauses=clauses, fail_on=gate)
    assert _kinds(report) == {"SEC005": "Failure", "CPX002": "Error"}


def test_a_should_that_the_gate_names_fails_the_build() -> None:
    named = Condition(name="clauses", asked="LNT*, CPX*", held=Held.NO, detail="")
    report = replace(
        a_report(), clauses=(verdict(CPX002, Outcome.FAIL, "x"),), fail_on="never", gate=(named,)
    )
    assert _kinds(report) == {"CPX002": "Failure"}


def test_what_the_baseline_accepts_fails_no_build() -> None:
    failed = check("clean", Outcome.FAIL, "findings", found=("f1", "f2"))
    bare = check("gate", Outcome.FAIL, "nothing runs ruff")
    clauses = (
        verdict(SEC005, Outcome.FAIL, "", failed),
        verdict(LNT001, Outcome.FAIL, "", bare),
        verdict(TYP005, Outcome.FAIL, "follows from SEC005"),
    )
    clauses = (*clauses[:2], replace(clauses[2], clause=replace(TYP005, members=("SEC005",))))
    old, new = a_finding("f1", status=FindingStatus.BASELINE), a_finding("f2")
    debt = Debt(path="doctrine-baseline.txt", entries=2, matched=2)
    accepted = replace(a_report(), clauses=clauses, findings=(old,), baseline=debt)
    assert set(_kinds(accepted).values()) == {"Skipped"}
    skipped = [case.result[0] for case in _cases(accepted)]
    assert all("nothing but what the baseline accepts" in _said(one, "message") for one in skipped)
    grown = replace(accepted, findings=(old, new))
    assert _kinds(grown) == {"SEC005": "Failure", "LNT001": "Skipped", "TYP005": "Failure"}
    worse = replace(accepted, baseline=replace(debt, regressions=("LNT001.gate",)))
    assert _kinds(worse) == {"SEC005": "Skipped", "LNT001": "Failure", "TYP005": "Skipped"}


def test_a_may_never_fails_the_build() -> None:
    report = replace(a_report(), clauses=(verdict(FUZ002, Outcome.FAIL, "x"),), fail_on="should")
    assert _kinds(report) == {"FUZ002": "Skipped"}


def test_a_failure_says_where_and_what_to_do_and_counts_the_rest() -> None:
    many = tuple(a_finding(f"f{number}", line=number + 1) for number in range(53))
    failed = check("clean", Outcome.FAIL, "53 findings", found=tuple(f"f{n}" for n in range(53)))
    report = replace(
        a_report(), findings=many, clauses=(verdict(SEC005, Outcome.FAIL, "", failed),)
    )
    ((failure,),) = [case.result for case in _cases(report)]
    assert isinstance(failure, Failure)
    lines = _said(failure, "text").splitlines()
    assert (_said(failure, "message"), _said(failure, "type")) == ("53 findings", "MUST")
    assert lines[0] == "53 findings"
    assert lines[1].startswith("src/acme/tokens.py:1:5: Standard pseudo-random")
    assert lines[51] == "… and 3 more findings"
    assert lines[52].startswith("Remedy: ")


def test_a_suite_says_of_what_and_by_what() -> None:
    root = ET.fromstring(rendered("junit", a_report()).encode())  # noqa: S314 - our own text
    said = {one.attrib["name"]: one.attrib["value"] for one in root.iter("property")}
    assert said["verdict"] == "non-conformant"
    assert said["guide"] == "python 2.11.0"
    assert said["gate"] == "must"


@DRAWN
@given(REPORTS)
def test_any_report_keeps_the_schema_and_shows_nothing_hidden(report: Report) -> None:
    text = rendered("junit", report)
    root = ET.fromstring(text.encode())  # noqa: S314 - our own text
    _schema().validate(text)
    for element in root.iter():
        assert all(map(harmless, element.attrib.values()))
        assert all(map(harmless, (element.text or "").splitlines()))
    assert len(root.findall("testcase")) == len(report.clauses)
    wrong: dict[type, Outcome] = {Error: Outcome.ERROR, Failure: Outcome.FAIL}
    for case, verdict_ in zip(_cases(report), report.clauses, strict=True):
        for result in case.result:
            if type(result) in wrong:
                assert verdict_.outcome is wrong[type(result)]
        held = verdict_.outcome in {Outcome.PASS, Outcome.ATTESTED}
        assert bool(case.result) != held
