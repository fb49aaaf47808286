"""``[tool.vulture]``: which folders, and how certain."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.changes import Asked, Change, Keys, Value
from doctrine.adopt.edits import Section
from doctrine.adopt.situation import Situation, code_of
from doctrine.adopt.tables import Data
from doctrine.documents import table

_ASKED = Asked(section=Section.VULTURE, table=("tool", "vulture"))
_CERTAIN = 80
"""Percent; below it are functions and classes that a framework may call by name."""


def vulture_changes(data: Data, situation: Situation) -> Iterator[Change]:
    """Yield vulture's table where there is none; one that is there complies as it is.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    if table(data, "tool", "vulture"):
        return
    paths = code_of(situation.project).everything
    rows: dict[Keys, Value] = {("paths",): paths, ("min_confidence",): _CERTAIN}
    yield from _ASKED.rows(rows, "where dead code is looked for", "DED001")
