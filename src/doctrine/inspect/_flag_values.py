"""The variants that a test gives a flag with more than two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, literal, positional
from doctrine.inspect._flag_calls import METHODS
from doctrine.syntax.places import text_of

ANY_FLAG = ""
"""The name of a flag where a value is given without one."""
_ANSWERS = ("return_value", "side_effect")
_LISTS = frozenset({"list", "tuple", "set"})
_PLAIN = frozenset({"integer", "float", "true", "false", "none"})
_SPEAKING = re.compile(r"(?i)variant|variation|flag|treatment|feature|bucket")


def values(node: Node) -> Iterator[tuple[str, str]]:
    """Yield flag and value where a node of a test gives one to the other.

    Args:
        node: Any node; most give nothing. A dictionary's pair and a call with a name in front say
            for which flag; cases of ``parametrize`` and answers of a replaced call do not.
    """
    if node.type == "pair":
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        yield from _named(key, value)
    elif node.type == "call":
        yield from _called(node)


def _called(call: Node) -> Iterator[tuple[str, str]]:
    named, listed = keywords(call), positional(call)
    first, second = (*listed, None, None)[:2]
    if _last_name(call) == "parametrize":
        argnames = literal(named.get("argnames") or first) or ""
        if _SPEAKING.search(argnames):
            yield from _unnamed(named.get("argvalues") or second)
    elif any(map(_is_method, listed)):
        for answer in _ANSWERS:
            yield from _unnamed(named.get(answer))
    else:
        yield from _named(first, second)


def _last_name(call: Node) -> str:
    function = call.child_by_field_name("function")
    return text_of(function).rpartition(".")[2] if function is not None else ""


def _is_method(argument: Node) -> bool:
    """Return whether a text names what is replaced: a method that asks for flags."""
    return (literal(argument) or "").rpartition(".")[2] in METHODS


def _named(key: Node | None, value: Node | None) -> Iterator[tuple[str, str]]:
    if key is not None:
        flag = literal(key) or text_of(key).rpartition(".")[2]
        yield from ((flag, one) for one in _literals(value))


def _unnamed(node: Node | None) -> Iterator[tuple[str, str]]:
    yield from ((ANY_FLAG, one) for one in _literals(node))


def _literals(node: Node | None) -> Iterator[str]:
    if node is None:
        return
    if node.type in _LISTS:
        for one in node.named_children:
            yield from _literals(one)
    elif node.type in _PLAIN or literal(node) is not None:
        yield literal(node) or text_of(node)
