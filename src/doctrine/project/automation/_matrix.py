"""The jobs that a matrix stands for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.project.automation._expressions import Context, evaluate
from doctrine.project.automation._yaml import Node

_ADJUSTING = frozenset({"include", "exclude"})
_MOST = 256
_DEEPEST = 4


class Cell(Struct, frozen=True, kw_only=True):
    """A value of a matrix and where it is written."""

    text: str
    line: int


Row = Mapping[str, Cell]


class Matrix(Struct, frozen=True, kw_only=True):
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
    if line := _opaque(node):
        return Matrix(rows=({},), unresolved=line)
    axes = _axes(node, context)
    excluded = tuple(_flat(one, context) for one in node.get("exclude").items)
    rows = [row for row in _products(axes) if not _matches_any(row, excluded)]
    unresolved = _unresolved(node, axes)
    unknown: list[dict[str, Cell]] = [{}] if unresolved and not any(rows) else []
    _include_all(rows, node.get("include"), context)
    return Matrix(rows=tuple([*unknown, *rows][:_MOST]) or ({},), unresolved=unresolved)


def _include_all(rows: list[dict[str, Cell]], added: Node, context: Context) -> None:
    original = frozenset(key for row in rows for key in row)
    for one in added.items[:_MOST]:
        _include(rows, _flat(one, context), original)


def _opaque(node: Node) -> int:
    """Return the line of what keeps anything of a matrix from being known; 0 if nothing does."""
    if not node.is_map:
        return node.line
    left_out = node.get("exclude")
    return left_out.line if left_out.exists and not left_out.is_list else 0


def _axes(node: Node, context: Context) -> Mapping[str, tuple[Row, ...]]:
    """Return the values of each axis, as far as they are known."""
    axes = {
        name: tuple(_cells(name, values, context))
        for name, values in node.entries()
        if name not in _ADJUSTING
    }
    return {name: cells for name, cells in axes.items() if cells}


def _products(axes: Mapping[str, tuple[Row, ...]]) -> Iterator[dict[str, Cell]]:
    """Yield a row for each way to take one value of every axis, up to as many as GitHub runs."""
    products = itertools.product(*axes.values()) if axes else ()
    for product in itertools.islice(products, _MOST):
        yield _together(product)


def _unresolved(node: Node, axes: Mapping[str, tuple[Row, ...]]) -> int:
    """Return the line of the first part that is no list and did not become an axis; else 0."""
    lines = (
        values.line for name, values in node.entries() if not values.is_list and name not in axes
    )
    return next(filter(None, lines), 0)


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


def _matches_any(row: Mapping[str, Cell], wanted: tuple[Row, ...]) -> bool:
    return any(_matches(row, one) for one in wanted)


def _include(rows: list[dict[str, Cell]], extra: Row, original: frozenset[str]) -> None:
    """Add keys to every row that they do not contradict, or else a row of their own."""
    shared = {name: cell for name, cell in extra.items() if name in original}
    fitting = [row for row in rows if _matches(row, shared)] if original else []
    for row in fitting:
        row.update(extra)
    if not fitting:
        rows.append(dict(extra))
