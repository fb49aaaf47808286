"""The store of a run is where its settings say, and nowhere where nothing is to be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.cache.opening import folder_inside, open_store
from doctrine.config import load_settings
from doctrine.documents import parse_toml
from doctrine.model.settings import Settings

_FILE = parse_toml("pyproject.toml", "[tool.doctrine]\ncache-dir = 'kept'\ncache-size = 3\n")


@pytest.fixture(autouse=True)
def _on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCTRINE_NO_CACHE")


def test_the_project_may_name_a_folder_of_its_own(tmp_path: Path) -> None:
    settings = load_settings(str(tmp_path), _FILE, {})
    store = open_store(settings)
    assert store.folder == tmp_path / "kept"
    assert folder_inside(settings, store) == "kept"
    assert settings.cache_size == 3_000_000


def test_a_flag_may_name_any_folder(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    root.mkdir()
    settings = load_settings(str(root), _FILE, {"cache-dir": str(elsewhere)})
    store = open_store(settings)
    assert store.folder == elsewhere
    assert folder_inside(settings, store) == ""


def test_nothing_is_kept_where_nobody_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_store(load_settings(str(tmp_path), _FILE, {"no-cache": True})).folder is None
    monkeypatch.setenv("DOCTRINE_NO_CACHE", "1")
    store = open_store(Settings(root=str(tmp_path), cache_dir="kept"))
    assert store.folder is None
    assert folder_inside(Settings(root=str(tmp_path)), store) == ""
