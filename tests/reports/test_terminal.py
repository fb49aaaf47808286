from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from rich.cells import cell_len

from doctrine.model.observation import Evidence, Location
from doctrine.model.replacing import replace
from doctrine.model.report import Report, Reporter, ReportFinding
from doctrine.model.verdict import CheckResult, Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._view import Detail, View
from tests.reports.build import (
    a_finding,
    a_perfect_report,
    a_report,
    an_earlier_run,
    an_empty_report,
    check,
    verdict,
)
from tests.reports.goldens import FOLDER, GOLDENS, rendered
from tests.reports.source import ACME, Written
from tests.reports.standard import SEC005
from tests.reports.strategies import DRAWN, REPORTS

PLAIN = Canvas(width=100)


def _with_findings(*found: ReportFinding) -> Report:
    """Return a report whose only clause fails by these findings."""
    ids = tuple(one.fingerprint for one in found)
    failed = check("clean", Outcome.FAIL, "many findings", found=ids)
    return replace(a_report(), findings=found, clauses=(verdict(SEC005, Outcome.FAIL, "", failed),))


@pytest.mark.parametrize("name", sorted(GOLDENS))
def test_the_report_looks_as_it_did(name: str) -> None:
    expected = (FOLDER / name).read_bytes().decode()
    assert GOLDENS[name]() == expected, (
        "run python -m tests.reports.goldens and read the difference"
    )


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = rendered("terminal", a_report(), Canvas(width=width))
    assert max(map(cell_len, text.splitlines())) <= width


