"""Synchronous work inside coroutines that ruff's ASYNC rules do not see.

``blocking-call``: a call of the table, directly in the body of an ``async def``; what only asks
the file system for metadata is advice. ``one-hop``: a coroutine calls a synchronous function or
method of its own module, and that makes such a call. ``held-lock``: a coroutine awaits while it
holds a lock of threads. ``executor-block`` (advice): leaving a ``with`` block of an executor waits
for its workers, and stops the loop meanwhile where they have not finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from doctrine.inspect._blocking_blocks import BLOCK_WORDS, held_locks, pools
from doctrine.inspect._blocking_calls import any_root, is_cheap, why_blocking
from doctrine.inspect._code import CodeReporter, function_named, is_coroutine, name_of
from doctrine.inspect._hops import Hop, hops_of, returns_at_once, unawaited_calls
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.language import of_types
from doctrine.syntax.names import Names
from doctrine.syntax.tree import ParsedFile

_NAME = "blocking"
_DIRECT = "blocking-call"
_ONE_HOP = "one-hop"
_LOCK = "held-lock"
_EXECUTOR = "executor-block"


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    del layout
    module = parsed.module
    if "async" not in module.features or not any_root(item.module for item in module.imports):
        return
    names = parsed.names
    functions = of_types(parsed.tree, "function_definition")
    hops = hops_of(functions, names)
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    blocks = parsed.wording.holds(*BLOCK_WORDS)
    for function in functions:
        if is_coroutine(function):
            yield from _in_coroutine(function, names, hops, reporter)
            if blocks:
                yield from _in_blocks(function, names, reporter)


def _in_coroutine(
    function: Node, names: Names, hops: Mapping[int, Hop], reporter: CodeReporter
) -> Iterator[Finding]:
    for call in unawaited_calls(function):
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
    if not why or returns_at_once(call, dotted, function):
        return None
    message = f"{dotted}() in coroutine {name_of(function)}() blocks the event loop: {why}"
    return reporter.finding(_DIRECT, call, message, Severity.ERROR, symbol=dotted)


def _hop(call: Node, target: Node, hop: Hop, reporter: CodeReporter) -> Finding:
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


INSPECTOR = FileInspector(name=_NAME, rules=(_DIRECT, _ONE_HOP, _LOCK, _EXECUTOR), inspect=_inspect)
