"""Literals that stand behind the name of a secret, found without walking the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import literal, positional
from doctrine.inspect._secret_flow import last_name
from doctrine.inspect._secret_values import names_key, names_password
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

# In lower case: a name, then anything that can stand between it and its value, and a literal.
_NAMED = re.compile(
    rb"(?:passw|pwd|passphrase|passcode|secret|token|key|credential)\w{0,20}[\"']?[ \t]*\]?"
    rb"(?:[ \t]*:[^=\n\"']{0,60})?[ \t]*(?:=|==|!=|:|,)[ \t]*\(?\s{0,40}[bru]{0,2}(?P<quote>[\"'])(?=.)"
)
_HOLDERS = {
    "assignment": ("left", "right"),
    "keyword_argument": ("name", "value"),
    "pair": ("key", "value"),
    "default_parameter": ("name", "value"),
    "typed_default_parameter": ("name", "value"),
    "named_expression": ("name", "value"),
}
_READERS = frozenset({"get", "getenv", "setdefault", "str", "config", "pop", "env"})
"""Last names of functions that read a setting and take what is there without it."""


class Use(Enum):
    """What a literal is to the name before it."""

    VALUE = "value"
    COMPARED = "compared"
    FALLBACK = "fallback"


class Named(Struct, frozen=True, kw_only=True):
    """A literal behind a name.

    Attributes:
        name: The name.
        value: What the literal says; for judging only.
        node: The literal.
        use: What it is to the name.
    """

    name: str
    value: str
    node: Node
    use: Use


def named_literals(parsed: ParsedFile) -> Iterator[Named]:
    """Yield the literals of a file that stand behind the name of a password or key."""
    done: set[int] = set()
    for match in _NAMED.finditer(parsed.lowered):
        start = match.start("quote")
        node = parsed.tree.descendant_for_byte_range(start, start + 1)
        while node is not None and node.type not in {"string", "module", "block"}:
            node = node.parent
        if node is None or node.type != "string" or node.id in done:
            continue
        done.add(node.id)
        found = _named(node)
        if found is not None and (names_password(found.name) or names_key(found.name)):
            yield found


def _named(node: Node) -> Named | None:
    value = literal(node)
    above = node.parent
    while above is not None and above.type == "parenthesized_expression":
        node, above = above, above.parent
    if value is None or above is None:
        return None
    if above.type in _HOLDERS:
        return _held(above, node, value)
    if above.type == "comparison_operator":
        return _compared(above, node, value)
    call = above.parent if above.type == "argument_list" else None
    return _fallback(call, node, value) if call is not None else None


def _held(holder: Node, node: Node, value: str) -> Named | None:
    key, held = (holder.child_by_field_name(one) for one in _HOLDERS[holder.type])
    if key is None or held != node:
        return None
    return Named(name=last_name(key), value=value, node=node, use=Use.VALUE)


def _compared(comparison: Node, node: Node, value: str) -> Named | None:
    other = next((one for one in comparison.named_children if one != node), None)
    if other is None or other.type not in {"identifier", "attribute", "subscript"}:
        return None
    return Named(name=last_name(other), value=value, node=node, use=Use.COMPARED)


def _fallback(call: Node, node: Node, value: str) -> Named | None:
    """Return a literal that is taken where a setting is missing: ``get("SECRET_KEY", "x")``."""
    called, given = call.child_by_field_name("function"), positional(call)
    name = literal(given[0]) if given else None
    if called is None or not name or node == given[0]:
        return None
    if text_of(called).rpartition(".")[2] not in _READERS:
        return None
    return Named(name=name, value=value, node=node, use=Use.FALLBACK)
