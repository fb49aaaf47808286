"""Syntax newer than the oldest interpreter doctrine runs on, rewritten to what that one knows.

The result is only ever parsed, never run: it has to be exactly as valid as the original, and
nothing else about it matters. Line breaks are kept where the older syntax allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from tree_sitter import Node

from doctrine.syntax.language import Pattern, captures
from doctrine.syntax.modern import is_template, needs_pep701

_MODERN = Pattern(
    """
    (function_definition type_parameters: (_) @parameters)
    (class_definition type_parameters: (_) @parameters)
    (type_alias_statement) @alias
    (except_clause value: (_) value: (_)) @except
    (string) @string
    """
)


class _Edit(Struct, frozen=True, kw_only=True):
    start: int
    end: int
    text: bytes


def lowered(source: bytes, root: Node) -> bytes:
    """Return the source with its newer syntax rewritten; the source itself if it has none."""
    found = captures(_MODERN, root)
    edits = [
        *(edit for node in found.get("parameters", []) for edit in _parameters(node)),
        *(edit for node in found.get("alias", []) for edit in _alias(node)),
        *(edit for node in found.get("except", []) for edit in _except(node)),
        *(edit for node in found.get("string", []) for edit in _string(node)),
    ]
    return _applied(source, edits)


def _parameters(node: Node) -> Iterator[_Edit]:
    """``def f[T](x)`` without its type parameters (PEP 695, PEP 696)."""
    if node.end_byte - node.start_byte > len("[]"):
        yield _Edit(start=node.start_byte, end=node.end_byte, text=b"")


def _alias(node: Node) -> Iterator[_Edit]:
    """``type X[T] = value`` as ``X = value``."""
    left = node.child_by_field_name("left")
    name = next(iter(left.named_children), None) if left is not None else None
    if left is None or name is None:
        return
    if name.type == "generic_type":
        name = name.named_children[0]
    yield _Edit(start=node.start_byte, end=left.end_byte, text=name.text or b"")


def _except(node: Node) -> Iterator[_Edit]:
    """``except A, B:`` with the parentheses that were needed before PEP 758."""
    values = node.children_by_field_name("value")
    if values[-1].type != "as_pattern":  # ``except A, B as e`` still needs them
        yield _Edit(start=values[0].start_byte, end=values[0].start_byte, text=b"(")
        yield _Edit(start=values[-1].end_byte, end=values[-1].end_byte, text=b")")


def _string(node: Node) -> Iterator[_Edit]:
    """A string literal in place of a template, or of an f-string only PEP 701 allows.

    What stands between the braces goes with it: older parsers cannot read it, so an error in
    there is the tree's to see.
    """
    if node.has_error or not (is_template(node) or needs_pep701(node)):
        return
    breaks = b"\n" * (node.end_point.row - node.start_point.row)
    yield _Edit(start=node.start_byte, end=node.end_byte, text=b'"""' + breaks + b'"""')


def _applied(source: bytes, edits: Iterable[_Edit]) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start < done:  # inside of something that was rewritten as a whole
            continue
        pieces += (source[done : edit.start], edit.text)
        done = edit.end
    return b"".join((*pieces, source[done:])) if pieces else source
