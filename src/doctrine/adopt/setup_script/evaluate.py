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
from doctrine.syntax.language import first_named, of_types
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
        if isinstance(value, dict) and not value and (filled := self._filled(name)):
            return filled
        if isinstance(value, list | dict) and self.names.changed(name):
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
            function = call.child_by_field_name("function")
            if function is None or text_of(function) not in {"exec", "execfile"}:
                continue
            given = call.child_by_field_name("arguments")
            arguments = given.named_children if given is not None else []
            named = text_of(arguments[-1]) if len(arguments) > 1 else ""
            if not arguments or named != name:
                continue
            try:
                source = self.inner({}, call).value(arguments[0])
            except ComputedError:
                continue
            if isinstance(source, Text) and len(source.paths) == 1:
                yield source.paths[0]

    def attribute(self, node: Node) -> Value:
        """Return what an attribute holds."""
        owner = self.value(node.children[0])
        name = text_of(node.child_by_field_name("attribute") or node)
        if isinstance(owner, Foreign):
            return Foreign(f"{owner.dotted}.{name}")
        if isinstance(owner, Module):
            found = attribute(owner.path, name, self.read)
            below = owner.path.removesuffix("__init__.py") + name
            inner = next((p for p in (f"{below}.py", f"{below}/__init__.py") if self._is(p)), "")
            if found is None and (not inner or not owner.path.endswith("__init__.py")):
                raise ComputedError(f"`{short(node)}` is computed there", node)
            return found if found is not None else Module(inner)
        if isinstance(owner, Place) and name == "parent":
            return parent_of(owner)
        return Bound(owner, name)

    def _is(self, path: str) -> bool:
        return self.read(path) is not None

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
        if given is None:
            return (), {}
        if given.type == "generator_expression":
            return (self.comprehension(given),), {}
        for one in given.named_children:
            if one.type == "keyword_argument":
                value = one.child_by_field_name("value") or one
                named[text_of(one.child_by_field_name("name") or one)] = self.value(value)
            elif one.type == "list_splat":
                positional += self._listed(first_named(one) or one)
            elif one.type == "dictionary_splat":
                more = self.value(first_named(one) or one)
                if not isinstance(more, dict):
                    raise ComputedError(f"`{short(one)}` is computed", one)
                named |= more
            elif one.type != "comment":
                positional.append(self.value(one))
        return tuple(positional), named

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
        written = ""
        for one in node.named_children:
            if one.type == "interpolation":
                if any(
                    inner.type in {"format_specifier", "type_conversion"} for inner in one.children
                ):
                    raise ComputedError(f"`{short(node)}` is computed", node)
                written += as_text(self.value(first_named(one) or one), one)
            elif one.type == "string_content":
                piece = text_of(one)
                if "\\" in piece or "{" in piece or "}" in piece:
                    raise ComputedError(f"`{short(node)}` is computed", node)
                written += piece
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
        return "".join(as_text(self.value(one), one) for one in _said(node))

    def items(self, node: Node) -> Value:
        """Return the items of a list, a tuple or a set."""
        items: list[Value] = []
        for one in _said(node):
            if one.type == "list_splat":
                items += self._listed(first_named(one) or one)
            else:
                items.append(self.value(one))
        return items

    def table(self, node: Node) -> Value:
        """Return a dictionary."""
        found: dict[str, Value] = {}
        for one in _said(node):
            if one.type == "dictionary_splat":
                more = self.value(first_named(one) or one)
                if not isinstance(more, dict):
                    raise ComputedError(f"`{short(one)}` is computed", one)
                found |= more
                continue
            key = self.value(one.child_by_field_name("key") or one)
            if not isinstance(key, str | Attr):
                raise ComputedError(f"`{short(one)}` has no name", one)
            found[as_text(key, one)] = self.value(one.child_by_field_name("value") or one)
        return found

    def binary(self, node: Node) -> Value:
        """Return what an operator makes of two values."""
        left = self.value(node.child_by_field_name("left") or node)
        right = self.value(node.child_by_field_name("right") or node)
        operator = node.child_by_field_name("operator")
        return added(text_of(operator or node), left, right, node)

    def subscript(self, node: Node) -> Value:
        """Return an item."""
        owner = self.value(node.child_by_field_name("value") or node)
        key = self.value(node.child_by_field_name("subscript") or node)
        return item_of(owner, key, node, self.read)

    def comprehension(self, node: Node) -> Value:
        """Return the lines of a file, where that is what is gone over."""
        body, *clauses = _said(node)
        loop = clauses[0] if clauses else node
        left, right = loop.child_by_field_name("left"), loop.child_by_field_name("right")
        if left is None or right is None or left.type != "identifier":
            raise ComputedError(f"`{short(node)}` is computed", node)
        lines = self.value(right)
        path = _lines_of(lines)
        name = text_of(left)
        plain = {name, f"{name}.strip()", f"{name}.rstrip()", f"{name}.rstrip('\\n')"}
        conditions = [text_of(first_named(one) or one).replace('"', "'") for one in clauses[1:]]
        allowed = plain | {f"not {name}.startswith('#')"}
        parts = {part.strip() for one in conditions for part in one.split(" and ")}
        if not path or text_of(body).replace('"', "'") not in plain or not parts <= allowed:
            raise ComputedError(f"`{short(node)}` is computed", node)
        return Lines(path)

    def negative(self, node: Node) -> Value:
        """Return a number below zero."""
        return self._literal(node)

    def within(self, node: Node) -> Value:
        """Return what stands in parentheses."""
        return self.value(_said(node)[0])


def _lines_of(value: Value) -> str:
    """Return the file whose lines a value is; empty if it is nothing like that."""
    if isinstance(value, Lines | Handle):
        return value.path
    return ""


def _said(node: Node) -> list[Node]:
    return [one for one in node.named_children if one.type != "comment"]


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
