from __future__ import annotations

import json
import re
from functools import cache
from operator import methodcaller
from pathlib import Path
from urllib.parse import unquote_to_bytes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from doctrine.model.observation import Location
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Problem, Report, ReportFinding
from doctrine.model.run import ToolStatus
from doctrine.model.verdict import Outcome
from doctrine.reports.sarif import limits, results, rules
from doctrine.reports.sarif.places import location, uri
from tests.reports.build import (
    a_finding,
    a_perfect_report,
    a_report,
    an_empty_report,
    check,
    runs,
    verdict,
)
from tests.reports.goldens import rendered
from tests.reports.standard import CPX002, DEP005, SEC005, SGP001, TYP001
from tests.reports.strategies import DRAWN, REPORTS, TEXT, harmless

PUBLISHED = Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json"
NAMES = ("sarif", "sarif-github")


class Loose(msgspec.Struct, rename="camel"):
    """Part of a log, as far as the tests look at it."""


class Message(Loose):
    text: str
    markdown: str = ""


class Region(Loose):
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Artifact(Loose):
    uri: str
    uri_base_id: str


class Physical(Loose):
    artifact_location: Artifact
    region: Region


class Place(Loose):
    physical_location: Physical


class Suppression(Loose):
    kind: str
    status: str
    justification: str


class Result(Loose):
    rule_id: str
    rule_index: int
    level: str
    message: Message
    locations: list[Place]
    partial_fingerprints: dict[str, str]
    suppressions: list[Suppression]
    properties: dict[str, object]

    @property
    def place(self) -> Physical:
        return self.locations[0].physical_location


class Rule(Loose):
    id: str
    short_description: Message
    full_description: Message
    help: Message
    name: str = ""
    properties: dict[str, object] = {}
    default_configuration: dict[str, str] = {}


class Reference(Loose):
    id: str
    index: int


class Note(Loose):
    level: str
    message: Message
    descriptor: Reference
    associated_rule: Reference | None = None


class Invocation(Loose):
    execution_successful: bool
    exit_code: int | None = None
    start_time_utc: str = ""
    tool_execution_notifications: list[Note] = []
    tool_configuration_notifications: list[Note] = []


class Driver(Loose):
    rules: list[Rule]
    notifications: list[Rule]
    version: str


class Tool(Loose):
    driver: Driver


class Run(Loose):
    tool: Tool
    results: list[Result]
    invocations: list[Invocation]
    properties: dict[str, object]


class Log(Loose):
    runs: list[Run]


@cache
def _schema() -> Draft4Validator:
    text = PUBLISHED.read_text("utf-8")
    return Draft4Validator(
        msgspec.json.decode(text, type=dict[str, object]),
        format_checker=Draft4Validator.FORMAT_CHECKER,
    )


def _is_valid(document: object) -> bool:
    """Return whether a log keeps the schema; the types of the validator's methods are unknown."""
    return bool(methodcaller("is_valid", document)(_schema()))


def _run(report: Report, name: str = "sarif") -> Run:
    (run,) = msgspec.json.decode(rendered(name, report).encode(), type=Log).runs
    return run


def _report(*found: ReportFinding, outcome: Outcome = Outcome.FAIL) -> Report:
    """Return a report in which SEC005 alone is judged, by these findings."""
    failed = check("clean", Outcome.FAIL, "findings", found=tuple(one.fingerprint for one in found))
    clauses = (verdict(SEC005, outcome, "because", failed),)
    return replace(a_report(), findings=found, clauses=clauses)


@pytest.mark.parametrize("report", [a_report(), a_perfect_report(), an_empty_report()])
@pytest.mark.parametrize("name", NAMES)
def test_reports_keep_the_published_schema(name: str, report: Report) -> None:
    assert _is_valid(json.loads(rendered(name, report)))


def test_the_schema_refuses_what_is_not_in_it() -> None:
    document = json.loads(rendered("sarif", a_report()))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not _is_valid(document)


