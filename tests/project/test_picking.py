"""What git says is staged or changed, by real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from doctrine.errors import UsageError
from doctrine.model.partial import Picked
from doctrine.project.picking import check_out_index, find_repository, picked_paths
from doctrine.runner import capture
from tests.repositories import git

FILES = ("a.py", "gone.py", "old.py", "sub/b.py", "conf.toml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "the project"
    (root / "sub").mkdir(parents=True)
    for name in FILES:
        (root / name).write_text(f"name = {name!r}\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def picked(root: Path, kind: Picked, **environ: str) -> tuple[str, ...]:
    return picked_paths(find_repository(str(root), capture, environ, "--x"), kind, capture)


def checked_out(root: Path, to: Path, **environ: str) -> Path:
    repository = find_repository(str(root), capture, environ, "--x")
    return Path(check_out_index(repository, to, capture))


def stir(root: Path) -> None:
    """Do everything to a project that work does."""
    git(root, "rm", "-q", "gone.py")
    git(root, "mv", "old.py", "new name.py")
    (root / "a.py").write_text("staged = 1\n")
    (root / "line\nbreak.py").write_text("x = 1\n")
    (root / "link.py").symlink_to("a.py")
    (root / "data.bin").write_bytes(bytes(range(256)))
    git(root, "add", ".")
    (root / "a.py").write_text("working = 2\n")
    (root / "sub" / "b.py").write_text("unstaged = 1\n")
    (root / "ünnew.py").write_text("untracked = 1\n")


STAGED = ("a.py", "data.bin", "line\nbreak.py", "new name.py")


def test_what_is_staged_and_what_differs(project: Path) -> None:
    assert picked(project, Picked.STAGED) == picked(project, Picked.CHANGED) == ()
    stir(project)
    assert picked(project, Picked.STAGED) == STAGED
    assert picked(project, Picked.CHANGED) == tuple(sorted((*STAGED, "sub/b.py", "ünnew.py")))


def test_a_project_inside_a_repository_sees_its_own_files(project: Path) -> None:
    stir(project)
    git(project, "add", ".")
    assert picked(project / "sub", Picked.STAGED) == ("b.py",)
    root = checked_out(project / "sub", project.parent / "out")
    assert root == project.parent / "out" / "sub"


def test_the_index_is_checked_out_and_nothing_is_touched(project: Path, tmp_path: Path) -> None:
    stir(project)
    before = {one: one.stat().st_mtime_ns for one in sorted(project.rglob("*")) if one.is_file()}
    root = checked_out(project, tmp_path / "out")
    assert before == {
        one: one.stat().st_mtime_ns for one in sorted(project.rglob("*")) if one.is_file()
    }
    assert (root / "a.py").read_text() == "staged = 1\n"
    assert (root / "conf.toml").exists()
    assert not (root / "ünnew.py").exists()
    assert not (root / "gone.py").exists()
    # It is a repository like any other: what is staged there is staged here.
    assert git(root, "status", "--porcelain").count("\n") == git(
        project, "diff", "--cached", "--name-status"
    ).count("\n")


def test_before_the_first_commit_everything_staged_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("y = 1\n")
    git(tmp_path, "add", "a.py")
    assert picked(tmp_path, Picked.STAGED) == ("a.py",)
    assert picked(tmp_path, Picked.CHANGED) == ("a.py", "b.py")
    assert (checked_out(tmp_path, tmp_path / "out") / "a.py").read_text() == "x = 1\n"


def test_the_index_of_a_running_commit_is_looked_at_and_that_of_another_repository_is_not(
    project: Path, tmp_path: Path
) -> None:
    """``git commit PATH`` lets its hooks look at an index of its own."""
    (project / "a.py").write_text("mine = 1\n")
    (project / "sub" / "b.py").write_text("later = 1\n")
    git(project, "add", "sub/b.py")
    index = str(project / ".git" / "next-index")
    git(project, "read-tree", "HEAD", GIT_INDEX_FILE=index)
    git(project, "add", "a.py", GIT_INDEX_FILE=index)
    for name in (index, ".git/next-index"):
        assert picked(project, Picked.STAGED, GIT_INDEX_FILE=name) == ("a.py",)
    root = checked_out(project, tmp_path / "out", GIT_INDEX_FILE=index)
    assert (root / "sub" / "b.py").read_text() == "name = 'sub/b.py'\n"
    other = {"GIT_INDEX_FILE": index, "GIT_DIR": str(tmp_path / "other" / ".git")}
    assert picked(project, Picked.STAGED, **other) == ("sub/b.py",)


def test_a_worktree_and_a_split_index(project: Path, tmp_path: Path) -> None:
    git(project, "worktree", "add", "-q", str(tmp_path / "tree"))
    tree = tmp_path / "tree"
    git(tree, "update-index", "--split-index")
    (tree / "a.py").write_text("tree = 1\n")
    git(tree, "add", ".")
    assert picked(tree, Picked.STAGED) == ("a.py",)
    assert (checked_out(tree, tmp_path / "out") / "a.py").read_text() == "tree = 1\n"


def test_a_conflict_is_not_staged_and_differs(project: Path) -> None:
    git(project, "checkout", "-qb", "other")
    (project / "a.py").write_text("theirs = 1\n")
    git(project, "commit", "-qam", "theirs")
    git(project, "checkout", "-q", "main")
    (project / "a.py").write_text("ours = 1\n")
    git(project, "commit", "-qam", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(project, "merge", "other")
    with pytest.raises(UsageError, match=r"a\.py has merge conflicts"):
        picked(project, Picked.STAGED)
    assert picked(project, Picked.CHANGED) == ("a.py",)


def test_a_submodule_is_no_file(project: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner.py"
    inner.mkdir()
    git(inner, "init", "-q")
    git(inner, "commit", "-q", "--allow-empty", "-m", "first")
    git(project, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner))
    assert picked(project, Picked.STAGED) == (".gitmodules",)
    assert (checked_out(project, tmp_path / "out") / "a.py").exists()


def test_without_a_repository_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a git repository"):
        find_repository(str(tmp_path), capture, {}, "--staged")
