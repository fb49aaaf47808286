"""Functions and classes with the names they have inside their module."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from doctrine.model.project import Definition
from doctrine.syntax.places import line_of, text_of


def definitions(found: Iterable[Node], decorated: Iterable[Node]) -> tuple[Definition, ...]:
    """Return definitions in source order.

    Args:
        found: Definition nodes, in any order.
        decorated: The nodes that hold a definition and its decorators.
    """
    first_lines = {
        inner.start_byte: line_of(outer)
        for outer in decorated
        if (inner := outer.child_by_field_name("definition")) is not None
    }
    result: list[Definition] = []
    around: list[tuple[int, str]] = []
    for node in sorted(found, key=lambda node: node.start_byte):
        while around and around[-1][0] <= node.start_byte:
            around.pop()
        name = node.child_by_field_name("name")
        prefix = f"{around[-1][1]}." if around else ""
        qualname = prefix + (text_of(name) if name is not None else "")
        around.append((node.end_byte, qualname))
        result.append(
            Definition(
                qualname=qualname,
                line=first_lines.get(node.start_byte, line_of(node)),
                end_line=node.end_point.row + 1,
            )
        )
    return tuple(result)
