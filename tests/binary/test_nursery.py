"""A process that was forked says and does what one says and does that was started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.binary.nursery import become, can_become
from tests.binary.running import doctrine, started, write
from tests.reports.build import a_report
from tests.reports.goldens import rendered

if not hasattr(os, "fork"):
    pytest.skip("there is no fork, so every run is started", allow_module_level=True)

FILES = {
    "pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "a.py": "import random\n\ntoken = random.random()\n",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("nonsense",),
        ("explain", "SEC005"),
        ("explain", "ruff:S311"),
        ("explain", "SEC05"),
        ("init", "--diff"),
        ("init",),
        ("waive", "CPX02", "--reason", "the parser is replaced in spring", "--owner", "Ada"),
        ("fix", "--clause", "SEC0O5"),
        ("baseline", "show"),
        ("clauses",),
        ("check", "nowhere"),
        ("check", "--since", "nowhere"),
        ("report", "render", "../report.json", "--format", "html"),
        ("report", "render", "missing.json"),
    ],
    ids=" ".join,
)
def test_both_say_the_same(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "report.json").write_text(rendered("json", a_report()), "utf-8")
    folder = write(tmp_path / "project", FILES)
    env = {"COLUMNS": "70", "HOME": str(tmp_path)}
    assert doctrine(*arguments, cwd=folder, env=env) == started(*arguments, cwd=folder, env=env)


@pytest.mark.live
def test_both_judge_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path / "project", FILES)
    one = doctrine("check", "--format", "json", cwd=folder)
    other = started("check", "--format", "json", cwd=folder)
    assert (one.code, one.stderr) == (other.code, other.stderr)
    assert one.report.clauses == other.report.clauses
    assert one.report.findings == other.report.findings
    assert {tool.name: tool.status for tool in one.report.run.tools} == {
        tool.name: tool.status for tool in other.report.run.tools
    }


def test_nothing_of_a_run_is_left_for_the_next(tmp_path: Path) -> None:
    env = {**os.environ, "COLUMNS": "60"}
    narrow = become(("explain", "SEC005"), tmp_path, env, 60)
    assert become(("waive",), tmp_path, {"HOME": "/"}, 60).returncode == 2
    assert become(("explain", "SEC005"), tmp_path, env, 60).stdout == narrow.stdout
    wide = become(("explain", "SEC005"), tmp_path, {**env, "COLUMNS": "120"}, 60)
    assert wide.stdout != narrow.stdout


@pytest.mark.parametrize("name", ["PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "TZ"])
def test_what_python_looks_at_first_needs_a_start(name: str) -> None:
    assert can_become(dict(os.environ))
    assert not can_become({**os.environ, name: "other"})
