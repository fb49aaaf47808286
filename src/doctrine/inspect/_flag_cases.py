"""The cases of a parametrised test, and what it does with each: a truth value may switch anything.

``@pytest.mark.parametrize("verbose", [True, False])`` says nothing of a flag that the test names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import keywords, literal, positional
from doctrine.inspect._flag_calls import METHODS
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import text_of

_SPEAKING = re.compile(r"(?i)flag|feature|toggle|enabled|disabled|variant|variation")
"""Names that say themselves that they are those of a flag's state."""
_DEEPEST = 3
_BLOCKS = frozenset({"block", "module"})


class Listed(Struct, frozen=True, kw_only=True):
    """The cases of one ``parametrize``.

    Attributes:
        call: Where they are listed.
        words: Strings and names beside which a test uses them.
        speaks: Whether their name, or what they are given to, is about flags without naming one.
    """

    call: Node
    words: frozenset[str]
    speaks: bool


def listed_cases(test: Node, nodes: Iterable[Node]) -> Iterator[Listed]:
    """Yield the cases of a test.

    Args:
        test: The function, with its decorators, or whatever else has them.
        nodes: What is below it.
    """
    for call in nodes:
        if call.type != "call" or not _is_parametrize(call):
            continue
        given = keywords(call).get("argnames") or next(iter(positional(call)), None)
        names = _names(given)
        words = frozenset(word for name in names for word in _beside(test, name, 0))
        parts = {part for word in words for part in word.rpartition(".")[::2]}
        speaks = any(map(_SPEAKING.search, names)) or not METHODS.isdisjoint(parts)
        yield Listed(call=call, words=words | frozenset(names), speaks=speaks)


def _is_parametrize(call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and text_of(function).rpartition(".")[2] == "parametrize"


def _names(given: Node | None) -> tuple[str, ...]:
    """Return the names in ``"a, b"`` or in a list of them."""
    if given is None:
        return ()
    listed = given.named_children if given.type in {"list", "tuple"} else [given]
    written = (literal(one) or "" for one in listed)
    return tuple(name.strip() for one in written for name in one.split(",") if name.strip())


def _beside(test: Node, name: str, depth: int) -> Iterator[str]:
    """Yield the strings and names of the statements that use a name, or what is made of it."""
    for node in of_types(test, "identifier"):
        if text_of(node) != name or (statement := _statement(node)) is None:
            continue
        yield from (text_of(one) for one in of_types(statement, "identifier", "string_content"))
        left = _assigned(statement)
        if left and left != name and depth < _DEEPEST:
            yield from _beside(test, left, depth + 1)


def _statement(node: Node) -> Node | None:
    """Return the statement around a name; None where it is a parameter, or a case by itself."""
    inner = node
    for above in ancestors(node):
        if above.type in {"parameters", "lambda_parameters", "decorator"}:
            return None
        if above.type == "with_clause":
            return above
        if above.type in _BLOCKS:
            return inner
        inner = above
    return None


def _assigned(statement: Node) -> str:
    """Return the name that a statement assigns to; empty if it does not."""
    inner = next(iter(statement.named_children), None)
    left = inner.child_by_field_name("left") if inner is not None else None
    return text_of(left) if left is not None and left.type == "identifier" else ""
