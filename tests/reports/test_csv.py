from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.report import Report
from doctrine.reports._csv import safe
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports._text import visible
from doctrine.reports.discovery import formats
from tests.reports.build import a_report
from tests.reports.goldens import rendered
from tests.reports.strategies import DRAWN, REPORTS, TEXT

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def _read(text: str) -> list[dict[str, str]]:
    # As a spreadsheet reads a file, the mark at its beginning included.
    raw = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8-sig", newline="")
    return list(csv.DictReader(raw, strict=True))


def test_each_clause_is_a_row() -> None:
    report = a_report()
    rows = _read(rendered("csv", report))
    assert [one["clause"] for one in rows] == [one.clause.id for one in report.clauses]
    assert [one["outcome"] for one in rows] == [one.outcome.value for one in report.clauses]
    by_id = {one["clause"]: one for one in rows}
    sec005 = by_id["SEC005"]
    assert (
        sec005["evidence"] == "src/acme/session.py:7; src/acme/tokens.py:12; src/acme/tokens.py:40"
    )
    assert (sec005["level"], sec005["findings"], sec005["by"]) == ("MUST", "3", "clean fail")
    assert by_id["TYP005"]["by"] == "TYP006"
    dep005 = by_id["DEP005"]
    assert (dep005["on_record"], dep005["owner"], dep005["days_left"]) == (
        "waiver",
        "Platform team",
        "70",
    )
    assert by_id["DAT001"]["verified"] == "attestation"
    assert by_id["SGP001"]["verified"] == "not verified"


@DRAWN
@given(REPORTS)
def test_any_report_reads_back_and_no_cell_is_a_formula(report: Report) -> None:
    rows = _read(rendered("csv", report))
    assert len(rows) == len(report.clauses)
    for row, verdict in zip(rows, report.clauses, strict=True):
        assert None not in row
        assert not [cell for cell in row.values() if cell.startswith(FORMULA)]
        shown = visible(verdict.clause.statement)
        assert row["statement"] in {shown, f"'{shown}"}
        assert row["guide_line"] == str(verdict.clause.line)


@given(TEXT | st.text(st.sampled_from("=+-@\t\r\n'\",; a"), max_size=6))
def test_a_text_is_changed_only_where_it_would_be_computed(text: str) -> None:
    shown = safe(text)
    assert shown == ("'" if text.startswith(FORMULA) else "") + visible(text)
    assert "\n" not in shown


def test_every_line_ends_as_the_standard_has_it() -> None:
    text = rendered("csv", a_report())
    assert text.count("\r\n") == text.count("\n") == len(a_report().clauses) + 1


@pytest.mark.parametrize(("unicode", "mark"), [(True, "\ufeff"), (False, "")])
def test_the_mark_is_left_out_where_it_could_not_be_written(unicode: bool, mark: str) -> None:
    text = "".join(formats()["csv"].render(stored(a_report()), Canvas(unicode=unicode)))
    assert text.startswith(f"{mark}clause,level,")
