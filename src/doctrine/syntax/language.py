"""The grammar, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Query, QueryCursor

_LANGUAGE = Language(tree_sitter_python.language())
_START, _END = attrgetter("start_byte"), attrgetter("end_byte")


def tree_of(source: bytes) -> Node:
    """Return the root of the syntax tree of UTF-8 source; wrong source gives a tree as well."""
    return Parser(_LANGUAGE).parse(source).root_node


@dataclass(frozen=True)
class Pattern:
    """A query in the parser's own language, compiled once for all the files it is asked of.

    Not before it is asked: that takes as long as a small file, and most projects never need most.

    Attributes:
        text: The query.
    """

    text: str

    @cached_property
    def query(self) -> Query:
        """The compiled query; raises ``tree_sitter.QueryError`` where its text is none."""
        return Query(_LANGUAGE, self.text)


def captures(pattern: Pattern, node: Node) -> Mapping[str, list[Node]]:
    """Return the nodes below a node that a pattern finds, by capture name, in source order.

    The parser gives them in an order that differs from run to run, and a report must not.
    """
    found = QueryCursor(pattern.query).captures(node)
    for nodes in found.values():
        nodes.sort(key=_END, reverse=True)  # what is around before what is inside
        nodes.sort(key=_START)
    return found


def ancestors(node: Node) -> Iterator[Node]:
    """Yield what a node is inside of, innermost first."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and every named node below it, in source order, at any depth."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.named_children))


def of_types(node: Node, *types: str) -> list[Node]:
    """Return the nodes of some types at and below a node, in the order of ``walk``.

    A query leaves all other nodes inside the parser: on a whole file this takes a tenth of a walk.

    Args:
        node: Where to look.
        types: Names of node types of the grammar.
    """
    return captures(_of_types(types), node).get("node", [])


@cache
def _of_types(types: tuple[str, ...]) -> Pattern:
    return Pattern(" ".join(f"({name}) @node" for name in types))


def first_named(node: Node) -> Node | None:
    """Return the first named child of a node, if it has one."""
    return next(iter(node.named_children), None)
