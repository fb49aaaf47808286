"""No report holds a secret, whoever quoted it."""

from __future__ import annotations

import pytest

from doctrine.inspect import hardcoded, secret_files
from doctrine.inspect._inspector import FileInspector, ProjectInspector
from doctrine.model.observation import Applicability, Evidence, Finding, Fix, Location
from doctrine.model.replacing import replace
from doctrine.model.report import Problem
from doctrine.model.run import Origin, ToolRun
from doctrine.model.verdict import CheckResult, Outcome
from doctrine.redact import hidden, redacted, secrets_on, shows_secret, without_secrets
from doctrine.reports.discovery import formats
from tests.reports.build import a_report
from tests.reports.goldens import rendered
from tests.test_secret_formats import AWS

PASSWORD = "tr0ub4" + "dor&3"


def said(tool: str, rule: str, message: str, *, symbol: str = "") -> tuple[ToolRun, Finding]:
    where = Location.point("a.py", 1)
    finding = Finding(tool=tool, rule=rule, message=message, location=where, symbol=symbol)
    program = (
        "doctrine" if tool in {hardcoded.INSPECTOR.name, secret_files.INSPECTOR.name} else tool
    )
    return ToolRun(name=tool, program=program, version="", origin=Origin.DOCTRINE), finding


def lines(path: str) -> list[str]:
    return [f'connect(password="{PASSWORD}")'] if path == "a.py" else []


def test_what_a_tool_quotes_of_a_line_with_a_secret_is_hidden() -> None:
    reported = [
        said("hardcoded", "hardcoded-secret", "`password` holds it", symbol="password"),
        said("pyright", "reportArgumentType", f'"Literal[\'{PASSWORD}\']" is no "int"'),
    ]
    messages = [finding.message for _, finding in without_secrets(reported, lines)]
    assert messages == ["`password` holds it", '"Literal[\'***\']" is no "int"']


def test_a_credential_by_its_form_is_hidden_anywhere() -> None:
    (one,) = without_secrets([said("ruff", "X1", f"use of {AWS}")], lines)
    assert one[1].message == "use of <AWS access key>"


def test_the_words_of_a_fix_hold_no_secret_either() -> None:
    run, finding = said("ruff", "X1", "m")
    fix = Fix(applicability=Applicability.SAFE, description=f"write {AWS}")
    (one,) = without_secrets([(run, replace(finding, fix=fix))], lines)
    assert one[1].fix == replace(fix, description="write <AWS access key>")


def test_a_line_of_backslashes_beside_a_secret_ends_soon() -> None:
    backslashes = "\\" * 2_000
    line = f'connect(password="{PASSWORD}")  # "{backslashes}'
    reported = [said("hardcoded", "hardcoded-secret", "m"), said("ruff", "X1", f"has {PASSWORD}")]
    messages = [finding.message for _, finding in without_secrets(reported, lambda _: [line])]
    assert messages == ["m", "has ***"]


def test_what_is_no_secret_is_left_alone() -> None:
    reported = [said("ruff", "X1", 'quotes "a longer literal"')]
    assert list(without_secrets(reported, lines)) == reported


@pytest.mark.parametrize("inspector", [hardcoded.INSPECTOR, secret_files.INSPECTOR])
def test_what_every_rule_that_tells_of_a_secret_points_at_is_hidden_everywhere(
    inspector: FileInspector | ProjectInspector,
) -> None:
    harmless = {"leaky-comparison", "scanner"}
    for rule in inspector.rules:
        telling = rule not in harmless
        assert shows_secret("doctrine", rule) == telling, rule
        reported = [said(inspector.name, rule, "m"), said("ruff", "X1", f"has {PASSWORD}")]
        _, (_, other) = without_secrets(reported, lines)
        assert (other.message == "has ***") == telling, rule


def test_a_rule_of_another_program_hides_no_words_even_if_it_has_the_same_name() -> None:
    assert shows_secret("ruff", "S105")
    assert not shows_secret("ruff", "E501")
    assert not shows_secret("semgrep", "hardcoded-secret")
    for tool, rule in (("ruff", "S105"), ("semgrep", "hardcoded-secret")):
        reported = [said(tool, rule, f"has {PASSWORD}")]
        assert list(without_secrets(reported, lines)) == reported


_WORDLESS = frozenset({"badge", "shields"})
"""Formats that show the grade and no word of anybody."""


@pytest.mark.parametrize("name", sorted(formats()))
def test_no_format_shows_a_credential(name: str) -> None:
    whole = a_report()
    place = Evidence(path="a.py", line=1, detail=f"runs with {AWS}")
    check = CheckResult(id="x", outcome=Outcome.FAIL, detail=f"saw {AWS}", evidence=(place,))
    report = replace(
        whole,
        clauses=tuple(
            replace(one, reason=f"because of {AWS}", checks=(check,)) for one in whole.clauses
        ),
        tools=tuple(replace(run, argv=("tool", AWS), message=f"said {AWS}") for run in whole.tools),
        problems=(Problem(tool="x", message=f"cannot use {AWS}"),),
    )
    hidden = redacted(report)
    assert [one.message for one in hidden.problems] == ["cannot use <AWS access key>"]
    evidence = hidden.clauses[0].checks[0].evidence
    assert [one.detail for one in evidence] == ["runs with <AWS access key>"]
    assert (AWS in rendered(name, report)) == (name not in _WORDLESS)
    assert AWS not in rendered(name, hidden)


def test_a_secret_within_another_one_hides_no_part_of_it_alone() -> None:
    found = secrets_on(['URL = "postgres://user:hunter2xyz"'])
    assert len(found) > 1, "the literal, and what looks like a value in it"
    assert hidden('connect("postgres://user:hunter2xyz")', found) == 'connect("***")'
