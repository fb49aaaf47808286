"""Which arguments of a file stand in a signature that somebody else wrote.

Nobody can delete those. Special methods are called by the language, an override by whoever knows
only the base class, and a function without a body of its own (abstract, overloaded, part of a
protocol, or one that only raises) describes what others implement. A function that calls
`locals()` uses all of its arguments.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from doctrine.drivers._nodes import Function, arguments, last_name

_MARKERS = frozenset({"ABC", "Generic", "Protocol", "NamedTuple", "TypedDict"})
"""Bases that dictate no method."""
_TYPING = frozenset({"abc", "typing", "typing_extensions", "t"})
_DECLARING = frozenset({"abstractmethod", "abstractproperty", "overload", "override"})


def dictated(tree: ast.Module, source: str) -> frozenset[tuple[str, int]]:
    """Return the names and lines of such arguments.

    Args:
        tree: The file they are in.
        source: Its text.
    """
    methods = _overrides(tree)
    reads_all = "locals()" in source
    return frozenset(
        (argument.arg, argument.lineno)
        for node in ast.walk(tree)
        if isinstance(node, Function)
        and (node in methods or _is_dictated(node) or (reads_all and _calls_locals(node)))
        for argument in arguments(node)
    )


def _overrides(tree: ast.Module) -> frozenset[Function]:
    """Return the methods that a base class has as well, or may have where it is not in sight."""
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return frozenset(
        method
        for node in classes.values()
        for method in _methods(node)
        if any(_may_have(base, method.name, classes) for base in _bases(node, classes))
    )


def _methods(node: ast.ClassDef) -> Iterator[Function]:
    return (one for one in node.body if isinstance(one, Function))


def _bases(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> frozenset[str]:
    """Return the names of a class's bases, and of theirs."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        names = {_base_name(base) for base in waiting.pop().bases} - found
        found |= names
        waiting.extend(classes[name] for name in names if name in classes)
    return frozenset(found - _MARKERS)


def _base_name(base: ast.expr) -> str:
    """Return a base's name; what another module has is not of this file: `asyncio.Protocol`."""
    written = base.value if isinstance(base, ast.Subscript) else base
    if isinstance(written, ast.Attribute) and last_name(written.value) not in _TYPING:
        return f".{written.attr}"
    return last_name(written)


def _may_have(base: str, method: str, classes: dict[str, ast.ClassDef]) -> bool:
    if base in classes:
        return any(one.name == method for one in _methods(classes[base]))
    known = getattr(builtins, base, None)
    return known is None or hasattr(known, method)


def _is_dictated(node: Function) -> bool:
    special = node.name.startswith("__") and node.name.endswith("__") and node.name != "__init__"
    declaring = any(last_name(one) in _DECLARING for one in node.decorator_list)
    return special or declaring or all(map(_does_nothing, node.body))


def _calls_locals(node: Function) -> bool:
    """Tell whether a function takes all of its arguments by way of ``locals()``."""
    return any(
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id == "locals"
        for statement in node.body
        for inner in ast.walk(statement)
    )


def _does_nothing(statement: ast.stmt) -> bool:
    """Tell whether a statement is what stands in a function that others implement."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    return isinstance(statement, ast.Pass) or (
        raised is not None and last_name(raised) == "NotImplementedError"
    )
