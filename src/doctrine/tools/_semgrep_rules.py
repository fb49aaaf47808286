"""doctrine's own rules for semgrep, from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

import doctrine.tools
from doctrine.errors import RegistryError
from doctrine.model.decoders import converted
from doctrine.tools._semgrep_screen import Screen

PREFIX = "doctrine."
_FOLDER = "rules"


class _Header(msgspec.Struct):
    """The keys that doctrine reads itself; all others are semgrep's."""

    id: str
    severity: str
    message: str
    tests: bool = False
    before: tuple[int, int] | None = None
    screen: Screen = Screen()


_OWN = frozenset({"tests", "before", "screen"})


class SemgrepRule(Struct, frozen=True, kw_only=True):
    """One rule.

    Attributes:
        id: Full id, ``doctrine.<slug>``.
        definition: The rule as semgrep reads it.
        before: Python version from which on the defect does not exist; None when it always does.
        screen: What a file holds in which it matches.
    """

    id: str
    definition: Mapping[str, object]
    before: tuple[int, int] | None = None
    screen: Screen = Screen()

    def concerns(self, floor: tuple[int, int] | None) -> bool:
        """Return whether a project with that lowest Python version can have the defect."""
        return self.before is None or floor is None or floor < self.before


@cache
def load_rules() -> tuple[SemgrepRule, ...]:
    """Return every rule, sorted by id.

    Raises:
        RegistryError: A rule file of doctrine is damaged.
    """
    rules = [
        rule
        for file in files(doctrine.tools).joinpath(_FOLDER).iterdir()
        if file.name.endswith(".toml")
        for rule in parse_rules(file.read_text(encoding="utf-8"), file.name)
    ]
    return tuple(sorted(rules, key=lambda rule: rule.id))


def parse_rules(text: str, name: str) -> tuple[SemgrepRule, ...]:
    """Return the rules of one file.

    Args:
        text: TOML with one table ``rules`` for each rule.
        name: File name, for the error.

    Raises:
        RegistryError: The text is not TOML, or a rule lacks its id, severity or message.
    """
    try:
        tables = converted(tomllib.loads(text).get("rules"), list[dict[str, object]])
        return tuple(_rule(table) for table in tables)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        message = f"the semgrep rules in {name} are damaged: {error}"
        raise RegistryError(message) from error


def _rule(table: dict[str, object]) -> SemgrepRule:
    header = converted(table, _Header)
    own = {key: value for key, value in table.items() if key not in _OWN}
    full = f"{PREFIX}{header.id}"
    definition = {
        **own,
        "id": full,
        "languages": ["python"],
        "metadata": {"tests": header.tests},
    }
    return SemgrepRule(id=full, definition=definition, before=header.before, screen=header.screen)
