"""The copy of a project that is not believed: everything is in it, and nothing leads out of it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from doctrine.errors import UsageError
from doctrine.model.project import Flaw
from doctrine.model.settings import Settings
from doctrine.project import snapshot as module
from doctrine.project.layout import discover
from doctrine.project.snapshot import snapshot
from doctrine.runner import capture
from tests.repositories import git

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes are those of POSIX")


def write(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n")
    return root


def flaws(root: str) -> dict[str, Flaw | None]:
    layout = discover(Settings(root=root), None, capture)
    return {file.path: file.flaw for file in layout.files}


def test_files_are_those_that_git_knows(tmp_path: Path) -> None:
    root = write(tmp_path.resolve() / "project", "a.py", "b/c.py", "ignored.py", "uv.lock")
    (root / ".gitignore").write_text("ignored.py\nuv.lock\n")
    git(root, "init", "-q")
    git(root, "add", "a.py")
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    layout = discover(Settings(root=copy.root), None, capture)
    assert [file.path for file in layout.files] == ["a.py", "b/c.py"]
    assert layout.tracked == frozenset({"a.py"})
    assert layout.ignored == frozenset({"uv.lock"})
    assert layout.name == "project"
    assert Path(copy.root, "b/c.py").read_text() == "# b/c.py\n"
    assert copy.remarks == ()


def test_a_part_of_a_repository_keeps_what_is_ignored_above(tmp_path: Path) -> None:
    top = write(tmp_path.resolve() / "top", "member/a.py", "member/b.py", "other/c.py")
    (top / "member/pyproject.toml").write_text("")
    (top / ".gitignore").write_text("b.py\n")
    git(top, "init", "-q")
    copy = snapshot(str(top / "member"), tmp_path / "scratch", capture)
    assert flaws(copy.root) == {"a.py": None}
    assert not Path(copy.root).parent.joinpath("other").exists()


def test_links_stay_inside_or_lead_nowhere(tmp_path: Path) -> None:
    outside = write(tmp_path.resolve() / "outside", "secret.py")
    root = write(tmp_path.resolve() / "project", "a.py", "sub/b.py")
    links = {
        "inside.py": "a.py", "out.py": "../outside/secret.py", "absolute.py": str(outside / "secret.py"),
        "folder": "../outside", "loop.py": "loop.py", "sub/up.py": "../a.py",
    }  # fmt: skip
    for name, target in links.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe.py")
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    for path in Path(copy.root).rglob("*"):
        assert Path(os.path.realpath(path)).is_relative_to(copy.root), path
    # A second name of a file of the project is that file again.
    assert flaws(copy.root) == {
        "a.py": None, "sub/b.py": None, "absolute.py": Flaw.UNREADABLE, "loop.py": Flaw.UNREADABLE,
        "out.py": Flaw.UNREADABLE, "pipe.py": Flaw.UNREADABLE,
    }  # fmt: skip
    assert "and 4 more is no file of the project" in copy.remarks[0]


def test_an_index_cannot_name_what_is_elsewhere(tmp_path: Path) -> None:
    root = write(tmp_path.resolve() / "project", "a.py")
    write(tmp_path / "outside", "b.py")
    write(tmp_path, "c.py")
    (root / "linked").symlink_to("../outside")
    git(root, "init", "-q")
    blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    entries = "".join(f"100644 {blob}\t{name}\n" for name in ("a.py", "linked/b.py", "xx/c.py"))
    git(root, "update-index", "--index-info", stdin=entries.encode())
    # Git itself would refuse to write such a name.
    index = root / ".git" / "index"
    content = index.read_bytes()[:-20].replace(b"xx/c.py", b"../c.py")
    index.write_bytes(content + hashlib.sha1(content, usedforsecurity=False).digest())
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    found = flaws(copy.root)
    assert found["a.py"] is None
    assert found.get("linked/b.py", Flaw.UNREADABLE) is Flaw.UNREADABLE
    assert not any(".." in name for name in found)
    assert not any(one.is_relative_to(tmp_path / "outside") for one in _real(copy.root))


def _real(root: str) -> list[Path]:
    return [Path(os.path.realpath(path)) for path in Path(root).rglob("*.py")]


def test_a_git_that_is_no_folder_is_not_followed(tmp_path: Path) -> None:
    root = write(tmp_path.resolve() / "project", "a.py")
    (root / ".git").write_text("gitdir: ../elsewhere\n")
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    assert flaws(copy.root) == {"a.py": None}
    assert "is not followed" in copy.remarks[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_what_may_not_be_read_is_not_missing(tmp_path: Path) -> None:
    root = write(tmp_path.resolve() / "project", "a.py", "shut/b.py", "c.py")
    (root / "c.py").chmod(0)
    (root / "shut").chmod(0)
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    (root / "shut").chmod(0o700)
    unread = {name for name, flaw in flaws(copy.root).items() if flaw is Flaw.UNREADABLE}
    assert unread == {"c.py", "shut/unreadable.py"}


def test_a_huge_file_costs_no_disk_and_keeps_its_size(tmp_path: Path) -> None:
    root = write(tmp_path.resolve() / "project", "a.py")
    with (root / "huge.bin").open("wb") as handle:
        handle.truncate(module.LARGEST + 1)
    copy = snapshot(str(root), tmp_path / "scratch", capture)
    status = Path(copy.root, "huge.bin").stat()
    assert status.st_size == module.LARGEST + 1
    assert status.st_blocks == 0


def test_a_huge_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path.resolve() / "project", "a.py", "b.py")
    monkeypatch.setattr(module, "MOST", 8)
    with pytest.raises(UsageError, match="too many for a copy"):
        snapshot(str(root), tmp_path / "scratch", capture)
