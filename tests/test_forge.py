from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.cli.forge import blobs_of, folder_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def _repository(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    return folder


def _github(workspace: Path, **changes: str) -> dict[str, str]:
    return {
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SHA": COMMIT,
        "GITHUB_WORKSPACE": str(workspace),
        **changes,
    }


def _gitlab(workspace: Path, **changes: str) -> dict[str, str]:
    return {
        "CI_PROJECT_URL": "https://gitlab.example/acme/tools/shop",
        "CI_COMMIT_SHA": COMMIT,
        "CI_PROJECT_DIR": str(workspace),
        **changes,
    }


def test_a_project_inside_a_repository_knows_its_folder(tmp_path: Path) -> None:
    top = _repository(tmp_path / "repo")
    inside = top / "services" / "shop"
    inside.mkdir(parents=True)
    assert folder_of(str(inside)) == "services/shop"
    assert folder_of(str(top)) == ""
    assert folder_of("") == ""


def test_a_worktree_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    assert folder_of(str(tmp_path / "sub")) == "sub"


def test_a_pipeline_tells_where_files_are_read(tmp_path: Path) -> None:
    top = _repository(tmp_path)
    (top / "sub").mkdir()
    for root in (top, top / "sub"):
        assert blobs_of(str(root), _github(top)) == (
            f"https://github.example/acme/shop/blob/{COMMIT}/"
        )
        assert blobs_of(str(root), _gitlab(top)) == (
            f"https://gitlab.example/acme/tools/shop/-/blob/{COMMIT}/"
        )


def test_elsewhere_nothing_is_linked(tmp_path: Path) -> None:
    top = _repository(tmp_path / "repo")
    assert blobs_of(str(top), {}) == ""
    assert blobs_of("", _github(top)) == ""


def test_a_checkout_of_another_repository_is_not_linked_to_this_one(tmp_path: Path) -> None:
    workspace = _repository(tmp_path / "work")
    other = _repository(workspace / "vendor" / "other")
    assert blobs_of(str(other), _github(workspace)) == ""
    assert blobs_of(str(other), _gitlab(workspace)) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"GITHUB_SERVER_URL": "javascript:alert(1)//"},
        {"GITHUB_SERVER_URL": "https://github.example/)[x](https://evil.example"},
        {"GITHUB_REPOSITORY": "acme"},
        {"GITHUB_REPOSITORY": "acme/shop) [x](y"},
        {"GITHUB_SHA": "main"},
        {"GITHUB_SHA": ""},
        {"GITHUB_WORKSPACE": ""},
    ],
)
def test_what_is_no_address_is_not_made_one(tmp_path: Path, change: dict[str, str]) -> None:
    top = _repository(tmp_path)
    assert blobs_of(str(top), _github(top, **change)) == ""
