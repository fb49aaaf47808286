"""``doctrine init``, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopt.trees import TINY
from tests.binary.running import Ran, doctrine, snapshot
from tests.guide.examples import plant

WRITTEN = {
    "pyproject.toml",
    ".pre-commit-config.yaml",
    ".github/workflows/doctrine.yml",
    ".github/dependabot.yml",
    ".gitignore",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    plant(folder, TINY)
    return folder


def init(folder: Path, *arguments: str) -> Ran:
    return doctrine("init", *arguments, cwd=folder)


def test_without_a_terminal_it_shows_and_writes_nothing(project: Path) -> None:
    before = snapshot(project)
    ran = init(project)
    assert ran.code == 2
    assert "+[tool.mypy]\n+strict = true\n" in ran.stdout
    assert "# pyproject.toml: mypy: mypy in strict mode, over all code (TYP003)\n" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert "nothing was written: there is no terminal to ask on" in ran.stderr
    assert "hint: --yes writes without asking" in ran.stderr
    assert snapshot(project) == before


def test_diff_tells_by_its_exit_code_and_git_takes_what_it_shows(project: Path) -> None:
    before = snapshot(project)
    ran = init(project, "--diff")
    assert ran.code == 1
    assert snapshot(project) == before
    subprocess.run(("git", "apply"), cwd=project, input=ran.stdout, text=True, check=True)
    assert all((project / path).is_file() for path in WRITTEN)
    again = init(project, "--diff")
    assert (again.code, again.stdout) == (0, "")
    assert "nothing to write" in again.stderr


def test_what_is_moved_is_shown_as_a_patch_that_removes_the_old_files(project: Path) -> None:
    (project / "mypy.ini").write_text("[mypy]\nstrict = true\n")
    (project / ".coveragerc").write_text("")
    ran = init(project, "--diff", "--only", "move")
    assert ran.code == 1
    subprocess.run(("git", "apply"), cwd=project, input=ran.stdout, text=True, check=True)
    assert not (project / "mypy.ini").exists()
    assert not (project / ".coveragerc").exists()
    assert "[tool.mypy]\nstrict = true\n" in (project / "pyproject.toml").read_text()
    assert init(project, "--diff", "--only", "move").code == 0


def test_yes_writes_and_says_what_comes_next(project: Path) -> None:
    ran = init(project, "--yes")
    assert ran.code == 0, ran.stderr
    assert {line.removeprefix("wrote ") for line in ran.stderr.splitlines()} > WRITTEN
    assert "uv lock" in ran.stderr
    strict = "new in .pre-commit-config.yaml and .github/workflows/doctrine.yml runs the tools"
    assert strict in ran.stderr
    before = snapshot(project)
    again = init(project, "--yes")
    assert again.code == 0
    assert snapshot(project) == before


def test_where_uv_has_nothing_to_lock_the_way_to_an_environment_comes_next(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    (project / "setup.py").write_text("from setuptools import setup\nsetup(name=NAME)\n")
    ran = init(project, "--yes")
    assert ran.code == 0, ran.stderr
    following = ran.stderr.partition("next:\n")[2]
    assert "uv lock" not in following
    assert following.lstrip().startswith("doctrine doctor ")


def test_only_some_sections_are_written(project: Path) -> None:
    ran = init(project, "--yes", "--only", "vulture", "--only", "Updates")
    assert ran.code == 0
    assert sorted(line for line in ran.stderr.splitlines() if line.startswith("wrote")) == [
        "wrote .github/dependabot.yml",
        "wrote pyproject.toml",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "rough"), "--only 'rough' is no section"),
        (("--ci", "jenkins"), "--ci 'jenkins' is no platform"),
        (("--yes", "--diff"), "give one of them"),
        (("missing",), "does not exist"),
    ],
)
def test_a_mistake_on_the_command_line_is_named(
    arguments: tuple[str, ...], said: str, project: Path
) -> None:
    ran = init(project, *arguments)
    assert ran.code == 2
    assert said in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pyproject.toml", b"[project\n", "pyproject.toml:1:9: the file is not valid TOML"),
        ("pyproject.toml", b"a = '\xff'\n", "is not UTF-8"),
        (".gitignore", b"\xff\n", ".gitignore is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_stops_all(
    name: str, content: bytes, said: str, project: Path
) -> None:
    (project / name).write_bytes(content)
    before = snapshot(project)
    ran = init(project, "--yes")
    assert ran.code == 2
    assert said in ran.stderr
    assert snapshot(project) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("name", ["pyproject.toml", ".github"])
def test_what_leads_out_of_the_project_is_not_written_to(name: str, project: Path) -> None:
    shared = project.parent / "shared"
    shared.mkdir()
    (shared / "pyproject.toml").write_text(TINY["pyproject.toml"])
    (project / "pyproject.toml").unlink(missing_ok=name == "pyproject.toml")
    if name == "pyproject.toml":
        (project / name).symlink_to(shared / name)
    else:
        (project / "pyproject.toml").write_text(TINY["pyproject.toml"])
        (project / name).symlink_to(shared)
    before, theirs = snapshot(project), snapshot(shared)
    ran = init(project, "--yes")
    assert ran.code == 2
    assert "outside the project" in ran.stderr
    assert (snapshot(project), snapshot(shared)) == (before, theirs)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 1), ("no\n", 1)])
def test_on_a_terminal_it_asks(answer: str, code: int, project: Path) -> None:
    import pty

    before = snapshot(project)
    parent, child = pty.openpty()
    running = subprocess.Popen(
        (sys.executable, "-m", "doctrine", "init", "--only", "mypy"),
        cwd=project,
        stdin=child,
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(child)
    shown = b""
    try:
        while b"[y/N]" not in shown:
            shown += os.read(parent, 4096)
        os.write(parent, answer.encode())
        assert running.wait(60) == code
    finally:
        running.kill()
        os.close(parent)
    assert b"\x1b[32m+[tool.mypy]\x1b[0m" in shown
    assert b"Write 1 file? [y/N]" in shown
    assert (snapshot(project) == before) is (code == 1)


def test_what_stops_several_steps_is_told_once(project: Path) -> None:
    plant(
        project,
        {
            "setup.cfg": "[mypy]\nstrict = true\n[tool:pytest]\naddopts = -q\n[coverage:run]\nbranch = true\n",
            "tox.ini": "[testenv]\ncommands = mypy --config-file setup.cfg src\n",
        },
    )
    told = [
        line for line in init(project, "--diff").stderr.splitlines() if "which is not moved" in line
    ]
    assert len(told) == 1
