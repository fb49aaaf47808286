"""What ``setup.py`` and ``setup.cfg`` say of a project, under the names that setuptools gives it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from doctrine.adopt.movers._ini import Note
from doctrine.adopt.setup_script.values import Attr, Text, Value


class CannotCarryError(Exception):
    """Something that ``pyproject.toml`` cannot say so that it means the same."""


class Said(Struct, frozen=True, kw_only=True):
    """One thing that is said.

    Attributes:
        name: Its name, as ``setup`` takes it.
        path: The file that says it.
        line: 1-based line.
        value: What is said.
        notes: Comments above it.
        between: Comments above the items of a list, by index.
    """

    name: str
    path: str
    line: int
    value: Value
    notes: tuple[Note, ...] = ()
    between: Mapping[int, tuple[Note, ...]] = {}

    @property
    def text(self) -> str:
        """Return what is said as one string.

        Raises:
            CannotCarryError: It is none.
        """
        return text_in(self.value)

    @property
    def texts(self) -> list[str]:
        """Return what is said as strings; one that stands alone counts as a list of it.

        Raises:
            CannotCarryError: It is nothing like that.
        """
        return texts_in(self.value)

    @property
    def truth(self) -> bool:
        """Return what is said as a truth value.

        Raises:
            CannotCarryError: It is none.
        """
        if isinstance(self.value, bool) or self.value in (0, 1):
            return bool(self.value)
        raise CannotCarryError("it is neither true nor false")

    @property
    def table(self) -> dict[str, Value]:
        """Return what is said as a table.

        Raises:
            CannotCarryError: It is none.
        """
        if isinstance(self.value, dict):
            return self.value
        raise CannotCarryError("it is no dictionary")


def text_in(value: Value) -> str:
    """Return a value as a string.

    Args:
        value: The value.

    Raises:
        CannotCarryError: It is none.
    """
    if isinstance(value, Attr):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        raise CannotCarryError(f"it is the content of {value.paths[0]}")
    raise CannotCarryError("it is no plain text")


def texts_in(value: Value) -> list[str]:
    """Return a value as strings; one that stands alone counts as a list of it.

    Args:
        value: The value.

    Raises:
        CannotCarryError: It is nothing like that.
    """
    return [*map(text_in, value)] if isinstance(value, list) else [text_in(value)]


def lines_in(value: Value) -> list[str]:
    """Return strings one a line, as setuptools takes a list of requirements or classifiers.

    Args:
        value: The value.

    Raises:
        CannotCarryError: It is nothing like that.
    """
    found = texts_in(value)
    if isinstance(value, str):
        found = value.splitlines()
    return [bare for one in found if (bare := one.strip()) and not bare.startswith("#")]
