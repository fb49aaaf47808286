"""The arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping

from tree_sitter import Node

from doctrine.syntax.places import text_of


def positional(call: Node) -> list[Node]:
    """Return the positional arguments of a call, a ``*`` among them ending the list."""
    found: list[Node] = []
    for node in _listed(call):
        if node.type == "list_splat":
            break
        if node.type not in {"keyword_argument", "dictionary_splat", "comment"}:
            found.append(node)
    return found


def keywords(call: Node) -> Mapping[str, Node]:
    """Return the keyword arguments of a call."""
    found: dict[str, Node] = {}
    for node in _listed(call):
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if node.type == "keyword_argument" and name is not None and value is not None:
            found[text_of(name)] = value
    return found


def literal(node: Node | None) -> str | None:
    """Return the text of a plain string literal; None for everything else."""
    if node is None or node.type != "string":
        return None
    parts = node.named_children
    if any(part.type == "interpolation" for part in parts):
        return None
    return "".join(text_of(part) for part in parts if part.type == "string_content")


def _listed(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children if arguments is not None else []
