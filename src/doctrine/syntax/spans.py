"""The code that a finding is about, told so that moving and reformatting it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.observation import Location
from doctrine.syntax.language import ancestors, tree_of
from doctrine.syntax.statements import SUITES, statement_around

_Point = tuple[int, int]
"""A row and a column in bytes, both counted from 0."""
LONGEST = 200
"""Characters after which the rest of a text tells nothing more."""
_DROPPED = frozenset({"(", ")", ";", "\\", "comment", "line_continuation", "string_end"})
"""What a formatter adds and removes as it likes."""
_CLOSERS = frozenset({")", "]", "}"})
_FOLDED = str.maketrans(dict.fromkeys("\"'\\", ""))


class Spans:
    """The texts of the spans of one Python file."""

    def __init__(self, text: str) -> None:
        """Parse a file.

        Args:
            text: Its text, every line ended by a line feed alone.
        """
        self._lines = text.split("\n")
        self._tree = tree_of(text.encode("utf-8"))

    def text(self, where: Location) -> str:
        """Return the code of a span without spaces, quotes, brackets and final commas.

        A span over a block is told by the header of the block, and one without a length by the
        widest expression that begins there: a finding is known again when other code of its
        statement is mended. Only where no more than a line is known the whole statement tells it.

        Args:
            where: 1-based lines, 1-based columns in characters.
        """
        start = self._place(where.line, where.column)
        if start is None:
            return ""
        end = self._place(where.end_line, where.end_column)
        node = self._tree.descendant_for_point_range(start, start)
        if node is None or node.type in SUITES:
            return _squeezed(self._lines[where.line - 1])[:LONGEST]
        if end is not None and end > start and (told := _between(node, start, end)):
            return told
        if where.column == 1:
            return _joined(_leaves(statement_around(node), (-1, -1)))
        return _joined(_leaves(_widest(node), start))

    def _place(self, line: int, column: int) -> _Point | None:
        """Return a place as a row and a column in bytes, behind the indentation."""
        if not 0 < line <= len(self._lines):
            return None
        content = self._lines[line - 1]
        indent = len(content) - len(content.lstrip())
        return line - 1, len(content[: max(column - 1, indent)].encode("utf-8"))


def folded(text: str) -> str:
    """Return a line of a file that is no Python, without spaces and quotes."""
    return _squeezed(text)[:LONGEST]


def _widest(node: Node) -> Node:
    """Return the largest node that begins where a node does, a statement at most."""
    widest = node
    for above in ancestors(node):
        if above.type in SUITES or above.start_byte != node.start_byte:
            break
        widest = above
    return widest


def _between(node: Node, start: _Point, end: _Point) -> str:
    """Return the text of the tokens that begin between two points, up to the first block."""
    around = node
    for above in ancestors(node):
        if above.type in SUITES or tuple(around.end_point) >= end:
            break
        around = above
    tokens = _leaves(around, start)
    return _joined(leaf for leaf in tokens if start <= tuple(leaf.start_point) < end)


def _leaves(node: Node, start: _Point) -> Iterator[Node]:
    """Yield the tokens of a node in source order, up to the first block behind a point."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.type == "block" and current is not node:
            if tuple(current.end_point) > start:
                return
        elif current.child_count and current.type != "string_content":
            pending.extend(reversed(current.children))
        else:
            yield current


def _joined(leaves: Iterator[Node]) -> str:
    """Return tokens as one text, without what a formatter decides about."""
    told: list[str] = []
    size = 0
    comma = False
    for leaf in leaves:
        if comma and leaf.type not in _CLOSERS:
            told.append(",")
        comma = leaf.type == ","
        if comma or leaf.type in _DROPPED:
            continue
        told.append(_token(leaf))
        size += len(told[-1])
        if size > LONGEST:
            break
    return "".join(told)[:LONGEST]


def _token(leaf: Node) -> str:
    text = (leaf.text or b"").decode("utf-8", "replace")
    if leaf.type == "string_start":
        return text.lower().rstrip("\"'").replace("u", "")
    return _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(text.translate(_FOLDED).split())
