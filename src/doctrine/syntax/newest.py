"""Which Python grammar the sources of a project ask for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doctrine.model.observation import Evidence
from doctrine.model.project import Module

_SINCE: Mapping[str, int] = {"pep695": 12, "pep701": 12, "pep750": 14, "pep758": 14}
"""Minor version of Python 3 whose parser is the first to accept a feature, from the PEPs."""


def needed(modules: Iterable[Module]) -> Evidence | None:
    """Return where the newest syntax stands.

    Args:
        modules: Parsed files.

    Returns:
        The first place of the newest feature, the version that it needs as the detail (``3.12``);
        None where any supported Python reads everything.
    """
    newest: tuple[int, Evidence] | None = None
    for module in modules:
        lines = dict(module.feature_lines)
        for feature in module.features & _SINCE.keys():
            minor = _SINCE[feature]
            if newest is None or minor > newest[0]:
                place = Evidence(path=module.path, line=lines.get(feature, 0), detail=f"3.{minor}")
                newest = minor, place
    return newest[1] if newest else None


def needed_minor(modules: Iterable[Module], least: int) -> int:
    """Return the lowest minor version of Python 3 that reads all modules, at least ``least``."""
    return max(
        (_SINCE.get(feature, least) for module in modules for feature in module.features),
        default=least,
    )
