"""State that a class or function shares with the threads that it starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.syntax.language import of_types, walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_THREADS = frozenset({"threading.Thread", "threading.Timer"})
_STARTING = frozenset(
    [
        "Thread",
        "Timer",
        "submit",
        "run_in_executor",
        "to_thread",
        "start_new_thread",
        "spawn",
        "apply_async",
    ]
)
_CHANGING = frozenset(
    [
        "append",
        "add",
        "pop",
        "update",
        "remove",
        "extend",
        "clear",
        "discard",
        "setdefault",
        "insert",
        "popleft",
        "appendleft",
        "popitem",
    ]
)
_SAFE = frozenset(
    [
        "Lock",
        "RLock",
        "Condition",
        "Semaphore",
        "BoundedSemaphore",
        "Event",
        "Barrier",
        "Queue",
        "SimpleQueue",
        "LifoQueue",
        "PriorityQueue",
        "local",
        "Thread",
        "Timer",
        "ThreadPoolExecutor",
    ]
)
"""What may be used from several threads by itself."""
_INITIAL = "__init__"


class _Method(Struct):
    """What one method does with the attributes of its object."""

    node: Node
    reads: set[str] = field(default_factory=set[str])
    writes: dict[str, int] = field(default_factory=dict[str, int])
    guarded: dict[str, int] = field(default_factory=dict[str, int])
    calls: set[str] = field(default_factory=set[str])
    handed: set[str] = field(default_factory=set[str])


class _Class(Struct):
    """A class by its methods."""

    methods: dict[str, _Method] = field(default_factory=dict[str, _Method])
    safe: set[str] = field(default_factory=set[str])
    values: set[str] = field(default_factory=set[str])
    locks: set[str] = field(default_factory=set[str])


def shared_sights(parsed: ParsedFile, names: Names) -> Iterator[Sight]:
    """Yield ``shared-state`` and ``guarded-state`` for the classes and functions of a file.

    Args:
        parsed: The file.
        names: Its names.
    """
    for node in of_types(parsed.tree, "call", "class_definition"):
        if node.type == "class_definition":
            yield from _class(node, names)
        elif node.type == "call":
            yield from _function(node, names)


def _class(node: Node, names: Names) -> Iterator[Sight]:
    known = _methods(node)
    name = _name(node)
    roots = {one for method in known.methods.values() for one in method.handed}
    if _is_thread(node, names):
        roots.add("run")
    threaded = _reached(known.methods, roots & known.methods.keys())
    shared = _shared(known, threaded)
    if shared is not None:
        attribute, line, run, other = shared
        detail = f"{name}.{run}() runs in a thread of its own and changes self.{attribute}, which {other}() uses"
        yield Sight(name="shared-state", line=line, detail=detail, symbol=name)
        return
    for method in known.methods.values():
        for attribute, line in sorted(method.guarded.items(), key=lambda one: one[1])[:1]:
            detail = f"{name} changes self.{attribute} under a lock"
            yield Sight(name="guarded-state", line=line, detail=detail, symbol=name)
            return


def _shared(known: _Class, threaded: frozenset[str]) -> tuple[str, int, str, str] | None:
    """Return an attribute that a thread changes and others use: name, line, who, by whom."""
    others = {
        one: known.methods[one] for one in known.methods if one not in threaded and one != _INITIAL
    }
    for run in sorted(threaded):
        for attribute, line in sorted(known.methods[run].writes.items(), key=lambda one: one[1]):
            # A flag that is only ever set asks a thread to end, and needs no lock.
            if attribute in known.safe or attribute not in known.values:
                continue
            other = _user(attribute, others)
            if other is not None:
                return attribute, line, run, other
    return None


def _user(attribute: str, methods: Mapping[str, _Method]) -> str | None:
    """Return the first method that reads or changes an attribute."""
    using = (
        name
        for name, method in methods.items()
        if attribute in method.reads or attribute in method.writes
    )
    return next(using, None)


def _reached(methods: Mapping[str, _Method], roots: set[str]) -> frozenset[str]:
    found: set[str] = set()
    pending = list(roots)
    while pending:
        name = pending.pop()
        if name not in found and name in methods and name != _INITIAL:
            found.add(name)
            pending.extend(methods[name].calls)
    return frozenset(found)


def _methods(node: Node) -> _Class:
    known = _Class()
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        inner = (
            child.child_by_field_name("definition")
            if child.type == "decorated_definition"
            else child
        )
        if inner is not None and inner.type == "function_definition":
            method = _Method(node=inner)
            known.methods[_name(inner)] = method
            _look(inner, method, known)
    for method in known.methods.values():
        _note_guarded(method, known.locks)
    return known


def _look(function: Node, method: _Method, known: _Class) -> None:
    for node in walk(function):
        if node.type in {"assignment", "augmented_assignment"}:
            _assignment(node, method, known)
        elif node.type == "call":
            _call(node, method, known)
        elif node.type == "attribute" and (name := _own(node)):
            method.reads.add(name)


def _assignment(node: Node, method: _Method, known: _Class) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    for target in _targets(left):
        if name := _own(_unsubscripted(target)):
            method.writes.setdefault(name, line_of(target))
            if node.type == "augmented_assignment" or not _is_flag(right):
                known.values.add(name)
            made = _called(right)
            if made in _SAFE:
                known.safe.add(name)
            if made in {"Lock", "RLock", "Condition"}:
                known.locks.add(name)


def _targets(left: Node | None) -> Iterator[Node]:
    if left is None:
        return
    if left.type in {"pattern_list", "tuple_pattern"}:
        yield from left.named_children
    else:
        yield left


def _call(node: Node, method: _Method, known: _Class) -> None:
    called = node.child_by_field_name("function")
    if called is None or called.type not in {"attribute", "identifier"}:
        return
    last = text_of(called).rpartition(".")[2]
    if last in _STARTING:
        method.handed |= {own for value in _given(node) if (own := _own(value))}
    if name := _own(called):
        method.calls.add(name)
    owner = called.child_by_field_name("object")
    if last in _CHANGING and owner is not None and (name := _own(_unsubscripted(owner))):
        method.writes.setdefault(name, line_of(node))
        known.values.add(name)


def _given(call: Node) -> Iterator[Node]:
    """Yield the values of a call's arguments."""
    arguments = call.child_by_field_name("arguments")
    for argument in arguments.named_children if arguments is not None else ():
        value = (
            argument.child_by_field_name("value")
            if argument.type == "keyword_argument"
            else argument
        )
        if value is not None:
            yield value


