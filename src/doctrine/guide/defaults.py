"""The configuration a guide shows for tools: all of the registry that the first tool may need."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from doctrine.errors import RegistryError

DEFAULTS = "defaults.toml"
"""Name of the file inside a guide's folder."""


def load_defaults(guide_id: str) -> Mapping[str, Mapping[str, object]]:
    """Return a guide's configuration by tool name.

    Args:
        guide_id: A guide that comes with doctrine.

    Raises:
        RegistryError: The data file is missing or damaged.
    """
    path = Path(__file__).parent / guide_id / DEFAULTS
    try:
        return tables_by_tool(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise RegistryError(f"{DEFAULTS} of guide {guide_id!r}: {error}") from error


def tables_by_tool(data: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """Return the tables of the file, one for each tool.

    Raises:
        RegistryError: Something else than a table is among them.
    """
    found: dict[str, Mapping[str, object]] = {}
    for tool, settings in data.items():
        if not isinstance(settings, dict):
            raise RegistryError(f"{DEFAULTS}: {tool}: expected a table, one for each tool")
        found[tool] = cast("dict[str, object]", settings)
    return found
