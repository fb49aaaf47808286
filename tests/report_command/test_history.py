"""``doctrine report history``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.cli.report.history.in_html import chart, in_html
from doctrine.cli.report.history.in_text import spark
from doctrine.cli.report.history.points import Point, read_series
from doctrine.cli.report.history.tables import in_csv, in_json
from doctrine.cli.schema import Contract, schema
from doctrine.model.outcome import Verdict
from doctrine.reports import _shape as shape
from tests.report_command.files import REPORT, admits, put, report_command
from tests.reports.hostile import POISONS, poisoned
from tests.reports.test_hostile import SKELETONS, unseen

Capsys = pytest.CaptureFixture[str]
replace = msgspec.structs.replace


def at(started: str, score: float | None = 50.0, **changes: object) -> shape.ReportV1:
    return replace(
        REPORT,
        run=replace(REPORT.run, started=started),
        grade=replace(REPORT.grade, score=score),
        **changes,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "r" / "z.json", at("2026-01-01T10:00:00+00:00", 40.0))
    put(tmp_path / "r" / "deep" / "a.json", at("2026-03-01T10:00:00+00:00", 60.5))
    put(tmp_path / "r" / "m.json", at("2026-02-01T10:00:00+00:00", None))
    (tmp_path / "r" / "broken.json").write_text("{")
    (tmp_path / "r" / "notes.txt").write_text("no report")
    return tmp_path / "r"


def test_a_folder_is_read_in_the_order_of_the_runs(folder: Path) -> None:
    series = read_series([str(folder)])
    assert [Path(one.file).name for one in series.points] == ["z.json", "m.json", "a.json"]
    assert [Path(one.file).name for one in series.unread] == ["broken.json"]


def test_reports_without_a_time_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = [put(tmp_path / name, at("")) for name in ("b.json", "a.json")]
    assert [one.file for one in read_series(names).points] == sorted(names)


@pytest.mark.parametrize("form", ["text", "html", "json", "csv"])
def test_what_cannot_be_read_is_named_and_stops_nothing(
    form: str, folder: Path, capsys: Capsys
) -> None:
    said = report_command(capsys, "history", str(folder), "--format", form)
    assert said.code == 0
    assert "broken.json" in (said.out if form == "text" else said.err)
    assert "40" in said.out
    assert "60.5" in said.out


def test_the_text_has_a_row_a_report_with_what_changed(folder: Path, capsys: Capsys) -> None:
    out = report_command(capsys, "history", str(folder)).out
    rows = [line.split() for line in out.splitlines() if line.strip().startswith("2026")]
    assert [row[0][:10] for row in rows] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert rows[1][3] == "none"
    # A run without a score is no step: the next is compared with the last that had one.
    assert "+20.5" in rows[2]


def test_json_and_csv_tell_the_same(folder: Path, capsys: Capsys) -> None:
    told = json.loads(report_command(capsys, "history", str(folder), "--format", "json").out)
    assert told["schema"] == "doctrine.history/v1"
    table = report_command(capsys, "history", str(folder), "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["score"] for row in rows] == ["40.0", "", "60.5"]
    assert [one["score"] for one in told["reports"]] == [40.0, None, 60.5]
    assert list(rows[0]) == list(told["reports"][0])


def test_the_published_schema_admits_what_is_written_and_nothing_else(
    folder: Path, capsys: Capsys
) -> None:
    told = json.loads(report_command(capsys, "history", str(folder), "--format", "json").out)
    published = schema(Contract.HISTORY)
    assert admits(published, told)
    assert not admits(published, {**told, "schema": "doctrine.report/v1"})
    assert not admits(published, {**told, "reports": [{}]})


def test_the_page_needs_nothing_else_and_has_every_report(folder: Path, capsys: Capsys) -> None:
    output = folder / "out" / "trend.html"
    said = report_command(
        capsys, "history", str(folder), "--format", "html", "--output", str(output)
    )
    assert (said.code, said.out) == (0, "")
    page = output.read_text("utf-8")
    assert page.count("<circle") == 2
    assert page.count('<th scope="row">') == 3
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_no_report_at_all_is_an_error(tmp_path: Path, capsys: Capsys) -> None:
    for name in (str(tmp_path), str(tmp_path / "none.json")):
        said = report_command(capsys, "history", name)
        assert (said.code, said.out) == (2, "")
        assert "there is no report" in said.err


def test_what_makes_points_incomparable_is_said(tmp_path: Path) -> None:
    other = replace(REPORT.project, name="another")
    newer = replace(REPORT.guide, version="9")
    names = [
        put(tmp_path / "a.json", at("1")),
        put(tmp_path / "b.json", at("2", project=other, guide=newer)),
    ]
    told = read_series(names).warnings
    assert told[0] == "these are reports of 2 projects: acme-shop, another"
    assert "was judged by doctrine 0.1.0, python 9, the one before by" in told[1]


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
def test_hostile_reports_stay_text(poison: str, tmp_path: Path, capsys: Capsys) -> None:
    # A report that was read cannot hold half a character; in the file it is an escape.
    for number, name in enumerate(("a", "b")):
        hostile = poisoned(poison)
        put(
            tmp_path / f"{name}.json",
            replace(hostile, project=replace(hostile.project, lines=number)),
        )
        harmless = poisoned("x")
        put(
            tmp_path / "x" / f"{name}.json",
            replace(harmless, project=replace(harmless.project, lines=number)),
        )
    series = read_series([str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    plain = read_series([str(tmp_path / "x")])
    for draw, suffix in ((in_html, ".html"), (in_json, ".json"), (in_csv, ".csv")):
        assert unseen(draw(series)) == set()
        assert sorted(SKELETONS[suffix](draw(series))) == sorted(SKELETONS[suffix](draw(plain)))
    assert unseen(report_command(capsys, "history", str(tmp_path / "a.json")).out) == set()


VALUES = st.lists(st.none() | st.floats(-1e9, 1e9), max_size=30)


@given(values=VALUES)
def test_a_sparkline_has_a_sign_a_value_and_the_greatest_is_the_highest(
    values: list[float | None],
) -> None:
    line = spark(values, "0123456789")
    assert len(line) == len(values)
    assert [one == " " for one in line] == [one is None for one in values]
    known = [one for one in values if one is not None]
    if known and max(known) > min(known):
        assert line[values.index(max(known))] == "9"
        assert line[values.index(min(known))] == "0"


SCORES = st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=20)


@given(scores=SCORES)
def test_every_score_is_a_dot_inside_the_picture(scores: list[float | None]) -> None:
    points = [
        Point(
            file="f",
            started="",
            project="p",
            judge="j",
            verdict=Verdict.CONFORMANT,
            letter="A",
            score=one,
            ceiling=one,
            assurance=1.0,
            failing=0,
            open=0,
            waived=0,
            findings=0,
        )
        for one in scores
    ]
    drawn = chart(points)
    assert len(drawn.dots) == sum(one is not None for one in scores)
    assert all(drawn.left <= one.x <= drawn.right for one in drawn.dots)
    assert all(0 < one.y < drawn.height for one in drawn.dots)
    # A gap in the scores is a gap in the line.
    assert sum(len(line.split()) for line in drawn.lines) <= len(drawn.dots)
