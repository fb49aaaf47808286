"""Comments that silence, with the real program and the real tools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from tests.binary.running import doctrine, write

pytestmark = pytest.mark.live

TOKENS = """\
import random


def token() -> str:
    return str(random.random()){line}


def secret_token() -> str:
    return str(random.random()){other}


def guess(text: str) -> object:
    return eval(text){tool}
"""


class Suppression(msgspec.Struct):
    kind: str
    reason: str
    line: int


class Finding(msgspec.Struct):
    clauses: list[str]
    path: str
    line: int
    status: str
    suppression: Suppression | None


class Problem(msgspec.Struct):
    message: str


class Report(msgspec.Struct):
    findings: list[Finding]
    problems: list[Problem]

    def at(self, line: int, clause: str) -> list[Finding]:
        return [one for one in self.findings if one.line == line and clause in one.clauses]


def checked(folder: Path, comments: Mapping[str, str], *flags: str) -> Report:
    texts = {"line": "", "other": "", "tool": "", **comments}
    write(
        folder,
        {
            "pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\n',
            "src/a.py": TOKENS.format(**texts),
        },
    )
    ran = doctrine("check", "--format", "json", *flags, cwd=folder)
    return msgspec.json.decode(ran.stdout, type=Report)


def test_one_line_is_ignored_with_its_reason_and_counted(tmp_path: Path) -> None:
    comments = {
        "line": "  # doctrine: ignore[SEC005] it is a ticket number, no secret",
        "other": "  # doctrine: ignore[SEC05] it is a ticket number, no secret",
        "tool": "  # noqa: S307",
    }
    report = checked(tmp_path, comments)
    found = report.at(5, "SEC005")
    assert found
    for one in found:
        assert one.status == "suppressed"
        assert one.suppression == Suppression(
            kind="ignore", reason="it is a ticket number, no secret", line=5
        )
    assert {one.status for one in report.at(9, "SEC005")} == {"new"}
    (told,) = [one.message for one in report.problems if "doctrine: ignore" in one.message]
    assert "src/a.py:9" in told
    assert "did you mean SEC005?" in told
    # semgrep reports the same call as ruff, and whoever wrote the noqa has looked at it.
    assert {one.suppression and one.suppression.kind for one in report.at(13, "SGP001")} == {"noqa"}

    audited = checked(tmp_path, comments, "--audit")
    assert "suppressed" not in {one.status for one in audited.findings}
    assert not [one for one in audited.problems if "doctrine: ignore" in one.message]


def test_a_comment_without_a_reason_or_without_effect_is_a_problem(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        {
            "line": "  # doctrine: ignore[SEC005]",
            "other": "\n# doctrine: ignore-file[DED001] nothing is dead in here",
        },
    )
    assert {one.status for one in report.at(5, "SEC005")} == {"new"}
    told = [one.message for one in report.problems if "doctrine: ignore" in one.message]
    assert len(told) == 2
    assert any("src/a.py:5" in one and "it gives no reason" in one for one in told)
    assert any("silences nothing about DED001: remove it" in one for one in told)