def _note_guarded(method: _Method, locks: set[str]) -> None:
    """Note which attributes are changed inside ``with self.lock``."""
    if _name(method.node) == _INITIAL:
        return
    for node in walk(method.node):
        if node.type != "with_statement" or not _enters(node, locks):
            continue
        first, last = line_of(node), node.end_point.row + 1
        method.guarded |= {
            name: line for name, line in method.writes.items() if first <= line <= last
        }


def _enters(statement: Node, locks: set[str]) -> bool:
    head = next((one for one in statement.named_children if one.type == "with_clause"), None)
    return head is not None and any(f"self.{lock}" in text_of(head) for lock in locks)


def _function(call: Node, names: Names) -> Iterator[Sight]:
    """Yield a function that is run in a thread and changes a name of the scope around it."""
    called = call.child_by_field_name("function")
    if called is None or text_of(called).rpartition(".")[2] not in _STARTING:
        return
    for value in _given(call):
        function = names.local(value)
        if function is None or function.type != "function_definition":
            continue
        for name, line in _outer_writes(function):
            detail = (
                f"{_name(function)}() runs in a thread and changes {name}, which is not its own"
            )
            yield Sight(name="shared-state", line=line, detail=detail, symbol=_name(function))
            return


def _outer_writes(function: Node) -> Iterator[tuple[str, int]]:
    nodes = list(walk(function))
    declared = {
        text_of(name)
        for node in nodes
        if node.type in {"global_statement", "nonlocal_statement"}
        for name in node.named_children
    }
    for node in nodes if declared else ():
        if node.type in {"assignment", "augmented_assignment"}:
            left = node.child_by_field_name("left")
            if left is not None and text_of(left) in declared:
                yield text_of(left), line_of(node)


def _is_thread(node: Node, names: Names) -> bool:
    bases = node.child_by_field_name("superclasses")
    return any(
        names.dotted(base) in _THREADS
        for base in (bases.named_children if bases is not None else ())
        if base.type in {"identifier", "attribute"}
    )


def _own(node: Node | None) -> str:
    """Return the name of an attribute of ``self``, or an empty string."""
    if node is None or node.type != "attribute":
        return ""
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    own = owner is not None and owner.type == "identifier" and text_of(owner) == "self"
    return text_of(name) if own and name is not None else ""


def _is_flag(value: Node | None) -> bool:
    return value is not None and value.type in {"true", "false", "none"}


def _unsubscripted(node: Node) -> Node:
    while node.type == "subscript" and (inner := node.child_by_field_name("value")) is not None:
        node = inner
    return node


def _called(node: Node | None) -> str:
    called = (
        node.child_by_field_name("function") if node is not None and node.type == "call" else None
    )
    return text_of(called).rpartition(".")[2] if called is not None else ""


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return text_of(name) if name is not None else ""
