"""What a look at a folder tells: everything that could be read, whether or not it was touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine.cache.digests import Digests
from doctrine.cache.store import Store
from doctrine.cache.tree import Tree, carried, look


def looked(root: Path, *left_out: str) -> Tree:
    tree = look(str(root), left_out)
    assert tree is not None
    return tree


def contents(root: Path, *left_out: str) -> dict[str, str]:
    return looked(root, *left_out).contents(Digests(Store(None), ""))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src" / "empty").mkdir(parents=True)
    (root / "src" / "a.py").write_text("a = 1\n")
    (root / "tool").write_text("#!/bin/sh\n")
    (root / "link.py").symlink_to("src/a.py")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.py").write_text("b = 1\n")
    (root / "out").symlink_to("../elsewhere")
    return root


def _instead(path: Path, make: Callable[[Path], object]) -> None:
    """Put something else in the place of a file or an empty folder."""
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()
    make(path)


_CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda root: (root / "src/a.py").write_text("a = 2\n"),
    "longer": lambda root: (root / "src/a.py").write_text("a = 10\n"),
    "new": lambda root: (root / "src/new.txt").touch(),
    "gone": lambda root: (root / "src/a.py").unlink(),
    "renamed": lambda root: (root / "src/a.py").rename(root / "src/b.py"),
    "folder": lambda root: (root / "src/more").mkdir(),
    "no folder": lambda root: (root / "src/empty").rmdir(),
    "executable": lambda root: (root / "tool").chmod(0o755),
    "link": lambda root: _instead(root / "link.py", lambda path: path.symlink_to("tool")),
    "pipe": lambda root: _instead(root / "tool", os.mkfifo),
    "file for folder": lambda root: _instead(root / "src/empty", Path.touch),
    "ignored": lambda root: (root / "generated.py").write_text("x = 1\n"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_every_change_is_seen(root: Path, change: str) -> None:
    before, held = looked(root), contents(root)
    _CHANGES[change](root)
    assert not looked(root).same_as(before, ())
    assert contents(root) != held


def test_what_means_nothing_changes_nothing(root: Path) -> None:
    before, held = looked(root), contents(root)
    for name in (".git", "__pycache__", ".mypy_cache", "node_modules", "src/.ruff_cache"):
        (root / name).mkdir()
        (root / name / "more.py").touch()
    assert looked(root).same_as(before, ())
    (root / "src/a.py").touch()
    (root / "tool").chmod(0o600)
    assert not looked(root).same_as(before, ())
    assert contents(root) == held


def test_the_same_files_elsewhere_have_the_same_contents(root: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(root, tmp_path / "copy", symlinks=True)
    assert contents(tmp_path / "copy") == contents(root)


def test_what_is_left_out_does_not_count(root: Path) -> None:
    held = contents(root, "kept")
    (root / "kept").mkdir()
    (root / "kept" / "entry").touch()
    assert contents(root, "kept") == held
    (root / "report.json").touch()
    assert looked(root, "kept").same_as(looked(root, "kept", "report.json"), {"report.json"})


def test_links_out_of_the_folder_are_named_and_not_followed(root: Path, tmp_path: Path) -> None:
    tree = looked(root)
    assert tree.outside == (str(tmp_path / "elsewhere"),)
    assert "out/b.py" not in tree.paths
    (root / "loop").symlink_to(".")
    assert looked(root).outside == tree.outside


def test_an_environment_counts_by_what_makes_it_one(root: Path) -> None:
    (root / "env" / "lib").mkdir(parents=True)
    (root / "env" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (root / "env" / "lib" / "much.py").touch()
    assert {path for path in contents(root) if path.startswith("env")} == {"env/", "env/pyvenv.cfg"}


def test_large_files_that_are_no_sources_are_not_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doctrine.cache.tree.LARGE", 10)
    (root / "data.bin").write_bytes(b"x" * 11)
    (root / "large.py").write_bytes(b"x = 1234567890\n")
    read: list[str] = []

    def listening(path: str) -> str:
        read.append(Path(path).name)
        return "digest"

    monkeypatch.setattr("doctrine.cache.digests.content_digest", listening)
    contents(root)
    assert "large.py" in read
    assert "data.bin" not in read


def test_a_folder_with_too_much_in_it_is_given_up(root: Path) -> None:
    assert look(str(root), most=2) is None


def test_what_was_just_changed_is_fresh(root: Path) -> None:
    digests = Digests(Store(None), "")
    os.utime(root / "tool", (1, 1))
    tree = looked(root)
    # The time of the last change of any kind cannot be set: everything here is new.
    assert tree.fresh(digests).keys() == {"src/a.py", "tool", "link.py"}
    settled = Tree(root=tree.root, paths=tree.paths, outside=(), taken=tree.taken + 10**11)
    assert settled.fresh(digests) == {}


def test_no_two_names_are_carried_as_one() -> None:
    names = [os.fsdecode(raw) for raw in (b"caf\xe9", b"caf\\xe9", "café".encode(), b"cafe")]
    assert len({carried(name) for name in names}) == len(names)
    for name in names:
        carried(name).encode()
