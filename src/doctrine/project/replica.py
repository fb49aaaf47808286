"""A project as it lies on disk, uncommitted changes included, where it may be changed freely.

What is tried out is tried out there: the project itself is not touched before all is known to hold.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.model.project import Layout
from doctrine.project.checkout import Run, asked, borrow_repository, git_path
from doctrine.project.picking import copy_index

_LARGE = 1 << 20
"""Bytes from which on a file that is not Python is linked: nothing changes it, few read it."""


class Replica(Struct, frozen=True, kw_only=True):
    """A project's copy.

    Attributes:
        root: Absolute root of the copy.
    """

    root: str

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None where there is none.

        Args:
            path: POSIX path relative to the root.
        """
        place = Path(self.root, path)
        return place.read_bytes() if place.is_file() else None

    def write(self, path: str, content: bytes | None) -> None:
        """Let a file hold something, or be gone; what a link leads to is not touched.

        Args:
            path: POSIX path relative to the root.
            content: What it is to hold; None to remove it.
        """
        place = Path(self.root, path)
        place.unlink(missing_ok=True)
        if content is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def replicate(layout: Layout, folder: Path, run: Run) -> Replica:
    """Copy a project: its own files, what git knows of them, and the configuration above it.

    Args:
        layout: The project, all of it.
        folder: An empty folder outside the project.
        run: Runs git.

    Raises:
        UsageError: A file cannot be copied.
    """
    top = _top(layout, run)
    # A project without a name is called like its folder, and so is the repository.
    base = folder / (Path(top).name or "project")
    target = base / Path(layout.root).relative_to(top)
    try:
        if layout.tracked is not None and borrow_repository(top, base, run):
            copy_index(Path(git_path(top, run, "index")), base / ".git")
        target.mkdir(parents=True, exist_ok=True)
        for above in Path(layout.root).parents if top != layout.root else ():
            if not above.is_relative_to(top):
                break
            _copy_beside(above, base / above.relative_to(top))
        for path in dict.fromkeys(_paths(layout)):
            _copy(Path(layout.root, path), target / path, whole=path.endswith((".py", ".pyi")))
    except OSError as error:
        raise UsageError(
            f"the project cannot be copied to {folder}: {error.strerror or error}",
            hint="nothing was changed; see to room in the folder for temporary files (TMPDIR)",
        ) from error
    return Replica(root=str(target))


def _top(layout: Layout, run: Run) -> str:
    """Return the root of the repository around a project; its own root without one."""
    if layout.tracked is None:
        return layout.root
    top = asked(layout.root, run, "rev-parse", "--show-toplevel")
    return top if top and Path(layout.root).is_relative_to(top) else layout.root


def _paths(layout: Layout) -> Iterator[str]:
    yield from (file.path for file in layout.files)
    yield from layout.others
    yield from layout.linked
    yield from layout.ignored


def _copy_beside(above: Path, target: Path) -> None:
    """Copy the files of a folder above the project, where settings for all of a workspace lie."""
    for one in above.iterdir():
        if one.is_file() and one.stat().st_size < _LARGE:
            _copy(one, target / one.name, whole=True)


def _copy(source: Path, target: Path, *, whole: bool) -> None:
    """Copy a file or link; what cannot be read here could not be read there either."""
    if not os.path.lexists(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif not os.access(source, os.R_OK):
        target.touch(mode=0)
    elif whole or source.stat().st_size < _LARGE:
        shutil.copyfile(source, target)
    else:
        target.symlink_to(source)
