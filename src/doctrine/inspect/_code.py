"""What inspectors of code share: where a node stands, and how a finding about it is written."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from doctrine.model.observation import Edit, Finding, Severity
from doctrine.syntax.language import ancestors
from doctrine.syntax.names import Names
from doctrine.syntax.places import location, text_of
from doctrine.syntax.scopes import FUNCTIONS
from doctrine.syntax.tree import ParsedFile

_LATER = FUNCTIONS | {"generator_expression"}
"""What runs its parts later, if ever."""


class CodeReporter(Struct, frozen=True, kw_only=True):
    """Writes findings about nodes in the name of one inspector.

    Attributes:
        tool: The inspector's name.
        parsed: The file they are about.
    """

    tool: str
    parsed: ParsedFile

    def finding(
        self, rule: str, node: Node, message: str, severity: Severity, *, symbol: str = ""
    ) -> Finding:
        """Return a finding at a node."""
        return Finding(
            tool=self.tool,
            rule=rule,
            message=message,
            location=location(self.parsed.module.path, self.parsed.source, node),
            severity=severity,
            symbol=symbol,
        )


def edit_of(node: Node, content: str, parsed: ParsedFile) -> Edit:
    """Return the edit that puts something in the place of a node.

    Args:
        node: What goes.
        content: What comes.
        parsed: The file.
    """
    where = location(parsed.module.path, parsed.source, node)
    return Edit(
        line=where.line,
        column=where.column,
        end_line=where.end_line,
        end_column=where.end_column,
        content=content,
    )


def function_around(node: Node) -> Node | None:
    """Return the innermost function or lambda whose body holds a node; None at module level."""
    child = node
    for above in ancestors(node):
        if above.type in FUNCTIONS and child == above.child_by_field_name("body"):
            return above
        child = above
    return None


def in_loop(node: Node) -> bool:
    """Return whether a node stands in a ``while`` loop of its own function."""
    for above in ancestors(node):
        if above.type in FUNCTIONS:
            return False
        if above.type == "while_statement":
            return True
    return False


def is_coroutine(function: Node | None) -> bool:
    """Return whether a function is an ``async def``."""
    return function is not None and any(child.type == "async" for child in function.children)


def name_of(definition: Node | None) -> str:
    """Return the name of a function or class; empty for a lambda and for None."""
    name = definition.child_by_field_name("name") if definition is not None else None
    return text_of(name) if name is not None else ""


def own_nodes(body: Node) -> Iterator[Node]:
    """Yield the named nodes below a body that run when it does: none of nested functions."""
    pending = [body]
    while pending:
        node = pending.pop()
        yield node
        if node is body or node.type not in _LATER:
            pending.extend(reversed(node.named_children))


def is_self_attribute(node: Node) -> bool:
    """Return whether a node is ``self.name`` or ``cls.name``."""
    owner = node.child_by_field_name("object") if node.type == "attribute" else None
    return owner is not None and text_of(owner) in {"self", "cls"}


def function_named(node: Node, names: Names) -> Node | None:
    """Return the function of this file, or the method of this class, that a node stands for."""
    if not is_self_attribute(node):
        return names.local(node)
    attribute = node.child_by_field_name("attribute")
    owner = next((one for one in ancestors(node) if one.type == "class_definition"), None)
    if attribute is None or owner is None:
        return None
    name = text_of(attribute)
    methods = [one for one in _methods(owner) if name_of(one) == name]
    return methods[0] if len(methods) == 1 else None


def _methods(owner: Node) -> Iterator[Node]:
    """Yield the methods of a class that no decorator changes."""
    body = owner.child_by_field_name("body")
    for one in body.named_children if body is not None else ():
        if one.type == "function_definition":
            yield one
