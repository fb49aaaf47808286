"""Entry points as ``setup`` takes them: an INI text, or lists of ``name = module:object``."""

from __future__ import annotations

import re

from doctrine.adopt.movers._ini import read_ini
from doctrine.adopt.movers._said import CannotCarryError, Said, lines_in

_POINT = re.compile(
    r"(?P<name>[^=\[\s][^=]*?)\s*=\s*(?P<target>[\w.]+(?:\s*:\s*[\w.]+)?(?:\s*\[[\w.,\s-]*\])?)"
)


def entry_points(said: Said) -> dict[str, dict[str, str]]:
    """Return the entry points by group.

    Args:
        said: What is said of them.

    Raises:
        CannotCarryError: One of them cannot be read.
    """
    if isinstance(said.value, str):
        return _of_text(said.value)
    groups: dict[str, dict[str, str]] = {}
    for group, value in said.table.items():
        groups[group] = dict(_point(line) for line in lines_in(value))
    return groups


def _of_text(text: str) -> dict[str, dict[str, str]]:
    lines = [bare for one in text.splitlines() if (bare := one.strip())]
    lines = [one for one in lines if one[0] not in "#;"]
    ini = read_ini("\n".join(lines) + "\n")
    if isinstance(ini, str):
        raise CannotCarryError(f"its text cannot be read: {ini}")
    return {
        section.name.strip(): dict(_point(f"{one.name} = {one.value}") for one in section.options)
        for section in ini.sections
    }


def _point(line: str) -> tuple[str, str]:
    match = _POINT.fullmatch(line.strip())
    if match is None:
        raise CannotCarryError(f"`{line}` is no entry point")
    return match["name"].strip(), re.sub(r"\s*:\s*", ":", match["target"]).strip()
