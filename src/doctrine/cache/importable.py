"""What can be imported from a project's folder: also what git ignores and no listing shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from doctrine.model.inputs import may_be_package

_SUFFIXES = (".py", ".pyi", ".so", ".pyd", "py.typed")


def importable(root: str, digest: Callable[[str], str]) -> dict[str, str]:
    """Return the content digests of modules and stubs by path, and the folders around them.

    Hidden folders and environments are left out; links are followed, each folder once. A folder
    counts by its name, since an empty one is a package as well.

    Args:
        root: Absolute folder.
        digest: Reads files.
    """
    found: dict[str, str] = {}
    waiting, seen = [""], {os.path.realpath(root)}
    while waiting:
        inside = waiting.pop()
        for entry in _entries(f"{root}/{inside}"):
            path = f"{inside}{entry.name}"
            if entry.name.endswith(_SUFFIXES) and not entry.is_dir():
                found[path] = digest(entry.path)
            elif _is_package(entry, seen):
                found[f"{path}/"] = ""
                waiting.append(f"{path}/")
    return found


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as scan:
            entries = list(scan)
    except (OSError, ValueError):
        return
    # An environment is a part of its own.
    if not any(entry.name == "pyvenv.cfg" for entry in entries):
        yield from entries


def _is_package(entry: os.DirEntry[str], seen: set[str]) -> bool:
    """Whether modules may be imported from below: only links can lead to a folder again."""
    if not may_be_package(entry.name) or not entry.is_dir():
        return False
    if entry.is_symlink():
        real = os.path.realpath(entry.path)
        if real in seen:
            return False
        seen.add(real)
    return True
