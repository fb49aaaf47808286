"""A ``noxfile.py`` as data: its sessions and what they run, without running it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import tree_sitter_python
from msgspec import Struct
from tree_sitter import Language, Node, Parser

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
        args: Arguments as far as they are literal; ``*session.posargs`` is ``{posargs}``.
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
    parser = Parser(Language(tree_sitter_python.language()))
    root = parser.parse(source.encode("utf-8", "replace")).root_node
    return _Reader().read(root)


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


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
        name = _text(node.child_by_field_name("left"))
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
            yield _literal(node)
        elif node.type in {"integer", "float"}:
            yield _text(node)
        elif node.type in {"list_splat", "list_splat_pattern"}:
            yield from self._splat(node)
        elif node.type == "conditional_expression":
            branches = [tuple(self._values(node.named_children[at])) for at in (0, -1)]
            yield from max(branches, key=len)
        elif _is_classified(node):
            yield CLASSIFIED
        else:
            yield from self._constants.get(_text(node), ())

    def _splat(self, node: Node) -> Iterator[str]:
        inner = node.named_children[0] if node.named_children else None
        if "posargs" in _text(inner):
            yield "{posargs}"
        else:
            yield from self._values(inner)

    def _definition(self, node: Node) -> None:
        function = node.child_by_field_name("definition") or node
        if function.type != "function_definition":
            return
        name = _text(function.child_by_field_name("name"))
        parameter = _first_parameter(function)
        outside = dict(self._constants)
        calls = tuple(self._calls(function.child_by_field_name("body"), parameter))
        self._constants = outside
        line = function.start_point.row + 1
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
        found: dict[str, Values] = {}
        for one in arguments.named_children if arguments is not None else ():
            if one.type == "keyword_argument":
                value = one.child_by_field_name("value")
                told = tuple(self._values(value)) or (_text(value),)
                found[_text(one.child_by_field_name("name"))] = told
        return found

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
        function = _text(node.child_by_field_name("function"))
        arguments = node.child_by_field_name("arguments")
        if arguments is None or arguments.type != "argument_list" or not parameter:
            return None
        owner, _, verb = function.rpartition(".")
        given = _positional(arguments)
        line = node.start_point.row + 1
        if owner == parameter and verb in _RUNS:
            args = tuple(value for one in given for value in self._argument(one))
            return Call(verb=verb, args=args, line=line, tolerant=self._tolerant(arguments))
        if function.isidentifier() and parameter in map(_text, given):
            return Call(verb="", args=(function,), line=line)
        return None

    def _argument(self, node: Node) -> Iterator[str]:
        known = tuple(self._values(node))
        if known or node.type in {"list_splat", "list", "tuple", "comment"}:
            yield from known
        else:
            yield "{" + _text(node) + "}"

    @staticmethod
    def _tolerant(arguments: Node) -> bool:
        for one in arguments.named_children:
            name = _text(one.child_by_field_name("name"))
            if one.type == "keyword_argument" and name == "success_codes":
                value = one.child_by_field_name("value")
                codes = [_text(code) for code in value.named_children] if value else []
                return any(code != "0" for code in codes)
        return False


def _positional(arguments: Node) -> list[Node]:
    return [one for one in arguments.named_children if one.type != "keyword_argument"]


def _is_classified(node: Node) -> bool:
    """Whether an expression asks nox for the project's versions."""
    function = _text(node.child_by_field_name("function")) if node.type == "call" else ""
    return bool(_CLASSIFIED.search(function))


def _is_session(decorator: Node) -> bool:
    written = _text(decorator).removeprefix("@").split("(", 1)[0].strip()
    return written in {"nox.session", "session", "nox_poetry.session", "nox_uv.session"}


def _first_parameter(function: Node) -> str:
    parameters = function.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters and parameters.named_children else None
    if first is None:
        return ""
    inner = first.named_children[0] if first.type == "typed_parameter" else first
    return _text(inner)


def _literal(node: Node) -> str:
    """Return the text of a string; what an f-string fills in stays in its braces."""
    if node.type == "concatenated_string":
        return "".join(_literal(child) for child in node.named_children)
    inside = (one for one in node.named_children if one.type not in {"string_start", "string_end"})
    return "".join(_text(one) for one in inside)
