"""String literals that need a newer Python than 3.11."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.syntax.language import first_named
from doctrine.syntax.places import text_of

_SPACED = re.compile(rb"!\s*[rsa]\s+[:}]")
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_SPECIFIER = "format_specifier"
_FORMATS_BEFORE = 1


def prefix(string: Node) -> str:
    """Return a string literal's prefix in lower case (``rb``), without its quote."""
    start = first_named(string)
    text = text_of(start) if start is not None else ""
    return text.rstrip("\"'").lower()


def is_template(string: Node) -> bool:
    """Return whether a string literal is a t-string (PEP 750)."""
    return "t" in prefix(string)


def needs_pep701(string: Node) -> bool:
    """Return whether an f-string's braces hold what only PEP 701 allows there.

    That is its own quote, a backslash, a comment, a line break without triple quotes, a
    format inside the format inside a format, or a space behind a conversion.
    """
    start = first_named(string)
    if start is None:
        return False
    quote = (start.text or b"").lstrip(b"fFrRtTbBuU")
    return any(
        _beyond_pep498(part, quote)
        for part in string.named_children
        if part.type == "interpolation"
    )


def _beyond_pep498(interpolation: Node, quote: bytes) -> bool:
    braces = interpolation.text or b""
    if _depth(interpolation) > _FORMATS_BEFORE or _SPACED.search(braces):
        return True
    # An escaped quote was always allowed in a format; in an expression any backslash is newer.
    if quote in _ESCAPED.sub(b"", braces) or (len(quote) == 1 and b"\n" in braces):
        return True
    if any(child.type == "comment" for child in interpolation.named_children):
        return True
    return any(b"\\" in text for text in _expressions(interpolation))


def _expressions(interpolation: Node) -> Iterator[bytes]:
    """Yield the expressions in the braces, those of a format in there included."""
    pending = [interpolation]
    while pending:
        one = pending.pop()
        expression = one.child_by_field_name("expression")
        if expression is not None:
            yield expression.text or b""
        formats = (child for child in one.named_children if child.type == _SPECIFIER)
        pending.extend(child for each in formats for child in each.named_children)


def _depth(interpolation: Node) -> int:
    """Return how many formats with braces of their own are inside one another."""
    depth, level = 0, [interpolation]
    while level:
        specifiers = [
            child for node in level for child in node.named_children if child.type == _SPECIFIER
        ]
        level = [child for node in specifiers for child in node.named_children]
        depth += bool(level)
    return depth
