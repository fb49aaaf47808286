"""Whether something limits the time that a call may take: around it, or around its callers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from tree_sitter import Node

from doctrine.inspect._calls import arguments, called, keyword
from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._external_calls import LIMITING, LIMITS, WAITERS
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import FUNCTIONS


class Bounds:
    """The time limits of one file."""

    def __init__(self, root: Node, names: Names) -> None:
        """Remember what to look in; nothing is read before it is asked for."""
        self._root = root
        self._names = names

    def limited(self, node: Node) -> bool:
        """Return whether a node is limited where it stands, or wherever its function is used."""
        return self._around(node) or self._by_callers(function_around(node))

    def _around(self, node: Node) -> bool:
        for above in ancestors(node):
            if above.type in FUNCTIONS:
                return _is_decorated(above)
            if above.type == "with_statement" and any(map(self._limits, _contexts(above))):
                return True
            if above.type == "call" and self._waits(above):
                return True
        return False

    def _limits(self, context: Node) -> bool:
        if context.type == "call" and self._names.dotted(called(context)) in LIMITS:
            given = next(arguments(context), None) or keyword(context, "delay", "when", "deadline")
            return given is not None and given.type != "none"
        written = text_of(called(context) if context.type == "call" else context).lower()
        return any(part in written.rpartition(".")[2] for part in LIMITING)

    def _waits(self, call: Node) -> bool:
        dotted = self._names.dotted(called(call))
        if dotted not in WAITERS:
            return text_of(called(call)).rpartition(".")[2] == "wait_for"
        given = keyword(call, "timeout")
        if given is None and dotted == "asyncio.wait_for":
            given = next((one for one in list(arguments(call))[1:]), None)
        return given is not None and given.type != "none"

    def _by_callers(self, function: Node | None) -> bool:
        """Return whether every use of a function in its file is a limited one."""
        name = name_of(function)
        uses = [node for node in self._uses.get(name, ()) if name and not _defines(node)]
        return bool(uses) and all(self._around(node) for node in uses)

    @cached_property
    def _uses(self) -> Mapping[str, list[Node]]:
        uses: dict[str, list[Node]] = defaultdict(list)
        for node in of_types(self._root, "identifier"):
            uses[text_of(node)].append(node)
        return uses


def _defines(node: Node) -> bool:
    above = node.parent
    return above is not None and above.type == "function_definition"


def _is_decorated(function: Node) -> bool:
    above = function.parent
    if above is None or above.type != "decorated_definition":
        return False
    decorators = (text_of(child) for child in above.named_children if child.type == "decorator")
    return any(part in written.lower() for written in decorators for part in LIMITING)


def _contexts(statement: Node) -> Iterator[Node]:
    """Yield the expressions that a ``with`` statement enters."""
    for clause in statement.named_children:
        if clause.type == "with_clause":
            for item in clause.named_children:
                value = item.child_by_field_name("value")
                if value is not None and value.type == "as_pattern":
                    value = value.named_children[0]
                if value is not None:
                    yield value
