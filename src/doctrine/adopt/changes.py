"""Changes of a TOML document as values, one key each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from doctrine.adopt.edits import Section

Value = str | bool | int | float | Sequence[str] | Mapping[str, str | Sequence[str]]
"""What a key can be set to: a scalar, an array of strings, or an inline table of those."""
Keys = tuple[str | int, ...]
"""A dotted key; a number picks an item of an array of tables."""


class Op(StrEnum):
    """What is done to a key."""

    SET = "set"
    REMOVE = "remove"
    ADD = "add"
    """Items are put at the end of an array."""
    DROP = "drop"
    """Items are taken out of an array."""


class Change(Struct, frozen=True, kw_only=True):
    """A change of one key.

    Attributes:
        section: The part of the configuration that asks for it.
        keys: The key.
        op: What is done to it.
        value: The new value, or the items; unused by ``REMOVE``.
        why: What is changed and why, as one sentence without a full stop.
        clauses: Ids of the clauses that ask for it.
    """

    section: Section
    keys: Keys
    op: Op = Op.SET
    value: Value = ""
    why: str = ""
    clauses: tuple[str, ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """Makes the changes of one section.

    Attributes:
        section: The section.
        table: The table that the keys are below.
    """

    section: Section
    table: tuple[str, ...]

    def rows(self, rows: Mapping[Keys, Value], why: str, *clauses: str) -> Iterator[Change]:
        """Yield the changes that set some keys below the table, for one reason."""
        for keys, value in rows.items():
            yield self.do(Op.SET, keys, value, why, *clauses)

    def do(self, op: Op, keys: Keys, value: Value, why: str, *clauses: str) -> Change:
        """Return a change of a key below the table."""
        return Change(
            section=self.section,
            keys=(*self.table, *keys),
            op=op,
            value=value,
            why=why,
            clauses=clauses,
        )
