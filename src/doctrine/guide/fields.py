"""Strict, typed access to one table of a registry file.

A registry file is part of doctrine: whatever is wrong with it is told by file and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar, cast

from doctrine.errors import RegistryError

_Choice = TypeVar("_Choice", bound=StrEnum)

_HINT = "Reinstall doctrine-check; if you edit its registry, mend the key that is named."


def damaged(place: str, what: str) -> RegistryError:
    """Return the error for something wrong in the registry.

    Args:
        place: File and key.
        what: What is wrong there.
    """
    return RegistryError(f"{place}: {what}", hint=_HINT)


class Fields:
    """The keys of one table, each of which must be asked for exactly by its type.

    Attributes:
        place: File and key of the table, for messages.
    """

    def __init__(self, data: Mapping[str, object], place: str) -> None:
        """Take a table.

        Args:
            data: The table as parsed.
            place: File and key of the table.
        """
        self.place = place
        self._data = data
        self._asked: set[str] = set()

    def finish(self) -> None:
        """Complain about keys that nobody asked for.

        Raises:
            RegistryError: There is such a key.
        """
        unknown = sorted(set(self._data) - self._asked)
        if unknown:
            raise self.wrong(unknown[0], "unknown key")

    def wrong(self, key: str, what: str) -> RegistryError:
        """Return the error for a key of this table."""
        return damaged(f"{self.place}: {key}", what)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; one without a default must be there and say something."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "expected a string")
        if default is None and not value.strip():
            raise self.wrong(key, "must not be empty")
        return value.strip()

    def paragraph(self, key: str, default: str | None = None) -> str:
        """Return a string whose line breaks mean nothing."""
        return " ".join(self.text(key, default).split())

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a boolean."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "expected true or false")
        return value

    def count(self, key: str) -> int:
        """Return a whole number of at least 1."""
        value = self._take(key, None)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(key, "expected a whole number of at least 1")
        return value

    def number(self, key: str) -> float:
        """Return a number."""
        value = self._take(key, None)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.wrong(key, "expected a number")
        return float(value)

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return an array of strings, none of them empty or twice."""
        value = self._take(key, default)
        items = cast("Iterable[object]", value) if isinstance(value, list | tuple) else None
        if items is None:
            raise self.wrong(key, "expected an array of strings")
        found: list[str] = []
        for item in items:
            if not isinstance(item, str) or not item.strip():
                raise self.wrong(key, "expected an array of strings that are not empty")
            found.append(item)
        if len(set(found)) != len(found):
            raise self.wrong(key, "has an item twice")
        return tuple(found)

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return a member of an enumeration, written as its value."""
        value = self.text(key, default)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise self.wrong(key, f"expected one of {known}") from None

    def table_of_texts(self, key: str) -> Mapping[str, str]:
        """Return a table whose values are strings, as they are."""
        value = self._take(key, None)
        if not isinstance(value, dict):
            raise self.wrong(key, "expected a table of strings")
        found: dict[str, str] = {}
        for name, item in cast("dict[str, object]", value).items():
            if not isinstance(item, str):
                raise self.wrong(key, f"{name!r} is not a string")
            found[name] = item
        return found

    def tables(self, key: str, *, needed: bool = False) -> tuple[Fields, ...]:
        """Return an array of tables.

        Args:
            key: The key.
            needed: Whether at least one must be there.
        """
        value = self._take(key, None if needed else ())
        items = cast("Iterable[object]", value) if isinstance(value, list | tuple) else None
        if items is None:
            raise self.wrong(key, "expected an array of tables")
        found: list[Fields] = []
        for number, item in enumerate(items, start=1):
            if not isinstance(item, dict):
                raise self.wrong(key, "expected an array of tables")
            place = f"{self.place}: {key}[{number}]"
            found.append(Fields(cast("dict[str, object]", item), place))
        if needed and not found:
            raise self.wrong(key, "must not be empty")
        return tuple(found)

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._data.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing")
        return value
