"""``setup.py`` as a whole: its one call of ``setup``, and what that is called with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.adopt.setup_script.bindings import Names, is_main_guard, names_of
from doctrine.adopt.setup_script.evaluate import Evaluator
from doctrine.adopt.setup_script.modules import Read
from doctrine.adopt.setup_script.nodes import part
from doctrine.adopt.setup_script.values import ComputedError, Value
from doctrine.model.replacing import replace
from doctrine.syntax.language import ancestors, first_named, of_types, tree_of
from doctrine.syntax.places import line_of, text_of

_SETUPS = frozenset({"setuptools.setup", "distutils.core.setup", "setuptools.setup.setup"})


class Unknown(Struct, frozen=True, kw_only=True):
    """An argument whose value cannot be told without running the script.

    Attributes:
        why: Why.
        line: 1-based line.
    """

    why: str
    line: int


class Argument(Struct, frozen=True, kw_only=True):
    """One thing that ``setup`` is called with.

    Attributes:
        name: Its name.
        line: 1-based line.
        value: What it comes to.
        node: The argument as it is written; None where it comes out of a dictionary.
    """

    name: str
    line: int
    value: Value | Unknown
    node: Node | None = None


class Script(Struct, frozen=True, kw_only=True):
    """A script with one call of ``setup`` that every run of it reaches.

    Attributes:
        source: Its text, line ends as Unix has them.
        root: Its tree.
        call: The call.
        arguments: What it is called with.
        names: The names of the script.
        read: Reads a file of the project.
    """

    source: str
    root: Node
    call: Node
    arguments: tuple[Argument, ...]
    names: Names
    read: Read

    def evaluator(self) -> Evaluator:
        """Return what tells the values of its expressions."""
        return Evaluator(root=self.root, names=self.names, read=self.read)

    def comments(
        self, argument: Argument
    ) -> tuple[tuple[Comment, ...], Mapping[int, tuple[Comment, ...]]]:
        """Return the comments above an argument, and those above the items of its list.

        Args:
            argument: The argument.
        """
        if argument.node is None:
            return (), {}
        value = part(argument.node, "value")
        above = tuple(_above(argument.node))
        if value.type == "identifier":
            given = self.names.only(text_of(value))
            value = value if isinstance(given, str) or given.value is None else given.value
        listed = value.type in {"list", "tuple", "set"}
        plain = listed and all(one.type != "list_splat" for one in value.named_children)
        return above, _between(value) if plain else {}


Comment = tuple[int, str]
"""A comment with its 1-based line."""


def _between(collection: Node) -> dict[int, tuple[Comment, ...]]:
    """Return the comments of a collection, by the item that they speak of."""
    between: dict[int, tuple[Comment, ...]] = {}
    index, row = 0, -1
    for one in collection.named_children:
        if one.type != "comment":
            index, row = index + 1, one.end_point.row
            continue
        place = index - 1 if index and one.start_point.row == row else index
        between[place] = (*between.get(place, ()), (line_of(one), text_of(one)))
    return between


def _above(node: Node) -> Iterator[Comment]:
    found: list[Comment] = []
    before = node.prev_named_sibling
    while before is not None and before.type == "comment":
        earlier = before.prev_named_sibling
        if earlier is not None and earlier.end_point.row == before.start_point.row:
            break  # it stands behind what is before it
        found.append((line_of(before), text_of(before)))
        before = earlier
    yield from reversed(found)


def script_of(source: str, read: Read) -> Script | Unknown:
    """Return a script, or why nothing can be told of it.

    Args:
        source: Its text.
        read: Reads a file of the project.
    """
    root = tree_of(source.encode("utf-8", "replace"))
    if root.has_error:
        return Unknown(why="it is no Python that can be parsed", line=1)
    names = names_of(root)
    calls = [one for one in of_types(root, "call") if _is_setup(one, names)]
    if len(calls) != 1:
        said = "`setup` is called more than once" if calls else "there is no call of `setup`"
        return Unknown(why=said, line=line_of(calls[1]) if calls else 1)
    if not _is_reached(calls[0]):
        return Unknown(why="`setup` is called under a condition", line=line_of(calls[0]))
    return _called(
        Script(source=source, root=root, call=calls[0], arguments=(), names=names, read=read)
    )


def _called(script: Script) -> Script | Unknown:
    """Return a script with what its call of ``setup`` is given."""
    try:
        arguments = tuple(_arguments(script))
    except ComputedError as error:
        return Unknown(why=str(error), line=error.line)
    names = [one.name for one in arguments]
    twice = [one for one in names if names.count(one) > 1]
    if twice:
        return Unknown(why=f"`{twice[0]}` is given twice", line=line_of(script.call))
    return replace(script, arguments=arguments)


def _is_setup(call: Node, names: Names) -> bool:
    function = text_of(call.child_by_field_name("function") or call)
    first, _, rest = function.partition(".")
    origins = [one.dotted for one in names.given.get(first, ())]
    return any(f"{one}.{rest}".rstrip(".") in _SETUPS for one in origins if one) or (
        function == "setup" and not all(origins)
    )


def _is_reached(call: Node) -> bool:
    """Return whether a call is a statement that every run of the script reaches."""
    statement = call.parent
    if statement is None or statement.type != "expression_statement":
        return False
    for above in ancestors(statement):
        if above.type not in {"module", "block"} and not is_main_guard(above):
            return False
    return True


def _arguments(script: Script) -> Iterator[Argument]:
    given = script.call.child_by_field_name("arguments")
    evaluator = script.evaluator()
    for one in given.named_children if given is not None else ():
        if one.type == "keyword_argument":
            yield _argument(one, evaluator)
        elif one.type == "dictionary_splat":
            yield from _spread(one, evaluator)
        elif one.type != "comment":
            raise ComputedError("`setup` is called with more than names and values", one)


def _argument(node: Node, evaluator: Evaluator) -> Argument:
    name = text_of(node.child_by_field_name("name") or node)
    written = node.child_by_field_name("value") or node
    value: Value | Unknown
    try:
        value = evaluator.value(written)
    except ComputedError as error:
        value = Unknown(why=str(error), line=error.line)
    return Argument(name=name, line=line_of(node), value=value, node=node)


def _spread(node: Node, evaluator: Evaluator) -> Iterator[Argument]:
    table = evaluator.value(first_named(node) or node)
    if not isinstance(table, dict):
        raise ComputedError(f"`{text_of(node)}` is computed", node)
    for name, value in table.items():
        yield Argument(name=name, line=line_of(node), value=value)
