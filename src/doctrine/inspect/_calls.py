"""The parts of a call: what is called, and with which arguments."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.syntax.places import text_of


def called(call: Node) -> Node:
    """Return what a call calls; the call itself where the tree is broken."""
    return call.child_by_field_name("function") or call


def last_name(node: Node) -> str:
    """Return the last part of a name or attribute (``close`` of ``self.session.close``)."""
    if node.type == "attribute":
        node = node.child_by_field_name("attribute") or node
    return text_of(node) if node.type == "identifier" else ""


def arguments(call: Node) -> Iterator[Node]:
    """Yield the positional arguments of a call."""
    yield from positional(call)


def keyword(call: Node, *names: str) -> Node | None:
    """Return the value of the first of the named keyword arguments that is given."""
    given = keywords(call)
    return next((given[name] for name in names if name in given), None)


def has_splat(call: Node) -> bool:
    """Return whether a call takes arguments that are written elsewhere (``**options``)."""
    listed = call.child_by_field_name("arguments")
    splats = {"dictionary_splat", "list_splat"}
    return listed is not None and any(one.type in splats for one in listed.named_children)


def awaited(call: Node) -> bool:
    """Return whether a call is awaited where it stands."""
    above = call.parent
    while above is not None and above.type == "parenthesized_expression":
        above = above.parent
    return above is not None and above.type == "await"
