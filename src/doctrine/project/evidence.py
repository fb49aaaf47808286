"""Whether the files that people name as evidence are there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def missing_files(root: str, paths: Iterable[str]) -> frozenset[str]:
    """Return those of the paths that are no file or folder inside the project.

    Args:
        root: Absolute project root.
        paths: As they are written, relative to the root.
    """
    top = Path(root).resolve()
    return frozenset(path for path in paths if not _is_inside(top, path))


def absent_files(root: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of the paths at which nothing lies at all, be it a link that leads elsewhere.

    Args:
        root: Absolute project root.
        paths: Relative to the root.
    """
    return tuple(path for path in paths if not os.path.lexists(f"{root}/{path}"))


def _is_inside(top: Path, path: str) -> bool:
    try:
        place = Path(top, path).resolve()
        return place.is_relative_to(top) and place.exists()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a null byte, a name too long
        return False
