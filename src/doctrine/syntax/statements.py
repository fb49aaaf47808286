"""Which statement, or clause of one, a line belongs to."""

from __future__ import annotations

from tree_sitter import Node

SUITES = frozenset({"module", "block"})
"""What statements stand in."""
_PARTS = frozenset(
    {
        "case_clause",
        "class_definition",
        "decorator",
        "elif_clause",
        "else_clause",
        "except_clause",
        "except_group_clause",
        "finally_clause",
        "function_definition",
    }
)
"""What has a header, or a line, of its own inside a statement."""


def statement_around(node: Node) -> Node:
    """Return the innermost statement around a node, or the clause of one: an ``elif``, a decorator.

    Args:
        node: Any node below a module.
    """
    while node.type not in _PARTS and node.parent is not None and node.parent.type not in SUITES:
        node = node.parent
    return node


def statement_at(tree: Node, source: bytes, row: int) -> Node | None:
    """Return the innermost statement, or clause of one, around the first token of a line.

    Args:
        tree: Root of the syntax tree.
        source: The file's bytes.
        row: The line, counted from 0.

    Returns:
        None where nothing but a comment or a blank stands on the line.
    """
    line = source.split(b"\n", row + 1)[row] if source.count(b"\n") >= row else b""
    point = (row, len(line) - len(line.lstrip()))
    found = tree.descendant_for_point_range(point, point)
    if found is None or not line.strip() or found.type in SUITES or found.type == "comment":
        return None
    return statement_around(found)


def suite_of(node: Node) -> Node | None:
    """Return the block of a compound statement; None for a simple one.

    Args:
        node: A statement, a clause of one, or a definition with its decorators.
    """
    inner = node.child_by_field_name("definition")
    if node.type == "decorated_definition" and inner is not None:
        node = inner
    return next((child for child in node.children if child.type == "block"), None)


def header_end(node: Node) -> int:
    """Return the row, counted from 0, on which the header of a compound statement ends.

    Args:
        node: Any statement; a simple one is all header.
    """
    suite = suite_of(node)
    before = suite.prev_sibling if suite is not None else None
    while before is not None and before.type == "comment":
        before = before.prev_sibling
    return (before or node).end_point.row
