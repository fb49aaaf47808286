"""Python files that are no files: pipes, sockets and devices, which git does not list.

A type checker that is handed the folder opens one of them and waits for a writer until its time
is up, so they have to be known by name to be left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

_SUFFIXES = (".py", ".pyi")
"""What tools open unasked when they are given a folder."""


def special_files(root: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the pipes, sockets and devices that stand beside a project's Python files.

    A folder without any Python file is not looked into: nothing says how much it holds.

    Args:
        root: Absolute project root.
        names: The project's files, relative to the root.
    """
    folders = {name.rpartition("/")[0] for name in names if name.endswith(_SUFFIXES)}
    for folder in sorted(folders):
        prefix = f"{folder}/" if folder else ""
        yield from (f"{prefix}{name}" for name in _special_in(f"{root}/{prefix}"))


def _special_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as scan:
            return [one.name for one in scan if one.name.endswith(_SUFFIXES) and _is_special(one)]
    except OSError:
        return []  # deleted, or closed to us: the files in it are reported one by one


def _is_special(entry: os.DirEntry[str]) -> bool:
    # The kind comes with the entry; only a file system that does not tell it costs a call.
    return not (
        entry.is_file(follow_symlinks=False)
        or entry.is_dir(follow_symlinks=False)
        or entry.is_symlink()
    )
