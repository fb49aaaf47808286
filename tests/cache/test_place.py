"""Where results are kept: named folders are fit for it, and nothing goes into a project unasked."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from doctrine.cache.place import Place, find_place, is_marked, prepare
from doctrine.errors import UsageError


@pytest.fixture
def root(tmp_path: Path) -> str:
    (tmp_path / "project").mkdir()
    return str(tmp_path / "project")


def test_a_flag_wins_over_the_variable_and_that_over_the_settings(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variable = {"DOCTRINE_CACHE_DIR": "variable"}
    flagged = find_place(root, flag="flag", setting="setting", environ=variable)
    assert flagged == Place(folder=tmp_path / "flag", named="--cache-dir")
    found = find_place(root, setting="setting", environ=variable)
    assert found == Place(folder=tmp_path / "variable", named="DOCTRINE_CACHE_DIR")
    found = find_place(root, setting="setting", environ={})
    assert found == Place(folder=Path(root, "setting"), named="cache-dir")


def test_the_usual_place_is_the_users(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usual(name: str) -> Path:
        return tmp_path / "home" / name

    monkeypatch.setattr("platformdirs.user_cache_path", usual)
    assert find_place(root, environ={}) == Place(folder=tmp_path / "home" / "doctrine")
    assert find_place("", environ={}) == Place(folder=tmp_path / "home" / "doctrine")
    assert find_place(str(tmp_path), environ={}) is None


def test_without_a_home_there_is_no_place(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: str) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_cache_path", homeless)
    assert find_place(root, environ={}) is None


@pytest.mark.parametrize("name", [".", "..", "src/../."])
def test_a_folder_around_the_project_is_none(root: str, name: str) -> None:
    with pytest.raises(UsageError, match="holds the project itself"):
        find_place(root, setting=name, environ={})


@pytest.mark.parametrize("name", ["../elsewhere", "/elsewhere", "src/../../elsewhere"])
def test_a_project_names_no_folder_outside_itself(root: str, name: str) -> None:
    with pytest.raises(UsageError, match="outside the project"):
        find_place(root, setting=name, environ={})


def test_a_folder_with_other_things_in_it_is_none(root: str, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "thesis.tex").touch()
    with pytest.raises(UsageError, match=r"holds thesis\.tex"):
        find_place(root, flag=str(tmp_path / "documents"), environ={})
    with pytest.raises(UsageError, match="is a file"):
        find_place(root, flag=str(tmp_path / "documents" / "thesis.tex"), environ={})
    with pytest.raises(UsageError, match="is no folder name"):
        find_place(root, flag="nul\0", environ={})


def test_a_folder_of_ours_is_found_again(root: str, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    prepare(folder)
    prepare(folder)
    assert is_marked(folder)
    (folder / "v1").mkdir()
    (folder / "what another version made").touch()
    found = find_place(root, flag=str(folder), environ={})
    assert found == Place(folder=folder, named="--cache-dir")
    assert not is_marked(tmp_path)


def test_marks_that_are_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    prepare(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_pipe_in_the_place_of_the_mark_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "CACHEDIR.TAG")
    assert not is_marked(tmp_path)
