from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

from hypothesis import given

from doctrine.model.replacing import replace
from doctrine.model.report import Report, Reporter
from doctrine.model.verdict import Outcome
from doctrine.reports._issues import issues
from doctrine.reports._stored import stored
from doctrine.reports._text import visible
from tests.reports.build import a_finding, a_perfect_report, a_report, check, verdict
from tests.reports.goldens import rendered
from tests.reports.standard import SEC005
from tests.reports.strategies import DRAWN, REPORTS, harmless


def _read(report: Report) -> ET.Element:
    return ET.fromstring(rendered("checkstyle", report).encode())  # noqa: S314 - our own text


def _with(**changes: object) -> ET.Element:
    found = replace(a_finding("f1"), **changes)  # type: ignore[arg-type]
    failed = check("clean", Outcome.FAIL, "", found=("f1",))
    clauses = (verdict(SEC005, Outcome.FAIL, "", failed),)
    (error,) = _read(replace(a_report(), findings=(found,), clauses=clauses)).iter("error")
    return error


def test_an_issue_has_the_attributes_that_checkstyle_writes() -> None:
    error = _with()
    assert error.attrib == {
        "line": "12",
        "column": "5",
        "severity": "error",
        "message": "SEC005: Standard pseudo-random generators are not suitable for "
        "cryptographic purposes",
        "source": "doctrine.SEC005.ruff:S311",
    }


def test_dots_in_a_rule_do_not_move_the_category() -> None:
    error = _with(reported_by=(Reporter(tool="semgrep", rule="python.lang.eval"),))
    source = error.attrib["source"]
    assert source == "doctrine.SEC005.semgrep:python-lang-eval"
    assert source.rpartition(".")[0].rpartition(".")[2] == "SEC005"


def test_files_come_once_and_in_order() -> None:
    names = [one.attrib["name"] for one in _read(a_report()).iter("file")]
    assert names == sorted(set(names))
    assert "pyproject.toml" in names


def test_a_project_that_holds_everything_names_no_file() -> None:
    root = _read(a_perfect_report())
    assert (root.tag, len(root), root.attrib) == ("checkstyle", 0, {"version": "0.1.0"})


@DRAWN
@given(REPORTS)
def test_a_parser_reads_back_what_is_in_the_report(report: Report) -> None:
    root = _read(report)
    texts = [value for element in root.iter() for value in element.attrib.values()]
    assert all(map(harmless, texts))
    assert {element.tag for element in root.iter()} <= {"checkstyle", "file", "error"}
    read = Counter(int(one.attrib["line"]) for one in root.iter("error"))
    told = list(issues(stored(report)))
    assert read == Counter(max(1, one.line) for one in told)
    sources = [one.attrib["source"] for one in root.iter("error")]
    for one in told:
        rule = visible(one.rule.replace(".", "-")).replace("\ufffe", r"\ufffe")
        assert any(source.endswith(rule.replace("\uffff", r"\uffff")) for source in sources)
