"""What vulture takes for dead because nothing says who demands it.

A decorator or whoever a function is given to decides what the function is called with, and a
validator gets its class, whether it asks for it or not. A ``yield`` that is never reached makes
its function a generator, and an import that is tried tells whether a package is there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from doctrine.drivers._nodes import Function, arguments, last_name

_RECEIVERS = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_ABSENCES = frozenset({"ImportError", "ModuleNotFoundError"})
_PLAIN = frozenset(
    {
        "asynccontextmanager",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "lru_cache",
        "property",
        "staticmethod",
    }
)
"""Decorators that leave the signature to whoever wrote it."""


def owner(tree: ast.Module, name: str, line: int) -> Function | None:
    """Return the function that has an argument of a name on a line."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and any(
            one.arg == name and one.lineno == line for one in arguments(node)
        ):
            return node
    return None


def demanded(function: Function, name: str) -> bool:
    """Return whether what stands at a function shows that somebody else decides on an argument."""
    received = name in _RECEIVERS and next(arguments(function)).arg == name
    return received or _is_decorated(function)


def may_hand_on(source: str, names: Iterable[str]) -> bool:
    """Return whether one of some names may stand for a value in a file.

    No parser is needed to see that a name occurs nowhere, or is only defined and called.

    Args:
        source: The file's text.
        names: Names of functions.
    """
    # Names are compared after normalisation, which may spell them with other letters.
    return not source.isascii() or any(
        name in source and re.search(rf"(?<!\w)(?<!def ){name}\b(?![ \t]*\()", source)
        for name in names
    )


def handed_on(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names that stand for a value somewhere, instead of being called."""
    found: set[str] = set()
    for tree in trees:
        called: set[int] = set()
        for node in ast.walk(tree):  # a call comes before what it calls
            if isinstance(node, ast.Call):
                called.add(id(node.func))
            elif id(node) not in called:
                found |= _value(node)
    return found


def makes_generator(tree: ast.Module, line: int) -> bool:
    """Return whether what is never reached at a line is a ``yield`` and nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and node.lineno == line:
            return all(map(_is_yield, node.body))
        if isinstance(node, ast.Expr) and node.lineno == line and _is_yield(node):
            return True
    return False


def is_tried(tree: ast.Module, line: int) -> bool:
    """Return whether an import at a line stands in a ``try`` that expects it to fail."""
    return any(
        isinstance(one, ast.Import | ast.ImportFrom) and one.lineno <= line <= (one.end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(map(_expects_absence, node.handlers))
        for one in node.body
    )


def _expects_absence(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is not None and last_name(one) in _ABSENCES for one in caught)


def _is_decorated(function: Function) -> bool:
    return any(last_name(one) not in _PLAIN for one in function.decorator_list)


def _value(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return {node.id}
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        return {node.attr}
    return set()


def _is_yield(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield)
