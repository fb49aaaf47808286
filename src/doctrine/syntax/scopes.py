"""Who binds which name where: the scopes of a file, gathered in one walk."""

from __future__ import annotations

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
    """

    node: Node
    names: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    attributes: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    elsewhere: dict[str, bool] = field(default_factory=dict[str, bool])


def scope_node(node: Node) -> Node | None:
    """Return the innermost scope in which a node's names are looked up; None at the root.

    A function's name, decorators, defaults and annotations belong to the scope around it.
    """
    child, above = node, node.parent
    while above is not None:
        if above.type in SCOPES and _inside(child, above):
            return above
        child, above = above, above.parent
    return None


def _inside(child: Node, scope: Node) -> bool:
    if scope.type in FUNCTIONS or scope.type == "class_definition":
        return child == scope.child_by_field_name("body")
    return True


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
