"""Whether the data file of the project's last test run tells about the files as they are now."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from doctrine.documents import table, text
from doctrine.model.project import CoverageData, SourceFile, TomlFile

_DEFAULT = ".coverage"
_AHEAD = 60_000_000_000
"""Nanoseconds by which the clock of a file server may well be ahead of this machine's."""
_MAGIC = b"SQLite format 3\x00"


def find_coverage_data(
    root: str, pyproject: TomlFile | None, texts: Mapping[str, str], files: Iterable[SourceFile]
) -> CoverageData | None:
    """Return the data file that coverage.py would read; None where there is none.

    Args:
        root: Absolute project root.
        pyproject: The project's ``pyproject.toml``.
        texts: Content of other configuration files, by name.
        files: The Python files that may be newer.
    """
    path = Path(root, _name(pyproject, texts))
    try:
        # A pipe would block at opening, so it has to be told apart before.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None
        with path.open("rb") as handle:
            magic = handle.read(len(_MAGIC))
        measured = status.st_mtime_ns
    except (OSError, ValueError):
        return None
    if magic != _MAGIC:
        # Given an empty file, coverage would turn it into a data file, in the judged tree.
        return None
    return CoverageData(path=str(path), stale_because=_because(root, path.name, measured, files))


def _because(root: str, name: str, measured: int, files: Iterable[SourceFile]) -> str:
    """Return why data do not tell about the files as they are; empty where they do."""
    if measured > time.time_ns() + _AHEAD:
        # What was changed since looks older than the data, and nobody would notice.
        return f"the clock was set back since {name} was written, so its age cannot be told"
    newer = next((file.path for file in files if _modified(root, file.path) > measured), "")
    return f"{newer} was changed after the tests were last measured" if newer else ""


def _name(pyproject: TomlFile | None, texts: Mapping[str, str]) -> str:
    """Return the configured name: the first configuration that exists is the only one read."""
    if ".coveragerc" in texts:
        return _ini(texts[".coveragerc"], "run") or _DEFAULT
    shared = _ini(texts.get("setup.cfg", ""), "coverage:run")
    data = pyproject.data if pyproject else None
    return shared or text(table(data, "tool", "coverage", "run").get("data_file")) or _DEFAULT


def _ini(source: str, section: str) -> str:
    if section not in source:
        return ""
    import configparser  # rarely needed, and before the first tool starts

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(source)
        return parser.get(section, "data_file", fallback="")
    except configparser.Error:
        return ""


def _modified(root: str, path: str) -> int:
    try:
        return Path(root, path).stat().st_mtime_ns
    except (OSError, ValueError):
        return 0
