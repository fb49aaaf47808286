from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.excerpts import Excerpts
from doctrine.model.observation import Location
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
    source = f'x = 1\nT = "{token}"\nword = "correct horse"\nask("correct horse", "anything")\n'
    (tmp_path / "a.py").write_text(source)
    reporter = Reporter(tool="doctrine", rule="hardcoded-secret")
    found = a_finding("h", path="a.py", line=3, reported_by=(reporter,))
    report = stored(replace(a_report(), findings=(found,)))
    lines = Excerpts(str(tmp_path), report.findings).lines("a.py")
    assert token not in lines[1]
    assert lines[2] == 'word = "***"'
    assert lines[3] == 'ask("***", "anything")', "nor elsewhere in the file"
    assert lines[-1] == lines[3]
    assert lines[0] == "x = 1"


def test_a_secret_of_several_lines_is_quoted_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('KEY = """\ncorrect horse\nbattery staple"""\nx = 1\n')
    reporter = Reporter(tool="ruff", rule="S105")
    where = replace(Location.point("a.py", 1), end_line=3, end_column=18)
    found = replace(a_finding("h", reported_by=(reporter,)), location=where)
    report = stored(replace(a_report(), findings=(found,)))
    lines = Excerpts(str(tmp_path), report.findings).lines("a.py")
    assert list(lines) == ['KEY = """', "***", "***", "x = 1"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('password = "correct horse', 'password = "***'),
        ("    'api_key': 'correct horse',", "    'api_key': '***',"),
        ('AUTH_TOKEN: Final = b"correct"', 'AUTH_TOKEN: Final = b"***"'),
        ('config["secret"] = "correct horse"', 'config["secret"] = "***"'),
        ('print("password: ", "something")', 'print("password: ", "something")'),
        ("token = tokens[0]  # 'anything'", "token = tokens[0]  # 'anything'"),
    ],
)
def test_what_is_called_a_secret_is_not_quoted_though_nobody_found_it(
    tmp_path: Path, line: str, shown: str
) -> None:
    (tmp_path / "a.py").write_text(f"{line}\n")
    assert list(Excerpts(str(tmp_path)).lines("a.py")) == [shown]


@pytest.mark.parametrize(
    "path", ["../outside.py", "/etc/passwd", "link.py", "missing.py", "a\0b", "."]
)
def test_nothing_outside_the_project_is_quoted(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.py").write_text("secret\n")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    assert not Excerpts(str(root)).lines(path)
