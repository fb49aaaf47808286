"""Tests that assert while the threads that they started may still run."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.sights._tests import Surroundings
from doctrine.syntax.language import of_types, walk
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_EXECUTOR = "ThreadPoolExecutor"
_WAITING = ("result(", "as_completed(", "wait(", ".map(", "shutdown(", "join(")


def hasty_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield the assertions inside of an executor's ``with`` that has waited for nothing.

    Args:
        parsed: A test file.
    """
    if _EXECUTOR.encode() not in parsed.source:
        return
    around = Surroundings(parsed)
    for node in of_types(parsed.tree, "with_statement"):
        body = node.child_by_field_name("body")
        if body is None or not _enters_executor(node) or _waits(body):
            continue
        for inner in _own_asserts(body):
            yield around.sight("early-assert", line_of(inner), "asserts before the threads end")


def _enters_executor(statement: Node) -> bool:
    head = next((one for one in statement.named_children if one.type == "with_clause"), None)
    return head is not None and _EXECUTOR in text_of(head)


def _waits(body: Node) -> bool:
    written = text_of(body)
    return any(word in written for word in _WAITING)


def _own_asserts(body: Node) -> Iterator[Node]:
    for statement in body.named_children:
        if statement.type != "function_definition":
            yield from (node for node in walk(statement) if node.type == "assert_statement")
