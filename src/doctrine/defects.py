"""Which rules of which tools are about the same defect, as data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from doctrine.errors import RegistryError
from doctrine.model.decoders import converted
from doctrine.model.defect import RUFF, RUFF_RUNS, Defects

_FILE = Path(__file__).with_name("defects.toml")


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    rules: list[str]
    by: str = "line"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    defect: list[_Entry]


def load_defects() -> Defects:
    """Return the table of equivalent rules.

    Raises:
        RegistryError: The data file is damaged, or names a rule twice.
    """
    try:
        entries = converted(tomllib.loads(_FILE.read_text("utf-8")), _File).defect
    except (OSError, ValueError) as error:
        raise RegistryError(f"{_FILE.name}: {error}") from error
    classes: dict[str, str] = {}
    rank: dict[str, int] = {}
    for entry in entries:
        for position, rule in enumerate(entry.rules):
            for key in _keys(rule):
                if key in classes:
                    raise RegistryError(f"{_FILE.name}: {key} is in two classes")
                classes[key] = entry.id
                rank[key] = position
    return Defects(
        classes=classes,
        rank=rank,
        by_definition=frozenset(one.id for one in entries if one.by == "definition"),
        by_symbol=frozenset(one.id for one in entries if one.by == "symbol"),
    )


def _keys(rule: str) -> tuple[str, ...]:
    run, _, name = rule.partition(":")
    return tuple(f"{one}:{name}" for one in (RUFF_RUNS if run == RUFF else (run,)))
