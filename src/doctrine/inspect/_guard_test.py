"""What a type guard tests: the types of which its argument is one exactly when it returns True."""

from __future__ import annotations

import re

from tree_sitter import Node

from doctrine.inspect._code import own_nodes
from doctrine.syntax.places import text_of

Types = frozenset[str]

_GENERIC = re.compile(r"(?:[\w.]+\.)?(Union|Optional)\[(.*)\]", re.DOTALL)
_ISINSTANCE_ARGUMENTS = 2
_PROMOTED = {"float": {"int"}, "complex": {"int", "float"}}
"""A checker takes an ``int`` for a ``float``, and ``isinstance`` does not."""


def parts(text: str, mark: str) -> tuple[str, ...]:
    """Return what stands between the marks that no bracket encloses, white space removed."""
    found, depth, current = list[str](), 0, ""
    for sign in "".join(text.split()):
        depth += (sign in "[(") - (sign in "])")
        if sign == mark and not depth:
            found.append(current)
            current = ""
        else:
            current += sign
    return tuple(one for one in (*found, current) if one)


def members(annotation: str) -> Types:
    """Return the types that an annotation is the union of."""
    found: set[str] = set()
    for part in parts(annotation, "|"):
        generic = _GENERIC.fullmatch(part)
        if generic is None:
            found.add(part)
            continue
        for inner in parts(generic[2], ","):
            found |= members(inner)
        if generic[1] == "Optional":
            found.add("None")
    return frozenset(found)


def is_exact(guarded: Types, tested: Types | None) -> bool:
    """Return whether a test is true for all values of the guarded types, and for no others.

    Type arguments are never tested by ``isinstance``, so that a generic type stays in doubt.
    """
    if tested is None or guarded != tested or any("[" in one for one in guarded):
        return False
    return all(_PROMOTED[one] <= guarded for one in guarded & set(_PROMOTED))


def tested_types(function: Node, parameter: str) -> Types | None:
    """Return the types that a function tests its parameter for, and nothing else; else None."""
    body = function.child_by_field_name("body")
    statements = _statements(body) if body is not None else []
    if not statements:
        return None
    first, rest = statements[0], statements[1:]
    if first.type == "return_statement" and not rest:
        return _types(_only_child(first), parameter)
    if first.type == "if_statement" and _returns_its_condition(first, rest):
        return _types(first.child_by_field_name("condition"), parameter)
    return None


def has_extra_condition(function: Node, parameter: str) -> bool:
    """Return whether a guard returns a type test *and* something else about the value."""
    body = function.child_by_field_name("body")
    for node in own_nodes(body) if body is not None else ():
        returned = _only_child(node) if node.type == "return_statement" else None
        if returned is not None and returned.type == "boolean_operator" and _is(returned, "and"):
            sides = [_types(side, parameter) for side in returned.named_children]
            if any(sides) and not all(sides):
                return True
    return False


def _statements(body: Node) -> list[Node]:
    """Return the statements of a body without its docstring and comments."""
    found = [node for node in body.named_children if node.type != "comment"]
    if found and found[0].type == "expression_statement":
        inner = _only_child(found[0])
        if inner is not None and inner.type == "string":
            return found[1:]
    return found


def _returns_its_condition(statement: Node, rest: list[Node]) -> bool:
    """Whether it reads ``if test: return True``, and False in every other case."""
    consequence = statement.child_by_field_name("consequence")
    otherwise = [node for node in statement.named_children if node.type.endswith("_clause")]
    if consequence is None or not _returns(_statements(consequence), "true"):
        return False
    if not otherwise:
        return _returns(rest, "false")
    body = otherwise[0].child_by_field_name("body")
    is_else = len(otherwise) == 1 and otherwise[0].type == "else_clause" and body is not None
    return is_else and body is not None and _returns(_statements(body), "false")


def _returns(statements: list[Node], constant: str) -> bool:
    if len(statements) != 1 or statements[0].type != "return_statement":
        return False
    value = _only_child(statements[0])
    return value is not None and value.type == constant


def _types(test: Node | None, parameter: str) -> Types | None:
    if test is None:
        return None
    match test.type:
        case "parenthesized_expression":
            return _types(_only_child(test), parameter)
        case "boolean_operator" if _is(test, "or"):
            left, right = (_types(side, parameter) for side in test.named_children[:2])
            return left | right if left and right else None
        case "comparison_operator":
            same = "".join(text_of(test).split()) == f"{parameter}isNone"
            return frozenset({"None"}) if same else None
        case "call":
            return _isinstance(test, parameter)
        case _:
            return None


def _isinstance(call: Node, parameter: str) -> Types | None:
    classes = _asked_for(call, parameter)
    if classes is None:
        return None
    if classes.type != "tuple":
        return members(text_of(classes))
    return frozenset(one for node in classes.named_children for one in members(text_of(node)))


def _asked_for(call: Node, parameter: str) -> Node | None:
    """Return ``classes`` of ``isinstance(parameter, classes)``; None for every other call."""
    called, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if called is None or given is None or text_of(called) != "isinstance":
        return None
    arguments = [node for node in given.named_children if node.type != "comment"]
    if len(arguments) != _ISINSTANCE_ARGUMENTS or text_of(arguments[0]) != parameter:
        return None
    return arguments[1]


def _is(operation: Node, operator: str) -> bool:
    found = operation.child_by_field_name("operator")
    return found is not None and text_of(found) == operator


def _only_child(node: Node) -> Node | None:
    children = [child for child in node.named_children if child.type != "comment"]
    return children[0] if len(children) == 1 else None
