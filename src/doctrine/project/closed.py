"""Folders that git passes over without a word, since it cannot list them: they may hold Python files.

One is closed to the user, another lies so deep that its path is too long for the system.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator


def closed_folders(root: str, names: Collection[str]) -> Iterator[str]:
    """Yield the folders beside a project's files that hold none of them and cannot be listed.

    Those in a folder without any Python file are not looked for, except in the root.

    Args:
        root: Absolute project root.
        names: The project's files, relative to the root.
    """
    known = _around(names)
    searched = {"", *(_folder_of(name) for name in names if name.endswith((".py", ".pyi")))}
    for folder in sorted(searched):
        for inner in _folders_in(root, folder):
            if inner not in known and not os.access(f"{root}/{inner}/", os.R_OK | os.X_OK):
                yield inner


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def _around(names: Iterable[str]) -> frozenset[str]:
    """Return every folder that some files are in, however deep."""
    known: set[str] = set()
    for name in names:
        folder = _folder_of(name)
        while folder and folder not in known:
            known.add(folder)
            folder = _folder_of(folder)
    return frozenset(known)


def _folders_in(root: str, folder: str) -> list[str]:
    prefix = f"{folder}/" if folder else ""
    try:
        with os.scandir(f"{root}/{prefix}") as scan:
            return [prefix + one.name for one in scan if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []  # deleted, or closed to us: the files in it are reported one by one
