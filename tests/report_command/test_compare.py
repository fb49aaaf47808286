"""``doctrine report compare``."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from doctrine.cli.report.choices import CompareFormat
from doctrine.cli.report.compare_json import DifferenceV1
from doctrine.cli.schema import Contract, schema
from doctrine.model.outcome import Outcome
from doctrine.model.report import FindingStatus
from doctrine.reports import _shape as shape
from tests.report_command.files import REPORT, admits, put, report_command, with_clause

Capsys = pytest.CaptureFixture[str]
WORSE = with_clause("DEP002", outcome=Outcome.FAIL, reason="the lock is stale")
FEWER = msgspec.structs.replace(REPORT, findings=REPORT.findings[:50])
LOWER = msgspec.structs.replace(REPORT, grade=msgspec.structs.replace(REPORT.grade, score=1.0))
EMPTY = msgspec.structs.replace(
    REPORT, project=msgspec.structs.replace(REPORT.project, python_files=0)
)
OTHER_GUIDE = msgspec.structs.replace(REPORT, guide=msgspec.structs.replace(REPORT.guide, id="go"))


@pytest.mark.parametrize(
    ("base", "head", "flags", "code"),
    [
        (REPORT, REPORT, (), 0),
        (REPORT, WORSE, (), 1),
        (WORSE, REPORT, (), 0),
        (REPORT, WORSE, ("--fail-on", "never"), 0),
        (REPORT, WORSE, ("--fail-on", "new-findings"), 0),
        (FEWER, REPORT, (), 0),
        (FEWER, REPORT, ("--fail-on", "new-findings"), 1),
        (REPORT, FEWER, ("--fail-on", "new-findings"), 0),
        (REPORT, LOWER, ("--fail-on", "score"), 1),
        (LOWER, REPORT, ("--fail-on", "score"), 0),
        (FEWER, WORSE, ("--fail-on", "score", "--fail-on", "new-findings"), 1),
        (REPORT, EMPTY, ("--fail-on", "score"), 3),
        (REPORT, OTHER_GUIDE, (), 3),
        (WORSE, OTHER_GUIDE, ("--fail-on", "never"), 0),
    ],
)
def test_the_exit_code_is_what_the_gate_answers(
    base: shape.ReportV1,
    head: shape.ReportV1,
    flags: tuple[str, ...],
    code: int,
    request: pytest.FixtureRequest,
) -> None:
    tmp_path: Path = request.getfixturevalue("tmp_path")
    capsys: Capsys = request.getfixturevalue("capsys")
    names = put(tmp_path / "base.json", base), put(tmp_path / "head.json", head)
    for form in CompareFormat:
        said = report_command(capsys, "compare", *names, "--format", form, *flags)
        assert (said.code, said.err) == (code, "")


def test_the_text_says_what_changed_and_why_it_fails(tmp_path: Path, capsys: Capsys) -> None:
    base = put(tmp_path / "base.json", FEWER)
    head = put(tmp_path / "head.json", WORSE)
    said = report_command(capsys, "compare", base, head)
    lines = [line.strip() for line in said.out.splitlines()]
    assert any("DEP002" in line and "pass → fail  broke" in line for line in lines)
    assert "the lock is stale" in lines
    loud = sum(one.status is not FindingStatus.SUPPRESSED for one in REPORT.findings[50:])
    assert any(line.startswith(f"{loud} new") for line in lines)
    assert "Not satisfied (fails on: regression), exit code 1:" in lines
    assert any(line.endswith("DEP002 held, and fails") for line in lines)


def test_long_lists_are_cut_and_counted(tmp_path: Path, capsys: Capsys) -> None:
    none = msgspec.structs.replace(REPORT, findings=())
    base, head = put(tmp_path / "base.json", none), put(tmp_path / "head.json")
    said = report_command(capsys, "compare", base, head)
    assert f"and {len(REPORT.findings) - 1 - 20:,} more" in said.out


def test_json_has_everything_and_reads_back(tmp_path: Path, capsys: Capsys) -> None:
    base, head = put(tmp_path / "base.json", FEWER), put(tmp_path / "head.json", WORSE)
    said = report_command(capsys, "compare", base, head, "--format", "json")
    found = msgspec.json.decode(said.out, type=DifferenceV1)
    assert found.schema == "doctrine.difference/v1"
    assert [(one.id, one.turn, one.worse) for one in found.clauses] == [("DEP002", "broke", True)]
    silent = {one.fingerprint for one in found.findings.silenced}
    new = {one.fingerprint for one in found.findings.new}
    assert new | silent == {one.fingerprint for one in REPORT.findings[50:]}
    assert found.findings.unchanged == 50
    assert found.gate == msgspec.convert(
        {"fail_on": ["regression"], "exit_code": 1, "reasons": ["DEP002 held, and fails"]},
        type=type(found.gate),
    )


def test_the_published_schema_admits_what_is_written_and_nothing_else(
    tmp_path: Path, capsys: Capsys
) -> None:
    base, head = put(tmp_path / "base.json", FEWER), put(tmp_path / "head.json", WORSE)
    told = json.loads(report_command(capsys, "compare", base, head, "--format", "json").out)
    published = schema(Contract.DIFFERENCE)
    assert admits(published, told)
    assert not admits(published, {**told, "schema": "doctrine.history/v1"})
    assert not admits(published, {**told, "verdict": {"before": "fine", "after": "fine"}})


def test_reports_of_different_makers_are_compared_with_a_warning(
    tmp_path: Path, capsys: Capsys
) -> None:
    newer = msgspec.structs.replace(
        REPORT, doctrine=msgspec.structs.replace(REPORT.doctrine, version="9.9")
    )
    base, head = put(tmp_path / "base.json"), put(tmp_path / "head.json", newer)
    said = report_command(capsys, "compare", base, head)
    assert said.code == 0
    assert "warning: the two reports differ in doctrine version, 0.1.0 and 9.9" in said.out
    told = json.loads(report_command(capsys, "compare", base, head, "--format", "json").out)
    assert told["warnings"] == ["the two reports differ in doctrine version, 0.1.0 and 9.9"]


def test_an_unknown_condition_is_named(tmp_path: Path, capsys: Capsys) -> None:
    report = put(tmp_path / "report.json")
    said = report_command(capsys, "compare", report, report, "--fail-on", "everything")
    assert said.code == 2
    assert "new-findings" in said.err


def test_only_one_side_can_be_stdin(capsys: Capsys) -> None:
    said = report_command(capsys, "compare", "-", "-")
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "error: only one report can come from stdin",
    )
