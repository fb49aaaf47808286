"""The first of what tools have found."""

from __future__ import annotations

from doctrine.cli.glimpses import chosen, glimpsed
from doctrine.model.observation import Finding, Location, Severity
from doctrine.model.run import Covers, Origin, Reading, ToolRun, ToolStatus


def _run(*findings: Finding) -> ToolRun:
    return ToolRun(
        name="ruff-guide",
        program="ruff",
        version="1",
        origin=Origin.DOCTRINE,
        status=ToolStatus.OK,
        covers=Covers.ALL,
        reading=Reading(findings=findings),
    )


def _finding(line: int, message: str, severity: Severity = Severity.ERROR) -> Finding:
    where = Location(path="a.py", line=line)
    return Finding(tool="ruff", rule="S1", message=message, location=where, severity=severity)


def test_errors_come_before_advice_and_the_first_lines_before_later_ones() -> None:
    run = _run(_finding(1, "advice", Severity.INFO), _finding(9, "second"), _finding(2, "first"))
    assert glimpsed(run, 2) == ["a.py:2 first (ruff S1)", "a.py:9 second (ruff S1)"]


def test_no_literal_is_shown_since_it_may_be_a_secret() -> None:
    (line,) = glimpsed(_run(_finding(1, "possible password: 'correct horse'\nmore")), 5)
    assert line == "a.py:1 possible password: '***' (ruff S1)"


def test_each_tool_has_its_turn() -> None:
    assert list(chosen([["a1", "a2", "a3"], ["b1"], []], 3)) == ["a1", "b1", "a2"]


def test_where_few_were_found_all_are_shown() -> None:
    assert list(chosen([["a1"], ["b1"]], 5)) == ["a1", "b1"]