def test_a_result_says_what_where_how_bad_and_by_which_rule() -> None:
    run = _run(a_report())
    one = next(r for r in run.results if r.partial_fingerprints == {"doctrine/v1": "r2"})
    assert (one.rule_id, one.level) == ("SEC005", "error")
    assert run.tool.driver.rules[one.rule_index].id == "SEC005"
    assert one.place.artifact_location.uri == "src/acme/tokens.py"
    assert one.place.artifact_location.uri_base_id == "%SRCROOT%"
    region = one.place.region
    assert (region.start_line, region.start_column, region.end_line, region.end_column) == (
        12,
        5,
        12,
        14,
    )
    assert one.properties["reportedBy"] == ["ruff:S311", "security:random-secret"]
    assert one.properties["counts"] is True


def test_every_clause_is_a_rule_with_its_level() -> None:
    found = _run(a_report()).tool.driver.rules
    clauses = a_report().clauses
    assert [one.id for one in found[: len(clauses)]] == [one.clause.id for one in clauses]
    levels = {one.id: one.default_configuration["level"] for one in found}
    assert (levels["SEC005"], levels["CPX002"], levels["FUZ002"]) == ("error", "warning", "note")
    by_id = {one.id: one for one in found}
    assert by_id["SEC005"].properties["security-severity"] == "8.0"
    assert "security" in str(by_id["SEC005"].properties["tags"])
    assert "security-severity" not in by_id["LNT001"].properties
    assert by_id["LNT001"].properties["problem.severity"] == "error"
    assert "**Remedy:** Run `uv add --dev ruff`" in by_id["LNT001"].help.markdown


def test_what_no_clause_is_about_is_a_note_of_its_tools_rule() -> None:
    advice = a_finding("e1", clauses=())
    run = _run(replace(_report(), findings=(advice,)))
    (one,) = [r for r in run.results if r.partial_fingerprints == {"doctrine/v1": "e1"}]
    assert (one.rule_id, one.level, one.properties["counts"]) == ("ruff:S311", "note", False)
    rule = run.tool.driver.rules[one.rule_index]
    assert (rule.id, rule.name, rule.default_configuration) == (
        "ruff:S311",
        "RuffS311",
        {"level": "note"},
    )


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (FindingStatus.SUPPRESSED, "inSource", "suppressed by a comment"),
        (FindingStatus.BASELINE, "external", "accepted by the baseline"),
        (FindingStatus.WAIVED, "external", "waived"),
    ],
)
def test_what_does_not_count_says_why_and_is_kept_from_code_scanning(
    status: FindingStatus, kind: str, words: str
) -> None:
    report = _report(a_finding("f1"), a_finding("f2", status=status))
    first, last = _run(report).results
    assert first.suppressions == []
    (suppression,) = last.suppressions
    assert (suppression.kind, suppression.status) == (kind, "accepted")
    assert words in suppression.justification
    assert (last.level, last.properties["counts"]) == ("error", False)
    (only,) = _run(report, "sarif-github").results
    assert only.partial_fingerprints == {"doctrine/v1": "f1"}


def test_the_waiver_of_a_finding_is_its_justification() -> None:
    report = a_report()
    waived = next(one for one in report.clauses if one.clause.id == "CPX002")
    assert waived.waiver
    found = a_finding("c2", clauses=("CPX002",), status=FindingStatus.WAIVED)
    run = _run(replace(report, clauses=(waived,), findings=(found,)))
    (one,) = [r for r in run.results if r.suppressions]
    assert one.suppressions[0].justification == (
        "waived by Ada until 2027-01-31: the generated parser is replaced in the spring"
    )


def test_code_scanning_is_told_nothing_but_what_counts() -> None:
    run = _run(a_report(), "sarif-github")
    assert run.results
    assert all(one.properties["counts"] and not one.suppressions for one in run.results)
    assert {one.id for one in run.tool.driver.rules} == {
        one.clause.id for one in a_report().clauses
    }


def test_a_finding_that_fails_no_clause_is_a_note() -> None:
    (one,) = _run(_report(a_finding("f1"), outcome=Outcome.UNVERIFIED)).results
    assert (one.rule_id, one.level, one.properties["counts"]) == ("SEC005", "note", False)


