"""Who binds which name where: what makes a scope, and what binds a name in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from msgspec import Struct, field
from tree_sitter import Node

from doctrine.syntax.language import first_named
from doctrine.syntax.places import text_of

FUNCTIONS = frozenset({"function_definition", "lambda"})
COMPREHENSIONS = frozenset(
    {
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    }
)
BINDERS = frozenset(
    {
        "as_pattern",
        "assignment",
        "augmented_assignment",
        "case_pattern",
        "class_definition",
        "delete_statement",
        "for_in_clause",
        "for_statement",
        "function_definition",
        "named_expression",
        "type_alias_statement",
    }
)
"""Types of the nodes that ``bound_by`` knows."""
SCOPES = FUNCTIONS | COMPREHENSIONS | {"class_definition", "module"}
_HEADED = FUNCTIONS | {"class_definition"}


class Binding(Struct, frozen=True, kw_only=True):
    """One place that gives a name a value.

    Attributes:
        dotted: What an import binds it to.
        value: The expression it is assigned.
        annotation: The type a parameter is annotated with.
        definition: The function or class it is defined as.
    """

    dotted: str = ""
    value: Node | None = None
    annotation: Node | None = None
    definition: Node | None = None


OPAQUE = Binding()
"""A value nothing is known about: a loop variable, a parameter, a target of unpacking."""


class Scope(Struct):
    """The names one scope binds.

    Attributes:
        node: The function, class, comprehension or module.
        names: Bindings by name, in source order.
        attributes: Bindings of ``self.name``, for a class.
        elsewhere: Names declared ``global`` (True) or ``nonlocal`` (False).
        around: The scope that it stands in; None for the module.
        start: First byte of the source whose names are looked up here first.
        end: The byte behind the last one.
    """

    node: Node
    around: Scope | None = None
    start: int = 0
    end: int = sys.maxsize
    names: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    attributes: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    elsewhere: dict[str, bool] = field(default_factory=dict[str, bool])


def extent(node: Node) -> tuple[int, int] | None:
    """Return the bytes whose names are looked up in a scope first; None for one without a body.

    A function's name, decorators, defaults and annotations belong to the scope around it.
    """
    if node.type in _HEADED:
        body = node.child_by_field_name("body")
        return None if body is None else (body.start_byte, body.end_byte)
    return node.start_byte, node.end_byte


def bound_by(node: Node) -> Iterator[tuple[Node, Binding]]:
    """Yield the targets a node binds in the scope it stands in, each with its binding."""
    kind = node.type
    if kind in {"assignment", "named_expression", "augmented_assignment", "type_alias_statement"}:
        yield from _assigned(node)
    elif kind in {"for_statement", "for_in_clause"}:
        yield from _targets(node.child_by_field_name("left"), OPAQUE)
    elif kind == "as_pattern":
        yield from _alias(node)
    elif kind in {"function_definition", "class_definition"}:
        yield from _targets(node.child_by_field_name("name"), Binding(definition=node))
    elif kind == "case_pattern":
        yield from _captured(node)
    elif kind == "delete_statement":
        yield from _targets(first_named(node), OPAQUE)


def parameters(function: Node) -> Iterator[tuple[Node, Binding]]:
    """Yield the parameters of a function or lambda."""
    listed = function.child_by_field_name("parameters")
    for item in listed.named_children if listed is not None else ():
        annotation = item.child_by_field_name("type")
        name = item.child_by_field_name("name")
        if name is None and item.type == "typed_parameter":
            name = first_named(item)
        starred = name is not None and name.type.endswith("splat_pattern")
        known = annotation is not None and not starred
        binding = Binding(annotation=annotation) if known else OPAQUE
        yield from _targets(name if name is not None else item, binding)


def _assigned(node: Node) -> Iterator[tuple[Node, Binding]]:
    left = node.child_by_field_name("left") or node.child_by_field_name("name")
    right = _value(node)
    if left is None or (right is None and node.type == "assignment"):
        return  # a bare annotation binds nothing
    plain = left.type in {"identifier", "attribute"} and node.type != "augmented_assignment"
    yield from _targets(left, Binding(value=right) if plain and right is not None else OPAQUE)


def _value(node: Node) -> Node | None:
    right = node.child_by_field_name("right") or node.child_by_field_name("value")
    while right is not None and right.type == "assignment":  # x = y = value
        right = right.child_by_field_name("right")
    return right


def _alias(node: Node) -> Iterator[tuple[Node, Binding]]:
    """``with value as name``, ``except E as name`` and ``case pattern as name``."""
    value, alias = first_named(node), node.child_by_field_name("alias")
    if alias is None:  # in a case
        yield from _targets(node.named_children[-1], OPAQUE)
        return
    target = first_named(alias)
    caught = node.parent is not None and node.parent.type == "except_clause"
    plain = target is not None and target.type in {"identifier", "attribute"} and not caught
    yield from _targets(target, Binding(value=value) if plain else OPAQUE)


def _captured(node: Node) -> Iterator[tuple[Node, Binding]]:
    inner = first_named(node)
    if inner is None:
        return
    if inner.type == "dotted_name" and inner.named_child_count == 1:
        yield from _targets(first_named(inner), OPAQUE)
    elif inner.type == "splat_pattern":
        yield from _targets(inner, OPAQUE)


def _targets(node: Node | None, binding: Binding) -> Iterator[tuple[Node, Binding]]:
    if node is None:
        return
    if node.type == "identifier":
        yield node, binding
    elif node.type == "attribute":
        owner = node.child_by_field_name("object")
        if owner is not None and text_of(owner) == "self":
            yield node, binding
    elif node.type != "subscript":
        for child in node.named_children:
            yield from _targets(child, OPAQUE)
