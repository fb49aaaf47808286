"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from doctrine.errors import UsageError
from doctrine.project.replacing import Replacement, replace_files

BIG = b"x" * 200_000


def one(name: str, before: bytes | None, after: bytes = b"new") -> Replacement:
    return Replacement(name=name, before=before, after=after)


def gone(name: str, before: bytes) -> Replacement:
    return Replacement(name=name, before=before, after=None)


def content(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, links not followed; empty folders are there with b''."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a").write_bytes(b"old a")
    (folder / "b").write_bytes(b"old b")
    return folder


def refused(root: Path, wanted: Sequence[Replacement]) -> str:
    """Return the message of a refusal that left everything as it was."""
    before = content(root)
    with pytest.raises(UsageError) as caught:
        replace_files(str(root), wanted)
    assert content(root) == before
    return caught.value.message


def test_files_are_replaced_and_made(root: Path) -> None:
    (root / "a").chmod(0o640)
    replace_files(str(root), [one("a", b"old a"), one("x/y/z", None, b"made")])
    assert content(root) == {"a": b"new", "b": b"old b", "x": b"", "x/y": b"", "x/y/z": b"made"}
    if sys.platform != "win32":
        assert (root / "a").stat().st_mode & 0o777 == 0o640
        mask = os.umask(0)
        os.umask(mask)
        assert (root / "x/y/z").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_file_is_removed_once_the_others_are_written(root: Path) -> None:
    replace_files(str(root), [gone("a", b"old a"), one("c", None)])
    assert content(root) == {"b": b"old b", "c": b"new"}
    assert "changed" in refused(root, [one("c", b"new"), gone("b", b"something else")])


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are others there")
def test_a_link_and_a_read_only_file_are_not_removed(root: Path) -> None:
    (root / "link").symlink_to("a")
    (root / "b").chmod(0o444)
    assert "is a link" in refused(root, [one("a", b"old a"), gone("link", b"old a")])
    assert refused(root, [one("a", b"old a"), gone("b", b"old b")]) == "b is read-only"


def test_a_change_by_somebody_else_stops_all(root: Path) -> None:
    message = refused(root, [one("a", b"old a"), one("b", b"something else")])
    assert "b was changed" in message
    assert "changed" in refused(root, [one("new/file", None), one("a", None)])


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_read_only_file_stops_all(root: Path) -> None:
    (root / "b").chmod(0o444)
    message = refused(root, [one("n/a", None), one("a", b"old a"), one("b", b"old b")])
    assert message == "b is read-only"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leaves_the_project_is_not_written_through(root: Path) -> None:
    outside = root.parent / "shared"
    outside.mkdir()
    (outside / "c").write_bytes(b"theirs")
    (root / "c").symlink_to(outside / "c")
    (root / ".github").symlink_to(outside)
    (root / "lost").symlink_to(root / "nowhere")
    assert "outside the project" in refused(root, [one("a", b"old a"), one("c", b"theirs")])
    assert "outside the project" in refused(root, [one(".github/workflows/x.yml", None)])
    assert refused(root, [one("lost", None)])
    assert content(outside) == {"c": b"theirs"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_within_the_project_stays_a_link(root: Path) -> None:
    (root / "link").symlink_to("a")
    replace_files(str(root), [one("link", b"old a")])
    assert (root / "link").is_symlink()
    assert (root / "a").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_no_room_leaves_everything_as_it_was(root: Path) -> None:
    import resource

    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, old[1]))
    try:
        message = refused(root, [one("a", b"old a"), one("x/b", None, BIG)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert message.startswith("x/b cannot be written")


@pytest.mark.parametrize("renames", [0, 1])
def test_an_interruption_leaves_each_file_whole(
    renames: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace
    left = [renames]

    def interrupted(self: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_files(str(root), [one("a", b"old a"), one("b", b"old b"), one("c", None)])
    assert content(root) == {"a": b"new" if renames else b"old a", "b": b"old b"}


def test_a_failing_rename_says_what_is_new(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "b":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(UsageError, match=r"b cannot be written.*already written: a"):
        replace_files(str(root), [one("a", b"old a"), one("b", b"old b")])
    assert content(root) == {"a": b"new", "b": b"old b"}
