"""What one use of a name does with the resource that the name stands for."""

from __future__ import annotations

from enum import Enum, auto

from tree_sitter import Node

from doctrine.inspect._calls import awaited, called, last_name
from doctrine.inspect._code import function_around, is_coroutine
from doctrine.inspect._resources import CLOSERS, KEEPERS
from doctrine.inspect._word_set import word_set
from doctrine.syntax.language import ancestors
from doctrine.syntax.names import Names


class Use(Enum):
    """What a use means for who has to close."""

    READ = auto()
    """It is worked with, and stays with whom it was."""
    CLOSED = auto()
    """A method that closes is called."""
    KEPT_SAFE = auto()
    """A block, an exit stack or a callback closes it, whatever happens."""
    PASSED_ON = auto()
    """Somebody else has it now, too."""


_FLOW = frozenset(
    {"await", "parenthesized_expression", "conditional_expression", "boolean_operator"}
)
"""Expressions whose value is that of a part of them."""
_LOOKS = frozenset(
    {
        "call",
        "for_in_clause",
        "for_statement",
        "comparison_operator",
        "delete_statement",
        "expression_statement",
        "if_statement",
        "elif_clause",
        "not_operator",
        "subscript",
        "while_statement",
        "assert_statement",
        "interpolation",
    }
)
_ASKS = word_set("""bool getattr hasattr id isinstance len print repr str type""")
"""Builtins that look at a value and keep nothing."""
_ENDS = ("close", "stop", "shutdown", "dispose", "cleanup", "clean_up", "release", "disconnect")
"""Parts of the names of functions that end what they are given."""


def whole(value: Node) -> Node:
    """Return the largest expression that has the value of a part: ``(await x)`` of ``x``."""
    above = value.parent
    while above is not None and above.type in _FLOW:
        value, above = above, above.parent
    return value


def with_item_of(value: Node) -> Node | None:
    """Return the item of a ``with`` whose context an expression is."""
    above = value.parent
    if above is not None and above.type == "as_pattern" and above.named_children[0] == value:
        above = above.parent
    return above if above is not None and above.type == "with_item" else None


def use_of(name: Node, names: Names) -> Use:
    """Return what a use of a name (or of ``self.name``) means.

    Args:
        name: The identifier or attribute, where it is read.
        names: The names of its file.
    """
    above = name.parent
    if above is not None and above.type == "attribute":
        return _of_attribute(above)
    value = whole(name)
    above = value.parent
    if above is None or with_item_of(value) is not None:
        return Use.KEPT_SAFE
    if above.type in {"argument_list", "keyword_argument"}:
        return of_argument(value, names)
    if above.type in _LOOKS:
        return Use.READ
    return Use.PASSED_ON


def _of_attribute(attribute: Node) -> Use:
    """Follow ``x.a.b`` to its end, which may be a method that closes."""
    while attribute.parent is not None and attribute.parent.type == "attribute":
        attribute = attribute.parent
    if last_name(attribute) not in CLOSERS:
        return Use.READ
    above = attribute.parent
    calls = above is not None and above.type == "call" and called(above) == attribute
    return Use.CLOSED if calls else Use.KEPT_SAFE


def of_argument(value: Node, names: Names) -> Use:
    """Return what a call does with one of its arguments."""
    call = next((one for one in ancestors(value) if one.type == "call"), None)
    if call is None:
        return Use.PASSED_ON
    function = called(call)
    name = last_name(function)
    if name in KEEPERS:
        return Use.KEPT_SAFE
    if any(part in name.lower() for part in _ENDS):
        return Use.CLOSED
    return Use.READ if _only_uses(call, function, name, names) else Use.PASSED_ON


def _only_uses(call: Node, function: Node, name: str, names: Names) -> bool:
    """Return whether a function is a plain one that works with its argument while it runs."""
    if function.type != "identifier" or not name[:1].islower():
        return False
    return name in _ASKS or awaited(call) or is_coroutine(names.local(function))


def in_finally(node: Node) -> bool:
    """Return whether a node runs whatever happens before it in its function."""
    function = function_around(node)
    for above in ancestors(node):
        if above == function:
            return False
        if above.type == "finally_clause":
            return True
    return False
