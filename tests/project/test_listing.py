from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Flaw
from doctrine.project.beside import beside
from doctrine.project.candidates import Capture
from doctrine.project.listing import Listing, displayed, list_files
from tests.project.trees import commit, no_git, plant, run


def paths(listing: Listing) -> list[str]:
    return [entry.path for entry in listing.python]


def flawed(listing: Listing) -> list[str]:
    return [entry.path for entry in listing.python if entry.flaw is Flaw.UNREADABLE]


def listed(root: Path, capture: Capture = run, exclude: tuple[str, ...] = ()) -> Listing:
    return list_files(str(root), exclude, capture)


FOREIGN = {
    ".venv/lib/python3.11/site-packages/a.py": "",
    "odd/pyvenv.cfg": "home = /usr/bin",
    "odd/b.py": "",
    "node_modules/c.py": "",
    "src/app/_vendor/d.py": "",
    "__pycache__/e.py": "",
    "build/lib/f.py": "",
    "x.egg-info/g.py": "",
}
OWN = {
    "src/app/__init__.py": "1",
    "src/build/__init__.py": "",
    "src/build/main.pyi": "",
    "run.pyw": "",
    "README.md": "",
}


@pytest.mark.parametrize("with_git", [True, False])
def test_git_and_the_walk_agree_on_what_is_the_projects_own(tmp_path: Path, with_git: bool) -> None:
    plant(
        tmp_path,
        {**FOREIGN, **OWN, ".gitignore": "*.log\nsecret/\n", "secret/s.py": "", "x.log": ""},
    )
    if with_git:
        commit(tmp_path, "README.md")
    listing = listed(tmp_path)
    assert paths(listing) == [
        "run.pyw",
        "src/app/__init__.py",
        "src/build/__init__.py",
        "src/build/main.pyi",
    ]
    assert listing.others == (".gitignore", "README.md")
    assert listing.python[1].size == 1
    assert listing.tracked == (frozenset({"README.md"}) if with_git else None)


@pytest.mark.parametrize("with_git", [True, False])
def test_a_cache_is_not_the_projects_own_and_a_package_is_no_cache(
    tmp_path: Path, with_git: bool
) -> None:
    plant(
        tmp_path,
        {
            "kept/CACHEDIR.TAG": "",
            "kept/.gitignore": "*",
            "kept/v1/entry.py": "",
            "pack/CACHEDIR.TAG": "",
            "pack/__init__.py": "",
        },
    )
    if with_git:
        commit(tmp_path, "pack/__init__.py")
    assert paths(listed(tmp_path)) == ["pack/__init__.py"]
    assert listed(tmp_path).others == ("pack/CACHEDIR.TAG",)


def test_tracked_build_folders_are_the_projects_own(tmp_path: Path) -> None:
    plant(tmp_path, {"build/tool.py": "", "dist/x.py": ""})
    commit(tmp_path, "build/tool.py")
    assert paths(listed(tmp_path)) == ["build/tool.py"]


def test_well_known_files_that_git_ignores_are_named(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "uv.lock\n", "uv.lock": "", "a.py": "", "poetry.lock": ""})
    assert listed(tmp_path, no_git).ignored == {"uv.lock"}
    commit(tmp_path, "a.py")
    listing = listed(tmp_path)
    assert listing.ignored == {"uv.lock"}
    assert listing.others == (".gitignore", "poetry.lock")


def test_a_tracked_file_is_not_ignored_and_a_deleted_one_not_listed(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "uv.lock\n", "uv.lock": "", "gone.py": ""})
    commit(tmp_path, "uv.lock", "gone.py")
    (tmp_path / "gone.py").unlink()
    listing = listed(tmp_path)
    assert listing.ignored == frozenset()
    assert paths(listing) == []
    assert listing.others == (".gitignore", "uv.lock")


def test_a_folder_that_a_repository_around_it_ignores_is_walked(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "inner/\n", "inner/a.py": ""})
    commit(tmp_path, ".gitignore")
    listing = listed(tmp_path / "inner")
    assert paths(listing) == ["a.py"]
    assert listing.tracked is None


def test_a_repository_inside_is_not_the_projects_own(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "", "inner/b.py": ""})
    commit(tmp_path / "inner", "b.py")
    assert paths(listed(tmp_path, no_git)) == ["a.py"]
    commit(tmp_path, "a.py")
    assert paths(listed(tmp_path)) == ["a.py"]


