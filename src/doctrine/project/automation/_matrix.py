"""The jobs that a matrix stands for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from doctrine.project.automation._expressions import Context, evaluate
from doctrine.project.automation._yaml import Node

_MOST = 256
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a matrix and where it is written."""

    text: str
    line: int


Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A matrix worked out.

    Attributes:
        rows: One per job; a job without a matrix has a single empty one.
        unresolved: Line of the first part that only a run could tell; 0 if there is none.
    """

    rows: tuple[Row, ...]
    unresolved: int = 0


def expand_matrix(node: Node, context: Context) -> Matrix:
    """Work a ``strategy.matrix`` out, as GitHub does.

    Args:
        node: The matrix.
        context: What its expressions can look up.
    """
    if not node.exists:
        return Matrix(rows=({},))
    if not node.is_map:
        return Matrix(rows=({},), unresolved=node.line)
    axes: dict[str, tuple[Row, ...]] = {}
    unresolved = 0
    for name, values in node.entries():
        cells = tuple(_cells(name, values, context))
        if name in {"include", "exclude"}:
            unresolved = unresolved or (0 if values.is_list else values.line)
        elif cells:
            axes[name] = cells
        elif not values.is_list:
            unresolved = unresolved or values.line
    products = itertools.islice(itertools.product(*axes.values()), _MOST)
    rows = [_together(product) for product in products] if axes else []
    excluded = [_flat(one, context) for one in node.get("exclude").items]
    rows = [row for row in rows if not any(_matches(row, one) for one in excluded)]
    original = frozenset(key for row in rows for key in row)
    for one in node.get("include").items[:_MOST]:
        _include(rows, _flat(one, context), original)
    return Matrix(rows=tuple(rows[:_MOST]) or ({},), unresolved=unresolved)


def _cells(name: str, values: Node, context: Context) -> Iterator[Row]:
    if values.is_list:
        for item in values.items:
            yield _flat(item, context, name)
        return
    written = values.text.strip()
    if written.startswith("${{") and written.endswith("}}"):
        known = evaluate(written[3:-2], context)
        for one in known if isinstance(known, tuple) else ():
            yield {name: Cell(text=one, line=values.line)}


def _flat(node: Node, context: Context, name: str = "", depth: int = 0) -> dict[str, Cell]:
    """Return a value as cells by dotted name."""
    if node.is_list or depth > _DEEPEST:
        return {name: Cell(text=" ".join(node.strings()), line=node.line)}
    if not node.is_map:
        text = node.scalar
        if text.startswith("${{") and text.endswith("}}"):
            known = evaluate(text[3:-2], context)
            text = known if isinstance(known, str) else text
        return {name: Cell(text=text, line=node.line)}
    found: dict[str, Cell] = {}
    for key, value in node.entries():
        found.update(_flat(value, context, f"{name}.{key}" if name else key, depth + 1))
    return found


def _together(rows: tuple[Row, ...]) -> dict[str, Cell]:
    return {name: cell for row in rows for name, cell in row.items()}


def _matches(row: Mapping[str, Cell], wanted: Row) -> bool:
    return all(name in row and row[name].text == cell.text for name, cell in wanted.items())


def _include(rows: list[dict[str, Cell]], extra: Row, original: frozenset[str]) -> None:
    """Add keys to every row that they do not contradict, or else a row of their own."""
    shared = {name: cell for name, cell in extra.items() if name in original}
    fitting = [row for row in rows if _matches(row, shared)] if original else []
    for row in fitting:
        row.update(extra)
    if not fitting:
        rows.append(dict(extra))
