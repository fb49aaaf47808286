"""Where files have gone, by real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.model.baseline import Baseline
from doctrine.project.renames import renames
from doctrine.runner import capture
from tests.repositories import git

BODY = "".join(f"line_{number} = {number}\n" for number in range(30))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "ä old.py").write_text(BODY)
    (tmp_path / "b.txt").write_text("# baseline\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


OLD, NEW = "ä old.py", "new name.py"


def test_a_rename_that_is_not_committed_is_seen(project: Path) -> None:
    git(project, "mv", OLD, NEW)
    (project / NEW).write_text(f"import os\n{BODY}")
    assert renames(str(project), Baseline(path="b.txt"), {OLD}, capture).today == {OLD: NEW}


def test_a_rename_that_git_was_not_told_of_is_seen_without_a_trace(project: Path) -> None:
    (project / OLD).rename(project / NEW)
    (project / NEW).write_text(f"import os\n{BODY}")
    (project / "other.py").write_text("x = 1\n")
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert renames(str(project), Baseline(path="b.txt"), {OLD}, capture).today == {OLD: NEW}
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_a_file_of_another_content_is_no_rename(project: Path) -> None:
    (project / OLD).unlink()
    (project / NEW).write_text("".join(f"other({number})\n" for number in range(30)))
    assert renames(str(project), Baseline(path="b.txt"), {OLD}, capture).today == {}


def test_several_renames_in_later_commits_are_seen_as_one(project: Path) -> None:
    git(project, "mv", OLD, "between.py")
    git(project, "commit", "-qm", "second")
    git(project, "mv", "between.py", NEW)
    git(project, "commit", "-qm", "third")
    assert renames(str(project), Baseline(path="b.txt"), {OLD}, capture).today == {OLD: NEW}


def test_a_rename_in_the_commit_of_the_baseline_is_seen(project: Path) -> None:
    (project / "b.txt").write_text("# baseline, another one\n")
    git(project, "mv", OLD, NEW)
    git(project, "commit", "-qam", "both")
    assert renames(str(project), Baseline(path="b.txt"), {OLD}, capture).today == {OLD: NEW}


def test_a_baseline_that_is_not_committed_starts_at_the_last_commit(project: Path) -> None:
    (project / "other.txt").write_text("")
    git(project, "mv", OLD, NEW)
    assert renames(str(project), Baseline(path="other.txt"), {OLD}, capture).today == {OLD: NEW}


def test_paths_are_those_of_the_project_where_it_is_a_part_of_a_repository(project: Path) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "a.py").write_text(BODY.upper())
    git(project, "add", ".")
    git(project, "commit", "-qm", "sub")
    git(project, "mv", "sub/a.py", "sub/c.py")
    found = renames(str(project / "sub"), Baseline(path="b.txt"), {"a.py"}, capture)
    assert found.today == {"a.py": "c.py"}


def test_nothing_is_asked_and_nothing_known_without_need_or_repository(tmp_path: Path) -> None:
    def refuse(argv: tuple[str, ...], cwd: str, _env: object) -> tuple[int | None, bytes]:
        raise AssertionError((argv, cwd))

    assert renames(str(tmp_path), Baseline(path="b.txt"), set(), refuse).today == {}
    assert renames(str(tmp_path), Baseline(path="b.txt"), {OLD}, capture).today == {}


def test_a_shallow_clone_says_so(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (project / "c.txt").write_text("")
    git(project, "add", ".")
    git(project, "commit", "-qm", "second")
    clone = tmp_path_factory.mktemp("shallow")
    git(clone, "clone", "-q", "--depth=1", f"file://{project}", "here")
    assert renames(str(clone / "here"), Baseline(path="b.txt"), {"gone.py"}, capture).shallow


def test_git_is_asked_without_a_trace(project: Path) -> None:
    git(project, "mv", OLD, NEW)
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    renames(str(project), Baseline(path="b.txt"), {OLD}, capture)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before
