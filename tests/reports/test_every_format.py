"""What holds for every format there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from doctrine.cli import delivery
from doctrine.model.partial import Picked
from doctrine.model.report import Report
from doctrine.model.settings import Output
from doctrine.model.verdict import Outcome
from doctrine.reports._format import Canvas, Format
from doctrine.reports._shape import CheckV1, ReportV1
from doctrine.reports._stored import read_stored, stored
from doctrine.reports._view import Detail, View
from doctrine.reports.discovery import formats
from tests.reports.build import a_partial_report, a_report
from tests.reports.strategies import DRAWN, REPORTS

NAMES = sorted(formats())


def _drawn(name: str, report: ReportV1) -> str:
    return "".join(formats()[name].render(report, Canvas(width=100)))


def _is_text(report: ReportV1) -> bool:
    try:
        msgspec.json.encode(report)
    except UnicodeEncodeError:
        return False
    return True


@DRAWN
@given(report=REPORTS)
def test_a_stored_report_is_drawn_as_the_live_one_was(report: Report) -> None:
    live = stored(report)
    again = read_stored(_drawn("json", live).encode(), "the report")
    # What no JSON can carry was written as a visible escape; everything else reads back as it was.
    assert (again == live) == _is_text(live)
    if again == live:
        for name in NAMES:
            assert _drawn(name, again) == _drawn(name, live), name


@pytest.mark.parametrize("name", NAMES)
def test_drawing_changes_nothing_and_is_the_same_every_time(name: str) -> None:
    report = stored(a_report())
    assert _drawn(name, report) == _drawn(name, report)
    assert report == stored(a_report())


_LISTS = frozenset({"checkstyle", "gitlab"})
"""Formats that hold what was found and nothing else, so that they promise nothing."""


@pytest.mark.parametrize("name", NAMES)
def test_a_partial_run_is_never_taken_for_a_whole_one(name: str) -> None:
    report = stored(a_partial_report())
    drawn = _drawn(name, report)
    told = {"csv": "not judged in this run", "json": '"partial":'}.get(name, "partial run")
    assert name in _LISTS or told in drawn.casefold()
    # Nothing passes, and there is no figure that could be taken for one.
    assert not re.search(r"of 100|\bup to\b|\bpassed\b", drawn)
    silent = msgspec.structs.replace(report, partial=None)
    assert name in _LISTS | {"csv"} or drawn != _drawn(name, silent)


@pytest.mark.parametrize("name", ["compact", "concise", "terminal"])
def test_what_a_partial_run_left_open_is_listed_for_who_asks(name: str) -> None:
    report = stored(a_partial_report())
    whole = Canvas(width=100, view=View(detail=Detail.VERBOSE))
    assert "PRF001" not in _drawn(name, report)
    assert "PRF001" in "".join(formats()[name].render(report, whole))


@pytest.mark.parametrize("name", sorted({*NAMES} - {"badge", "csv", "shields"} - _LISTS))
def test_a_partial_run_says_what_it_could_not_judge(name: str) -> None:
    report = stored(a_partial_report())
    remedy = "try `uv pip install ruff==0.12.3`"
    check = CheckV1(
        id="c", outcome=Outcome.UNVERIFIED, detail=remedy, evidence=(), findings=("r1",)
    )
    kept = tuple(
        msgspec.structs.replace(one, checks=(check,)) if one.id == "TYP006" else one
        for one in report.clauses
    )
    drawn = _drawn(name, msgspec.structs.replace(report, clauses=kept))
    assert "ruff==0.12.3" in drawn


def _of_a_hook(report: ReportV1, **changed: object) -> ReportV1:
    """Return a run over named files in which nothing was found, but for what is changed."""
    partial, gate = report.partial, report.gate
    assert partial is not None
    assert gate is not None
    clauses = tuple(
        msgspec.structs.replace(one, outcome=Outcome.UNVERIFIED, checks=())
        for one in report.clauses
    )
    named = msgspec.structs.replace(
        partial, picked=changed.pop("picked", Picked.GIVEN), others=changed.pop("others", 0)
    )
    passed = msgspec.structs.replace(gate, exit_code=changed.pop("exit_code", 0))
    held = {"clauses": clauses, "partial": named, "gate": passed, "problems": (), **changed}
    return msgspec.structs.replace(report, **held)


def test_a_hook_that_has_nothing_to_say_says_nothing() -> None:
    report = stored(a_partial_report())
    assert _drawn("concise", _of_a_hook(report)) == ""
    # Who names no files asked for an answer, and what was not judged is no reason for silence.
    loud: tuple[dict[str, object], ...] = (
        {"picked": Picked.STAGED},
        {"others": 1},
        {"exit_code": 3},
        {"problems": report.problems},
        {"clauses": report.clauses},
        {"partial": None},
    )
    for changed in loud:
        last = _drawn("concise", _of_a_hook(report, **changed)).splitlines()[-1]
        assert "; exit " in last, changed


def _broken(_report: ReportV1, _canvas: Canvas) -> Iterator[str]:
    yield "half"
    raise ZeroDivisionError("a defect")


def test_a_format_that_breaks_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {**formats(), "broken": Format(name="broken", suffix=".x", render=_broken)}
    monkeypatch.setattr(delivery, "formats", lambda: known)
    earlier = tmp_path / "broken.x"
    earlier.write_text("of the last run")
    names = (("broken", "broken.x"), ("json", "deep/er/a.json"), ("terminal", "a.txt"))
    outputs = tuple(Output(format=one, path=str(tmp_path / file)) for one, file in names)
    delivery.deliver(stored(a_report()), form="terminal", outputs=outputs)
    said = capsys.readouterr()
    assert "the broken report could not be drawn: ZeroDivisionError: a defect" in said.err
    assert "NON-CONFORMANT" in said.out
    assert read_stored((tmp_path / "deep/er/a.json").read_bytes(), "a") == stored(a_report())
    assert "NON-CONFORMANT" in (tmp_path / "a.txt").read_text("utf-8")
    assert earlier.read_text() == "of the last run"
    assert {one.name for one in tmp_path.iterdir()} == {"broken.x", "deep", "a.txt"}


def test_what_cannot_be_written_is_said_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    outputs = (
        Output(format="json", path=str(tmp_path / "file" / "a.json")),
        Output(format="json", path=str(tmp_path / "b.json")),
    )
    delivery.deliver(stored(a_report()), form="json", outputs=outputs)
    said = capsys.readouterr()
    assert "the json report cannot be written to" in said.err
    assert (tmp_path / "b.json").read_text("utf-8") == said.out
