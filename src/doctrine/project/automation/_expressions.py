"""GitHub's expressions, as far as they can be known before a run.

Values are texts; ``None`` is a value that only the run will tell. The empty text, ``false``,
``0`` and ``null`` are false.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from msgspec import Struct, field

Value = str | tuple[str, ...] | None

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.[\w*-]+|\[[^\]\[]*\])*)"
    r"|(?P<mark>&&|\|\||==|!=|<=|>=|[<>!(),]))"
)
_FILLED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_FALSE = frozenset({"", "false", "0", "null"})
_INDEX = re.compile(r"\[\s*'([^']*)'\s*\]")
_DEEPEST = 30


class _CannotTellError(Exception):
    """The expression is not one that this reader knows."""


class Context(Struct, frozen=True, kw_only=True):
    """What expressions can look up.

    Attributes:
        values: Known values by dotted name (``matrix.python``).
        closed: First names all of whose values are known: what is missing there is empty.
    """

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: frozenset[str] = frozenset()

    def look_up(self, name: str) -> Value:
        """Return the value of a dotted name."""
        name = _INDEX.sub(lambda found: "." + found[1], name)
        if name in self.values:
            return self.values[name]
        lowered = name.lower()
        found = next((v for k, v in self.values.items() if k.lower() == lowered), None)
        if found is not None:
            return found
        return "" if name.split(".", 1)[0] in self.closed else None


def evaluate(expression: str, context: Context) -> Value:
    """Return the value of an expression; None when it cannot be known."""
    try:
        parser = _Parser(expression, context)
        value = parser.choice()
    except _CannotTellError:
        return None
    return value if parser.done else None


def truth(value: Value) -> bool | None:
    """Return whether a value is true; None when it cannot be known."""
    return None if _is_open(value) else (value not in _FALSE)


def _is_open(value: Value) -> bool:
    """Return whether a value is not known, or holds an expression that is not."""
    return value is None or (isinstance(value, str) and "${{" in value)


def condition(written: str, context: Context) -> bool | None:
    """Return whether an ``if:`` holds; None when it cannot be known."""
    inner = _FILLED.fullmatch(written.strip())
    if inner is None and "${{" in written:
        filled = substitute(written, context)
        return None if "${{" in filled else truth(evaluate(filled, context))
    return truth(evaluate(inner[1] if inner else written, context))


def substitute(text: str, context: Context) -> str:
    """Replace the expressions in a text whose values are known; others stay as written."""

    def value(found: re.Match[str]) -> str:
        known = evaluate(found[1], context)
        return known if isinstance(known, str) else found[0]

    return _FILLED.sub(value, text)


class _Parser:
    def __init__(self, expression: str, context: Context) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._context = context
        self._at = 0
        self._depth = 0
        position, expression = 0, expression.rstrip()
        while position < len(expression):
            found = _TOKEN.match(expression, position)
            if found is None:
                raise _CannotTellError
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            position = found.end()

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _take(self, *marks: str) -> str:
        if not self.done and self._tokens[self._at][0] == "mark":
            mark = self._tokens[self._at][1]
            if mark in marks:
                self._at += 1
                return mark
        return ""

    def choice(self) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _CannotTellError
        left = self._both()
        while self._take("||"):
            right = self._both()
            known = truth(left)
            if known is False:
                left = right
            elif known is None:
                left = "true" if truth(right) and not isinstance(right, tuple) else None
        self._depth -= 1
        return left

    def _both(self) -> Value:
        left = self._comparison()
        while self._take("&&"):
            right = self._comparison()
            known = truth(left)
            if known:
                left = right
            elif known is None:
                left = "false" if truth(right) is False else None
        return left

    def _comparison(self) -> Value:
        left = self._unary()
        mark = self._take("==", "!=", "<", "<=", ">", ">=")
        if not mark:
            return left
        right = self._unary()
        if mark not in {"==", "!="} or not (isinstance(left, str) and isinstance(right, str)):
            return None
        if _is_open(left) or _is_open(right):
            return None
        same = _plain(left) == _plain(right)
        return _told(same if mark == "==" else not same)

    def _unary(self) -> Value:
        if self._take("!"):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _CannotTellError
            known = truth(self._unary())
            self._depth -= 1
            return None if known is None else _told(not known)
        if self._take("("):
            value = self.choice()
            if not self._take(")"):
                raise _CannotTellError
            return value
        return self._primary()

    def _primary(self) -> Value:
        if self.done:
            raise _CannotTellError
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return text
        if kind != "name":
            raise _CannotTellError
        if self._take("("):
            return self._call(text.lower())
        if text in {"true", "false", "null"}:
            return "" if text == "null" else text
        return self._context.look_up(text)

    def _call(self, name: str) -> Value:
        arguments: list[Value] = []
        while not self._take(")"):
            arguments.append(self.choice())
            if not self._take(","):
                if not self._take(")"):
                    raise _CannotTellError
                break
        return _apply(name, arguments)


def _plain(text: str) -> str:
    return "" if text == "null" else text.lower()


def _told(value: object) -> str:
    return "true" if value else "false"


def _apply(name: str, arguments: list[Value]) -> Value:
    if name in {"always", "success"}:
        return "true"
    if name in {"failure", "cancelled"}:
        return "false"
    first, second = (*arguments, None, None)[:2]
    if name == "fromjson" and isinstance(first, str):
        return from_json(first)
    if name == "join" and first == "":
        return ""
    if name == "format" and isinstance(first, str):
        return _format(first, arguments[1:])
    return _search(name, first, second)


def _search(name: str, first: Value, second: Value) -> Value:
    if _is_open(first) or first is None or not isinstance(second, str):
        return None
    if name == "contains":
        inside = [_plain(one) for one in first] if isinstance(first, tuple) else _plain(first)
        return _told(_plain(second) in inside)
    if isinstance(first, str) and name in {"startswith", "endswith"}:
        matches = str.startswith if name == "startswith" else str.endswith
        return _told(matches(_plain(first), _plain(second)))
    return None


def _format(pattern: str, arguments: list[Value]) -> Value:
    for index, value in enumerate(arguments):
        if not isinstance(value, str):
            return None
        pattern = pattern.replace("{" + str(index) + "}", value)
    return pattern


def from_json(source: str) -> Value:
    """Return a scalar or a list of scalars in JSON; None for anything else."""
    try:
        data: object = json.loads(source)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, list):
        items = cast("list[object]", data)
        texts = [_json_text(one) for one in items]
        return tuple(one for one in texts if one is not None) if None not in texts else None
    return _json_text(data)


def _json_text(value: object) -> str | None:
    if isinstance(value, bool):
        return _told(value)
    return str(value) if isinstance(value, str | int | float) else None
