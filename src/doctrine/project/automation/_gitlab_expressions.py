"""GitLab's expressions (``if:`` of a rule), as far as they can be known before a pipeline runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from doctrine.expressions import EndlessError, Expression

_TOKEN = re.compile(
    r"\s*(?:\$\{?(?P<name>\w+)\}?|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|/(?P<pattern>(?:\\.|[^/\\])*)/(?P<flags>[a-z]*)|(?P<null>null)\b"
    r"|(?P<mark>&&|\|\||==|!=|=~|!~|[()]))"
)
_KINDS = ("name", "double", "single", "pattern", "null", "mark")
_DEEPEST = 30


class Given(Enum):
    """A value of which less than its text is known."""

    SOMETHING = "something"
    """It is there, and not empty."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it is there."""


Value = str | None | Given
"""The text of a variable; None where it is not set."""
_Token = tuple[str, str]


class _CannotTellError(Exception):
    """The expression is not one that this reader knows."""


def holds(written: str, values: Mapping[str, Value], otherwise: Value) -> bool | None:
    """Return whether an expression holds; None when it cannot be known.

    Args:
        written: The expression.
        values: Variables of which something is known.
        otherwise: What is known of all others.
    """
    try:
        reader = _Reader(_tokens(written), values, otherwise)
        found = reader.choice(0)
    except _CannotTellError:
        return None
    return found if reader.done else None


def _tokens(written: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, written = 0, written.rstrip()
    while at < len(written):
        found = _TOKEN.match(written, at)
        if found is None:
            raise _CannotTellError
        kind = next(kind for kind in _KINDS if found[kind] is not None)
        text = f"(?i:{found[kind]})" if "i" in (found["flags"] or "") else str(found[kind])
        tokens.append(("text" if kind in {"double", "single"} else kind, text))
        at = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[_Token], values: Mapping[str, Value], otherwise: Value) -> None:
        self._tokens = tokens
        self._values = values
        self._otherwise = otherwise
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _take(self, *marks: str) -> str:
        if not self.done and self._tokens[self._at] in {("mark", one) for one in marks}:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def _next(self) -> _Token:
        if self.done:
            raise _CannotTellError
        self._at += 1
        return self._tokens[self._at - 1]

    def choice(self, depth: int) -> bool | None:
        found = self._both(depth)
        while self._take("||"):
            other = self._both(depth)
            found = True if True in {found, other} else None if None in {found, other} else False
        return found

    def _both(self, depth: int) -> bool | None:
        found = self._one(depth)
        while self._take("&&"):
            other = self._one(depth)
            found = False if False in {found, other} else None if None in {found, other} else True
        return found

    def _one(self, depth: int) -> bool | None:
        if self._take("("):
            if depth > _DEEPEST:
                raise _CannotTellError
            found = self.choice(depth + 1)
            if not self._take(")"):
                raise _CannotTellError
            return found
        left = self._value(self._next())
        mark = self._take("==", "!=", "=~", "!~")
        if not mark:
            return None if left is Given.UNKNOWN else bool(left)
        found = self._compared(left, self._next(), matching="~" in mark)
        return found if found is None or mark[0] == "=" else not found

    def _value(self, token: _Token) -> Value:
        kind, text = token
        if kind == "name":
            return self._values.get(text, self._otherwise)
        if kind == "null":
            return None
        if kind == "text":
            return text
        raise _CannotTellError

    def _compared(self, left: Value, token: _Token, *, matching: bool) -> bool | None:
        if matching:
            return _matches(left, token)
        right = self._value(token)
        if isinstance(left, Given) or isinstance(right, Given):
            # What is there is not what is missing or empty.
            nothing = not left or not right
            return False if nothing and Given.UNKNOWN not in {left, right} else None
        return left == right


def _matches(value: Value, pattern: _Token) -> bool | None:
    if value is None:
        return False
    if isinstance(value, Given) or pattern[0] != "pattern":
        return None
    try:
        return Expression(pattern[1]).matches(value)
    except (re.error, EndlessError):
        return None