def test_a_clause_that_fails_without_a_finding_is_a_result() -> None:
    bare = verdict(CPX002, Outcome.FAIL, "", check("gate", Outcome.FAIL, "nothing runs radon"))
    (one,) = _run(replace(_report(), clauses=(bare,))).results
    assert (one.rule_id, one.level, one.message.text) == ("CPX002", "warning", "nothing runs radon")
    assert one.place.artifact_location.uri == "pyproject.toml"
    assert one.properties["about"] == "project"


def test_a_fix_on_offer_is_told_in_words() -> None:
    one = next(r for r in _run(a_report()).results if r.partial_fingerprints["doctrine/v1"] == "o1")
    assert one.message.text.endswith("Fix (safe): Convert to `X | None`")
    assert one.properties["fix"] == {
        "applicability": "safe",
        "description": "Convert to `X | None`",
    }
    assert '"fixes"' not in rendered("sarif", a_report())


def test_nobody_is_left_believing_that_everything_was_decided() -> None:
    (run,) = _run(a_report()).invocations
    assert not run.execution_successful
    assert run.exit_code == 1
    notes = run.tool_execution_notifications
    said = {(one.descriptor.id, one.level, one.message.text.split(":")[0]) for one in notes}
    assert said >= {
        ("tool-trouble", "error", "pyright"),
        ("tool-trouble", "error", "semgrep"),
        ("tool-trouble", "error", "vulture"),
        ("clause-error", "error", "SGP001 (SHOULD)"),
        ("clause-unverified", "note", "TYP001 (MUST)"),
    }
    broken = next(one for one in notes if one.descriptor.id == "clause-error")
    assert broken.associated_rule
    rules_ = _run(a_report()).tool.driver.rules
    assert rules_[broken.associated_rule.index].id == broken.associated_rule.id == "SGP001"
    (configured,) = run.tool_configuration_notifications
    assert configured.message.text.startswith("uv.lock is older than pyproject.toml")


def test_a_run_in_which_everything_worked_succeeded() -> None:
    (run,) = _run(a_perfect_report()).invocations
    assert run.execution_successful
    assert run.exit_code == 0
    assert not run.tool_execution_notifications


@pytest.mark.parametrize("status", sorted(set(ToolStatus) - {ToolStatus.OK, ToolStatus.SKIPPED}))
def test_a_tool_that_failed_is_told_once(status: ToolStatus) -> None:
    failed = replace(runs()[0], name="mypy", status=status, message="it broke")
    problem = Problem(tool="mypy", message="it broke")
    for problems in ((), (problem,)):
        report = replace(a_perfect_report(), tools=(failed,), problems=problems)
        (run,) = _run(report).invocations
        assert not run.execution_successful
        assert [one.message.text for one in run.tool_execution_notifications] == ["mypy: it broke"]


@pytest.mark.parametrize(
    ("started", "told"),
    [
        ("2026-11-27T22:07:49+00:00", "2026-11-27T22:07:49Z"),
        ("2026-11-28T00:07:49+02:00", "2026-11-27T22:07:49Z"),
        ("", ""),
        ("yesterday", ""),
    ],
)
def test_the_start_is_in_utc(started: str, told: str) -> None:
    (run,) = _run(replace(a_report(), started=started)).invocations
    assert run.start_time_utc == told


def test_the_worst_comes_first_and_what_is_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RESULTS", 3)
    findings = (
        a_finding("must", path="z.py"),
        a_finding("should", path="a.py", clauses=("CPX002",)),
        a_finding("advice", path="a.py", clauses=()),
        a_finding("waived", path="a.py", status=FindingStatus.WAIVED),
    )
    clauses = (
        verdict(SEC005, Outcome.FAIL, "", check("a", Outcome.FAIL, "x", found=("must", "waived"))),
        verdict(CPX002, Outcome.FAIL, "", check("b", Outcome.FAIL, "x", found=("should",))),
    )
    run = _run(replace(a_perfect_report(), findings=findings, clauses=clauses))
    assert [one.partial_fingerprints["doctrine/v1"] for one in run.results] == [
        "must",
        "should",
        "advice",
    ]
    (note,) = run.invocations[0].tool_execution_notifications
    assert (note.descriptor.id, note.level) == ("cut", "warning")
    assert note.message.text.startswith("1 result of 4 left out")