@DRAWN
@given(REPORTS)
def test_nothing_in_a_report_reaches_the_terminal_as_control(report: Report) -> None:
    for canvas in (Canvas(width=80), Canvas(width=30, unicode=False)):
        text = rendered("terminal", report, canvas)
        unseen = {one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs"}}
        assert unseen <= {"\n"}
        assert canvas.unicode or text.isascii()


@DRAWN
@given(REPORTS)
def test_colour_adds_styles_and_links_and_nothing_else(report: Report) -> None:
    colored = rendered("terminal", report, Canvas(width=80, color=True, links=True))
    assert not re.search(r"\x1b(?!\[[\d;]*m|\]8;;[^\x1b\x07]*\x1b\\|\\)", colored)


def test_without_colour_there_is_no_escape_sequence() -> None:
    assert "\x1b" not in rendered("terminal", a_report(), Canvas(width=80, links=True))


def test_markup_in_names_and_messages_is_text() -> None:
    nasty = a_finding("n", path="src/[bold]x[/].py", message="[red]bad[/red] :smile: [link=x]y")
    text = rendered("terminal", _with_findings(nasty), Canvas(width=140))
    assert "src/[bold]x[/].py:12:5  [red]bad[/red] :smile: [link=x]y" in text


def test_the_answer_comes_before_everything_else() -> None:
    lines = rendered("terminal", a_report(), Canvas(width=100, unicode=False)).split("\n")
    assert lines[1].split() == ["NON-CONFORMANT", "Grade", "C", "acme-shop"]
    assert lines[2].strip().startswith("84.4 of 100, up to 88.5 once 3 clauses are verified")


def test_sections_come_in_the_order_of_their_urgency() -> None:
    text = rendered("terminal", a_report(), PLAIN)
    places = [
        text.index(title)
        for title in (
            "MUST fails",
            "SHOULD fails",
            "Could not be checked",
            "Unverified  ",
            "Waived or attested",
            "Holds",
            "Does not apply",
            "Besides",
            "Tools  ",
            "Problems",
            "Next",
            "Exit 1",
        )
    ]
    assert places == sorted(places)


def test_every_clause_is_named() -> None:
    text = rendered("terminal", a_report(), PLAIN)
    assert not [one.clause.id for one in a_report().clauses if one.clause.id not in text]


def test_few_findings_are_all_listed() -> None:
    found = [a_finding(f"f{number}", line=number, message=f"m{number}") for number in range(1, 6)]
    text = rendered("terminal", _with_findings(*found), PLAIN)
    assert all(f"src/acme/tokens.py:{number}:5  m{number}" in text for number in range(1, 6))
    assert "more in" not in text


def test_many_findings_are_counted_and_none_is_dropped_silently() -> None:
    found = [
        a_finding(f"{name}{number}", path=f"src/{name}.py", line=number + 1, message=f"m{number}")
        for size, name in enumerate("abcdefgh", 1)
        for number in range(size * 100)
    ]
    text = rendered("terminal", _with_findings(*found), PLAIN)
    shown = re.findall(r"(\d+)\S src/(\w)\.py:1:5", text)
    assert shown == [("800", "h"), ("700", "g"), ("600", "f"), ("500", "e"), ("400", "d")]
    assert "src/h.py:1:5  first: m0" in text  # the file has 800 findings, not m0 800 times
    assert "… and 600 more in 3 files: `doctrine check --show SEC005`" in text


def test_a_pile_of_several_rules_tells_them_apart() -> None:
    found = [
        a_finding(
            f"f{number}",
            line=number + 1,
            reported_by=(Reporter(tool="ruff", rule=f"E{min(number, 8):03}"),),
        )
        for number in range(40)
    ]
    text = rendered("terminal", _with_findings(*found), Canvas(width=140))
    told = text.replace("\N{MULTIPLICATION SIGN}", "x")
    assert (
        "by rule: ruff E008 x32, ruff E000 x1, ruff E001 x1, ruff E002 x1, ruff E003 x1, "
        "ruff E004 x1, and 3 more rules"
    ) in told
    assert "by rule" not in rendered("terminal", _with_findings(*found[10:]), PLAIN)


def test_the_letter_has_no_gap_where_a_line_beside_it_is_broken() -> None:
    lines = rendered("terminal", a_report(), Canvas(width=62)).splitlines()
    assert [line[2:9].rstrip() for line in lines[1:5]] == ["▄█▀▀▀█▄", "██", "██", "▀█▄▄▄█▀"]


def test_a_finding_is_quoted_and_a_file_is_not() -> None:
    sources = Written({"a.py": ("x = 1", "y = call(1)")})
    whole = replace(a_finding("w", path="a.py"), location=Location(path="a.py"))
    spot = replace(
        a_finding("s", path="a.py"),
        location=Location(path="a.py", line=2, column=5, end_line=2, end_column=9),
    )
    text = rendered("terminal", _with_findings(whole, spot), Canvas(width=100, sources=sources))
    assert "2 │ y = call(1)\n             │     ^^^^\n" in text
    assert "x = 1" not in text
    ascii_ = Canvas(width=100, sources=sources, unicode=False)
    assert "2 | y = call(1)\n             |     ^^^^\n" in rendered(
        "terminal", _with_findings(whole, spot), ascii_
    )


def test_carets_stand_under_the_same_characters_with_and_without_colour() -> None:
    plain = rendered("terminal", a_report(), Canvas(width=100, sources=ACME))
    colored = rendered(
        "terminal", a_report(), Canvas(width=100, sources=ACME, color=True, links=True)
    )
    bare = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", colored)
    assert [line for line in bare.splitlines() if "^" in line] == [
        line for line in plain.splitlines() if "^" in line
    ]


@pytest.mark.parametrize("width", [24, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("view", [View(), View(detail=Detail.VERBOSE), View(show=("SEC005",))])
def test_no_quoted_line_is_wider_than_the_terminal(width: int, view: View) -> None:
    canvas = Canvas(width=width, view=view, sources=ACME, last=an_earlier_run())
    text = rendered("terminal", a_report(), canvas)
    # A place is never broken, so that it can be clicked.
    lines = [line for line in text.splitlines() if not re.search(r"\w\.\w+:\d+", line)]
    assert max(map(cell_len, lines)) <= width


def test_the_length_of_the_report_does_not_grow_with_the_findings() -> None:
    def lines(count: int) -> int:
        found = [a_finding(f"f{number}", path=f"src/m{number}.py") for number in range(count)]
        return rendered("terminal", _with_findings(*found), PLAIN).count("\n")

    assert lines(20) == lines(2000)


def test_places_beyond_the_shown_ones_are_counted() -> None:
    evidence = tuple(Evidence(path=f"f{number}.yml", line=1, detail="x") for number in range(9))
    failed = check("gate", Outcome.FAIL, "nothing runs it", evidence=evidence)
    report = replace(a_report(), clauses=(verdict(SEC005, Outcome.FAIL, "", failed),))
    text = rendered("terminal", report, PLAIN)
    assert "f4.yml:1" in text
    assert "f5.yml" not in text
    assert "and 4 more places" in text


def test_findings_behind_no_failure_are_counted_by_their_reason() -> None:
    text = rendered("terminal", a_report(), PLAIN)
    assert "21 findings behind no failure" in text
    assert "19 advice, which fails nothing: ruff-guide E501 \N{MULTIPLICATION SIGN}19" in text
    assert "1 suppressed in the project: ruff S311 \N{MULTIPLICATION SIGN}1" in text
    assert "1 in the baseline: ruff S311 \N{MULTIPLICATION SIGN}1" in text


def test_a_tool_without_a_result_says_what_to_do() -> None:
    text = rendered("terminal", a_report(), PLAIN)
    assert "vulture   vulture is not installed: `uv add --dev vulture`" in text
    assert "pyright ran out of memory under .:" in text


def test_what_qualifies_a_tools_result_is_told_once() -> None:
    report = a_report()
    run = report.tools[0]
    told = replace(run, message="half was read", reading=replace(run.reading, note="half was read"))
    text = rendered("terminal", replace(report, tools=(told, *report.tools[1:])), PLAIN)
    assert text.count("half was read") == 1


def test_clauses_with_one_reason_share_it() -> None:
    report = a_report()
    reason = "the packages are not installed: `uv sync`"
    clauses = tuple(
        replace(one, reason=reason) if one.outcome is Outcome.UNVERIFIED else one
        for one in report.clauses
    )
    assert rendered("terminal", replace(report, clauses=clauses), PLAIN).count(reason) == 1


def test_the_next_step_is_the_failure_worth_most() -> None:
    text = rendered("terminal", a_report(), PLAIN)
    assert "LNT001 is worth 2.5 points (to 86.9): Run `uv add --dev ruff`" in text
    assert "Nothing that costs points is left to do." in rendered(
        "terminal", a_perfect_report(), PLAIN
    )


def test_the_next_step_is_what_the_commands_of_others_need() -> None:
    report = a_report()
    other = "SEC005"
    lost = {**dict.fromkeys(report.grade.points_lost, 2.5), other: 0.5}
    cheap = replace(report, grade=replace(report.grade, points_lost=lost))
    assert _first_step(cheap) != other
    missing = tuple(
        replace(one, reported_by=(Reporter(tool="packaging", rule="uv-missing-project"),))
        if other in one.clauses
        else one
        for one in report.findings
    )
    assert _first_step(replace(cheap, findings=missing)) == other


def _first_step(report: Report) -> str:
    return rendered("terminal", report, PLAIN).partition(" 1. ")[2].split()[0]


def test_the_next_step_is_not_a_clause_that_fails_with_another() -> None:
    report = a_report()
    parent = CheckResult(id="parent-DEP002", outcome=Outcome.FAIL, detail="DEP002 fails")
    clauses = tuple(
        replace(one, checks=(*one.checks, parent)) if one.clause.id == "LNT001" else one
        for one in report.clauses
    )
    lost = dict.fromkeys(report.grade.points_lost, 2.5)
    judged = replace(report, clauses=clauses, grade=replace(report.grade, points_lost=lost))
    assert "LNT001 is worth" not in rendered("terminal", judged, PLAIN)


def test_a_report_without_a_letter_says_why() -> None:
    report = a_report()
    failed = replace(report.clauses[1], outcome=Outcome.ERROR)
    text = rendered(
        "terminal",
        replace(
            report,
            clauses=(failed, *report.clauses[2:]),
            grade=replace(report.grade, letter=None),
        ),
        PLAIN,
    )
    assert "No grade" in text
    assert "no letter: TYP001 could not be checked" in text
    assert "No score" in rendered("terminal", an_empty_report(), PLAIN)


def test_without_a_gate_there_is_no_exit_code() -> None:
    text = rendered("terminal", replace(a_report(), exit_code=None), PLAIN)
    assert "Exit" not in text


def test_links_lead_to_the_file_and_are_the_same_every_time() -> None:
    canvas = Canvas(width=100, color=True, links=True)
    found = a_finding("x", path="src/a b\udcff.py")
    text = rendered("terminal", _with_findings(found), canvas)
    assert "\x1b]8;;file:///home/ada/acme-shop/src/a%20b%5Cudcff.py\x1b\\" in text
    assert text == rendered("terminal", _with_findings(found), canvas)
