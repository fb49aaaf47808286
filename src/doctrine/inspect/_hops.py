"""Synchronous functions that keep whoever calls them waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._blocking_calls import blocks_anywhere
from doctrine.inspect._code import is_coroutine, own_nodes
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of

_UNBLOCKED = ("setblocking(False)", "settimeout(0)", "SOCK_DGRAM", "BlockingIOError")
"""What tells that a socket keeps nobody waiting: who catches its error knows that it does not."""
_NOW = frozenset({"block=False", "blocking=False", "timeout=0", "False"})
"""Arguments with which a waiting call returns at once."""


class Hop(Struct, frozen=True, kw_only=True):
    """A blocking call inside a synchronous function.

    Attributes:
        dotted: What is called.
        line: Where.
    """

    dotted: str
    line: int


def hops_of(functions: Iterable[Node], names: Names) -> Mapping[int, Hop]:
    """Return the plain synchronous functions and methods of a module that block, by node.

    Args:
        functions: All of the module.
        names: What its names stand for.
    """
    hops: dict[int, Hop] = {}
    for node in functions:
        # A decorator may well move the function into a thread.
        decorated = node.parent is not None and node.parent.type == "decorated_definition"
        if decorated or is_coroutine(node):
            continue
        hop = next(_blocking_calls(node, names), None)
        if hop is not None and not _is_generator(node):
            hops[node.id] = hop
    return hops


def _blocking_calls(function: Node, names: Names) -> Iterator[Hop]:
    for call in _own_calls(function):
        called = call.child_by_field_name("function")
        dotted = names.dotted(called) if called is not None else ""
        if blocks_anywhere(dotted) and not returns_at_once(call, dotted, function):
            yield Hop(dotted=dotted, line=line_of(call))


def unawaited_calls(coroutine: Node) -> Iterator[Node]:
    """Yield the calls of a coroutine's own body that it does not await.

    Args:
        coroutine: Its definition.
    """
    for call in _own_calls(coroutine):
        if call.parent is None or call.parent.type != "await":
            yield call


def _own_calls(function: Node) -> Iterator[Node]:
    """Yield the calls that happen when a function's own body runs."""
    body = function.child_by_field_name("body")
    if body is not None:
        yield from (node for node in own_nodes(body) if node.type == "call")


def _is_generator(function: Node) -> bool:
    body = function.child_by_field_name("body")
    return body is not None and any(node.type == "yield" for node in own_nodes(body))


def returns_at_once(call: Node, dotted: str, function: Node) -> bool:
    """Return whether a call that can wait is told not to.

    Args:
        call: The call.
        dotted: What is called.
        function: The function that it stands in.
    """
    arguments = call.child_by_field_name("arguments")
    listed = arguments.named_children if arguments is not None else []
    written = {"".join(text_of(argument).split()) for argument in listed}
    if written & _NOW:
        return True
    if dotted == "socket.getaddrinfo":  # numbers are looked up nowhere
        return any("NUMERIC" in one for one in written)
    if dotted == "sqlite3.connect":
        return bool(listed) and text_of(listed[0]).strip("\"'") == ":memory:"
    return dotted.startswith("socket.socket()") and _is_unblocked(function)


def _is_unblocked(function: Node) -> bool:
    """Return whether a function has a socket that keeps nobody waiting."""
    body = text_of(function)
    # asyncio's own sock_* methods want it like this. A datagram socket waits for nobody: its connect
    # only remembers the address.
    return any(word in body for word in _UNBLOCKED)
