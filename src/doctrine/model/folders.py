"""Folders, told from the paths of files alone."""

from __future__ import annotations

from collections.abc import Iterable


def folders_above(paths: Iterable[str]) -> frozenset[str]:
    """Return every folder that some files are in, however deep; not the root.

    Args:
        paths: POSIX paths relative to the root.
    """
    known: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in known:
            known.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(known)
