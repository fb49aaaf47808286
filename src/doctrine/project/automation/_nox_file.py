"""A ``noxfile.py`` as data: its sessions and what they run, without running it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.project.automation._python_nodes import (
    first_parameter,
    keywords,
    literal,
    positional,
    text_of,
)
from doctrine.syntax.language import tree_of
from doctrine.syntax.places import line_of

Values = tuple[str, ...]
_RUNS = frozenset({"run", "run_always", "run_install", "install", "notify"})
_SEVERAL = frozenset(
    {"list", "tuple", "parenthesized_expression", "set", "expression_list", "binary_operator"}
)
_MOST_NODES = 100_000
_CLASSIFIED = re.compile(r"(?:^|\.)python_versions$")
CLASSIFIED = "{nox.project.python_versions}"
"""Stands for the versions that the classifiers of ``pyproject.toml`` name, oldest first."""


class Call(Struct, frozen=True, kw_only=True):
    """A call that a session makes.

    Attributes:
        verb: ``run``, ``install``, ``notify``, or empty for a helper of the file.
        args: Arguments as far as they are literal; ``*session.posargs`` is ``{posargs}``. Of a helper,
            its name first.
        line: 1-based line.
        tolerant: Whether a failure is among the accepted exit codes.
    """

    verb: str
    args: Values
    line: int
    tolerant: bool = False


class Session(Struct, frozen=True, kw_only=True):
    """A session, or a helper that sessions call.

    Attributes:
        name: Name it is selected by.
        line: 1-based line of its definition.
        calls: What it calls, in order.
        pythons: Python versions it runs on.
        tags: Tags it is selected by.
        is_session: False for a helper.
        default: Whether a plain ``nox`` runs it.
    """

    name: str
    line: int
    calls: tuple[Call, ...]
    pythons: Values = ()
    tags: Values = ()
    is_session: bool = True
    default: bool = True


class NoxFile(Struct, frozen=True, kw_only=True):
    """What nox would do.

    Attributes:
        sessions: Sessions and helpers by the name of their function.
        defaults: Sessions that a plain ``nox`` runs; None when the file does not choose.
    """

    sessions: Mapping[str, Session]
    defaults: Values | None


def parse_noxfile(source: str) -> NoxFile:
    """Read a ``noxfile.py``; what cannot be understood is left out."""
    return _Reader().read(tree_of(source.encode("utf-8", "replace")))


class _Reader:
    def __init__(self) -> None:
        self._constants: dict[str, Values] = {}
        self._sessions: dict[str, Session] = {}
        self._defaults: Values | None = None

    def read(self, root: Node) -> NoxFile:
        for node in root.named_children:
            if node.type == "expression_statement":
                self._assignment(node.named_children[0] if node.named_children else None)
            elif node.type in {"decorated_definition", "function_definition"}:
                self._definition(node)
        return NoxFile(sessions=self._sessions, defaults=self._defaults)

    def _assignment(self, node: Node | None) -> None:
        if node is None or node.type != "assignment":
            return
        name = text_of(node.child_by_field_name("left"))
        values = tuple(self._values(node.child_by_field_name("right")))
        if name.endswith("options.sessions"):
            self._defaults = values
        elif values:
            self._constants[name] = values

    def _values(self, node: Node | None) -> Iterator[str]:
        """Yield the strings of an expression: literals, lists, and constants of the file."""
        if node is None:
            return
        if node.type in _SEVERAL:
            for child in node.named_children:
                yield from self._values(child)
        elif node.type in {"string", "concatenated_string"}:
            yield literal(node)
        elif node.type in {"integer", "float"}:
            yield text_of(node)
        elif node.type in {"list_splat", "list_splat_pattern"}:
            yield from self._splat(node)
        elif node.type == "conditional_expression":
            branches = [tuple(self._values(node.named_children[at])) for at in (0, -1)]
            yield from max(branches, key=len)
        elif _is_classified(node):
            yield CLASSIFIED
        else:
            yield from self._constants.get(text_of(node), ())

    def _splat(self, node: Node) -> Iterator[str]:
        inner = node.named_children[0] if node.named_children else None
        if "posargs" in text_of(inner):
            yield "{posargs}"
        else:
            yield from self._values(inner)

    def _definition(self, node: Node) -> None:
        function = node.child_by_field_name("definition") or node
        if function.type != "function_definition":
            return
        name = text_of(function.child_by_field_name("name"))
        parameter = first_parameter(function)
        outside = dict(self._constants)
        calls = tuple(self._calls(function.child_by_field_name("body"), parameter))
        self._constants = outside
        line = line_of(function)
        decorators = [one for one in node.named_children if one.type == "decorator"]
        marks = [one for one in decorators if _is_session(one)]
        if not marks:
            self._sessions[name] = Session(name=name, line=line, calls=calls, is_session=False)
            return
        options = self._keywords(marks[0])
        self._sessions[name] = Session(
            name=next(iter(options.get("name", ())), name),
            line=line,
            calls=calls,
            pythons=options.get("python", options.get("py", ())),
            tags=options.get("tags", ()),
            default=options.get("default") != ("False",),
        )

    def _keywords(self, decorator: Node) -> Mapping[str, Values]:
        call = decorator.named_children[0] if decorator.named_children else None
        arguments = call.child_by_field_name("arguments") if call is not None else None
        return {
            name: tuple(self._values(value)) or (text_of(value),)
            for name, value in keywords(arguments).items()
        }

    def _calls(self, body: Node | None, parameter: str) -> Iterator[Call]:
        stack = [body] if body is not None else []
        seen = 0
        while stack and seen < _MOST_NODES:
            node = stack.pop()
            seen += 1
            if node.type == "assignment":
                self._assignment(node)
            if node.type == "call" and (call := self._call(node, parameter)) is not None:
                yield call
                continue
            stack.extend(reversed(node.named_children))

    def _call(self, node: Node, parameter: str) -> Call | None:
        function = text_of(node.child_by_field_name("function"))
        arguments = node.child_by_field_name("arguments")
        if arguments is None or arguments.type != "argument_list" or not parameter:
            return None
        owner, _, verb = function.rpartition(".")
        given = positional(arguments)
        line = line_of(node)
        if owner == parameter and verb in _RUNS:
            args = tuple(value for one in given for value in self._argument(one))
            return Call(verb=verb, args=args, line=line, tolerant=self._tolerant(arguments))
        if function.isidentifier() and parameter in map(text_of, given):
            return Call(verb="", args=(function, *self._all(given)), line=line)
        return None

    def _all(self, nodes: list[Node]) -> Iterator[str]:
        for node in nodes:
            yield from self._values(node)

    def _argument(self, node: Node) -> Iterator[str]:
        known = tuple(self._values(node))
        if known or node.type in {"list_splat", "list", "tuple", "comment"}:
            yield from known
        else:
            yield "{" + text_of(node) + "}"

    @staticmethod
    def _tolerant(arguments: Node) -> bool:
        codes = keywords(arguments).get("success_codes")
        return codes is not None and any(text_of(one) != "0" for one in codes.named_children)


def _is_classified(node: Node) -> bool:
    """Whether an expression asks nox for the project's versions."""
    function = text_of(node.child_by_field_name("function")) if node.type == "call" else ""
    return bool(_CLASSIFIED.search(function))


def _is_session(decorator: Node) -> bool:
    written = text_of(decorator).removeprefix("@").split("(", 1)[0].strip()
    return written in {"nox.session", "session", "nox_poetry.session", "nox_uv.session"}