def test_git_that_fails_is_replaced_by_a_walk(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": ""})
    commit(tmp_path, "a.py")
    listing = listed(tmp_path, lambda argv, cwd: (128, b""))
    assert paths(listing) == ["a.py"]
    assert listing.tracked is None


def test_git_is_never_asked_to_run_the_projects_own_programs(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "", "hook.sh": f"#!/bin/sh\ntouch {tmp_path}/ran\n"})
    commit(tmp_path, "a.py")
    (tmp_path / "hook.sh").chmod(0o755)
    plant(tmp_path, {".git/config": f"[core]\n\tfsmonitor = {tmp_path}/hook.sh\n"})
    assert paths(listed(tmp_path)) == ["a.py"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("with_git", [True, False])
def test_links_are_counted_once_or_flagged(tmp_path: Path, with_git: bool) -> None:
    root = plant(
        tmp_path / "p", {"a.py": "", "pkg/b.py": "", ".gitignore": "cache/\n", "cache/c.py": ""}
    )
    outside = plant(tmp_path, {"outside.py": ""}) / "outside.py"
    (root / "again.py").symlink_to("a.py")
    (root / "ignored.py").symlink_to("cache/c.py")
    (root / "loop.py").symlink_to("loop.py")
    (root / "out.py").symlink_to(outside)
    (root / "folder.py").symlink_to("pkg")
    (root / "everything").symlink_to(root)
    (root / ".#a.py").symlink_to("someone@somewhere.1:2")
    if with_git:
        commit(root, ".")
        (root / "late.py").symlink_to("nowhere")
    else:
        (root / "late.py").symlink_to("nowhere")
    listing = listed(root)
    expected = ["ignored.py", "late.py", "loop.py", "out.py"]
    if with_git:  # everything was added by force, so the link's target is listed itself
        expected.remove("ignored.py")
    assert flawed(listing) == expected
    assert {"a.py", "pkg/b.py"} <= set(paths(listing))
    assert "again.py" not in paths(listing)
    assert "everything" not in listing.others


def test_pipes_do_not_block_and_folders_can_be_called_like_files(tmp_path: Path) -> None:
    plant(tmp_path, {"dir.py/a.py": ""})
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe.txt")
    listing = listed(tmp_path, no_git)
    assert paths(listing) == ["dir.py/a.py", "pipe.py"]
    assert flawed(listing) == ["pipe.py"]
    assert listing.others == ()


def test_git_passes_over_pipes_and_the_listing_does_not(tmp_path: Path) -> None:
    plant(tmp_path, {"src/app/a.py": "", "data/rows.csv": ""})
    commit(tmp_path, ".")
    for pipe in ("src/app/pipe.py", "src/app/pipe.txt", "data/pipe.py"):
        os.mkfifo(tmp_path / pipe)
    # no tool is handed a folder without Python files
    assert flawed(listed(tmp_path)) == ["src/app/pipe.py"]


def test_a_folder_that_git_cannot_list_is_flagged_unless_it_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, {"src/a.py": "", ".gitignore": "data/\n"})
    commit(tmp_path, ".")
    for name in ("locked", "data", "src/inner", "src/node_modules", "empty"):
        (tmp_path / name).mkdir()

    def access(path: str, mode: int) -> bool:
        return path.endswith("empty/") or not path.endswith("/")

    monkeypatch.setattr(os, "access", access)
    assert flawed(listed(tmp_path)) == ["locked", "src/inner"]
    assert flawed(listed(tmp_path, exclude=("locked/",))) == ["src/inner"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_flagged(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "", "locked/b.py": ""})
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        assert flawed(listed(tmp_path, no_git)) == ["a.py", "locked"]
    finally:
        (tmp_path / "locked").chmod(0o755)


def test_a_folder_that_cannot_be_listed_is_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, {"a.py": "", "locked/b.py": ""})
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert flawed(listed(tmp_path, no_git)) == ["locked"]
    assert paths(listed(tmp_path, no_git, exclude=("locked/",))) == ["a.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="the longest path is that of Linux")
@pytest.mark.parametrize("with_git", [True, False])
def test_what_lies_too_deep_to_be_named_is_flagged(tmp_path: Path, with_git: bool) -> None:
    plant(tmp_path, {"a.py": ""})
    if with_git:
        commit(tmp_path, ".")
    folder = os.open(tmp_path, os.O_RDONLY)
    depth, name = 21, "d" * 200
    for _ in range(depth):
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
        os.close(os.open("deep.py", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    os.close(folder)
    listing = listed(tmp_path, run if with_git else no_git)
    # Of the deepest nobody could say even how they are called.
    assert flawed(listing)
    assert "a.py" in paths(listing)
    assert 15 < len(paths(listing)) < depth + 2


@pytest.mark.parametrize("with_git", [True, False])
@pytest.mark.parametrize("name", ["a\nb.py", "[x]*.py", "-dash.py", 'q"uote.py', "ü é.py", " .py"])
def test_odd_names_stay_as_they_are(tmp_path: Path, name: str, with_git: bool) -> None:
    plant(tmp_path, {name: ""})
    if with_git:
        commit(tmp_path, name)
    listing = listed(tmp_path)
    assert paths(listing) == [name]
    assert flawed(listing) == []
    assert listing.tracked == (frozenset({name}) if with_git else None)


@pytest.mark.parametrize("with_git", [True, False])
def test_a_name_that_is_not_utf8_can_still_be_reported(tmp_path: Path, with_git: bool) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text("")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("")
    if with_git:
        commit(tmp_path, ".")
    listing = listed(tmp_path)
    assert flawed(listing) == ["caf\\xe9.py"]
    assert listing.others == ("caf\\xe9.txt",)
    json.dumps([paths(listing), *listing.others]).encode("utf-8")


@given(st.binary(min_size=1, max_size=20))
def test_every_file_name_can_be_encoded(name: bytes) -> None:
    shown = displayed(os.fsdecode(name))
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_excluded_files_are_not_the_projects_own(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "", "gen/b.py": "", "c_pb2.py": "", "gen/x.txt": ""})
    listing = listed(tmp_path, no_git, exclude=("gen/", "*_pb2.py"))
    assert paths(listing) == ["a.py"]
    assert listing.others == ()


def test_a_folder_stands_beside_the_files_only_if_none_is_in_it(tmp_path: Path) -> None:
    plant(tmp_path, {"data/deep/a.txt": "", "empty/of/names.txt": "", "main.py": ""})
    assert beside(str(tmp_path), ["data/deep/a.txt"]).folders == ("empty",)
    assert beside(str(tmp_path), ["main.py", "empty/of/names.txt"]).folders == ("data",)
