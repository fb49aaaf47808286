"""Synchronous work inside coroutines that ruff's ASYNC rules do not see.

``blocking-call``: a call of the table, directly in the body of an ``async def``; what only asks
the file system for metadata is advice. ``one-hop``: a coroutine calls a synchronous function or
method of its own module, and that makes such a call. ``held-lock``: a coroutine awaits while it
holds a lock of threads. ``executor-block`` (advice): leaving a ``with`` block of an executor waits
for its workers, and stops the loop meanwhile where they have not finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._blocking_blocks import BLOCK_WORDS, held_locks, pools
from doctrine.inspect._blocking_calls import any_root, blocks_anywhere, is_cheap, why_blocking
from doctrine.inspect._code import CodeReporter, function_named, is_coroutine, name_of, own_nodes
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.language import of_types
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "blocking"
_DIRECT = "blocking-call"
_ONE_HOP = "one-hop"
_LOCK = "held-lock"
_EXECUTOR = "executor-block"

_UNBLOCKED = ("setblocking(False)", "settimeout(0)", "SOCK_DGRAM", "BlockingIOError")
"""What tells that a socket keeps nobody waiting: who catches its error knows that it does not."""
_NOW = frozenset({"block=False", "blocking=False", "timeout=0", "False"})
"""Arguments with which a waiting call returns at once."""


class _Hop(Struct, frozen=True, kw_only=True):
    """A blocking call inside a synchronous function."""

    dotted: str
    line: int


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    del layout
    module = parsed.module
    if "async" not in module.features or not any_root(item.module for item in module.imports):
        return
    names = parsed.names
    functions = of_types(parsed.tree, "function_definition")
    hops = _hops(functions, names)
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    blocks = parsed.wording.holds(*BLOCK_WORDS)
    for function in functions:
        if is_coroutine(function):
            yield from _in_coroutine(function, names, hops, reporter)
            if blocks:
                yield from _in_blocks(function, names, reporter)


def _in_coroutine(
    function: Node, names: Names, hops: Mapping[int, _Hop], reporter: CodeReporter
) -> Iterator[Finding]:
    for call in _calls(function):
        if call.parent is not None and call.parent.type == "await":
            continue
        called = call.child_by_field_name("function")
        dotted = names.dotted(called) if called is not None else ""
        finding = _direct(call, dotted, function, reporter)
        target = function_named(called, names) if called is not None else None
        if finding is None and target is not None and target.id in hops:
            finding = _hop(call, target, hops[target.id], reporter)
        if finding is not None:
            yield finding


def _direct(call: Node, dotted: str, function: Node, reporter: CodeReporter) -> Finding | None:
    if is_cheap(dotted):
        message = f"{dotted}() in a coroutine asks the file system; mostly that is quick"
        return reporter.finding(_DIRECT, call, message, Severity.INFO, symbol=dotted)
    why = why_blocking(dotted)
    if not why or _returns_at_once(call, dotted, function):
        return None
    message = f"{dotted}() in coroutine {name_of(function)}() blocks the event loop: {why}"
    return reporter.finding(_DIRECT, call, message, Severity.ERROR, symbol=dotted)


def _hop(call: Node, target: Node, hop: _Hop, reporter: CodeReporter) -> Finding:
    name = name_of(target)
    message = (
        f"{name}() blocks the event loop: it calls {hop.dotted}() in line {hop.line};"
        f" await asyncio.to_thread({name}, ...) instead"
    )
    return reporter.finding(_ONE_HOP, call, message, Severity.ERROR, symbol=name)


def _in_blocks(function: Node, names: Names, reporter: CodeReporter) -> Iterator[Finding]:
    for context, dotted, awaits in held_locks(function, names):
        if awaits:
            message = (
                f"{dotted} is held across an await: whoever wants it meanwhile stops the event "
                "loop, which alone could release it; use asyncio.Lock()"
            )
            yield reporter.finding(_LOCK, context, message, Severity.ERROR, symbol=dotted)
        else:
            message = f"{dotted} in a coroutine waits for threads that hold it; keep it short"
            yield reporter.finding(_LOCK, context, message, Severity.INFO, symbol=dotted)
    for context, dotted in pools(function, names):
        message = (
            f"leaving the block of {dotted}() waits for its workers and stops the event loop, "
            "also when the await is cancelled: use asyncio.to_thread()"
        )
        yield reporter.finding(_EXECUTOR, context, message, Severity.INFO, symbol=dotted)


def _hops(functions: Iterable[Node], names: Names) -> Mapping[int, _Hop]:
    """Return the plain synchronous functions and methods of a module that block, by node."""
    hops: dict[int, _Hop] = {}
    for node in functions:
        # A decorator may well move the function into a thread.
        decorated = node.parent is not None and node.parent.type == "decorated_definition"
        if decorated or is_coroutine(node):
            continue
        hop = next(_blocking_calls(node, names), None)
        if hop is not None and not _is_generator(node):
            hops[node.id] = hop
    return hops


def _blocking_calls(function: Node, names: Names) -> Iterator[_Hop]:
    for call in _calls(function):
        called = call.child_by_field_name("function")
        dotted = names.dotted(called) if called is not None else ""
        if blocks_anywhere(dotted) and not _returns_at_once(call, dotted, function):
            yield _Hop(dotted=dotted, line=line_of(call))


def _calls(function: Node) -> Iterator[Node]:
    """Yield the calls that happen when a function's own body runs."""
    body = function.child_by_field_name("body")
    if body is not None:
        yield from (node for node in own_nodes(body) if node.type == "call")


def _is_generator(function: Node) -> bool:
    body = function.child_by_field_name("body")
    return body is not None and any(node.type == "yield" for node in own_nodes(body))


def _returns_at_once(call: Node, dotted: str, function: Node) -> bool:
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


INSPECTOR = FileInspector(name=_NAME, rules=(_DIRECT, _ONE_HOP, _LOCK, _EXECUTOR), inspect=_inspect)
