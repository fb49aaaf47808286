"""What expressions of ``setup.py`` come to: literals, names, and files that are read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from tree_sitter import Node

from doctrine.adopt.setup_script.bindings import Given, Names, opened_around
from doctrine.adopt.setup_script.calls import called, method
from doctrine.adopt.setup_script.functions import given_back, parameters_of
from doctrine.adopt.setup_script.modules import Read, attribute, module_file
from doctrine.adopt.setup_script.nodes import executed, first_inside, inside, part
from doctrine.adopt.setup_script.operators import added, as_text, item_of, parent_of, short
from doctrine.adopt.setup_script.values import (
    Attr,
    Bound,
    ComputedError,
    Filled,
    Foreign,
    Function,
    Handle,
    Lines,
    Module,
    Place,
    Text,
    Value,
)
from doctrine.syntax.language import of_types
from doctrine.syntax.places import text_of

_DEEP = 12
"""How many names and functions are followed, one from another."""
_KNOWN = frozenset({"os", "io", "re", "codecs", "sys", "pathlib", "setuptools", "itertools"})
_BUILT_IN = frozenset(
    {
        "compile",
        "dict",
        "filter",
        "list",
        "map",
        "open",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "len",
    }
)
_MARKS = frozenset("\\{}")
"""What means something else in a formatted string than in its text."""
_WORDS: Mapping[str, Value] = {"none": None, "true": True, "false": False}


class Evaluator(Struct, kw_only=True):
    """Tells what expressions come to.

    Attributes:
        root: The tree of the script.
        names: The names of the script.
        read: Reads a file of the project.
    """

    root: Node
    names: Names
    read: Read
    local: dict[str, Value] = field(default_factory=dict[str, Value])
    deep: int = 0

    def value(self, node: Node) -> Value:
        """Return what an expression comes to.

        Args:
            node: The expression.

        Raises:
            ComputedError: That cannot be told without running it.
        """
        if node.type in _WORDS:
            return _WORDS[node.type]
        handler = _HANDLERS.get(node.type)
        if handler is None:
            raise ComputedError(f"`{short(node)}` is computed", node)
        return handler(self, node)

    def inner(self, local: dict[str, Value], node: Node) -> Evaluator:
        """Return the evaluator of what is looked up from here.

        Args:
            local: Names that are known there alone.
            node: What is looked up.

        Raises:
            ComputedError: Too much is followed.
        """
        if self.deep >= _DEEP:
            raise ComputedError(f"`{short(node)}` leads too far", node)
        return Evaluator(
            root=self.root, names=self.names, read=self.read, local=local, deep=self.deep + 1
        )

    def name(self, node: Node) -> Value:
        """Return what a name holds."""
        name = text_of(node)
        if name in self.local:
            return self.local[name]
        if name == "__file__":
            return Place("setup.py")
        if name not in self.names.given:
            return self._unbound(name, node)
        given = opened_around(name, node) or self.names.before(name, node)
        if isinstance(given, str):
            raise ComputedError(given, node)
        value = self.inner({}, node).given(given)
        return self._steady(name, value, given) if isinstance(value, list | dict) else value

    def _steady(self, name: str, value: Value, given: Given) -> Value:
        """Return a list or a dictionary that nothing changes, or what is executed in it."""
        if value == {} and (filled := self._filled(name)):
            return filled
        if self.names.changed(name):
            raise ComputedError(f"`{name}` is changed by code", given.node)
        return value

    def given(self, given: Given) -> Value:
        """Return what a name is given.

        Args:
            given: Where it is given.

        Raises:
            ComputedError: It cannot be told.
        """
        if given.dotted:
            return self._imported(given)
        if given.definition is not None and given.definition.type == "function_definition":
            return Function(given.definition)
        if given.value is None:
            raise ComputedError(f"`{text_of(given.node)}` is computed", given.node)
        return self.value(given.value)

    def _imported(self, given: Given) -> Value:
        dotted = given.dotted
        if dotted.partition(".")[0] in _KNOWN:
            return Foreign(dotted)
        if path := module_file(dotted, self.read):
            return Module(path)
        module, _, name = dotted.rpartition(".")
        path = module_file(module, self.read) if module else ""
        found = attribute(path, name, self.read) if path else None
        if found is None:
            raise ComputedError(f"`{dotted}` is imported", given.node)
        return found

    def _unbound(self, name: str, node: Node) -> Value:
        if name in _BUILT_IN:
            return Foreign(name)
        for path in self._executed(""):
            if found := attribute(path, name, self.read, 1):
                return found
        raise ComputedError(f"`{name}` is given no value that can be read", node)

    def _filled(self, name: str) -> Filled | None:
        paths = tuple(self._executed(name))
        return Filled(paths[0]) if len(paths) == 1 else None

    def _executed(self, name: str) -> Iterator[str]:
        """Yield the files that are executed in a dictionary, or in the script itself."""
        for call in of_types(self.root, "call"):
            given = executed(call)
            named = text_of(given[-1]) if len(given) > 1 else ""
            if given and named == name:
                yield from self._file_of(given[0])

    def _file_of(self, node: Node) -> Iterator[str]:
        """Yield the file whose content an expression is."""
        try:
            source = self.inner({}, node).value(node)
        except ComputedError:
            return
        if isinstance(source, Text) and len(source.paths) == 1:
            yield source.paths[0]

    def attribute(self, node: Node) -> Value:
        """Return what an attribute holds."""
        owner = self.value(node.children[0])
        name = text_of(part(node, "attribute"))
        if isinstance(owner, Foreign):
            return Foreign(f"{owner.dotted}.{name}")
        if isinstance(owner, Module):
            return self._member(owner.path, name, node)
        if isinstance(owner, Place) and name == "parent":
            return parent_of(owner)
        return Bound(owner, name)

    def _member(self, path: str, name: str, node: Node) -> Value:
        """Return a string that a module has, or a module below it."""
        found = attribute(path, name, self.read)
        if found is not None:
            return found
        package = path.removesuffix("__init__.py")
        inner = (f"{package}{name}.py", f"{package}{name}/__init__.py") if package != path else ()
        for one in inner:
            if self.read(one) is not None:
                return Module(one)
        raise ComputedError(f"`{short(node)}` is computed there", node)

    def call(self, node: Node) -> Value:
        """Return what a call gives back."""
        function = self.value(node.children[0])
        arguments, named = self._arguments(node)
        if isinstance(function, Foreign):
            return called(function.dotted, arguments, named, node, self.read)
        if isinstance(function, Bound):
            return method(function, arguments, node, self.read)
        if isinstance(function, Function):
            return self._inlined(function.node, arguments, named, node)
        raise ComputedError(f"`{short(node)}` is computed", node)

    def _arguments(self, node: Node) -> tuple[tuple[Value, ...], dict[str, Value]]:
        given = node.child_by_field_name("arguments")
        positional: list[Value] = []
        named: dict[str, Value] = {}
        if given is not None and given.type == "generator_expression":
            return (self.comprehension(given),), {}
        for one in inside(given):
            if one.type == "keyword_argument":
                named[text_of(part(one, "name"))] = self.value(part(one, "value"))
            elif one.type == "list_splat":
                positional += self._listed(first_inside(one))
            elif one.type == "dictionary_splat":
                named |= self._spread(one)
            else:
                positional.append(self.value(one))
        return tuple(positional), named

    def _spread(self, node: Node) -> dict[str, Value]:
        more = self.value(first_inside(node))
        if not isinstance(more, dict):
            raise ComputedError(f"`{short(node)}` is computed", node)
        return more

    def _listed(self, node: Node) -> list[Value]:
        value = self.value(node)
        if not isinstance(value, list):
            raise ComputedError(f"`{short(node)}` is computed", node)
        return value

    def _inlined(
        self, function: Node, arguments: tuple[Value, ...], named: dict[str, Value], node: Node
    ) -> Value:
        """Return what a function of the script gives back."""
        local = parameters_of(function, arguments, named, node, self.value)
        return given_back(function, local, lambda one, names: self.inner(names, node).value(one))

    def string(self, node: Node) -> Value:
        """Return the text of a literal."""
        parts = [one for one in node.named_children if one.type == "interpolation"]
        if not parts:
            return self._literal(node)
        return "".join(map(self._piece, node.named_children))

    def _piece(self, node: Node) -> str:
        """Return what a part of a formatted string comes to."""
        if node.type == "interpolation" and len(node.named_children) == 1:
            return as_text(self.value(first_inside(node)), node)
        written = text_of(node) if node.type == "string_content" else ""
        if node.type == "interpolation" or not _MARKS.isdisjoint(written):
            raise ComputedError(f"`{short(node)}` is computed", node)
        return written

    def _literal(self, node: Node) -> Value:
        try:
            value: object = ast.literal_eval(text_of(node).strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            value = None
        if isinstance(value, str | int | float):
            return value
        raise ComputedError(f"`{short(node)}` is no plain text", node)

    def joined(self, node: Node) -> Value:
        """Return what strings next to each other come to."""
        return "".join(as_text(self.value(one), one) for one in inside(node))

    def items(self, node: Node) -> Value:
        """Return the items of a list, a tuple or a set."""
        items: list[Value] = []
        for one in inside(node):
            if one.type == "list_splat":
                items += self._listed(first_inside(one))
            else:
                items.append(self.value(one))
        return items

    def table(self, node: Node) -> Value:
        """Return a dictionary."""
        found: dict[str, Value] = {}
        for one in inside(node):
            if one.type == "dictionary_splat":
                found |= self._spread(one)
                continue
            key = self.value(part(one, "key"))
            if not isinstance(key, str | Attr):
                raise ComputedError(f"`{short(one)}` has no name", one)
            found[as_text(key, one)] = self.value(part(one, "value"))
        return found

    def binary(self, node: Node) -> Value:
        """Return what an operator makes of two values."""
        left = self.value(part(node, "left"))
        right = self.value(part(node, "right"))
        return added(text_of(part(node, "operator")), left, right, node)

    def subscript(self, node: Node) -> Value:
        """Return an item."""
        owner = self.value(part(node, "value"))
        key = self.value(part(node, "subscript"))
        return item_of(owner, key, node, self.read)

    def comprehension(self, node: Node) -> Value:
        """Return the lines of a file, where that is what is gone over."""
        body, *clauses = inside(node)
        loop = clauses[0]
        lines = self.value(part(loop, "right")) if loop.type == "for_in_clause" else None
        name = text_of(part(loop, "left"))
        conditions = " and ".join(text_of(first_inside(one)) for one in clauses[1:])
        if isinstance(lines, Lines | Handle) and _is_same(name, text_of(body), conditions):
            return Lines(lines.path)
        raise ComputedError(f"`{short(node)}` is computed", node)

    def negative(self, node: Node) -> Value:
        """Return a number below zero."""
        return self._literal(node)

    def within(self, node: Node) -> Value:
        """Return what stands in parentheses."""
        return self.value(inside(node)[0])


def _is_same(name: str, body: str, conditions: str) -> bool:
    """Return whether a comprehension gives the lines that hold something, as they are.

    Args:
        name: The loop's variable.
        body: What it gives for each line.
        conditions: What it asks of a line.
    """
    plain = {name, f"{name}.strip()", f"{name}.rstrip()", f"{name}.rstrip('\\n')"}
    asked = {one.strip() for one in conditions.replace('"', "'").split(" and ")} - {""}
    return body.replace('"', "'") in plain and asked <= plain | {f"not {name}.startswith('#')"}


_HANDLERS: Mapping[str, Callable[[Evaluator, Node], Value]] = {
    "attribute": Evaluator.attribute,
    "binary_operator": Evaluator.binary,
    "call": Evaluator.call,
    "concatenated_string": Evaluator.joined,
    "dictionary": Evaluator.table,
    "float": Evaluator.negative,
    "generator_expression": Evaluator.comprehension,
    "identifier": Evaluator.name,
    "integer": Evaluator.negative,
    "list": Evaluator.items,
    "list_comprehension": Evaluator.comprehension,
    "parenthesized_expression": Evaluator.within,
    "set": Evaluator.items,
    "string": Evaluator.string,
    "subscript": Evaluator.subscript,
    "tuple": Evaluator.items,
    "unary_operator": Evaluator.negative,
}
