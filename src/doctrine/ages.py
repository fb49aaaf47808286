"""Since which version of ruff a rule has been there, as data.

Another version than a project's own proves nothing by its silence, but a good deal by what it
finds, as far as both have the rule and the project is held to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from packaging.version import InvalidVersion, Version

from doctrine.errors import RegistryError
from doctrine.model.decoders import converted

RUFF = "ruff"
_FILE = Path(__file__).with_name("ruff_ages.toml")
DEFAULTS = ("E4", "E7", "E9", "F")
"""What every version since 0.1 selects where nothing is configured. Newer ones select more."""
_CHANGING = frozenset({"I001", "ICN001", "RUF100", "RUF101", "RUF102"})
"""Rules that report what a version lays out or knows of others: order of imports, usual names of
modules, codes that are unused, renamed or unknown. What other rules have come to report is in the data."""
_EVERYTHING, _PYLINT = "ALL", "PL"


def is_shared(rule: str, pinned: str, selectors: Iterable[str]) -> bool:
    """Return whether a rule that ruff has reported is one that another version reports, too.

    Args:
        rule: Its code.
        pinned: The other version.
        selectors: Codes and prefixes that the project's configuration selects.

    Returns:
        True where that version has the rule, and it is among those that the project names, or that
        each version selects by itself; false where that cannot be told, or where versions report
        other things by the same rule.

    Raises:
        RegistryError: The data file is damaged.
    """
    since = None if rule in _CHANGING else _ages().get(rule)
    if since is None or not _is_selected(rule, selectors):
        return False
    try:
        return Version(pinned).release[:2] >= since
    except InvalidVersion:
        return False


def _is_selected(rule: str, selectors: Iterable[str]) -> bool:
    return any(one == _EVERYTHING or _takes_in(one, rule) for one in (*selectors, *DEFAULTS))


def _takes_in(selector: str, rule: str) -> bool:
    """Return whether a selector covers a rule: ``F`` is one linter's, and takes in no ``FURB``."""
    family = _letters(rule)
    covered = family.startswith(_PYLINT) if selector == _PYLINT else family == _letters(selector)
    return bool(selector) and covered and rule.startswith(selector)


def _letters(code: str) -> str:
    return code.rstrip("0123456789")


@lru_cache(maxsize=1)
def _ages() -> Mapping[str, tuple[int, ...]]:
    """Return the first two numbers of the version that made a rule stable, by its code."""
    try:
        found = converted(tomllib.loads(_FILE.read_text("utf-8")), dict[str, list[str]])
        return {rule: Version(since).release for since, rules in found.items() for rule in rules}
    except (OSError, ValueError) as error:
        raise RegistryError(f"{_FILE.name}: {error}") from error
