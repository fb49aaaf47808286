"""``doctrine fix``, as a user runs it."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.binary.running import doctrine, snapshot, write
from tests.repositories import committed, git

FILES = {
    "pyproject.toml": """\
[project]
name = "example"
version = "1.0.0"
requires-python = ">=3.11"

[tool.ruff.lint]
select = ["E", "F", "I"]
""",
    # Another version would be none of the project's, and its layout nothing to bring about.
    ".pre-commit-config.yaml": f"""\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v{version("ruff")}
    hooks:
      - id: ruff-check
      - id: ruff-format
""",
    "example/__init__.py": '"""An example."""\n',
    "example/old.py": """\
from typing import Optional
import os
def first(items: Optional[list[str]]) -> Optional[str]:
    return items[0] if items else None
KEPT = 1 # type: Optional[int]
""",
    "example/silent.py": "import re  # noqa: F401\n",
    "example/dirty.py": "import os\n",
}
MENDED = """\
def first(items: list[str] | None) -> str | None:
    return items[0] if items else None


KEPT = 1  # type: Optional[int]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write(tmp_path / "project", FILES)
    committed(folder)
    (folder / "example" / "dirty.py").write_text("import os, re\n")
    return folder


@pytest.mark.live
def test_what_can_be_mended_is_shown_and_then_written_and_the_rest_is_named(project: Path) -> None:
    before = snapshot(project)
    shown = doctrine("fix", "--diff", "--clause", "LNT001,FMT,TYP006", cwd=project)
    assert shown.code == 1
    assert snapshot(project) == before
    assert "would mend" in shown.stderr
    subprocess.run(
        ("git", "apply", "--check", "-"), cwd=project, input=shown.stdout.encode(), check=True
    )

    ran = doctrine("fix", cwd=project)
    assert ran.code == 0, ran.stderr
    assert (project / "example" / "old.py").read_text() == MENDED
    assert git(project, "diff", "--name-only").split() == ["example/dirty.py", "example/old.py"]
    assert (project / "example" / "dirty.py").read_text() == "import os, re\n"
    assert "uncommitted changes, example/dirty.py" in ran.stdout
    assert "doctrine fix --allow-dirty" in ran.stdout

    again = doctrine("fix", "--allow-dirty", cwd=project)
    assert again.code == 0
    assert (project / "example" / "dirty.py").read_text() == ""
    assert (project / "example" / "silent.py").read_text() == FILES["example/silent.py"]


def test_without_git_nothing_is_written_unasked(tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", FILES)
    before = snapshot(folder)
    ran = doctrine("fix", cwd=folder)
    assert ran.code == 2
    assert "--allow-dirty" in ran.stderr
    assert snapshot(folder) == before


def test_a_clause_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    ran = doctrine("fix", "--clause", "SEC0O5", str(write(tmp_path / "plain", FILES)), cwd=tmp_path)
    assert ran.code == 2
    assert "did you mean SEC005" in ran.stderr


@pytest.mark.live
def test_a_clause_brings_its_configuration_where_nobody_has_to_be_asked(tmp_path: Path) -> None:
    bare = {name: FILES[name] for name in ("example/__init__.py", "example/old.py")}
    bare["pyproject.toml"] = FILES["pyproject.toml"].partition("[tool")[0]
    folder = write(tmp_path / "project", bare)
    committed(folder)
    asked = doctrine("fix", "--clause", "FMT001", cwd=folder)
    assert asked.code == 0
    assert "not configured: " in asked.stderr
    assert git(folder, "diff", "--name-only").split() == ["example/old.py"]

    ran = doctrine("fix", "--clause", "FMT001", "--yes", "--allow-dirty", cwd=folder)
    assert ran.code == 0, ran.stderr
    assert "ruff" in (folder / "pyproject.toml").read_text()
    assert "mypy" not in (folder / "pyproject.toml").read_text()
    assert (folder / ".github" / "workflows" / "doctrine.yml").exists()
    assert "(FMT001" in ran.stdout or "FMT001)" in ran.stdout

    again = doctrine("fix", "--clause", "FMT001", "--yes", "--allow-dirty", "--diff", cwd=folder)
    assert (again.code, again.stdout) == (0, "")
