"""The calls of a file, each with the dotted name of what is called."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.syntax.language import of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_MANY = 400
"""Occurrences of a name from which on nobody looks for its one assignment."""


def calls(parsed: ParsedFile) -> Iterator[tuple[Node, str]]:
    """Yield every call in source order with its dotted name, empty where nobody can tell."""
    for call in parsed.calls:
        called = call.child_by_field_name("function")
        yield call, parsed.names.dotted(called) if called is not None else ""


def roots(parsed: ParsedFile) -> frozenset[str]:
    """Return the top-level modules a file imports, its own package's left out."""
    return frozenset(
        item.module.partition(".")[0]
        for item in parsed.module.imports
        if not item.dots and not item.typing_only
    )


def value_of(node: Node, parsed: ParsedFile) -> Node:
    """Return the expression that an identifier was assigned once in the file, or the node."""
    if node.type != "identifier":
        return node
    name = text_of(node)
    if parsed.source.count(name.encode()) > _MANY:
        return node
    assigned = [one for one in of_types(parsed.tree, "assignment") if _is_left(one, name)]
    right = assigned[0].child_by_field_name("right") if len(assigned) == 1 else None
    return right if right is not None else node


def _is_left(assignment: Node, name: str) -> bool:
    left = assignment.child_by_field_name("left")
    return left is not None and text_of(left) == name
