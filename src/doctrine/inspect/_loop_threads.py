"""Event loops that a file runs in threads of its own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._calls import arguments, called, keyword
from doctrine.inspect._code import function_around, name_of
from doctrine.syntax.language import ancestors
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

RUNS = (".run_forever", ".run_until_complete")
_THREADS = frozenset({"threading.Thread"})


class LoopThreads(Struct, frozen=True, kw_only=True):
    """What the file's threads run.

    Attributes:
        functions: Names of functions that are the target of a thread.
        loops: Expressions whose ``run_forever`` is, or is called in one of the functions.
    """

    functions: frozenset[str]
    loops: frozenset[str]

    def own(self, call: Node) -> bool:
        """Return whether a call makes, sets or fetches a loop for one of the threads."""
        return name_of(function_around(call)) in self.functions or bool(_loop_of(call) & self.loops)


def loop_threads(parsed: ParsedFile) -> LoopThreads:
    """Return what the threads of a file run."""
    if b"Thread(" not in parsed.source:
        return LoopThreads(functions=frozenset(), loops=frozenset())
    targets = [target for call in parsed.calls for target in _targets(call, parsed.names)]
    functions = frozenset(target.rpartition(".")[2] for target in targets) - {""}
    runs = (call for call in parsed.calls if name_of(function_around(call)) in functions)
    ran = (*targets, *(text_of(called(run)) for run in runs))
    loops = frozenset(one.rpartition(".")[0] for one in ran if one.endswith(RUNS))
    return LoopThreads(functions=functions, loops=loops)


def _targets(call: Node, names: Names) -> Iterator[str]:
    if names.dotted(called(call)) in _THREADS:
        target = keyword(call, "target")
        if target is not None:
            yield text_of(target)


def _loop_of(call: Node) -> set[str]:
    """Return how the code around a call names the loop that is made or set there."""
    found = {text_of(argument) for argument in arguments(call)}
    for above in ancestors(call):
        if above.type == "assignment":
            left = above.child_by_field_name("left")
            found |= {text_of(left)} if left is not None else set()
        elif above.type not in {"argument_list", "call"}:
            break
    return found
