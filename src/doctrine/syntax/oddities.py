"""Code that says the same twice, or at the wrong moment: marks for rules whose words tell nothing.

Each mark is given wherever such a rule could match, and in some more places: it decides which files
a search can leave out, and never what is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from doctrine.syntax.places import line_of

QUERY = """
    (comparison_operator) @comparison
    (else_clause) @else
    (finally_clause (block (return_statement) @swallowing))
    (default_parameter value: [(call) (parenthesized_expression)] @called)
    (typed_default_parameter value: [(call) (parenthesized_expression)] @called)
"""
"""What `oddities` needs, by capture."""

_LITERALS = frozenset(
    {
        "string", "concatenated_string", "integer", "float", "unary_operator",
        "parenthesized_expression",
    }
)  # fmt: skip
_NAMES = frozenset({"identifier", "attribute", "parenthesized_expression"})
_IDENTITY = frozenset({"is", "is not"})
_ORDER = frozenset({"<", ">", "<=", ">="})
_LOOSE = re.compile(rb"[\s()\\]|#[^\n]*")
"""What a parser drops: two expressions that are alike differ in nothing else."""
_STYLE = re.compile(rb"[\s()\\,;'\"]|#[^\n]*|\b\d[\w.]*")
"""What two statements that do the same may be written with or without."""


def oddities(found: Mapping[str, list[Node]]) -> Iterator[tuple[str, int]]:
    """Yield the marks of a file with their lines.

    Args:
        found: Its nodes by the captures of `QUERY`.
    """
    for node in found.get("comparison", []):
        yield from ((name, line_of(node)) for name in _compared(node))
    for node in found.get("else", []):
        if _is_alike(node):
            yield "alike-branches", line_of(node)
    for name, capture in (("return-in-finally", "swallowing"), ("called-default", "called")):
        yield from ((name, line_of(node)) for node in found.get(capture, [])[:1])


def _compared(node: Node) -> Iterator[str]:
    operators = {child.type for child in node.children if not child.is_named}
    if operators.isdisjoint(_IDENTITY | _ORDER):
        return
    operands = node.named_children
    if operators & _IDENTITY and any(one.type in _LITERALS for one in operands[1:]):
        yield "literal-identity"
    if _has_twins(operands):
        yield "self-comparison"


def _has_twins(operands: list[Node]) -> bool:
    """Return whether two operands are the same name."""
    names = [_LOOSE.sub(b"", one.text or b"") for one in operands if one.type in _NAMES]
    return len(set(names)) < len(names)


def _is_alike(otherwise: Node) -> bool:
    """Return whether both branches of a condition are written alike."""
    above, body = otherwise.parent, otherwise.child_by_field_name("body")
    if above is None or above.type != "if_statement":
        return False
    before = otherwise.prev_named_sibling
    while before is not None and before.type == "comment":
        before = before.prev_named_sibling
    if before is not None and before.type == "elif_clause":
        before = before.child_by_field_name("consequence")
    return before is None or body is None or _plain(before) == _plain(body)


def _plain(node: Node) -> bytes:
    return _STYLE.sub(b"", node.text or b"")
