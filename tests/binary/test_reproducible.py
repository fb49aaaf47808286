"""The same tree gives the same reports, whatever else is different."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from doctrine.reports.discovery import formats
from tests.binary.running import doctrine, write

pytestmark = pytest.mark.live

FILES: Mapping[str, str] = {
    "pyproject.toml": '[project]\nname = "sample"\nversion = "1"\nrequires-python = ">=3.11"\n'
    '[tool.mypy]\nstrict = true\n[tool.ruff.lint]\nselect = ["ALL"]\n',
    "README.md": "# Sample\n",
    "src/sample/__init__.py": '"""Sample."""\n',
    **{
        f"src/sample/{name}.py": f'import os, random\nfrom sample import {other}\n\n\ndef {name}(a, b=[]):\n'
        f'    """Straße {name}."""\n    try:\n        return random.choice([a, {other}.x])\n'
        "    except Exception:\n        pass\n"
        for name, other in (("beta", "alpha"), ("alpha", "Gamma"), ("Gamma", "umlaut_ä"), ("umlaut_ä", "beta"))
    },
    "tests/test_a.py": "def test_a():\n    assert 1\n",
}  # fmt: skip
_TIMES = (
    (re.compile(r'"seconds": ?[0-9.e-]+'), '"seconds": 0'),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "0 s"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d| UTC)?"), "NOW"),
    (re.compile(r'\btime="[0-9.]+"'), 'time="0"'),
    (re.compile(r'"duration": ?[0-9.]+'), '"duration": 0'),
)
_TABLES = frozenset({"html", "markdown", "terminal"})
"""Formats with columns of seconds: no fraction is compared there, as all of them are in the others."""
_FRACTION = re.compile(r"\b\d+\.\d+\b")
_BLANK = re.compile(r"[ \u2500]+")


def reports(
    root: Path, names: Iterable[str], jobs: int, env: Mapping[str, str]
) -> Mapping[str, str]:
    """Make the project's files in an order, and return every report on it without times."""
    shutil.rmtree(root, ignore_errors=True)
    write(root, {name: FILES[name] for name in names})
    out = root.parent / "out"
    kinds = [name for name in formats() if name != "terminal"]
    asked = [word for kind in kinds for word in ("--output", f"{kind}={out / kind}")]
    ran = doctrine("check", str(root), "--jobs", str(jobs), *asked, cwd=root.parent, env=env)
    assert ran.code == 1, ran.stderr
    texts = {kind: (out / kind).read_text("utf-8") for kind in kinds} | {"terminal": ran.stdout}
    shutil.rmtree(out)
    for pattern, instead in _TIMES:
        texts = {kind: pattern.sub(instead, text) for kind, text in texts.items()}
    return {kind: _timeless(text) if kind in _TABLES else text for kind, text in texts.items()}


def _timeless(text: str) -> str:
    """Take out of a report all that its columns of seconds change, widths included."""
    return _BLANK.sub(" ", _FRACTION.sub("0", text))


def test_order_locale_time_zone_jobs_and_hashes_change_no_report(tmp_path: Path) -> None:
    root = tmp_path / "project"
    first = reports(
        root, FILES, 1,
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    second = reports(
        root, reversed(tuple(FILES)), 8,
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE", "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "42"},
    )  # fmt: skip
    assert "sample" in first["json"]
    assert {kind for kind in first if first[kind] != second[kind]} == set()
