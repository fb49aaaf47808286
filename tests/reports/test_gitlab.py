from __future__ import annotations

from typing import Literal

import msgspec
import pytest
from hypothesis import given

from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report
from doctrine.model.verdict import Outcome
from tests.reports.build import a_finding, a_perfect_report, a_report, check, verdict
from tests.reports.goldens import rendered
from tests.reports.standard import CPX002, SEC005, TYP001
from tests.reports.strategies import DRAWN, REPORTS, harmless


class Lines(msgspec.Struct, forbid_unknown_fields=True):
    begin: int


class Location(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    lines: Lines


class Degradation(msgspec.Struct, forbid_unknown_fields=True):
    """What GitLab documents for one entry; every key is required."""

    description: str
    check_name: str
    fingerprint: str
    severity: Literal["info", "minor", "major", "critical", "blocker"]
    location: Location


def _read(report: Report) -> list[Degradation]:
    return msgspec.json.decode(rendered("gitlab", report).encode(), type=list[Degradation])


def test_only_what_counts_is_told_with_where_and_how_bad() -> None:
    found = {one.fingerprint: one for one in _read(a_report())}
    one = found["r1"]
    assert one.description.startswith("SEC005: Standard pseudo-random generators")
    assert (one.check_name, one.severity) == ("SEC005/ruff:S311", "blocker")
    assert (one.location.path, one.location.lines.begin) == ("src/acme/session.py", 7)
    statuses = {one.fingerprint: one.status for one in a_report().findings}
    told = [statuses[name] for name in found if name in statuses]
    assert set(told) == {FindingStatus.NEW}
    assert not {"e1", "s1", "b1"} & set(found)


def test_a_project_that_holds_everything_has_an_empty_list() -> None:
    assert rendered("gitlab", a_perfect_report()) == "[]\n"


@pytest.mark.parametrize(
    ("clause", "severity"),
    [(SEC005, "blocker"), (TYP001, "critical"), (CPX002, "major")],
)
@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.ERROR])
def test_a_level_is_a_severity(clause: object, severity: str, outcome: Outcome) -> None:
    assert clause in {SEC005, TYP001, CPX002}
    of = next(one for one in (SEC005, TYP001, CPX002) if one is clause)
    report = replace(a_report(), clauses=(verdict(of, outcome, "because"),), findings=())
    assert [one.severity for one in _read(report)] == [severity]


def test_what_is_about_the_project_is_told_at_the_file_that_describes_it() -> None:
    whole = a_finding("f1", path=".", line=1)
    failed = check("clean", Outcome.FAIL, "", found=("f1",))
    report = replace(
        a_report(), findings=(whole,), clauses=(verdict(SEC005, Outcome.FAIL, "", failed),)
    )
    assert [one.location.path for one in _read(report)] == ["pyproject.toml"]


@DRAWN
@given(REPORTS)
def test_any_report_keeps_the_format_and_shows_nothing_hidden(report: Report) -> None:
    for one in _read(report):
        assert one.location.lines.begin >= 1
        assert one.location.path
        for text in (one.description, one.check_name, one.fingerprint, one.location.path):
            assert harmless(text)
