"""What is remembered of a run, and what the next report says of it."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from doctrine.cli import history as module
from doctrine.cli.history import History
from doctrine.model.outcome import Outcome
from doctrine.model.report import Report
from doctrine.reports import _last_run as last_run
from doctrine.reports._format import Canvas
from doctrine.reports._last_run import read_last_run, summarised, written
from doctrine.reports._shape import ReportV1
from doctrine.reports._since import Since, in_words, since
from doctrine.reports._stored import stored
from tests.reports.build import a_report, an_earlier_run
from tests.reports.strategies import DRAWN, REPORTS


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a user's cache."""
    monkeypatch.delenv(module.OFF, raising=False)
    folder = tmp_path / "cache"

    def user_cache_path(_name: str) -> Path:
        return folder

    monkeypatch.setattr("platformdirs.user_cache_path", user_cache_path)
    return folder


def _since(report: ReportV1, before: ReportV1) -> Since:
    found = since(report, Canvas(last=summarised(before)))
    assert found is not None
    return found


def test_what_was_kept_is_found_again_by_root_and_manner(cache: Path) -> None:
    run = summarised(stored(a_report()))
    History("/p").keep(run)
    assert History("/p").last() == run
    assert History("/q").last() is None
    assert History("/p", ["src"]).last() is None
    assert History("/p", audit=True).last() is None
    (file,) = (cache / "history").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_kept_in_the_project(cache: Path) -> None:
    History(str(cache.parent)).keep(summarised(stored(a_report())))
    assert History(str(cache.parent)).last() is None
    assert not cache.exists()


def test_nothing_is_kept_where_it_is_turned_off(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(module.OFF, "1")
    History("/p").keep(summarised(stored(a_report())))
    assert not cache.exists()


def test_a_home_that_cannot_be_written_is_silent(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.write_text("a file, no folder")
    History("/p").keep(summarised(stored(a_report())))
    assert History("/p").last() is None
    assert capsys.readouterr() == ("", "")


def test_a_home_that_does_not_exist_is_silent(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_name: str) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_cache_path", homeless)
    History("/p").keep(summarised(stored(a_report())))
    assert History("/p").last() is None
    assert not cache.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"schema": "other"}', b"[" * 9999])
def test_what_is_damaged_is_forgotten_and_written_anew(cache: Path, content: bytes) -> None:
    run = summarised(stored(a_report()))
    History("/p").keep(run)
    (file,) = (cache / "history").iterdir()
    file.write_bytes(content)
    assert History("/p").last() is None
    History("/p").keep(run)
    assert History("/p").last() == run


def test_the_projects_judged_longest_ago_are_forgotten(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PROJECTS", 2)
    run = summarised(stored(a_report()))
    for root in ("/a", "/b", "/c"):
        History(root).keep(run)
    assert len(list((cache / "history").iterdir())) == 2
    assert History("/c").last() == run


@DRAWN
@given(REPORTS)
def test_a_summary_reads_back_as_it_was(report: Report) -> None:
    run = summarised(stored(report))
    try:
        raw = written(run)
    except UnicodeEncodeError:
        return
    assert read_last_run(raw) == run


def test_the_same_report_changes_nothing() -> None:
    report = stored(a_report())
    found = _since(report, report)
    assert found.same
    assert in_words(found) == "nothing changed since the last run"


def test_what_came_went_and_turned_is_told() -> None:
    found = since(stored(a_report()), Canvas(last=an_earlier_run()))
    assert found is not None
    assert found.new == frozenset({"r2"})
    assert found.gone == 2
    assert {(one.id, one.before, one.after) for one in found.turned} == {
        ("SEC005", Outcome.PASS, Outcome.FAIL),
        ("FUZ002", Outcome.NOT_APPLICABLE, Outcome.PASS),
        ("TYP007", Outcome.FAIL, Outcome.PASS),
    }
    assert found.worse == {"SEC005"}
    assert in_words(found) == (
        "since the last run, 2 hours earlier: 1 new, 2 gone, score 86.9 to 84.4 (-2.5), "
        "grade B to C"
    )


def test_a_base_is_preferred_to_the_last_run() -> None:
    report = stored(a_report())
    base = msgspec.structs.replace(report, findings=report.findings[1:])
    found = since(report, Canvas(base=base, last=an_earlier_run()))
    assert found is not None
    assert found.what == "the base"
    assert found.new == frozenset({report.findings[0].fingerprint})


def test_what_a_tool_without_a_result_does_not_find_is_not_simply_gone() -> None:
    before = stored(a_report())
    tools = tuple(
        msgspec.structs.replace(one, status="crashed") if one.name == "ruff" else one
        for one in before.run.tools
    )
    blind = msgspec.structs.replace(
        before, findings=(), run=msgspec.structs.replace(before.run, tools=tools)
    )
    assert _since(blind, before).doubt == "ruff had no result this time"
    assert _since(before, blind).doubt == ""


def test_another_doctrine_or_guide_is_named_as_a_cause() -> None:
    report = stored(a_report())
    other = msgspec.structs.replace(report.doctrine, version="9")
    guide = msgspec.structs.replace(report.guide, digest="sha256:0")
    doctrine_changed = _since(msgspec.structs.replace(report, doctrine=other), report)
    assert doctrine_changed.notes == ("doctrine changed in between",)
    assert _since(msgspec.structs.replace(report, guide=guide), report).notes == (
        "the guide changed in between",
    )


def test_of_too_many_findings_only_the_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_run, "_MOST", 3)
    report = stored(a_report())
    found = _since(report, report)
    assert found.new is None
    assert in_words(found) == "nothing changed since the last run"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2026-01-01T00:00:00+00:00", "2026-01-03T01:00:00+00:00", "the last run, 2 days earlier"),
        (
            "2026-01-01T00:00:00+00:00",
            "2026-01-01T00:01:30+00:00",
            "the last run, 1 minute earlier",
        ),
        ("2026-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00", "the last run"),
        ("", "2026-01-01T00:00:00+00:00", "the last run"),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00", "the last run"),
    ],
)
def test_the_age_of_the_last_run_is_told_where_it_is_known(
    before: str, after: str, words: str
) -> None:
    report = stored(a_report())
    dated = [
        msgspec.structs.replace(report, run=msgspec.structs.replace(report.run, started=one))
        for one in (before, after)
    ]
    assert _since(dated[1], dated[0]).what == words
