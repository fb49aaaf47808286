"""Waivers and attestations, decoded: what is wrong with one becomes part of it.

A wrong entry must not keep a project from being judged, and must not be honoured either; so only
what is no array of tables at all is an error of the configuration.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import cast

from doctrine.config.place import Place, nearest
from doctrine.config.values import mapping, shown
from doctrine.model.stated import Entry, EntryKind
from doctrine.patterns import matcher

_FIELDS = ("clause", "owner", "date", "expires", "evidence", "clause-digest")


def fields_of(kind: EntryKind) -> tuple[str, ...]:
    """Return the fields that an entry of a kind may have."""
    own = (kind.words, "paths") if kind is EntryKind.WAIVER else (kind.words,)
    return (*_FIELDS, *own)


def entries(kind: EntryKind, value: object, place: Place) -> tuple[Entry, ...]:
    """Return the entries of an array of tables.

    Args:
        kind: What they are.
        value: The array.
        place: Where it is.

    Raises:
        UsageError: It is no array, or holds something that is no table.
    """
    if not isinstance(value, list | tuple):
        header = f"[[tool.doctrine.{kind.table}]]"
        message = f"must be an array of tables, not {shown(value)}"
        raise place.error(message, f"write {header}, with two brackets on each side")
    items = cast("list[object] | tuple[object, ...]", value)
    places = (place.below(str(index)) for index in range(len(items)))
    return tuple(_entry(kind, one, where) for one, where in zip(items, places, strict=True))


def _entry(kind: EntryKind, value: object, place: Place) -> Entry:
    reader = _Reader(mapping(value, place), fields_of(kind))
    clause = reader.text("clause")
    return Entry(
        kind=kind,
        clause=clause,
        words=reader.text(kind.words),
        owner=reader.text("owner"),
        date=reader.day("date"),
        expires=reader.day("expires"),
        paths=reader.patterns("paths"),
        evidence=reader.texts("evidence"),
        digest=reader.text("clause-digest", required=False),
        place=place.evidence(f"{kind} of {clause or 'no clause'}"),
        flaws=tuple(reader.flaws),
    )


class _Reader:
    """Reads the fields of one entry and collects what is wrong with them."""

    def __init__(self, fields: Mapping[str, object], known: tuple[str, ...]) -> None:
        self._fields = fields
        self.flaws = [
            f"{shown(key)} is no field of it ({nearest(key, known)})"
            for key in fields
            if key not in known
        ]

    def text(self, key: str, *, required: bool = True) -> str:
        value = self._fields.get(key)
        if isinstance(value, str) and "\0" not in value:
            if not value.strip() and required:
                self.flaws.append(f"its {key} is empty")
            return value.strip()
        if value is not None:
            self.flaws.append(f"its {key} must be a string, not {shown(value)}")
        elif required:
            self.flaws.append(f"it has no {key}")
        return ""

    def day(self, key: str) -> datetime.date | None:
        value = self._fields.get(key)
        # A datetime is a date to Python; in what zone its day would end is not to be guessed.
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        if isinstance(value, str):
            try:
                return datetime.date.fromisoformat(value.strip())
            except ValueError:
                self.flaws.append(f"its {key} is no day that exists: {shown(value)}")
                return None
        wrong = "it has no" if value is None else f"{shown(value)} cannot be its"
        self.flaws.append(f"{wrong} {key}: write a date such as 2030-01-31")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._fields.get(key)
        items = cast("list[object]", value) if isinstance(value, list) else []
        texts = tuple(one for one in items if isinstance(one, str) and one and "\0" not in one)
        if value is not None and (not texts or len(texts) < len(items)):
            self.flaws.append(f"its {key} must be an array of strings, and not empty")
            return ()
        return texts

    def patterns(self, key: str) -> tuple[str, ...]:
        lines = self.texts(key)
        for line in lines:
            try:
                matcher([line])
            except ValueError:
                self.flaws.append(f"its {key} hold an unusable pattern: {shown(line)}")
        return lines
