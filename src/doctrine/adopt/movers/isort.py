"""isort's INI files: a table of isort, and what ruff has of it where ruff is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._ini import Note, Option
from doctrine.adopt.movers._move import AGAIN, Found, Move, Mover, Old, Place, left, only_place
from doctrine.adopt.movers._ruff import RUFF, first_block, is_configured, runs
from doctrine.adopt.movers._values import array, scalar
from doctrine.documents import table

_TABLE = ("tool", "isort")
_SETTINGS = ("isort", "settings", "tool:isort")
_PLACES = (
    Place(path=".isort.cfg", sections=_SETTINGS, own=True),
    Place(path="setup.cfg", sections=("isort", "tool:isort")),
    Place(path="tox.ini", sections=("isort",)),
)
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_NUMBERS = frozenset(
    {
        "force_grid_wrap", "line_length", "lines_after_imports", "lines_before_imports",
        "lines_between_sections", "lines_between_types", "multi_line_output", "wrap_length",
    }
)  # fmt: skip
_LISTS = frozenset(
    {
        "add_imports", "extend_skip", "extend_skip_glob", "extra_standard_library",
        "force_to_top", "forced_separate", "no_lines_before", "remove_imports", "sections",
        "single_line_exclusions", "skip", "skip_glob", "src_paths",
    }
)  # fmt: skip
_NAMES: Mapping[str, str] = {
    "known_first_party": "known-first-party",
    "known_third_party": "known-third-party",
    "known_local_folder": "known-local-folder",
    "extra_standard_library": "extra-standard-library",
    "force_to_top": "force-to-top",
    "single_line_exclusions": "single-line-exclusions",
    "combine_as_imports": "combine-as-imports",
    "force_single_line": "force-single-line",
    "force_sort_within_sections": "force-sort-within-sections",
    "case_sensitive": "case-sensitive",
    "order_by_type": "order-by-type",
    "lines_after_imports": "lines-after-imports",
    "lines_between_types": "lines-between-types",
}
"""What ruff has under another spelling of the same name."""
_AS_BLACK: Mapping[str, frozenset[str]] = {
    "profile": frozenset({"black"}),
    "multi_line_output": frozenset({"3", "vertical_hanging_indent"}),
    "include_trailing_comma": frozenset({"true", "1"}),
    "force_grid_wrap": frozenset({"0"}),
    "use_parentheses": frozenset({"true", "1"}),
    "ensure_newline_before_comments": frozenset({"true", "1"}),
}
"""How ruff lays imports out unasked."""


def _moves(old: Old) -> Iterable[Move | Left]:
    found = only_place(old, "isort", _PLACES, _TABLE)
    if found is None:
        return
    if isinstance(found, Left):
        yield found
        return
    names = [option.name.lower() for one in found.sections for option in one.options]
    if len(found.sections) != 1 or len(names) != len(set(names)):
        text = f"{found.what} is not moved, since not one section alone holds isort's options"
        yield left(text, f"let [settings] hold them, {AGAIN}")
        return
    alone = not runs(old, "isort") and not _lost(old, found) and not is_configured(old)
    ruff = tuple(_ruff(old, found, noted=alone))
    own = () if alone else (_block(found),)
    yield Move(what=found.what, blocks=(*ruff, *own), cuts=found.cuts())


def _block(found: Found) -> Block:
    section = found.sections[0]
    rows = tuple(map(_row, section.options))
    return Block(table=_TABLE, rows=rows, notes=_above(found), below=section.below)


def _above(found: Found) -> tuple[Note, ...]:
    return (*(found.ini.notes if found.place.own else ()), *found.sections[0].notes)


def _row(option: Option) -> Row:
    """Return an option as isort takes it: it splits strings itself, wherever it reads them."""
    name, value = option.name.lower(), option.value
    if value.lower() in _TRUTHS:
        return scalar((name,), option, _TRUTHS[value.lower()])
    if name in _NUMBERS and re.fullmatch(r"0|[1-9][0-9]{0,5}", value):
        return scalar((name,), option, int(value))
    if name in _LISTS or name.startswith("known_"):
        return array((name,), option, _items)
    return scalar((name,), option, value)


def _items(text: str) -> list[str]:
    return [item for one in text.split(",") if (item := one.strip())]


def _lost(old: Old, found: Found) -> tuple[str, ...]:
    """Return the options that ruff has nothing like."""
    return tuple(
        option.name
        for option in found.sections[0].options
        if option.name.lower() not in _NAMES and not _is_usual(old, option)
    )


def _is_usual(old: Old, option: Option) -> bool:
    name, value = option.name.lower(), option.value.lower()
    if name == "line_length":
        return True  # the formatter's, which has its own
    return value in _AS_BLACK.get(name, ())


def _ruff(old: Old, found: Found, *, noted: bool) -> Iterator[Block]:
    """Yield ruff's table, unless the project has told ruff already what it wants."""
    if is_configured(old) or table(old.data, *RUFF, "lint", "isort"):
        return
    section = found.sections[0]
    rows = tuple(_as_ruff(one) for one in section.options if one.name.lower() in _NAMES)
    notes = _above(found) if noted else ()
    yield from first_block(old)
    if rows or notes:
        below = section.below if noted else ()
        yield Block(table=(*RUFF, "lint", "isort"), rows=rows, notes=notes, below=below)


def _as_ruff(option: Option) -> Row:
    row = _row(option)
    name = _NAMES[option.name.lower()]
    lists = name.startswith(("known", "extra", "force-to", "single"))
    value = _items(option.value.replace("\n", ",")) if lists else row.value
    return Row(keys=(name,), value=value, notes=row.notes)


MOVER = Mover(name="isort", order=50, moves=_moves)
