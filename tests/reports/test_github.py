"""Workflow commands, read as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.observation import Location
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import Problem, Report, ReportFinding
from doctrine.reports._annotations import pieces
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from tests.reports.build import a_finding, a_perfect_report, a_report, check, verdict
from tests.reports.goldens import rendered
from tests.reports.standard import CPX002, SEC005, SGP001
from tests.reports.strategies import DRAWN, REPORTS, TEXT

KINDS = {"error", "warning", "notice"}


@dataclass(frozen=True, kw_only=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def runner_reads(line: str) -> Command | None:
    """Do what ``ActionCommand.TryParseV2`` of actions/runner does with a line of a log."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, told = line[2:end].partition(" ")
    if name not in KINDS:
        return None
    properties: dict[str, str] = {}
    for one in filter(None, told.strip().split(",")):
        pair = re.fullmatch(r"=*([^=]+)=+(.+)", one, re.DOTALL)
        if pair:
            properties[pair[1]] = _unescaped(pair[2], ("%3A", ":"), ("%2C", ","))
    return Command(name=name, properties=properties, data=_unescaped(line[end + 2 :]))


def _unescaped(text: str, *more: tuple[str, str]) -> str:
    for token, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(token, character)
    return text


def _commands(text: str) -> list[Command]:
    # The runner ends a line where .NET does.
    lines = re.split(r"\r\n|\r|\n", text.removesuffix("\n"))
    found = [runner_reads(line) for line in lines]
    assert None not in found, text
    return [one for one in found if one is not None]


def _drawn(report: Report, canvas: Canvas | None = None) -> list[Command]:
    return _commands("".join(pieces(stored(report), canvas or Canvas())))


def _number(command: Command, name: str) -> int | None:
    value = command.properties.get(name)
    return None if value is None else int(value)


@DRAWN
@given(REPORTS)
def test_any_report_is_commands_that_the_runner_accepts(report: Report) -> None:
    text = rendered("github", report)
    assert "##[" not in text
    commands = _commands(text)
    counts = Counter(one.name for one in commands)
    assert max(counts.values()) <= 10
    assert commands[-1].name == "notice"
    for one in commands:
        line, last = _number(one, "line"), _number(one, "endLine")
        column, end = _number(one, "col"), _number(one, "endColumn")
        assert one.properties["title"]
        assert set(one.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        # What ``ValidateLinesAndColumns`` of the runner would throw away.
        assert line is None or "file" in one.properties
        assert last is None or (line is not None and last > line and column is None)
        assert column is None or line is not None
        assert end is None or (column is not None and end > column)
        assert len(one.data) <= 4096


@given(st.text(st.sampled_from("%0AD3C2:,=\n\r# [x]"), max_size=12) | TEXT)
def test_nothing_in_a_message_or_a_path_is_syntax(text: str) -> None:
    finding = replace(
        a_finding("x", message=f"a{text}z"),
        location=Location(path=f"p{text}q", line=3, column=2, end_line=3, end_column=4),
    )
    (found,) = _of_findings([finding])
    assert found.data.startswith("a")
    assert found.properties["file"].startswith("p")
    assert found.properties["file"].endswith("q")
    assert _number(found, "line") == 3
    plain = re.sub(r"[^ -~]", "", text)
    if plain == text and "##[" not in f"p{text}q":
        assert found.properties["file"] == f"p{text}q"
        assert found.data.split("\n")[0] == f"a{text}z"


def _of_findings(findings: list[ReportFinding], canvas: Canvas | None = None) -> list[Command]:
    ids = tuple(one.fingerprint for one in findings)
    failed = verdict(SEC005, Outcome.FAIL, "", check("clean", Outcome.FAIL, "bad", found=ids))
    report = replace(a_report(), clauses=(failed,), findings=tuple(findings), problems=())
    *found, _ = _drawn(report, canvas)
    return found


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (("a.py", 3, 2, 3, 9), {"file": "a.py", "line": "3", "col": "2", "endColumn": "9"}),
        (("a.py", 3, 2, 3, 2), {"file": "a.py", "line": "3", "col": "2"}),
        (("a.py", 3, 2, 5, 9), {"file": "a.py", "line": "3", "endLine": "5"}),
        (("=a.py", 3, 2, 5, 9), {"file": "./=a.py", "line": "3", "endLine": "5"}),
        ((".", 1, 1, 1, 1), {}),
    ],
)
def test_columns_are_told_of_places_on_one_line(
    where: tuple[str, int, int, int, int], expected: dict[str, str]
) -> None:
    path, line, column, end_line, end_column = where
    location = Location(
        path=path, line=line, column=column, end_line=end_line, end_column=end_column
    )
    (found,) = _of_findings([replace(a_finding("x"), location=location)])
    assert {**expected, "title": "SEC005 (ruff:S311)"} == found.properties


