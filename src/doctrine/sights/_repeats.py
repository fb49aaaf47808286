"""Tests that do the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.sights._tests import Surroundings
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_LOOPS = frozenset(
    {"for_statement", "while_statement", "list_comprehension", "generator_expression"}
)


def repeats(parsed: ParsedFile, watched: frozenset[str]) -> Iterator[Sight]:
    """Yield the calls of watched operations that a test makes again with the same arguments.

    Args:
        parsed: A test file.
        watched: Names of the operations.
    """
    if not any(name.encode() in parsed.source for name in watched):
        return
    around = Surroundings(parsed)
    made: set[tuple[str, str]] = set()
    for call in parsed.calls:
        called = call.child_by_field_name("function")
        name = text_of(called).rpartition(".")[2] if called is not None else ""
        if name not in watched:
            continue
        sight = around.sight("call-made", line_of(call), name)
        yield sight
        again = (sight.symbol, "".join(text_of(call).split()))
        if again in made or _is_repeated(call):
            yield around.sight("call-repeated", line_of(call), name)
        made.add(again)


def _loop_names(loop: Node) -> frozenset[str]:
    """Return the names that are something else each time round."""
    clauses = [one for one in loop.named_children if one.type == "for_in_clause"] or [loop]
    return frozenset(name for one in clauses for name in _names_in(one.child_by_field_name("left")))


def _names_in(node: Node | None) -> frozenset[str]:
    found = of_types(node, "identifier") if node is not None else []
    return frozenset(text_of(one) for one in found)


def _is_repeated(call: Node) -> bool:
    """Return whether a call is made in a loop, or as the argument of itself."""
    name = text_of(call).partition("(")[0]
    given = _names_in(call.child_by_field_name("arguments"))
    for above in ancestors(call):
        # A loop over inputs does different things, and none of them twice.
        if above.type in _LOOPS and given.isdisjoint(_loop_names(above)):
            return True
        if above.type == "call" and text_of(above).partition("(")[0] == name:
            return True
        if above.type == "function_definition":
            return False
    return False
