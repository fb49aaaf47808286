"""``pyrightconfig.json``: the same keys and values in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Cell, Row
from doctrine.adopt.movers._ini import Note
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, at, left
from doctrine.documents import table
from doctrine.inspect._json5 import JsonError, parse_json

_FILE = "pyrightconfig.json"
_TABLE = ("tool", "pyright")
_FORK = ("tool", "basedpyright")
_COMMENT = re.compile(r"//+\s?(?P<text>.*\S)\s*$")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_KEY = re.compile(r"""^\s*"(?P<name>[^"\\]+)"\s*:""")
_UNKNOWN = frozenset({"$schema"})
"""Keys that speak of the file only."""


def _moves(old: Old) -> Iterable[Move | Left]:
    text = old.texts.get(_FILE)
    if text is None:
        return
    try:
        data = parse_json(text)
    except JsonError as error:
        yield left(f"{_FILE} is not moved: {error}", f"mend it, {AGAIN}")
        return
    if not isinstance(data, dict):
        yield left(f"{_FILE} is not moved: it is no object", f"mend it, {AGAIN}")
        return
    settings = cast("dict[str, object]", data)
    yield _obstacle(old, settings, text) or _move(settings, text)


def _obstacle(old: Old, settings: Mapping[str, object], text: str) -> Left | None:
    """Return what stands in the way of moving the settings."""
    taken = next((one for one in (_TABLE, _FORK) if table(old.data, *one)), None)
    if taken is not None:
        told = f"{_FILE} is not moved: pyright is configured in [{'.'.join(taken)}] as well"
        return left(told, f"keep what pyright is to read in one of them, {AGAIN}")
    bad = next((name for name, value in settings.items() if not _is_cell(value)), None)
    if bad is not None:
        told = f"{_FILE} is not moved, since TOML has nothing like the null in `{bad}`"
        return at(_FILE, _line(text, bad), told, f"take it out, {AGAIN}")
    return None


def _move(settings: Mapping[str, object], text: str) -> Move:
    notes, lost = _notes(text)
    rows = tuple(
        Row(keys=(name,), value=cast("Cell", value), notes=notes.get(name, ()))
        for name, value in settings.items()
        if name not in _UNKNOWN
    )
    blocks = (Block(table=_TABLE, rows=rows),)
    left = tuple(at(_FILE, line, "the comment is not carried") for line in lost)
    return Move(what=_FILE, blocks=blocks, cuts=(Cut(path=_FILE),), left=left)


def _line(text: str, name: str) -> int:
    found = (at for at, line in enumerate(text.split("\n"), start=1) if f'"{name}"' in line)
    return next(found, 1)


def _notes(text: str) -> tuple[Mapping[str, tuple[Note, ...]], tuple[int, ...]]:
    """Return the comments above and beside each key, and the lines of those that have no place.

    A comment inside of a value belongs to the key of the value.
    """
    found: dict[str, tuple[Note, ...]] = {}
    pending: list[Note] = []
    lost: list[int] = []
    name = ""
    for number, line in enumerate(text.split("\n"), start=1):
        blank = _STRING.sub(lambda match: "_" * len(match[0]), line)
        if "/*" in blank:
            lost.append(number)
        comment = _COMMENT.search(line, blank.find("//")) if "//" in blank else None
        pending += [Note(text=f"# {comment['text']}", line=number)] if comment else []
        key = _KEY.match(line)
        name = key["name"] if key else name
        if name and not blank.lstrip().startswith("//"):
            found[name] = (*found.get(name, ()), *pending)
            pending.clear()
    return found, (*lost, *(note.line for note in pending))


def _is_cell(value: object) -> bool:
    """Return whether TOML can say a value."""
    if isinstance(value, dict):
        return all(map(_is_cell, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return all(map(_is_cell, cast("list[object]", value)))
    return isinstance(value, str | bool | int | float)


MOVER = Mover(name="pyright", order=15, moves=_moves)
