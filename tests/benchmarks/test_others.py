"""Other ways to run the same tools: what is there is compared, what is not is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.others import Bench


def test_what_is_not_installed_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, place, programs = (tmp_path / name for name in ("project", "place", "programs"))
    for folder in (project, place, programs):
        folder.mkdir()
    (project / "a.py").write_text("x = 1\n")
    (programs / "git").symlink_to(shutil.which("git") or "")
    (programs / "prek").write_text("#!/bin/sh\n")
    (programs / "prek").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    bench = Bench(project, place, [])
    names = [one.name for one in bench.contenders()]
    assert names == ["script", "prek", "doctrine", "doctrine again"]
    assert set(bench.missing) == {"make", "pre-commit", "prospector"}
    mypy = (place / "run-mypy.sh").read_text()
    assert f"{place}/scratch/mypy/" in mypy
    assert "{scratch}" not in mypy
    assert mypy.endswith("exit 0\n")
