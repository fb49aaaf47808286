"""A reader of stdout that goes away changes no exit code, and a full disk is told as one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.build import a_report
from tests.reports.goldens import rendered

FORMS = ("terminal", "json", "html")
"""One for people, one that is small, and one that does not fit in a pipe."""


def told_to(stdout: int, *arguments: str) -> tuple[int, str]:
    """Run the command line with this as its stdout; return its exit code and stderr."""
    argv = (sys.executable, "-m", "doctrine", *arguments)
    done = subprocess.run(argv, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=120)
    return done.returncode, done.stderr.decode()


def nobody() -> int:
    """Return a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.fixture
def stored(tmp_path: Path) -> str:
    path = tmp_path / "report.json"
    path.write_text(rendered("json", a_report()), "utf-8")
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break in another way on Windows")
@pytest.mark.parametrize("form", FORMS)
def test_a_reader_that_is_gone_does_no_harm(stored: str, form: str) -> None:
    pipe = nobody()
    try:
        assert told_to(pipe, "report", "render", stored, "--format", form) == (0, "")
    finally:
        os.close(pipe)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break in another way on Windows")
def test_a_gate_that_is_not_satisfied_stays_so_without_a_reader(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import random\n\ntoken = random.random()\n")
    pipe = nobody()
    try:
        code, said = told_to(pipe, "check", str(tmp_path), "--format", "json", "--no-history")
    finally:
        os.close(pipe)
    assert code == 1, said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_no_defect_of_a_format(stored: str, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = told_to(full.fileno(), "report", "render", stored, "--format", form)
    assert code == 2
    assert "stdout cannot be written" in said
    assert "could not be drawn" not in said
