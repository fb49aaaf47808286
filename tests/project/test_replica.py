"""A copy of a project is what the project is, and changing it changes nothing of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.project.layout import discover
from doctrine.project.replica import replicate
from doctrine.project.uncommitted import uncommitted
from doctrine.runner import capture
from tests.repositories import git


def dirty(root: Path) -> set[str]:
    return set(uncommitted(str(root), capture) or ["git has no answer"])


def layout_of(root: Path) -> Layout:
    return discover(Settings(root=str(root)), None, capture, environ={})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a project in a folder of it, some of it not committed."""
    top = tmp_path / "monorepo"
    project = top / "libs" / "one"
    (project / "src").mkdir(parents=True)
    (top / "ruff.toml").write_text("line-length = 90\n")
    (top / "other").mkdir()
    (top / "other" / "big.py").write_text("x = 1\n")
    (project / "pyproject.toml").write_text("[project]\n")
    (project / "src" / "a.py").write_bytes(b"a = 1\r\n")
    (project / "src" / "b.py").write_text("b = 1\n")
    (project / ".gitignore").write_text("ignored.py\n")
    (project / "ignored.py").write_text("i = 1\n")
    (project / "link.txt").symlink_to("pyproject.toml")
    git(top, "init", "-q", ".")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "first")
    (project / "src" / "b.py").write_text("b = 2\n")
    (project / "ü new.py").write_text("n = 1\n")
    (top / "other" / "big.py").write_text("x = 2\n")
    return project


def test_a_copy_looks_like_the_project(repository: Path, tmp_path: Path) -> None:
    layout = layout_of(repository)
    copy = replicate(layout, tmp_path / "copy", capture)
    again = layout_of(Path(copy.root))
    assert Path(copy.root).name == "one"
    assert [replace(file, modified=0) for file in again.files] == [
        replace(file, modified=0) for file in layout.files
    ]
    assert again.others == layout.others
    assert again.tracked == layout.tracked
    assert copy.read("src/a.py") == b"a = 1\r\n"
    assert copy.read("src/b.py") == b"b = 2\n"
    assert (Path(copy.root).parent.parent / "ruff.toml").read_text() == "line-length = 90\n"
    assert not (Path(copy.root).parent.parent / "other").exists()


def test_what_is_written_in_a_copy_reaches_nothing_by_a_link(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "outside.toml").symlink_to(repository / "pyproject.toml")
    copy = replicate(layout_of(repository), tmp_path / "copy", capture)
    copy.write("outside.toml", b"changed")
    copy.write("link.txt", b"changed")
    copy.write("src/a.py", None)
    assert copy.read("outside.toml") == b"changed"
    assert copy.read("src/a.py") is None
    assert copy.read("pyproject.toml") == b"[project]\n"
    assert (repository / "pyproject.toml").read_text() == "[project]\n"
    assert (repository / "src" / "a.py").exists()


def test_a_folder_without_git_is_copied_without(tmp_path: Path) -> None:
    root = tmp_path / "plain"
    root.mkdir()
    (root / "a.py").write_text("a = 1\n")
    copy = replicate(layout_of(root), tmp_path / "copy", capture)
    assert sorted(one.name for one in Path(copy.root).iterdir()) == ["a.py"]
    assert uncommitted(str(root), capture) is None


def test_uncommitted_files_are_named_from_the_project(repository: Path) -> None:
    assert dirty(repository) == {"src/b.py", "ü new.py"}
    git(repository, "add", "src/b.py")
    assert dirty(repository) == {"src/b.py", "ü new.py"}
    git(repository, "add", "-A", ".")
    git(repository, "commit", "-qm", "second")
    assert uncommitted(str(repository), capture) == frozenset()
