"""What functions of ``setup.py`` give back, where they only read files and put texts together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from doctrine.adopt.setup_script.nodes import inside
from doctrine.adopt.setup_script.operators import short
from doctrine.adopt.setup_script.values import ComputedError, Match, Value
from doctrine.syntax.language import first_named
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import bound_by

Evaluate = Callable[[Node], Value]
Within = Callable[[Node, dict[str, Value]], Value]
"""Returns what an expression comes to where some names are known."""


class _NothingYet:
    """No ``return`` has been reached."""


_NOTHING = _NothingYet()


def parameters_of(
    function: Node,
    arguments: tuple[Value, ...],
    named: dict[str, Value],
    call: Node,
    evaluate: Evaluate,
) -> dict[str, Value]:
    """Return what the parameters of a function hold.

    Args:
        function: Its definition.
        arguments: What it is called with by position.
        named: What it is called with by name.
        call: The call.
        evaluate: Tells what a default comes to.

    Raises:
        ComputedError: The call does not fit the parameters, or they are of a kind that is not followed.
    """
    rest, others = list(arguments), dict(named)
    local: dict[str, Value] = {}
    for one in inside(function.child_by_field_name("parameters")):
        name, default = _parameter(one)
        if one.type == "list_splat_pattern":
            local[name], rest = list(rest), []
        elif one.type == "dictionary_splat_pattern":
            local[name], others = dict(others), {}
        elif rest:
            local[name] = rest.pop(0)
        elif name in others:
            local[name] = others.pop(name)
        elif default is not None:
            local[name] = evaluate(default)
        else:
            raise ComputedError(f"`{short(call)}` is computed", call)
    if rest or others:
        raise ComputedError(f"`{short(call)}` is computed", call)
    return local


def _parameter(node: Node) -> tuple[str, Node | None]:
    if node.type == "identifier":
        return text_of(node), None
    name = node.child_by_field_name("name") or first_named(node) or node
    return text_of(name), node.child_by_field_name("value")


def given_back(function: Node, local: dict[str, Value], within: Within) -> Value:
    """Return what a function gives back.

    Args:
        function: Its definition.
        local: What its parameters hold; what it assigns is added.
        within: Tells what an expression of it comes to.

    Raises:
        ComputedError: It does more than that, or gives nothing back.
    """
    body = function.child_by_field_name("body")
    if function.parent is not None and function.parent.type == "decorated_definition":
        raise ComputedError(f"`{short(function)}` is decorated", function)
    result = _run(body, local, within) if body is not None else _NOTHING
    if isinstance(result, _NothingYet):
        raise ComputedError(f"`{short(function)}` gives nothing back", function)
    return result


def _run(block: Node, local: dict[str, Value], within: Within) -> Value | _NothingYet:
    for statement in inside(block):
        result = _step(statement, local, within)
        if not isinstance(result, _NothingYet):
            return result
    return _NOTHING


def _step(node: Node, local: dict[str, Value], within: Within) -> Value | _NothingYet:
    if node.type == "return_statement":
        given = first_named(node)
        return within(given, local) if given is not None else None
    if node.type == "expression_statement":
        return _expression(node, local, within)
    if node.type == "with_statement":
        for item in _items(node):
            _bind(item, local, within)
        body = node.child_by_field_name("body")
        return _run(body, local, within) if body is not None else _NOTHING
    if node.type == "if_statement":
        return _condition(node, local, within)
    if node.type == "raise_statement":
        raise ComputedError(f"`{short(node)}` may be reached", node)
    raise ComputedError(f"`{short(node)}` is computed", node)


def _expression(node: Node, local: dict[str, Value], within: Within) -> _NothingYet:
    inner = first_named(node)
    if inner is not None and inner.type == "assignment":
        _bind(inner, local, within)
    elif inner is None or inner.type != "string":
        raise ComputedError(f"`{short(node)}` is computed", node)
    return _NOTHING


def _bind(node: Node, local: dict[str, Value], within: Within) -> None:
    for target, binding in bound_by(node):
        if target.type != "identifier" or binding.value is None:
            raise ComputedError(f"`{short(node)}` is computed", node)
        local[text_of(target)] = within(binding.value, local)


def _items(node: Node) -> Iterator[Node]:
    for clause in node.named_children:
        for item in clause.named_children if clause.type == "with_clause" else ():
            value = item.child_by_field_name("value")
            if value is not None and value.type == "as_pattern":
                yield value


def _condition(node: Node, local: dict[str, Value], within: Within) -> Value | _NothingYet:
    """Go where a match that is there leads; no other condition is told."""
    condition = node.child_by_field_name("condition")
    body = node.child_by_field_name("consequence")
    if condition is None or body is None:
        raise ComputedError(f"`{short(node)}` is computed", node)
    wrong = condition.type == "not_operator"
    asked = condition.child_by_field_name("argument") if wrong else condition
    if asked is None or not isinstance(within(asked, local), Match):
        raise ComputedError(f"`{short(node)}` is computed", node)
    return _NOTHING if wrong else _run(body, local, within)
