"""What a stranger's project may hold: each thing has a clear answer and never ends in a pass."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.binary.running import doctrine, keeping, snapshot, write

pytestmark = pytest.mark.live

PYPROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.11"
dependencies = []
"""
GOOD = '"""A module."""\n\n\ndef double(number: int) -> int:\n    """Double."""\n    return number * 2\n'


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """For tests of what is written: of a project that was judged already, nothing is asked again."""
    return keeping(tmp_path_factory.mktemp("kept"))


def sample(folder: Path) -> Path:
    return write(folder, {"pyproject.toml": PYPROJECT, "src/sample/__init__.py": GOOD})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere"), "nowhere"),
        (("check", "file.txt"), "file.txt"),
        (("check", ".", "--format", "jsn"), "json"),
        (("check", ".", "--output", "json=-", "--output", "terminal=-"), "stdout"),
        (("check", ".", "--output", "json"), "json"),
        (("check", ".", "--fail-on", "everything"), "must"),
        (("check", ".", "--python", "/nonexistent/python"), "/nonexistent/python"),
        (("explain", "SEC05"), "SEC005"),
        (("chekc",), "chekc"),
        (("guide", "check", "nowhere.md"), "nowhere.md"),
    ],
)
def test_a_wrong_command_line_is_explained(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    write(sample(tmp_path), {"file.txt": "x"})
    ran = doctrine(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert said in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("pyproject", "said"),
    [
        (b"[project\nname = 1", "pyproject.toml:1:"),
        (b"[tool.doctrine]\njops = 2\n", "jobs"),
        (b"[tool.doctrine]\njobs = 'two'\n", "pyproject.toml:2"),
        (b"\xff\xfe\x00", "pyproject.toml"),
    ],
)
def test_a_broken_configuration_is_named_with_its_place(
    tmp_path: Path, pyproject: bytes, said: str
) -> None:
    write(tmp_path, {"pyproject.toml": pyproject, "a.py": GOOD})
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 2
    assert said in ran.stderr
    assert ran.stdout == ""


def test_no_python_no_grade(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "# nothing"})
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 2
    assert "no Python file" in ran.stderr
    assert ran.report.grade.letter is None
    assert ran.report.verdict == "indeterminate"
    assert {one.outcome for one in ran.report.clauses} <= {"unverified", "not-applicable"}


def test_no_pyproject(tmp_path: Path) -> None:
    write(tmp_path, {"tool.py": GOOD})
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    assert ran.report.verdict == "non-conformant"
    assert ran.report.outcome("PKG001") == "fail"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permission bits bind no root")
def test_an_unreadable_folder(tmp_path: Path) -> None:
    folder = sample(tmp_path / "closed")
    folder.chmod(0)
    try:
        ran = doctrine("check", "closed", cwd=tmp_path)
    finally:
        folder.chmod(0o755)
    assert ran.code == 2
    assert "closed" in ran.stderr


ODD: dict[str, str | bytes] = {
    "src/sample/crlf.py": GOOD.replace("\n", "\r\n"),
    "src/sample/latin.py": b'# -*- coding: latin-1 -*-\n"""Caf\xe9."""\n',
    "src/sample/name with [bold]spaces[/].py": GOOD,
    "src/sample/empty.py": "",
    "src/sample/formfeed.py": "\f" + GOOD,
}


def test_odd_but_valid_files_are_judged(tmp_path: Path, kept: Mapping[str, str]) -> None:
    write(sample(tmp_path), ODD)
    if os.name != "nt":
        write(tmp_path, {"src/sample/new\nline.py": GOOD})
        (tmp_path / "src/sample/loop.py").symlink_to("loop.py")
        (tmp_path / "src/loop").symlink_to(tmp_path / "src")
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path, env=kept)
    assert ran.code == 1
    crashed = {one.name: one for one in ran.report.run.tools if one.status not in {"ok", "skipped"}}
    assert crashed == {}
    terminal = doctrine("check", ".", cwd=tmp_path, env={**kept, "COLUMNS": "80"})
    assert terminal.code == 1
    assert "\x1b" not in terminal.stdout


BROKEN = {
    "src/sample/syntax.py": b"def broken(:\n    pass\n",
    "src/sample/bytes.py": b'name = "\xff\xfe"\n',
    "src/sample/null.py": b"x = 1\x00\n",
    "src/sample/python2.py": b'print "hello"\n',
}


def test_files_no_tool_can_read_are_named_each_and_never_pass(tmp_path: Path) -> None:
    write(sample(tmp_path), {**BROKEN, "src/sample/other.py": "import cgi\n"})
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    told = [problem.message for problem in ran.report.problems]
    assert {broken for broken in BROKEN if any(broken in one for one in told)} == {*BROKEN}
    for clause in ("LNT001", "TYP001", "TYP006", "TYP007", "SEC005", "CPX002"):
        assert ran.report.outcome(clause) in {"fail", "error", "unverified"}, clause
    assert ran.report.outcome("STD001") == "fail", "the readable files are judged all the same"


