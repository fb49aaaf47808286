"""Secrets that are compared with ``==``, which takes the longer the more of a guess is right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._secret_flow import last_name
from doctrine.inspect._secret_names import words
from doctrine.inspect._word_set import word_set
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_EQUALITY = re.compile(rb"[=!]=")
_NAMED = re.compile(rb"(?:token|signature|digest|hmac|secret|mac|otp|password)\b")
_NEAR = 80
"""Bytes before and after an operator in which its operands are named."""
_SECRET = word_set("token signature digest hexdigest hmac secret mac otp password passwd csrf")
_VALUES = frozenset({"identifier", "attribute", "subscript", "call"})
_LEXERS = word_set(
    "tokenize token tokens lark ply pygments sqlparse ast lexer shlex torch spacy nltk transformers"
)


def comparisons(parsed: ParsedFile) -> Iterator[tuple[Node, str]]:
    """Yield comparisons of a secret with another value that is no literal, with a message."""
    imported = {part for item in parsed.module.imports for part in item.module.split(".")}
    if imported & _LEXERS:
        return
    done: set[int] = set()
    for match in _EQUALITY.finditer(parsed.source):
        node = _named_comparison(parsed, match)
        if node is None or node.id in done:
            continue
        done.add(node.id)
        name = _secret_of(node)
        if name:
            yield (
                node,
                f"`{name}` is compared with ==; secrets.compare_digest takes the same time for all",
            )


def _named_comparison(parsed: ParsedFile, match: re.Match[bytes]) -> Node | None:
    """Return the comparison of an operator, if something near it is named as a secret is."""
    around = parsed.lowered[max(match.start() - _NEAR, 0) : match.end() + _NEAR]
    if not _NAMED.search(around):
        return None
    node = parsed.tree.descendant_for_byte_range(match.start(), match.end())
    if node is not None and node.type in {"==", "!="}:
        node = node.parent
    return node if node is not None and node.type == "comparison_operator" else None


def _secret_of(comparison: Node) -> str:
    sides = comparison.named_children
    if len(sides) != 2 or any(side.type not in _VALUES for side in sides):  # noqa: PLR2004
        return ""
    names = [_name(side) for side in sides]
    if any(not name or name.isupper() for name in names):  # constants are no secrets
        return ""
    return next((name for name in names if _is_secret(name)), "")


def _is_secret(name: str) -> bool:
    parts = words(name)
    return bool(parts) and parts[-1] in _SECRET


def _name(side: Node) -> str:
    if side.type != "call":
        return last_name(side)
    called = side.child_by_field_name("function")
    return text_of(called).rpartition(".")[2] if called is not None else ""
