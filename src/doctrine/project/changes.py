"""Whether the files of a project are still those that were judged.

Each tool reads for itself, minutes apart. What one of them read may be gone before the next one
starts, and then no verdict is about a state that the project ever was in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from doctrine.model.project import Layout

_SUFFIXES = (".cfg", ".ini", ".json", ".lock", ".toml", ".yaml", ".yml", "rc")
"""Files that configure tools, hooks and CI, or say what is installed."""
_MOST = 1_000
"""A project with more of these keeps its data in them."""


def stamps_of(root: str, others: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """Return size and time of the last change of each file that says how a project is judged.

    Args:
        root: Absolute project root.
        others: Root-relative paths of the files that are no Python.
    """
    named = (path for path in others if path.endswith(_SUFFIXES))
    # What configures lies near the root.
    chosen = sorted(named, key=lambda path: (path.count("/"), path))[:_MOST]
    return {path: _stamp(root, path) for path in chosen}


def changed_files(layout: Layout) -> tuple[str, ...]:
    """Return the files that are not as they were when the project was listed, sorted.

    Args:
        layout: The listing, with size and time of the last change of each file.
    """
    return tuple(sorted(_changed(layout)))


def _changed(layout: Layout) -> Iterator[str]:
    for file in layout.files:
        if file.modified and _stamp(layout.root, file.path) != (file.size, file.modified):
            yield file.path
    for path, stamp in layout.configuration.items():
        if _stamp(layout.root, path) != stamp:
            yield path


def _stamp(root: str, path: str) -> tuple[int, int]:
    """Return size and time of the last change of a file, or what no file has if it is gone."""
    try:
        status = os.lstat(f"{root}/{path}")
    except OSError:
        return -1, -1
    return status.st_size, status.st_mtime_ns
