"""The algorithms that calls of PyJWT name, and what kind of signing they are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, literal, positional
from doctrine.inspect._file_calls import value_of
from doctrine.syntax.tree import ParsedFile

CALLS: Mapping[str, tuple[str, str]] = {
    f"jwt.{owner}{method}": (keyword, default)
    for owner in ("", "PyJWT().", "api_jwt.")
    for method, keyword, default in (
        ("encode", "algorithm", "HS256"),
        ("decode", "algorithms", ""),
        ("decode_complete", "algorithms", ""),
    )
}
"""What signs or verifies: the keyword of its algorithms, and the one it takes without."""

_POSITION = 2
_PAIRS = ("RS", "PS", "ES", "EdDSA")


class Signing(Enum):
    """How a token is signed."""

    PAIR = auto()
    """By a private key: PyJWT leaves that to ``cryptography``."""
    SHARED = auto()
    """By a secret that both sides know."""
    UNKNOWN = auto()
    """Nobody can read it here."""


def signing_of(call: Node, dotted: str, parsed: ParsedFile) -> Signing:
    """Return how the tokens of a call in `CALLS` are signed.

    Args:
        call: The call.
        dotted: What is called.
        parsed: Its file.
    """
    keyword, default = CALLS[dotted]
    given = positional(call)
    argument = keywords(call).get(keyword) or (given[_POSITION] if len(given) > _POSITION else None)
    names = {default} if argument is None else _names(argument, parsed)
    if any(name.startswith(_PAIRS) for name in names):
        return Signing.PAIR
    known = bool(names) and all(name.startswith("HS") for name in names)
    return Signing.SHARED if known else Signing.UNKNOWN


def _names(node: Node, parsed: ParsedFile) -> set[str]:
    """Return the algorithms that an expression lists; the empty name is one nobody can read."""
    value = value_of(node, parsed)
    parts = value.named_children if value.type in {"list", "tuple", "set"} else [value]
    return {literal(value_of(one, parsed)) or "" for one in parts}