def test_rules_beyond_what_is_taken_cost_their_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "RULES", 1)
    report = _report(a_finding("f1"), a_finding("f2", clauses=()))
    assert [one.rule_id for one in _run(report).results] == ["SEC005", "SEC005"]
    foreign = replace(report, findings=(a_finding("f3", clauses=()),))
    assert _run(replace(foreign, clauses=report.clauses)).results == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("src/a.py", "src/a.py"),
        ("a b#c?d%e.py", "a%20b%23c%3Fd%25e.py"),
        ("c:/x.py", "c%3A/x.py"),
        ("//host/x.py", "%2F/host/x.py"),
        ("ä.py", "%C3%A4.py"),
        ("\udcff.py", "%FF.py"),
        ("\u202etxt.py", "%E2%80%AEtxt.py"),
    ],
)
def test_a_uri_leads_to_the_file_whatever_its_name(path: str, told: str) -> None:
    assert uri(path) == told
    assert unquote_to_bytes(told) == path.encode("utf-8", "surrogateescape")


@given(TEXT)
def test_a_uri_is_a_relative_reference(path: str) -> None:
    assert re.fullmatch(
        r"([A-Za-z0-9._~-]|%[0-9A-F]{2})([A-Za-z0-9._~/-]|%[0-9A-F]{2})*|", uri(path)
    )


LINES = st.integers(min_value=0, max_value=9)


@given(LINES, LINES, LINES, LINES)
def test_a_region_is_valid_whatever_is_said(line: int, column: int, end: int, last: int) -> None:
    region = location("a.py", (line, column), (end, last)).physical_location.region
    start = (region.start_line, region.start_column)
    assert min(*start, region.end_line, region.end_column) >= 1
    assert (region.end_line, region.end_column) >= start
    if line:
        assert region.start_line == line


def test_what_is_about_a_whole_file_is_at_its_start() -> None:
    whole = Location(path="a.py", line=0, column=0, end_line=0, end_column=0)
    (one,) = _run(_report(replace(a_finding("f1"), location=whole))).results
    assert one.place.region == Region(1, 1, 1, 1)
    assert one.properties["about"] == "file"


def test_no_message_is_a_link() -> None:
    text = r"see [here](http://x/) and \[there](2)"
    (one,) = _run(_report(a_finding("f1", message=text))).results
    assert one.message.text == r"see \[here](http://x/) and \\\[there](2)"
    links = re.compile(r"(?<!\\)(?:\\\\)*\[(?:[^\]\\]|\\.)*\]\(")
    assert links.search(text)
    assert not links.search(one.message.text)


@DRAWN
@given(REPORTS, st.sampled_from(NAMES))
def test_any_report_keeps_the_schema_and_the_published_limits(report: Report, name: str) -> None:
    document = json.loads(rendered(name, report))
    assert _is_valid(document)
    run = _run(report, name)
    known = run.tool.driver.rules
    assert len({one.id for one in known}) == len(known)
    for rule in known:
        assert harmless(rule.short_description.text)
        assert 0 < len(rule.short_description.text) <= limits.DESCRIPTION
        assert 0 < len(rule.full_description.text) <= limits.DESCRIPTION
        assert 0 < len(rule.name) <= limits.NAME
        assert rule.help.text
        assert all(map(harmless, rule.help.text.splitlines()))
        assert all(map(harmless, rule.help.markdown.splitlines()))
    for one in run.results:
        assert known[one.rule_index].id == one.rule_id
        assert one.message.text
        assert harmless(one.message.text)
        assert one.place.artifact_location.uri
    if name == "sarif":
        assert len(run.results) >= len(report.findings)


def test_clauses_that_say_the_same_tool_rule_do_not_mix() -> None:
    report = replace(
        a_report(),
        clauses=(
            verdict(TYP001, Outcome.PASS),
            verdict(DEP005, Outcome.PASS),
            verdict(SGP001, Outcome.PASS),
        ),
        findings=(a_finding("f1", clauses=("DEP005",)), a_finding("f2", clauses=("NOPE01",))),
    )
    told = {one.partial_fingerprints["doctrine/v1"]: one.rule_id for one in _run(report).results}
    assert told == {"f1": "DEP005", "f2": "ruff:S311"}
