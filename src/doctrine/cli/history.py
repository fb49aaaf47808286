"""Keeps a small summary of each project's last run, which only tells what is new."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from doctrine.cli.remembered import place_of, remember

if TYPE_CHECKING:
    from doctrine.reports._last_run import LastRunV1

OFF = "DOCTRINE_NO_HISTORY"
"""Environment variable that turns it off, whatever its value."""
_LARGEST = 2_000_000
_PROJECTS = 200
"""Projects that are remembered; the ones that were judged longest ago are forgotten first."""


class History:
    """What is remembered of one project, judged in one way."""

    def __init__(self, root: str, paths: Iterable[str] = (), *, audit: bool = False) -> None:
        """Find the place without touching it.

        Args:
            root: Absolute folder of the project.
            paths: The part of it that is judged; another part has another history.
            audit: Whether suppressions are ignored, which finds more.
        """
        self._file = _file(root, (*sorted(paths), "--audit" if audit else ""))

    def last(self) -> LastRunV1 | None:
        """Return the summary of the last run; None where there is none that can be read."""
        from doctrine.reports._last_run import read_last_run

        return read_last_run(self.raw())

    def raw(self) -> bytes:
        """Return the summary as it is kept; empty where there is none."""
        from doctrine.project.reading import CannotReadError, read_regular

        try:
            return b"" if self._file is None else read_regular(str(self._file), _LARGEST)
        except CannotReadError:
            return b""

    def keep(self, run: LastRunV1) -> None:
        """Remember a run instead of the one before it; silent where that cannot be."""
        from doctrine.reports._last_run import written

        self.keep_raw(written(run))

    def keep_raw(self, summary: bytes) -> None:
        """Remember a summary that was written before."""
        if self._file is not None:
            remember(self._file, summary, most=_PROJECTS)


def _file(root: str, manner: Iterable[str]) -> Path | None:
    """Return where a project is remembered; None where nothing may be."""
    if os.environ.get(OFF):
        return None
    return place_of("history", root, (os.path.realpath(root), *manner), ".json")
