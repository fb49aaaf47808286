"""``with`` statements of coroutines that hold up the event loop where they begin or end."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._calls import called
from doctrine.inspect._code import own_nodes
from doctrine.syntax.names import Names

_LOCKS = frozenset(
    {
        "multiprocessing.Lock",
        "threading.BoundedSemaphore",
        "threading.Condition",
        "threading.Lock",
        "threading.RLock",
        "threading.Semaphore",
    }
)
BLOCK_WORDS = (b"Condition", b"Executor", b"Lock", b"Semaphore")
"""One of which a file must hold to be worth a look."""
_EXECUTORS = frozenset(
    {"concurrent.futures.ProcessPoolExecutor", "concurrent.futures.ThreadPoolExecutor"}
)


def held_locks(function: Node, names: Names) -> Iterator[tuple[Node, str, bool]]:
    """Yield each lock of threads that a coroutine enters, its name, and whether it awaits inside.

    Held across an ``await``, it stops every other task that wants it together with the loop, so
    that nobody is left to release it.
    """
    for context, statement in _entered(function):
        dotted = names.dotted(context)
        if dotted.endswith("()") and dotted[:-2] in _LOCKS:
            yield context, dotted, _awaits(statement)


def pools(function: Node, names: Names) -> Iterator[tuple[Node, str]]:
    """Yield each executor that a coroutine enters: leaving it waits for its workers."""
    for context, statement in _entered(function):
        dotted = names.dotted(called(context)) if context.type == "call" else ""
        if dotted in _EXECUTORS and _awaits(statement):
            yield context, dotted


def _entered(function: Node) -> Iterator[tuple[Node, Node]]:
    body = function.child_by_field_name("body")
    for statement in own_nodes(body) if body is not None else ():
        if statement.type == "with_statement" and not _is_async(statement):
            yield from ((context, statement) for context in _contexts(statement))


def _is_async(statement: Node) -> bool:
    return any(child.type == "async" for child in statement.children)


def _contexts(statement: Node) -> Iterator[Node]:
    """Yield what a ``with`` statement enters, without the names it is given."""
    for clause in statement.named_children:
        for item in clause.named_children if clause.type == "with_clause" else ():
            value = item.child_by_field_name("value")
            if value is not None:
                yield value.named_children[0] if value.type == "as_pattern" else value


def _awaits(statement: Node) -> bool:
    body = statement.child_by_field_name("body")
    return body is not None and any(node.type == "await" for node in own_nodes(body))
