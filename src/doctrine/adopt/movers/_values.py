"""Values of INI files as the types that tools take in TOML."""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterable

from doctrine.adopt.movers._block import Row
from doctrine.adopt.movers._ini import Note, Option


class UnmovableError(Exception):
    """A value that has no form in TOML which the tool reads as it reads the old one.

    Attributes:
        line: Its 1-based line.
    """

    def __init__(self, message: str, option: Option) -> None:
        super().__init__(message)
        self.line = option.line


def truth(option: Option) -> bool:
    """Return a boolean as the standard parser reads it.

    Raises:
        UnmovableError: It is none.
    """
    try:
        return configparser.RawConfigParser.BOOLEAN_STATES[option.value.strip().lower()]
    except KeyError:
        raise UnmovableError(f"`{option.name}` is neither true nor false", option) from None


def whole(option: Option) -> int:
    """Return a whole number.

    Raises:
        UnmovableError: It is none.
    """
    if re.fullmatch(r"[+-]?\d{1,18}", option.value.strip(), re.ASCII):
        return int(option.value)
    raise UnmovableError(f"`{option.name}` is no whole number", option)


def number(option: Option) -> int | float:
    """Return a number.

    Raises:
        UnmovableError: It is none, or not a finite one.
    """
    text = option.value.strip()
    if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", text, re.ASCII):
        return float(text)
    return whole(option)


def scalar(keys: tuple[str, ...], option: Option, value: str | bool | float) -> Row:
    """Return a key with one value; comments between the lines of the old one go above it."""
    inner = (note for part in option.parts for note in part.notes)
    return Row(keys=keys, value=value, notes=(*option.notes, *inner))


def array(keys: tuple[str, ...], option: Option, split: Callable[[str], Iterable[str]]) -> Row:
    """Return a key with an array, each comment above the item that it stood above.

    Args:
        keys: The key.
        option: The old option.
        split: Splits one line of its value.
    """
    items: list[str] = []
    between: dict[int, tuple[Note, ...]] = {}
    for part in option.parts:
        if part.notes:
            between[len(items)] = (*between.get(len(items), ()), *part.notes)
        items += split(part.text)
    return Row(keys=keys, value=items, notes=option.notes, between=between)


def by_comma(text: str) -> list[str]:
    """Return the items of a list that commas separate; empty ones count for nothing."""
    return [item for one in text.split(",") if (item := one.strip())]


def by_line(text: str) -> list[str]:
    """Return a line as one item."""
    return [text]
