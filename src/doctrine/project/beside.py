"""What stands beside a project's Python files and is not among the files that git lists.

A pipe, socket or device of a Python name: a type checker that is handed the folder opens it and waits
for a writer until its time is up, so it has to be known by name to be left out. And folders that git
passes over without a word, since it cannot list them: one is closed to the user, another lies so deep
that its path is too long for the system.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress

from msgspec import Struct

from doctrine.model.folders import folders_above

_SUFFIXES = (".py", ".pyi")
"""What tools open unasked when they are given a folder."""


class Beside(Struct, frozen=True, kw_only=True):
    """What is there, by names relative to the root.

    Attributes:
        special: Pipes, sockets and devices with a Python name.
        folders: Folders that hold none of the project's files.
    """

    special: tuple[str, ...]
    folders: tuple[str, ...]


def beside(root: str, names: Collection[str]) -> Beside:
    """Look into the root, and into every folder that has Python files, once.

    Other folders are not looked into: nothing says how much they hold.

    Args:
        root: Absolute project root.
        names: The project's files, relative to the root.
    """
    known = folders_above(names)
    searched = {"", *(name.rpartition("/")[0] for name in names if name.endswith(_SUFFIXES))}
    special: list[str] = []
    folders: list[str] = []
    for folder in sorted(searched):
        prefix = f"{folder}/" if folder else ""
        for entry in _entries(f"{root}/{prefix}"):
            with suppress(OSError):  # where the kind has to be asked for, the entry may be gone
                if entry.is_dir(follow_symlinks=False):
                    folders.append(prefix + entry.name)
                elif _is_special(entry):
                    special.append(prefix + entry.name)
    return Beside(special=tuple(special), folders=tuple(one for one in folders if one not in known))


def is_closed(root: str, folder: str) -> bool:
    """Return whether a folder cannot be listed, or what is in it not be looked at."""
    return not os.access(f"{root}/{folder}/", os.R_OK | os.X_OK)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as scan:
            return list(scan)
    except OSError:
        return []  # deleted, or closed to us: the files in it are reported one by one


def _is_special(entry: os.DirEntry[str]) -> bool:
    # The kind comes with the entry; only a file system that does not tell it costs a call.
    plain = entry.is_file(follow_symlinks=False) or entry.is_symlink()
    return entry.name.endswith(_SUFFIXES) and not plain
