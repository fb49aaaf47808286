"""The store that a run keeps its results in, as its settings ask."""

from __future__ import annotations

import os
from pathlib import Path

from doctrine.cache.place import Place, find_place, is_off
from doctrine.cache.store import Store
from doctrine.model.settings import Settings


def open_store(settings: Settings) -> Store:
    """Return where results are kept; a store that keeps nothing where none are to be.

    Args:
        settings: Those of the run.

    Raises:
        UsageError: The folder that was named cannot be one for results.
    """
    place = None if is_off(settings) else place_of(settings)
    return Store(place.folder if place else None, limit=settings.cache_size)


def place_of(settings: Settings) -> Place | None:
    """Return the folder that settings ask for, whether or not it is used.

    Raises:
        UsageError: The folder that was named cannot be one for results.
    """
    flagged = settings.origins.get("cache-dir", "").startswith("--")
    named = settings.cache_dir
    return find_place(
        settings.root, flag=named if flagged else "", setting="" if flagged else named
    )


def folder_inside(settings: Settings, store: Store) -> str:
    """Return the store's folder where it lies in the project, relative to it; else empty."""
    folder = store.folder
    root = Path(os.path.realpath(settings.root))
    if folder is None or not folder.is_relative_to(root):
        return ""
    return folder.relative_to(root).as_posix()
