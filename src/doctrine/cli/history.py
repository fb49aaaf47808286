"""Keeps a small summary of each project's last run, in the user's cache and nowhere else.

It only tells what is new; whatever goes wrong with it is no trouble worth a word.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

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
        from doctrine.project.reading import CannotReadError, read_regular
        from doctrine.reports._last_run import read_last_run

        if self._file is None:
            return None
        try:
            return read_last_run(read_regular(str(self._file), _LARGEST))
        except CannotReadError:
            return None

    def keep(self, run: LastRunV1) -> None:
        """Remember a run instead of the one before it; silent where that cannot be."""
        from doctrine.reports._last_run import written

        if self._file is None:
            return
        with suppress(OSError, ValueError):
            folder = self._file.parent
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".run-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(written(run))
                Path(temporary).replace(self._file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            _forget(folder)


def _file(root: str, manner: Iterable[str]) -> Path | None:
    """Return where a project is remembered; None where nothing may be."""
    if os.environ.get(OFF):
        return None
    from platformdirs import user_cache_path

    try:
        folder = (user_cache_path("doctrine") / "history").absolute()
        real, project = os.path.realpath(folder), os.path.realpath(root)
        if os.path.commonpath((real, project)) == project:
            return None
    except (OSError, RuntimeError, ValueError):
        # No home, or another drive: then there is nothing to remember, and nothing to say.
        return None
    key = "\0".join((project, *manner)).encode("utf-8", "surrogatepass")
    return folder / f"{hashlib.sha256(key).hexdigest()[:32]}.json"


def _forget(folder: Path) -> None:
    """Remove what was written longest ago, beyond what is remembered."""
    known = sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
    for one in known[_PROJECTS:]:
        one.unlink(missing_ok=True)
