"""The file of a baseline: found, refused, and written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doctrine.baseline.document import rendered
from doctrine.errors import UsageError
from doctrine.model.baseline import Accepted, Baseline
from doctrine.model.settings import Settings
from doctrine.project.baseline_file import NAME, baseline_name, read_baseline, write_baseline

ENTRY = Accepted(
    path="a.py", symbol="", rule="ruff:S311", digest="0123456789abcdef", clauses=("AAA001",)
)
BASELINE = Baseline(path=NAME, findings=(ENTRY,))


def at(root: Path, baseline: str = "", *, no_baseline: bool = False) -> Settings:
    return Settings(root=str(root), baseline=baseline, no_baseline=no_baseline)


def test_a_project_without_the_usual_file_has_none(tmp_path: Path) -> None:
    assert read_baseline(at(tmp_path)) is None


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert write_baseline(at(tmp_path), BASELINE)
    assert read_baseline(at(tmp_path)) == BASELINE
    assert read_baseline(at(tmp_path, no_baseline=True)) is None
    assert not write_baseline(at(tmp_path), BASELINE), "it holds exactly this already"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_file_that_is_named_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no baseline ci/accepted\.txt"):
        read_baseline(at(tmp_path, "ci/accepted.txt"))
    write_baseline(at(tmp_path, "ci/accepted.txt"), BASELINE)
    assert (tmp_path / "ci" / "accepted.txt").read_text() == rendered(BASELINE)


@pytest.mark.parametrize("name", ["../accepted.txt", "/etc/accepted.txt", "."])
def test_it_lies_in_the_project(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="does not lie in the project"):
        baseline_name(at(tmp_path, name))


def test_an_absolute_name_inside_the_project_is_told_from_its_root(tmp_path: Path) -> None:
    assert baseline_name(at(tmp_path, str(tmp_path / "x" / ".." / "b.txt"))) == "b.txt"


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside.txt"
    project.mkdir()
    outside.write_text(rendered(Baseline(path=NAME)))
    before = outside.read_text()
    (project / NAME).symlink_to(outside)
    with pytest.raises(UsageError, match="outside the project"):
        write_baseline(at(project), BASELINE)
    assert outside.read_text() == before


def test_a_folder_or_a_pipe_is_no_baseline(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(UsageError, match="cannot be read: not a regular file"):
        read_baseline(at(tmp_path))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder without a door")
def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            write_baseline(at(tmp_path), BASELINE)
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []
