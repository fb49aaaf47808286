"""What programs read is UTF-8, whatever the terminal's encoding is; what people read suits theirs."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from doctrine.model.replacing import replace
from tests.reports.build import a_finding, a_report
from tests.reports.goldens import rendered

WORDS = "the name «café» holds 東京 and \N{ROCKET}"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    whole = a_report()
    found = (*whole.findings, a_finding("zz", path="src/zz/naïve.py", message=WORDS))
    path = tmp_path / "report.json"
    path.write_text(rendered("json", replace(whole, findings=found)), "utf-8")
    return path


def drawn(report: Path, form: str, encoding: str) -> bytes:
    argv = (sys.executable, "-m", "doctrine", "report", "render", str(report), "--format", form)
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(argv, env=env, capture_output=True, check=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_programs_get_utf_8(stored: Path, encoding: str) -> None:
    document = json.loads(drawn(stored, "json", encoding).decode("utf-8"))
    assert WORDS in {one["message"] for one in document["findings"]}
    rows = list(csv.reader(io.StringIO(drawn(stored, "csv", encoding).decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1


def test_people_get_what_their_terminal_can_show(stored: Path) -> None:
    text = drawn(stored, "terminal", "ascii").decode("ascii")
    assert "NON-CONFORMANT" in text
