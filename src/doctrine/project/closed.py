"""Folders that git passes over without a word, since it cannot list them: they may hold Python files.

One is closed to the user, another lies so deep that its path is too long for the system.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator


def closed_folders(root: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the folders beside a project's files that hold none of them and cannot be listed.

    Those in a folder without any Python file are not looked for, except in the root.

    Args:
        root: Absolute project root.
        names: The project's files, relative to the root.
    """
    folders = {"", *(name.rpartition("/")[0] for name in names if name.endswith((".py", ".pyi")))}
    known = {name.rpartition("/")[0] for name in names}
    for folder in tuple(known):
        outer = folder
        while (outer := outer.rpartition("/")[0]) and outer not in known:
            known.add(outer)
    for folder in sorted(folders):
        prefix = f"{folder}/" if folder else ""
        for name in _folders_in(f"{root}/{prefix}"):
            if prefix + name not in known and not os.access(
                f"{root}/{prefix}{name}/", os.R_OK | os.X_OK
            ):
                yield prefix + name


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as scan:
            return [one.name for one in scan if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []  # deleted, or closed to us: the files in it are reported one by one
