"""Parts of syntax nodes, where there is one for each that is asked for."""

from __future__ import annotations

from tree_sitter import Node

from doctrine.syntax.places import text_of


def part(node: Node, name: str) -> Node:
    """Return a field of a node; the node itself where it has none.

    Args:
        node: The node.
        name: The field.
    """
    return node.child_by_field_name(name) or node


def inside(node: Node | None) -> list[Node]:
    """Return the named children of a node but for comments; none where there is no node.

    Args:
        node: The node.
    """
    return [one for one in node.named_children if one.type != "comment"] if node else []


def first_inside(node: Node) -> Node:
    """Return the first named child of a node; the node itself where it has none.

    Args:
        node: The node.
    """
    return next(iter(node.named_children), node)


def executed(call: Node) -> list[Node]:
    """Return what a call of ``exec`` or ``execfile`` is given; nothing for another node.

    Args:
        call: The call.
    """
    if text_of(part(call, "function")) not in {"exec", "execfile"}:
        return []
    return inside(call.child_by_field_name("arguments"))
