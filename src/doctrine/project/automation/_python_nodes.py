"""What the readers of Python files that drive tools (nox, invoke) need of a syntax tree."""

from __future__ import annotations

from tree_sitter import Node

from doctrine.syntax import places


def text_of(node: Node | None) -> str:
    """Return a node's text; empty for none."""
    return places.text_of(node) if node is not None else ""


def positional(arguments: Node) -> list[Node]:
    """Return the arguments of a call that have no name."""
    return [one for one in arguments.named_children if one.type != "keyword_argument"]


def keywords(arguments: Node | None) -> dict[str, Node]:
    """Return the arguments of a call that have a name; of two of one name, the last."""
    found: dict[str, Node] = {}
    for one in arguments.named_children if arguments is not None else ():
        value = one.child_by_field_name("value")
        if one.type == "keyword_argument" and value is not None:
            found[text_of(one.child_by_field_name("name"))] = value
    return found


def first_parameter(function: Node) -> str:
    """Return the name of a function's first parameter; empty if it takes none."""
    parameters = function.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters and parameters.named_children else None
    if first is None:
        return ""
    inner = first.named_children[0] if first.type == "typed_parameter" else first
    return text_of(inner)


def literal(node: Node) -> str:
    """Return the text of a string; what an f-string fills in stays in its braces."""
    if node.type == "concatenated_string":
        return "".join(literal(child) for child in node.named_children)
    inside = (one for one in node.named_children if one.type not in {"string_start", "string_end"})
    return "".join(text_of(one) for one in inside)
