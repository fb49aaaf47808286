"""Tables as they are to be written into ``pyproject.toml``, with their comments."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from doctrine.adopt._literals import WIDTH, dotted, key, literal
from doctrine.adopt._toml import headers_of, place_of
from doctrine.adopt.movers._ini import Note


class Verbatim(Struct, frozen=True):
    """A value as it is written already, with its layout and its comments.

    Attributes:
        text: It.
    """

    text: str


Cell = str | bool | int | float | Verbatim | Sequence["Cell"] | Mapping[str, "Cell"]
"""What a key can hold: a scalar, an array, or an inline table."""
_BOM = "\ufeff"


class Row(Struct, frozen=True, kw_only=True):
    """A key of a table.

    Attributes:
        keys: The dotted key below the table.
        value: What it holds.
        notes: Comments above it.
        between: Comments above the items of an array, by index.
    """

    keys: tuple[str, ...]
    value: Cell
    notes: tuple[Note, ...] = ()
    between: Mapping[int, tuple[Note, ...]] = {}


class Block(Struct, frozen=True, kw_only=True):
    """A table with its header.

    Attributes:
        table: The dotted name of the table.
        rows: Its keys.
        item: Whether it is an item of an array of tables.
        notes: Comments above the header.
        below: Comments behind the last key.
        written: Lines below the header that stay as they are, further tables among them.
    """

    table: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    item: bool = False
    notes: tuple[Note, ...] = ()
    below: tuple[Note, ...] = ()
    written: str = ""

    def lines(self) -> Iterator[str]:
        """Yield the lines of the table."""
        yield from map(_comment, self.notes)
        name = dotted(self.table)
        yield f"[[{name}]]" if self.item else f"[{name}]"
        for row in self.rows:
            yield from map(_comment, row.notes)
            yield from _assignment(row)
        yield from map(_comment, self.below)
        yield from self.written.split("\n") if self.written else ()

    def inner(self) -> Iterator[tuple[Note, ...]]:
        """Yield the comments at its keys, and the lines that stay, with theirs among them."""
        yield tuple(Note(text=line.strip(), line=0) for line in self.written.split("\n"))
        for row in self.rows:
            yield row.notes
            yield from row.between.values()


def _comment(note: Note) -> str:
    """Return a comment as TOML has it; its text stays."""
    text = note.text[1:] if note.text.startswith(";") else note.text
    shown = text if text.startswith("#") else f"#{text}"
    return "".join(one if one >= " " and one != "\x7f" else " " for one in shown)


def _assignment(row: Row) -> Iterator[str]:
    start = f"{dotted(row.keys)} = "
    if not row.between or not isinstance(row.value, list | tuple):
        yield from (start + _cell(row.value, len(start))).split("\n")
        return
    yield f"{start}["
    for index, item in enumerate(row.value):
        yield from (f"    {_comment(note)}" for note in row.between.get(index, ()))
        yield f"    {_cell(item, 4)},"
    yield from (f"    {_comment(note)}" for note in row.between.get(len(row.value), ()))
    yield "]"


def _cell(value: Cell, before: int) -> str:
    if isinstance(value, Verbatim):
        return value.text
    if isinstance(value, str):
        return _text(value, before)
    if isinstance(value, bool | int | float):
        return literal(value, before)
    if isinstance(value, Mapping):
        pairs = (f"{key(name)} = {_cell(one, 0)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return _array([_cell(one, 4) for one in value], before)


def _text(value: str, before: int) -> str:
    if "\n" in value:
        return _long(value)
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return literal(value, before)


def _array(items: Sequence[str], before: int) -> str:
    """Return an array on one line, where it is short."""
    line = f"[{', '.join(items)}]"
    if before + len(line) <= WIDTH and "\n" not in line and len(items) < _MANY:
        return line
    return "[\n" + "".join(f"    {one},\n" for one in items) + "]"


_MANY = 12


def _long(value: str) -> str:
    """Return a text of several lines as one, where that can be; else with escapes."""
    plain = all(one == "\n" or one.isprintable() for one in value)
    if plain and "'''" not in value and not value.endswith("'"):
        return f"'''\n{value}'''"
    return literal(value, 0)


def with_blocks(text: str, blocks: Sequence[Block]) -> str | None:
    """Return a TOML document with new tables in it.

    Args:
        text: The document; a byte order mark and Windows' line ends stay.
        blocks: The tables, next to each other; none of them is there yet.

    Returns:
        The new text; None where the document would then not hold what it held and the tables.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    windows = "\r\n" in body and body.count("\n") == body.count("\r\n")
    unix = body.replace("\r\n", "\n")
    added = "\n\n".join("\n".join(block.lines()) for block in blocks)
    new = _put(unix, added, blocks[0].table)
    try:
        wanted = _merged(tomllib.loads(unix), tomllib.loads(added))
        if wanted is None or tomllib.loads(new) != wanted:
            return None
    except (ValueError, RecursionError):
        return None
    return mark + (new.replace("\n", "\r\n") if windows else new)


def _put(text: str, added: str, table: tuple[str, ...]) -> str:
    lines = text.split("\n")
    place = place_of(lines, headers_of(lines), table)
    before, after = lines[:place], lines[place:]
    while before and not before[-1].strip():
        before.pop()
    while after and not after[0].strip():
        after.pop(0)
    return "\n".join((*before, *([""] if before else []), *added.split("\n"), "", *after))


def _merged(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object] | None:
    """Return two documents as one; None where both hold a key."""
    merged = dict(old)
    for name, value in new.items():
        if name not in merged:
            merged[name] = value
            continue
        here = merged[name]
        if not isinstance(here, dict) or not isinstance(value, dict):
            return None
        both = _merged(cast("dict[str, object]", here), cast("dict[str, object]", value))
        if both is None:
            return None
        merged[name] = both
    return merged
