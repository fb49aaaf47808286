"""Work that threads do side by side: started by hand, or through an executor."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._calls import arguments, called, keyword, last_name
from doctrine.inspect._code import function_around, own_nodes
from doctrine.inspect._word_set import word_set
from doctrine.syntax.language import Pattern, ancestors, captures, walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import COMPREHENSIONS
from doctrine.syntax.tree import ParsedFile

THREAD = "threading.Thread"
POOLS = frozenset(
    {"multiprocessing.pool.ThreadPool", "multiprocessing.dummy.Pool", "multiprocessing.ThreadPool"}
)
_EXECUTOR = "concurrent.futures.ThreadPoolExecutor()"
_SUBMITS = frozenset({f"{_EXECUTOR}.submit", f"{_EXECUTOR}.map"})
_LOOPS = COMPREHENSIONS | {"for_statement", "while_statement"}
_CLASSES = Pattern("(class_definition superclasses: (argument_list)) @class")
_LONG = ("serve", "forever", "listen", "loop", "monitor", "watch", "poll", "daemon", "consume")
"""Parts of the names of functions that run as long as the program."""
_COMPUTES = word_set(
    """abs all any append bool divmod enumerate float hypot int len list max min pow range reversed
    round set sorted sqrt str sum tuple zip"""
)


def started_and_joined(parsed: ParsedFile) -> Iterator[Node]:
    """Yield where a ``Thread`` is made in a loop, in functions that also join in a loop."""
    joining: dict[int, bool] = {}
    for call in parsed.calls if parsed.wording.holds(b"Thread") else ():
        if not _in_loop(call) or not _makes_thread(call, parsed.names):
            continue
        around = function_around(call) or parsed.tree
        if around.id not in joining:
            joining[around.id] = any(map(_joins, own_nodes(around)))
        if joining[around.id] and not _is_long_lived(call, parsed.names):
            yield call


def _makes_thread(call: Node, names: Names) -> bool:
    """Return whether a call makes a thread, or an object of a class of the file that is one."""
    if names.dotted(called(call)) == THREAD:
        return True
    made = _local(called(call), names)
    return made is not None and made.type == "class_definition" and _is_thread(made, names)


def thread_classes(parsed: ParsedFile) -> Iterator[Node]:
    """Yield the classes of a file whose objects are threads."""
    if parsed.wording.holds(b"Thread"):
        for made in captures(_CLASSES, parsed.tree).get("class", []):
            if _is_thread(made, parsed.names):
                yield made


def _is_thread(made: Node, names: Names) -> bool:
    bases = made.child_by_field_name("superclasses")
    return bases is not None and any(names.dotted(one) == THREAD for one in bases.named_children)


def _in_loop(node: Node) -> bool:
    for above in ancestors(node):
        if above.type in _LOOPS:
            return True
        if above.type == "function_definition":
            return False
    return False


def _joins(node: Node) -> bool:
    """Return whether a node is ``for thread in threads: thread.join()``."""
    if node.type != "call" or last_name(called(node)) != "join" or next(arguments(node), None):
        return False
    joined = called(node).child_by_field_name("object")
    if joined is None or joined.type != "identifier":
        return False
    for above in ancestors(node):
        if above.type in _LOOPS and any(_binds(part, joined) for part in (above, *above.children)):
            return True
    return False


def _binds(loop: Node, name: Node) -> bool:
    left = loop.child_by_field_name("left")
    return left is not None and text_of(name) in {
        text_of(part) for part in walk(left) if part.type == "identifier"
    }


def _is_long_lived(call: Node, names: Names) -> bool:
    daemon = keyword(call, "daemon")
    target = keyword(call, "target")
    if daemon is not None and text_of(daemon) != "False":
        return True
    if target is None:
        return _waits(_local(called(call), names))
    written = text_of(target).rpartition(".")[2].lower()
    if any(part in written for part in _LONG):
        return True
    return _waits(_local(target, names))


def _local(node: Node, names: Names) -> Node | None:
    """Return the function or class of the file that a bare name means."""
    return names.local(node) if node.type == "identifier" else None


def _waits(work: Node | None) -> bool:
    """Return whether a function, or class of threads, has a loop that goes on until it is told.

    What waits for work in a loop of its own is a worker, and not one short job of many.
    """
    return work is not None and any(
        node.type == "while_statement" or (node.type == "identifier" and text_of(node) == "daemon")
        for node in walk(work)
    )


def useless_limits(parsed: ParsedFile) -> Iterator[Node]:
    """Yield the calls of ``result(timeout=…)`` on futures that are done already."""
    for call in parsed.calls:
        if last_name(called(call)) != "result":
            continue
        future = called(call).child_by_field_name("object")
        if future is None or not (keyword(call, "timeout") or next(arguments(call), None)):
            continue
        loops = (one for one in ancestors(call) if one.type == "for_statement")
        if any(_iterates_done(one, future, parsed.names) for one in loops):
            yield call


def _iterates_done(loop: Node, future: Node, names: Names) -> bool:
    right = loop.child_by_field_name("right")
    if right is None or right.type != "call" or not _binds(loop, future):
        return False
    return names.dotted(called(right)) == "concurrent.futures.as_completed"


def busy_submissions(parsed: ParsedFile) -> Iterator[tuple[Node, Node]]:
    """Yield the calls that give a thread a function of the file that does nothing but compute."""
    for call in parsed.calls:
        if parsed.names.dotted(called(call)) not in _SUBMITS:
            continue
        first = next(arguments(call), None)
        function = parsed.names.local(first) if first is not None else None
        if function is not None and function.type == "function_definition" and _computes(function):
            yield call, function


def _computes(function: Node) -> bool:
    """Return whether a function loops over arithmetic and calls nothing that could wait."""
    kinds = {node.type for node in walk(function)}
    loops = kinds & {"for_statement", "while_statement", *COMPREHENSIONS}
    if not loops or not kinds & {"binary_operator", "augmented_assignment"}:
        return False
    calls = [last_name(called(node)) for node in walk(function) if node.type == "call"]
    return all(name in _COMPUTES for name in calls)
