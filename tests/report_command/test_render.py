"""``doctrine report render``."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from doctrine.cli import delivery
from doctrine.cli.report import reading, render
from doctrine.reports._format import Canvas, Format
from doctrine.reports._shape import ReportV1
from doctrine.reports.discovery import formats
from tests.report_command.files import REPORT, put, report_command

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_is_drawn_to_stdout_and_to_a_file(
    name: str, tmp_path: Path, capsys: Capsys
) -> None:
    report = put(tmp_path / "report.json")
    file = tmp_path / "deep" / "drawn"
    said = report_command(capsys, "render", report, "--format", name, "--output", f"{name}={file}")
    assert (said.code, said.err) == (0, "")
    drawn = file.read_bytes().decode()
    assert drawn
    again = f"doctrine report render {report}"
    assert drawn == "".join(formats()[name].render(REPORT, Canvas(again=again)))
    assert said.out


def test_json_of_a_stored_report_is_the_stored_report(tmp_path: Path, capsys: Capsys) -> None:
    report = put(tmp_path / "report.json")
    said = report_command(capsys, "render", report, "--format", "json")
    assert said.out == Path(report).read_text("utf-8")


def test_a_failing_report_is_drawn_with_exit_code_0(tmp_path: Path, capsys: Capsys) -> None:
    said = report_command(capsys, "render", put(tmp_path / "report.json"))
    assert said.code == 0
    assert "NON-CONFORMANT" in said.out


def test_with_outputs_only_nothing_goes_to_stdout(tmp_path: Path, capsys: Capsys) -> None:
    report = put(tmp_path / "report.json")
    said = report_command(capsys, "render", report, "--output", f"json={tmp_path / 'b.json'}")
    assert (said.code, said.out) == (0, "")


def test_stdin_is_a_report(tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    content = Path(put(tmp_path / "report.json")).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert report_command(capsys, "render", "-", "--format", "json").out == content.decode()


def _quoting(_report: ReportV1, canvas: Canvas) -> Iterator[str]:
    yield "\n".join((canvas.root, *canvas.sources.lines("a.py"), *canvas.sources.lines("../b.py")))


def test_root_adds_the_source_lines_of_that_folder_only(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {**formats(), "quoting": Format(name="quoting", suffix=".x", render=_quoting)}
    for module in (delivery, render):
        monkeypatch.setattr(module, "formats", lambda: known)
    report, root = put(tmp_path / "report.json"), tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text("inside = 1\n")
    (tmp_path / "b.py").write_text("outside = 1\n")
    flags = ("render", report, "--format", "quoting")
    assert report_command(capsys, *flags).out == ""
    said = report_command(capsys, *flags, "--root", str(root))
    assert said.out == f"{root.resolve()}\ninside = 1"


TRUNCATED = b'{"schema": "doctrine.report/v1", "doctrine": {"version": "0.1'
BAD = {
    "truncated": TRUNCATED,
    "empty": b"",
    "no JSON": b"\x00\xff\xfe",
    "another JSON": b"[1, 2]",
    "deep": b"[" * 100_000,
    "half a report": b'{"schema": "doctrine.report/v1"}',
    "SARIF": b'{"version": "2.1.0", "runs": []}',
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("command", ["render", "compare-base", "compare-head", "base"])
def test_what_is_no_report_is_an_error_that_names_the_file(
    content: bytes, command: str, tmp_path: Path, capsys: Capsys
) -> None:
    good, bad = put(tmp_path / "good.json"), tmp_path / "bad.json"
    bad.write_bytes(content)
    arguments = {
        "render": ("render", str(bad)),
        "compare-base": ("compare", str(bad), good),
        "compare-head": ("compare", good, str(bad)),
        "base": ("render", good, "--base", str(bad)),
    }[command]
    said = report_command(capsys, *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {bad} is not a doctrine.report/v1 report: ")


def test_a_report_of_another_version_is_named(tmp_path: Path, capsys: Capsys) -> None:
    other = msgspec.structs.replace(REPORT, schema="doctrine.report/v2")
    said = report_command(capsys, "render", put(tmp_path / "new.json", other))
    assert said.code == 2
    assert "is a 'doctrine.report/v2' report, not doctrine.report/v1" in said.err


def test_another_version_is_named_even_where_its_shape_is_strange(
    tmp_path: Path, capsys: Capsys
) -> None:
    new = tmp_path / "new.json"
    new.write_text('{"schema": "doctrine.report/v2", "clauses": {}}')
    said = report_command(capsys, "render", str(new))
    assert said.code == 2
    assert "is a 'doctrine.report/v2' report, not doctrine.report/v1" in said.err


def test_a_huge_file_is_refused_before_it_is_decoded(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    report = put(tmp_path / "report.json")
    said = report_command(capsys, "render", report)
    assert (said.code, said.out) == (2, "")
    assert "larger than 1,000 bytes" in said.err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(report).read_bytes())))
    assert "stdin cannot be read: larger" in report_command(capsys, "render", "-").err


@pytest.mark.parametrize("name", ["missing.json", ".", "nu\x00ll", "pipe"])
def test_what_cannot_be_read_is_an_error(name: str, tmp_path: Path, capsys: Capsys) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    said = report_command(capsys, "render", f"{tmp_path}/{name}")
    assert (said.code, said.out) == (2, "")
    assert "cannot be read" in said.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--format", "jsn"), "did you mean 'json'"),
        (("--output", "juni=a.xml"), "did you mean 'junit'"),
        (("--output", "json=a", "--output", "junit=a"), "only one report can go to a"),
        (("--output", "json=-", "--output", "junit=-"), "only one report can go to stdout"),
        (("--root", "nowhere"), "--root nowhere is no folder"),
        (("--show", "ZZZ"), "there is no clause 'ZZZ' to show"),
    ],
)
def test_a_wrong_name_is_an_error_before_anything_is_written(
    flags: tuple[str, ...], message: str, tmp_path: Path, capsys: Capsys
) -> None:
    before = set(tmp_path.iterdir())
    report = put(tmp_path / "report.json")
    said = report_command(capsys, "render", report, *flags)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert set(tmp_path.iterdir()) - before == {Path(report)}


def test_a_file_that_cannot_be_written_is_said_by_the_exit_code(
    tmp_path: Path, capsys: Capsys
) -> None:
    report = put(tmp_path / "report.json")
    other = tmp_path / "other.json"
    said = report_command(
        capsys, "render", report, "--output", f"json={report}/x", "--output", f"junit={other}"
    )
    assert said.code == 2
    assert "cannot be written" in said.err
    assert other.exists()
