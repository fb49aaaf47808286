"""What is common to the tables of tools in ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.adopt.edits import Left, Section
from doctrine.adopt.situation import Situation

Data = Mapping[str, object]
"""Content of ``pyproject.toml``."""


def shadowed(situation: Situation, tool: str, section: Section) -> Left | None:
    """Return that a tool would not read its table, and what to do first; None where it would."""
    path = situation.shadows.get(tool)
    if path is None:
        return None
    return Left(
        section=section,
        text=f"{tool} is configured in {path}, so a table in pyproject.toml is not written",
        hint=f"move the settings of {path} to pyproject.toml, then run `doctrine init` again",
    )
