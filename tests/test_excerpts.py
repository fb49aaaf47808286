from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.excerpts import Excerpts
from doctrine.model.replacing import replace
from doctrine.model.report import Reporter
from doctrine.reports._stored import stored
from tests.reports.build import a_finding, a_report


def test_lines_are_those_that_tools_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"one\r\ntwo\rthree\x0cstill\xe2\x80\xa8three\nfour\n")
    lines = Excerpts(str(tmp_path)).lines("a.py")
    assert list(lines) == ["one", "two", "three\x0cstill\u2028three", "four"]
    assert lines[1:3] == ["two", "three\x0cstill\u2028three"]
    assert lines[-1] == "four"


def test_no_secret_is_quoted(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    (tmp_path / "a.py").write_text(f'x = 1\nT = "{token}"\npassword = "correct horse"\n')
    found = a_finding(
        "h", path="a.py", line=3, reported_by=(Reporter(tool="hardcoded", rule="password"),)
    )
    report = stored(replace(a_report(), findings=(found,)))
    lines = Excerpts(str(tmp_path), report.findings).lines("a.py")
    assert token not in lines[1]
    assert list(lines)[2] == 'password = "***"'
    assert lines[-1] == lines[2]
    assert lines[0] == "x = 1"


@pytest.mark.parametrize(
    "path", ["../outside.py", "/etc/passwd", "link.py", "missing.py", "a\0b", "."]
)
def test_nothing_outside_the_project_is_quoted(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.py").write_text("secret\n")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    assert not Excerpts(str(root)).lines(path)