def test_paths_are_those_of_the_repository() -> None:
    (found,) = _of_findings([a_finding("x", path="src/a.py")], Canvas(folder="services/shop"))
    assert found.properties["file"] == "services/shop/src/a.py"


def test_no_clause_hides_another_and_what_is_left_out_is_counted() -> None:
    many = [a_finding(f"m{number}", line=number + 1) for number in range(30)]
    one = a_finding("c", path="src/engine.py", clauses=("CPX002",))
    clauses = (
        verdict(
            SEC005,
            Outcome.FAIL,
            "",
            check("clean", Outcome.FAIL, "", found=tuple(each.fingerprint for each in many)),
        ),
        verdict(CPX002, Outcome.FAIL, "", check("below", Outcome.FAIL, "", found=("c",))),
        verdict(SGP001, Outcome.ERROR, "semgrep crashed: reinstall it"),
    )
    report = replace(a_report(), clauses=clauses, findings=(*many, one), problems=())
    *found, rest = _drawn(report)
    errors = [each for each in found if each.name == "error"]
    assert [each.properties["line"] for each in errors] == [str(line) for line in range(1, 11)]
    warned = {each.properties["title"].split()[0] for each in found if each.name == "warning"}
    assert warned == {"CPX002", "SGP001"}
    assert "Not shown here: 20 more errors." in rest.data
    assert "Clauses: 2 fail, 1 in error." in rest.data


def test_what_is_new_comes_first() -> None:
    old = [a_finding(f"o{number}", line=number + 1) for number in range(20)]
    new = a_finding("n", path="src/zeta.py", line=900)
    base = stored(replace(a_report(), findings=tuple(old)))
    found = _of_findings([*old, new], Canvas(base=base))
    assert found[0].properties["file"] == "src/zeta.py"
    assert len(found) == 10


def test_advice_that_fails_nothing_is_no_annotation() -> None:
    advice = a_finding("a")
    idle = verdict(SEC005, Outcome.FAIL, "", check("gate", Outcome.FAIL, "nobody runs it"))
    report = replace(a_report(), clauses=(replace(idle, findings=("a",)),), findings=(advice,))
    errors = [one for one in _drawn(report) if one.name == "error"]
    assert [one.data.split("\n")[0] for one in errors] == ["nobody runs it"]


def test_a_perfect_project_gets_one_notice() -> None:
    (only,) = _drawn(a_perfect_report())
    assert only.name == "notice"
    assert only.data == "conformant, grade A, 100 of 100."


def test_problems_are_notices_and_leave_room_for_the_last() -> None:
    many = tuple(Problem(tool="doctrine", message=f"trouble {number}") for number in range(15))
    found = _drawn(replace(a_perfect_report(), problems=many))
    assert len(found) == 10
    assert "6 more problems" in found[-1].data


def test_the_reader_of_this_test_is_no_more_forgiving_than_the_runner() -> None:
    assert runner_reads("::debug::x") is None
    assert runner_reads("x ::error::y") is None
    assert runner_reads("::error") is None
    assert runner_reads("::error file=a%2Cb,line=2::x%0Ay") == Command(
        name="error", properties={"file": "a,b", "line": "2"}, data="x\ny"
    )
