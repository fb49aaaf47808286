"""Where a value goes: into a security-named context, or not.

The way up from an expression ends at its statement; from there a local variable is followed for
one assignment. A condition, a length or a delay is no part of a secret, however it is named
around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from tree_sitter import Node

from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._secret_names import (
    announces_secret,
    is_harmless,
    is_maker,
    is_mark,
    is_secret,
    makes_any,
    makes_secret,
    says_secret,
)
from doctrine.syntax.language import ancestors, first_named, of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import FUNCTIONS

_KEEPERS = frozenset({"append", "add", "extend", "insert", "appendleft"})
_LENGTHS = frozenset({"range", "sleep", "islice", "seed", "wait", "wait_for"})
_TAKERS = frozenset({"set", "hash", "encrypt", "save", "store", "update", "change", "reset"})
_TESTS = frozenset({"comparison_operator", "not_operator", "assert_statement"})
_NAMED = {
    "keyword_argument": "name",
    "pair": "key",
    "default_parameter": "name",
    "typed_default_parameter": "name",
}
_ENDS = frozenset({"function_definition", "block", "module"})
_ASSIGNMENTS = frozenset({"assignment", "augmented_assignment", "named_expression"})


class _End(Enum):
    """Why the way up ends without a security-named context."""

    HARMLESS = "harmless"
    OPEN = "open"


_Step = str | _End | list[Node] | None
"""A context's name, an end, variables to follow, or None: go on upwards."""


def _class_of(function: Node) -> str:
    """Return the name of the class that a function is a method of; empty if of none."""
    above = (one for one in ancestors(function) if one.type in {*FUNCTIONS, "class_definition"})
    owner = next(above, None)
    return name_of(owner) if owner is not None and owner.type == "class_definition" else ""


def _docstring(function: Node) -> str:
    body = _field(function, "body")
    first = first_named(body) if body is not None and body.type == "block" else None
    text = first_named(first) if first is not None else None
    return text_of(text) if text is not None and text.type == "string" else ""


def _said_before(interpolation: Node) -> str:
    """Return what the text in front of an interpolated value says it is, if that is a secret."""
    string = interpolation.parent
    if string is None:
        return ""
    start, end = string.start_byte, interpolation.start_byte
    before = (string.text or b"")[: end - start].decode("utf-8", "replace")
    return announces_secret(before)


