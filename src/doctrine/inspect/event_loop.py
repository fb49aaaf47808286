"""Event loops that library code makes or fetches by hand.

``manual-loop``: it takes the choice of the loop from the program that uses the library.
``manual-loop-in-coroutine`` (advice): ``get_event_loop`` inside a coroutine only fetches the
loop that runs it, which ``get_running_loop`` says plainly. ``manual-loop-in-thread`` (advice): a
loop that the module itself runs in a thread of its own disturbs no loop of its callers, and
synchronous facades have no other way to keep one alive between calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, function_around, is_coroutine
from doctrine.inspect._entry_points import Programs, is_library
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect._loop_threads import LoopThreads, loop_threads
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.tree import ParsedFile

_NAME = "event-loop"
_MANUAL = "manual-loop"
_IN_COROUTINE = "manual-loop-in-coroutine"
_IN_THREAD = "manual-loop-in-thread"

_FETCH = "asyncio.get_event_loop"
_LOOPS = frozenset(
    {
        _FETCH,
        "asyncio.new_event_loop",
        "asyncio.set_event_loop",
        "asyncio.SelectorEventLoop",
        "asyncio.ProactorEventLoop",
        "asyncio.events.get_event_loop",
        "asyncio.events.new_event_loop",
        "asyncio.events.set_event_loop",
        "asyncio.get_event_loop_policy().get_event_loop",
        "asyncio.get_event_loop_policy().new_event_loop",
        "asyncio.get_event_loop_policy().set_event_loop",
        "asyncio.DefaultEventLoopPolicy().new_event_loop",
        "uvloop.new_event_loop",
        "uvloop.Loop",
    }
)
_ROOTS = frozenset({"asyncio", "uvloop"})


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    roots = {item.module.partition(".")[0] for item in parsed.module.imports}
    if not roots & _ROOTS or not is_library(parsed, layout):
        return
    threads = loop_threads(parsed)
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in _manual_calls(parsed):
        yield _finding(reporter, call, dotted, threads)


def _manual_calls(parsed: ParsedFile) -> Iterator[tuple[Node, str]]:
    """Yield the calls that make, set or fetch a loop, outside of what runs as a program."""
    programs = Programs(parsed)
    for call in parsed.calls:
        dotted = parsed.names.dotted(called(call))
        if dotted in _LOOPS and not programs.started(call):
            yield call, dotted


def _finding(reporter: CodeReporter, call: Node, dotted: str, threads: LoopThreads) -> Finding:
    around = function_around(call)
    if dotted == _FETCH and is_coroutine(around):
        message = f"{dotted}() inside a coroutine: say asyncio.get_running_loop()"
        return reporter.finding(_IN_COROUTINE, call, message, Severity.INFO, symbol=dotted)
    if threads.own(call):
        message = f"{dotted}() for a thread of its own; asyncio.Runner would do the same"
        return reporter.finding(_IN_THREAD, call, message, Severity.INFO, symbol=dotted)
    message = f"{dotted}() in library code: offer a coroutine, and leave the loop to the program"
    return reporter.finding(_MANUAL, call, message, Severity.ERROR, symbol=dotted)


INSPECTOR = FileInspector(name=_NAME, rules=(_MANUAL, _IN_COROUTINE, _IN_THREAD), inspect=_inspect)
