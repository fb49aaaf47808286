"""Whether a tool's findings are those that the project's own version would report. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import InvalidVersion, Version

from doctrine.model.observation import Evidence
from doctrine.model.run import Covers, Origin, ToolRun

_TELLING = {"pyright": 3}
"""How many numbers of a version tell what is reported, where it is not two."""


def drift(run: ToolRun, pins: Mapping[str, Evidence]) -> Evidence | None:
    """Return the pin that a run departs from.

    Only a tool that is judged as the project configured it, and is not the project's own copy, can
    drift: doctrine chooses the rules of all others itself.

    Args:
        run: The run.
        pins: Version each distribution is pinned to, by name.

    Returns:
        The place of the pin, its version as the detail; None where versions agree in their first
        telling numbers, or nothing is pinned.
    """
    if run.covers is not Covers.CONFIGURED or run.origin is Origin.PROJECT:
        return None
    return pinned_otherwise(run.program, run.version, pins)


def pinned_otherwise(program: str, version: str, pins: Mapping[str, Evidence]) -> Evidence | None:
    """Return the pin that a version of a program departs from.

    Args:
        program: Normalised name of its distribution.
        version: The version that is at hand.
        pins: Version each distribution is pinned to, by name.

    Returns:
        The place of the pin, its version as the detail; None where versions agree in their first
        telling numbers, or nothing is pinned.
    """
    pin = pins.get(program)
    if pin is None:
        return None
    try:
        telling = _TELLING.get(program, 2)
        same = Version(version).release[:telling] == Version(pin.detail).release[:telling]
    except InvalidVersion:
        return None
    return None if same else pin