class SecretFlow:
    """Follows values through one file."""

    def __init__(self, tree: Node, path: str, *, language: bool) -> None:
        """Index the identifiers of a file.

        Args:
            tree: Its root.
            path: Where it is: what ``passwords.py`` makes are passwords.
            language: Whether it processes language, where tokens are words.
        """
        self._language = language
        self._home = path.rpartition("/")[2].removesuffix(".py")
        self._uses: dict[tuple[int, str], list[Node]] = {}
        for node in of_types(tree, "identifier"):
            self._uses.setdefault(self._key(node), []).append(node)

    def context(self, node: Node) -> str:
        """Return the security-named context a value goes into; empty if there is none."""
        function = function_around(node)
        around = name_of(function)
        if is_mark(around):
            return ""
        step = self._climb(node)
        if isinstance(step, str):
            return step
        if step is _End.HARMLESS:
            return ""
        for variable in step if isinstance(step, list) else ():
            if found := self._followed(variable):
                return found
        return self._made(function, around)

    def _made(self, function: Node | None, around: str) -> str:
        """Return what a function makes, if its name or what is around it says so."""
        language = self._language
        if makes_secret(around, language=language):
            return f"{around}()"
        if function is None or not makes_any(around):
            return ""
        owner = _class_of(function)
        if is_maker(owner, language=language):
            return f"{owner}.{around}()"
        said = is_secret(self._home, language=language) or says_secret(_docstring(function))
        return f"{around}()" if said else ""

    def _followed(self, variable: Node) -> str:
        if is_harmless(text_of(variable)):
            return ""
        for use in self._uses.get(self._key(variable), ()):
            step = self._climb(use) if use != variable and not _is_target(use) else None
            if isinstance(step, str):
                return step
        return ""

    def _key(self, node: Node) -> tuple[int, str]:
        around = function_around(node)
        return (around.id if around is not None else 0, text_of(node))

    def _climb(self, node: Node) -> str | _End | list[Node]:
        child = node
        for above in ancestors(node):
            step = self._step(child, above)
            if step is not None:
                return step
            child = above
        return _End.OPEN

    def _step(self, child: Node, above: Node) -> _Step:
        kind = above.type
        if kind in _ENDS:
            return _End.OPEN
        if kind in _TESTS or _is_condition(child, above):
            return _End.HARMLESS
        if kind == "call":
            return self._passed(child, above)
        if kind == "interpolation":
            return _said_before(above) or None
        if kind in _NAMED:
            return self._named(_field(above, _NAMED[kind]))
        return self._stated(above)

    def _stated(self, statement: Node) -> _Step:
        if statement.type in _ASSIGNMENTS:
            return self._assigned(statement)
        if statement.type in {"return_statement", "yield"}:
            return self._returned(statement)
        return None

    def _passed(self, child: Node, call: Node) -> _Step:
        """Decide about a value that is an argument."""
        called = _field(call, "function")
        if called is None or child == called:
            return None
        name = text_of(called).rpartition(".")[2]
        if name in _LENGTHS:
            return _End.HARMLESS
        if name in _KEEPERS or name == "shuffle":
            owner = _field(called, "object") if name != "shuffle" else first_named(child)
            return self._targets([owner] if owner is not None else [])
        secret = is_secret(name, language=self._language)
        return f"{name}()" if secret and name.partition("_")[0].lower() in _TAKERS else None

    def _named(self, name: Node | None) -> _Step:
        """Decide about a value with a name of its own that no variable carries on."""
        step = self._targets([name] if name is not None else [])
        return _End.HARMLESS if isinstance(step, list) else step

    def _assigned(self, assignment: Node) -> _Step:
        left = _field(assignment, "left") or _field(assignment, "name")
        if left is None:
            return None
        step = self._targets(list(_parts(left)))
        above = assignment.parent
        if isinstance(step, list) and above is not None and above.type == "assignment":
            return None  # x = y = value
        return step

    def _targets(self, targets: list[Node]) -> _Step:
        names = [last_name(target) for target in targets]
        for name in names:
            if is_secret(name, language=self._language):
                return name
        if names and all(is_harmless(name) for name in names):
            return _End.HARMLESS
        return [target for target in targets if target.type == "identifier"]

    def _returned(self, statement: Node) -> _Step:
        name = name_of(function_around(statement))
        return f"{name}()" if is_secret(name, language=self._language) else _End.OPEN


def _field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def _is_condition(child: Node, above: Node) -> bool:
    if above.type == "conditional_expression":
        return above.named_children[1] == child
    if above.type == "if_clause":  # of a comprehension
        return True
    return above.type in {"if_statement", "elif_clause", "while_statement"} and (
        _field(above, "condition") == child
    )


def _is_target(use: Node) -> bool:
    above = use.parent
    return above is not None and above.type in _ASSIGNMENTS and _field(above, "left") == use


def _parts(left: Node) -> Iterator[Node]:
    if left.type in {"pattern_list", "tuple_pattern", "list_pattern"}:
        for child in left.named_children:
            yield from _parts(child)
    else:
        yield left


def last_name(target: Node) -> str:
    """Return the name in a target: ``token``, ``self.token``, ``row["token"]``."""
    if target.type == "attribute":
        name = _field(target, "attribute")
        return text_of(name) if name is not None else ""
    if target.type == "subscript":
        key = _field(target, "subscript")
        return text_of(key).strip("\"'") if key is not None and key.type == "string" else ""
    return text_of(target).strip("\"'")
