"""What a name in a file stands for: alias- and scope-aware, and silent when in doubt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node

from doctrine.model.project import Import
from doctrine.syntax.language import first_named, of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import (
    BINDERS,
    COMPREHENSIONS,
    FUNCTIONS,
    SCOPES,
    Binding,
    Scope,
    bound_by,
    extent,
    parameters,
)

if TYPE_CHECKING:
    from doctrine.syntax.tree import ParsedFile

_DEPTH = 12
"""Steps from alias to alias; nobody writes more, and a loop among them has to end."""

_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_DECLARING = frozenset({"global_statement", "nonlocal_statement"})
_TELLING = sorted(SCOPES | BINDERS | _IMPORTS | _DECLARING)
"""Types of the nodes that make a scope or bind a name."""


class Names:
    """The names of one parsed file.

    A dotted name is given only where every binding that could be meant agrees on it: a
    parameter, a loop variable or a second, different value of the same name ends the search.
    """

    def __init__(self, parsed: ParsedFile) -> None:
        """Gather the scopes of a file."""
        self._root = parsed.tree
        self._imports = _by_line(parsed.module.imports)
        self._module = Scope(node=parsed.tree)
        self._inner: list[Scope] = []
        self._starts: list[int] = []
        self._told: dict[int, str] = {}
        stars = [item.module for item in parsed.module.imports if item.name == "*"]
        self._star = stars[0] if len(stars) == 1 else ""
        # ``query = query.filter()`` ten times over has more ways through it than can be walked.
        self._known: dict[tuple[int, int], str] = {}
        self._gather()

    def dotted(self, node: Node) -> str:
        """Return the dotted name an expression stands for, or an empty string.

        A call is written as ``()`` behind what is called, so that a method of an instance has
        a name as well: ``random.Random().choice``.

        Args:
            node: An identifier, attribute or call.
        """
        return self._dotted(node, _DEPTH)

    def local(self, node: Node) -> Node | None:
        """Return the function or class of this file that an identifier stands for, if any."""
        if node.type != "identifier":
            return None
        bindings = self._lookup(node) or []
        return bindings[0].definition if len(bindings) == 1 else None

    def values(self, node: Node) -> Iterator[Node]:
        """Yield the expressions that a name, or an attribute of ``self``, is bound to.

        Args:
            node: An identifier or attribute.
        """
        bindings: Iterable[Binding] = ()
        if node.type == "identifier":
            bindings = self._lookup(node) or ()
        elif node.type == "attribute":
            owner, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
            if owner is not None and name is not None and text_of(owner) == "self":
                bindings = self._own_attribute(node, text_of(name))
        return (binding.value for binding in bindings if binding.value is not None)

    def _dotted(self, node: Node, depth: int) -> str:
        if depth <= 0:
            return ""
        key = (node.id, depth)
        if key not in self._known:
            self._known[key] = self._resolved(node, depth)
        return self._known[key]

    def _resolved(self, node: Node, depth: int) -> str:
        match node.type:
            case "identifier":
                return self._identifier(node, depth)
            case "attribute":
                return self._attribute(node, depth)
            case "call":
                called = self._child(node, "function", depth)
                return f"{called}()" if called else ""
            case "await" | "parenthesized_expression" | "type":
                inner = first_named(node)
                return self._dotted(inner, depth - 1) if inner is not None else ""
            case _:
                return ""

    def _child(self, node: Node, name: str, depth: int) -> str:
        child = node.child_by_field_name(name)
        return self._dotted(child, depth - 1) if child is not None else ""

    def _attribute(self, node: Node, depth: int) -> str:
        owner, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if owner is None or name is None:
            return ""
        if owner.type == "identifier" and text_of(owner) == "self":
            return self._agreed(self._own_attribute(node, text_of(name)), depth)
        before = self._dotted(owner, depth - 1)
        return f"{before}.{text_of(name)}" if before else ""

    def _identifier(self, node: Node, depth: int) -> str:
        # ``query = query.filter()``, ten times over, has more paths than anybody could wait for.
        known = self._told.get(node.id)
        if known is None:
            self._told[node.id] = ""
            known = self._told[node.id] = self._looked_up(node, depth)
        return known

    def _looked_up(self, node: Node, depth: int) -> str:
        bindings = self._lookup(node)
        if bindings is None:
            return f"{self._star}.{text_of(node)}" if self._star else ""
        return self._agreed(bindings, depth)

    def _agreed(self, bindings: Iterable[Binding], depth: int) -> str:
        meant = ""
        for binding in bindings:
            # ``try: import x`` / ``except ImportError: x = None`` still means x
            if binding.value is not None and binding.value.type == "none":
                continue
            one = self._meaning(binding, depth)
            # The first doubt ends it: ``rows = rows.filter()``, over and over, would otherwise
            # be followed in every order.
            if not one or (meant and one != meant):
                return ""
            meant = one
        return meant

    def _meaning(self, binding: Binding, depth: int) -> str:
        if binding.value is not None:
            return self._dotted(binding.value, depth - 1)
        if binding.annotation is not None:
            named = self._dotted(binding.annotation, depth - 1)
            return f"{named}()" if named else ""
        return binding.dotted

    def _lookup(self, node: Node) -> list[Binding] | None:
        """Return the bindings an identifier can mean; None if the file binds it nowhere."""
        name, innermost = text_of(node), self._scope_at(node.start_byte)
        around: Scope | None = innermost
        while around is not None:
            visible = around is innermost or around.node.type != "class_definition"
            if visible and name in around.names:
                return around.names[name]
            around = around.around
        return None

    def _scope_at(self, byte: int) -> Scope:
        """Return the innermost scope in which what starts at a byte looks its names up."""
        index = bisect_right(self._starts, byte) - 1
        if index < 0:
            return self._module
        # What opened last may have ended; then only what it stands in can still be open.
        scope = self._inner[index]
        while scope.end <= byte and scope.around is not None:
            scope = scope.around
        return scope

    def _own_attribute(self, node: Node, name: str) -> list[Binding]:
        owner = _class_around(self._scope_at(node.start_byte))
        return owner.attributes.get(name, []) if owner is not None else []

    def _gather(self) -> None:
        placed = self._placed(of_types(self._root, *_TELLING))
        self._inner.sort(key=_start)
        self._starts = [scope.start for scope in self._inner]
        # Only now is every ``global`` known, whatever stands above it.
        for node, around in placed:
            for target, binding in bound_by(node):
                _bind(node, target, binding, around)
            if node.type in _IMPORTS:
                self._bind_imports(node, around)

    def _placed(self, nodes: Iterable[Node]) -> list[tuple[Node, Scope]]:
        """Return nodes, which come outermost first, with the scopes that they stand in.

        Asking a node for what is around it would walk down to it from the root each time.
        """
        placed: list[tuple[Node, Scope]] = []
        entered = [self._module]
        for node in nodes:
            start, kind = node.start_byte, node.type
            while entered[-1].end <= start:
                entered.pop()
            around = next(scope for scope in reversed(entered) if scope.start <= start)
            placed.append((node, around))
            if kind in _DECLARING:
                _declare(node, around)
            elif kind in SCOPES and kind != "module":
                inner = _scope(node, around)
                if inner is not None:
                    entered.append(inner)
                    self._inner.append(inner)
        return placed

    def _bind_imports(self, node: Node, around: Scope) -> None:
        for line in range(node.start_point.row + 1, node.end_point.row + 2):
            for item in self._imports.get(line, ()):
                if item.bound:
                    scope = _scope_of(node, item.bound, around)
                    binding = Binding(dotted=_meaning_of(item))
                    scope.names.setdefault(item.bound, []).append(binding)


def _start(scope: Scope) -> int:
    return scope.start


def _scope(node: Node, around: Scope) -> Scope | None:
    """Return the scope that a node makes, with its parameters; None where it has no body."""
    span = extent(node)
    if span is None:
        return None
    scope = Scope(node=node, around=around, start=span[0], end=span[1])
    for target, binding in parameters(node) if node.type in FUNCTIONS else ():
        scope.names.setdefault(text_of(target), []).append(binding)
    return scope


def _class_around(scope: Scope | None) -> Scope | None:
    while scope is not None and scope.node.type != "class_definition":
        scope = scope.around
    return scope


def _declare(node: Node, around: Scope) -> None:
    for child in node.named_children:
        around.elsewhere[text_of(child)] = node.type == "global_statement"


def _bind(node: Node, target: Node, binding: Binding, around: Scope) -> None:
    if target.type == "attribute":
        owner = _class_around(around)
        attribute = target.child_by_field_name("attribute")
        if owner is not None and attribute is not None:
            owner.attributes.setdefault(text_of(attribute), []).append(binding)
        return
    name = text_of(target)
    _scope_of(node, name, around).names.setdefault(name, []).append(binding)


def _scope_of(node: Node, name: str, around: Scope) -> Scope:
    """Return the scope that a binding goes to, ``global`` and ``nonlocal`` considered."""
    scope = around
    if node.type == "named_expression":  # a walrus leaks out of comprehensions
        while scope.around is not None and scope.node.type in COMPREHENSIONS:
            scope = scope.around
    while scope.around is not None and name in scope.elsewhere:
        scope = _outermost(scope) if scope.elsewhere[name] else scope.around
    return scope


def _outermost(scope: Scope) -> Scope:
    while scope.around is not None:
        scope = scope.around
    return scope


def _by_line(imports: Iterable[Import]) -> Mapping[int, list[Import]]:
    lines: dict[int, list[Import]] = {}
    for item in imports:
        lines.setdefault(item.location.line, []).append(item)
    return lines


def _meaning_of(item: Import) -> str:
    if item.dots:
        return ""
    if item.name:
        return item.dotted
    implicit = not item.renamed and item.bound == item.module.partition(".")[0]
    return item.bound if implicit else item.module