def test_syntax_newer_than_the_running_python_is_judged(tmp_path: Path) -> None:
    newer = 'type Pair[T] = tuple[T, T]\n\n\ndef first[T](pair: Pair[T]) -> T:\n    """F."""\n    return pair[0]\n'
    project = PYPROJECT.replace("3.11", "3.12")
    write(tmp_path, {"pyproject.toml": project, "src/sample/__init__.py": newer})
    report = doctrine("check", ".", "--format", "json", cwd=tmp_path).report
    assert report.outcome("TYP008") == "pass"
    assert not [one for one in report.problems if "syntax" in one.message.lower()]


FAKES = {
    "hangs": ("import time; time.sleep(600)", "timeout"),
    "crashes": ("import sys; sys.stderr.write('boom'); sys.exit(70)", "crashed"),
    "prints nonsense": ("print('{\"what\": 1}')", "unreadable"),
    "prints nothing": ("pass", "unreadable"),
    "floods": ("import sys\nfor _ in range(40): sys.stdout.write('x' * 1_000_000)", "unreadable"),
    "is killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
}


@pytest.mark.skipif(os.name == "nt", reason="the fake tool is a script with a shebang")
@pytest.mark.parametrize("kind", FAKES)
def test_a_tool_that_misbehaves_is_an_error_and_nothing_else_is_lost(
    tmp_path: Path, kind: str
) -> None:
    code, status = FAKES[kind]
    sample(tmp_path)
    fake = f"#!/usr/bin/env python3\n{code}\n"
    write(
        tmp_path,
        {
            ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.7\n",
            ".venv/bin/python": fake,
            ".venv/bin/ruff": fake,
            ".venv/lib/python3.11/site-packages/ruff-0.17.6.dist-info/METADATA": "Name: ruff\n",
        },
    )
    for name in ("python", "ruff"):
        (tmp_path / ".venv/bin" / name).chmod(0o755)
    timeout = "1" if kind == "hangs" else "20"  # ruff is started several times, one by one
    ran = doctrine("check", ".", "--format", "json", "--timeout", timeout, cwd=tmp_path)
    assert ran.code == 1, ran.stderr
    assert ran.report.status("ruff") in {status, "crashed", "unreadable"}
    if kind == "hangs":
        assert ran.report.status("ruff") == "timeout"
    assert ran.report.outcome("TYP006") == "error"
    assert ran.report.grade.letter is None
    assert any(problem.tool == "ruff" for problem in ran.report.problems)
    assert ran.report.outcome("CFG002") == "pass", "what needs no ruff is judged all the same"


def test_checking_changes_nothing(tmp_path: Path) -> None:
    fixing = (
        PYPROJECT
        + '[tool.ruff]\nfix = true\nunsafe-fixes = true\n[tool.ruff.lint]\nselect = ["F"]\n'
    )
    write(
        tmp_path,
        {
            "pyproject.toml": fixing,
            "src/sample/__init__.py": "import os\n",
            "tests/test_a.py": "def test_a():\n    assert True\n",
            "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "sample"\nversion = "1"\nsource = { virtual = "." }\n',
        },
    )
    before = snapshot(tmp_path)
    ran = doctrine("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 1
    assert snapshot(tmp_path) == before


def test_a_project_without_its_environment_is_one_problem_not_thousands(tmp_path: Path) -> None:
    uses = PYPROJECT.replace("[]", '["nonexistent-package-a>=1"]') + "[tool.mypy]\nstrict = true\n"
    code = '"""M."""\n\nimport nonexistent_package_a\n\nVALUE: int = nonexistent_package_a.value\n'
    write(tmp_path, {"pyproject.toml": uses, "src/sample/__init__.py": code})
    report = doctrine("check", ".", "--format", "json", cwd=tmp_path).report
    assert "mypy is not" in report.reason("TYP001") or "mypy" in report.reason("TYP001")
    clean = [one for one in report.findings if "TYP001" in one.clauses and one.status == "new"]
    assert len(clean) <= 2


NAMED = {"src/sample/naïve_模块.py": GOOD}


def test_reports_go_where_they_are_sent(tmp_path: Path, kept: Mapping[str, str]) -> None:
    write(sample(tmp_path), NAMED)
    out = tmp_path / "made" / "by doctrine" / "report.json"
    ran = doctrine("check", ".", "--output", f"json={out}", cwd=tmp_path, env=kept)
    assert ran.code == 1
    assert "doctrine.report/v1" in out.read_text("utf-8")
    assert "NON-CONFORMANT" in ran.stdout.upper()
    assert [path.name for path in out.parent.iterdir()] == ["report.json"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_terminal_encoding_will_do(
    tmp_path: Path, kept: Mapping[str, str], encoding: str
) -> None:
    write(sample(tmp_path), NAMED)
    env = {**kept, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    ran = doctrine("check", ".", cwd=tmp_path, env=env)
    assert ran.code == 1
    assert ran.stdout
