"""Which changes of a folder count."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from doctrine.watch.events import Changed
from doctrine.watch.folder import Folder
from doctrine.watch.noise import matters

NOTHING = Changed(paths=())


class Git:
    """What git would say."""

    def __init__(self) -> None:
        self.said = b"H src/a.py\0"

    def __call__(
        self, argv: tuple[str, ...], cwd: str, env: Mapping[str, str] | None = None
    ) -> tuple[int | None, bytes]:
        del argv, cwd, env
        return 0, self.said


@pytest.fixture
def git() -> Git:
    return Git()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("src", ".git", ".venv/lib/site-packages/x", "cache"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "src/a.py").write_text("a = 1\n")
    (tmp_path / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            os.utime(path, (1_700_000_000, 1_700_000_000))
    return tmp_path


@pytest.fixture
def folder(root: Path, git: Git) -> Folder:
    found = Folder(root=str(root), capture=git, leave_out=frozenset({"cache"}))
    found.begin()
    return found


def test_what_is_written_made_and_removed_is_found_without_being_told(
    root: Path, folder: Folder
) -> None:
    assert folder.look() == NOTHING
    (root / "src/a.py").write_text("a = 2\n")
    (root / "src/b.py").write_text("")
    assert folder.look().paths == ("src/a.py", "src/b.py")
    (root / "src/b.py").rename(root / "src/c.py")
    assert folder.look().paths == ("src/b.py", "src/c.py")
    (root / "src/c.py").unlink()
    assert folder.look().paths == ("src/c.py",)
    assert folder.look() == NOTHING


def test_a_file_that_is_saved_as_it_was_is_touched_and_not_changed(
    root: Path, folder: Folder
) -> None:
    (root / "src/a.py").write_text("a = 2\n")
    folder.look()
    other = root / "src/a.py.new"
    other.write_text("a = 2\n")
    other.replace(root / "src/a.py")
    seen = folder.look()
    assert seen.paths == ()
    assert seen.touched == ("src/a.py",)


def test_a_change_that_does_not_show_in_the_times_is_found_where_it_is_told_of(
    root: Path, folder: Folder
) -> None:
    path = root / "src/a.py"
    path.write_text("a = 2\n")
    folder.look()
    status = path.stat()
    with path.open("r+") as file:
        file.write("a = 3\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert folder.look(("src/a.py",)).paths == ("src/a.py",)
    assert folder.look(("src/a.py",)).paths == ()


def test_caches_and_what_editors_leave_do_not_count(root: Path, folder: Folder) -> None:
    for name in (
        "src/.a.py.swp", "src/a.py~", "src/#a.py#", "src/.#a.py", "src/4913", "cache/x",
        "__pycache__/a.pyc", ".mypy_cache/x", ".git/index.lock", "src/a.py___jb_tmp___",
    ):  # fmt: skip
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert folder.look(("src/.a.py.swp", ".git/index.lock", "src/4913")).paths == ()


@pytest.mark.parametrize(
    "path", ["src/swp.py", "a.swap.py", "src/jb_tmp.py", "docs/4913.md", ".env", "conf~d/x.py"]
)
def test_names_that_only_look_like_such_files_count(path: str) -> None:
    assert matters(path)


def test_what_git_knows_counts_and_what_it_notes_for_itself_does_not(
    folder: Folder, git: Git
) -> None:
    assert folder.look((".git/index",)) == NOTHING
    git.said = b"H src/a.py\0H src/b.py\0"
    assert folder.look((".git/FETCH_HEAD",)) == NOTHING
    assert folder.look((".git/index",)).paths == (".git/index",)


def test_what_is_installed_in_an_environment_counts(folder: Folder) -> None:
    inside = ".venv/lib/site-packages/x"
    told = folder.look((f"{inside}/a.py", f"{inside}/a.txt", f"{inside}/__pycache__/a.pyc"))
    assert told.paths == (f"{inside}/a.py",)


def test_a_folder_that_is_gone_is_noticed(root: Path, folder: Folder) -> None:
    assert folder.is_there()
    shutil.rmtree(root)
    assert not folder.is_there()
    assert folder.look().paths
