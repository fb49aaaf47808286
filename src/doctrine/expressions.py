"""Regular expressions that a project brings along: tried only where that cannot take for ever. Pure.

Python's ``re`` goes back over every way in which an expression may match, holds the interpreter
meanwhile, and cannot be interrupted. How many ways there can be is told by the expression's shape
and the length of the text; what could be too many is refused, never tried.
"""

from __future__ import annotations

import re
from math import comb

from msgspec import Struct

_MOST = 3_000_000
"""Ways in which one text may be tried: about a tenth of a second."""
_MOST_IN_ALL = 1_000_000_000
"""The same for all texts that one expression is tried on."""
_LONGEST = 2_000
"""Characters of an expression; what people write by hand is shorter."""
_MOST_REPEATS = 4
_DEEPEST = 50
_NEVER = 1_000_000
"""Degree of what multiplies with every further character."""
_GLOBAL = re.compile(r"\(\?[aiLmsux]+\)")
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|<[=!]|[=!:>]|\(\w+\)|[aiLmsux]*(?:-[imsx]+)?:))?")
_BACK = re.compile(r"\(\?P=\w+\)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_TIMES = re.compile(r"\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\}")
_BLANK = re.compile(r"(?:\s|#[^\n]*|\(\?#[^)]*\))+")
_COMMENT = re.compile(r"(?:\(\?#[^)]*\))+")
"""What stands between an expression and its repetition, where blanks mean something and where not."""
_SCOPED = re.compile(r"\(\?[a-zA-Z-]*x[a-zA-Z-]*:")
"""Changes for a part what blanks mean."""

ENDLESS = "an expression that may take for ever to try: write it without repetitions in repetitions"
"""What it is, and how it is mended."""


class EndlessError(ValueError):
    """Whether an expression matches cannot be found out in a bounded time."""


class _Ways(Struct, frozen=True):
    """In how many ways something may match: ``factor`` times the length to the power ``degree``."""

    factor: int = 1
    degree: int = 0

    def then(self, other: _Ways) -> _Ways:
        return _Ways(self.factor * other.factor, self.degree + other.degree)

    def instead(self, other: _Ways) -> _Ways:
        return _Ways(self.factor + other.factor, max(self.degree, other.degree))

    def times(self, low: int, high: int | None) -> _Ways:
        """Return the ways of a repetition; the high end is None where it has none."""
        if self == _ONE:
            if high is None:
                return _Ways(1, 1)
            return _Ways(min(max(high - low, 0) + 1, _MOST))
        if high is None or high > _MOST_REPEATS:
            return _Ways(1, _NEVER)
        found = _Ways(1 + (high > low))
        for _ in range(high):
            found = found.then(self)
        return found


_ONE = _Ways()


class Expression:
    """A regular expression that is tried on texts of any length."""

    def __init__(self, written: str, *, whole: bool = False) -> None:
        """Compile it.

        Args:
            written: As the project has it.
            whole: Whether it has to match a text as a whole, and not just somewhere.

        Raises:
            re.error: It is none.
            EndlessError: It is too long or too deep to be looked into, or what blanks mean in it
                changes.
        """
        if len(written) > _LONGEST:
            raise EndlessError
        try:
            compiled = re.compile(written)
        except (OverflowError, RecursionError) as error:
            raise re.error(str(error)) from error
        self._match = compiled.fullmatch if whole else compiled.search
        ways = _Reader(written, verbose=bool(compiled.flags & re.VERBOSE)).ways()
        # It is tried from every place in the text: one power more.
        self._ways = ways if whole else ways.then(_Ways(1, 1))
        self._left = _MOST_IN_ALL

    def matches(self, text: str) -> bool:
        """Tell whether it matches a text.

        Raises:
            EndlessError: That could take too long.
        """
        degree = self._ways.degree
        if degree >= _NEVER:
            raise EndlessError
        tries = self._ways.factor * comb(len(text) + degree, degree)
        self._left -= tries
        if tries > _MOST or self._left < 0:
            raise EndlessError
        return self._match(text) is not None


class _Reader:
    """Goes through an expression that compiles, and counts ways."""

    def __init__(self, written: str, *, verbose: bool) -> None:
        self._written = written
        self._blank = _BLANK if verbose else _COMMENT
        self._at = 0
        self._depth = 0

    def ways(self) -> _Ways:
        return self._alternatives()

    def _alternatives(self) -> _Ways:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise EndlessError
        found = self._sequence()
        while self._is_at("|"):
            self._at += 1
            found = found.instead(self._sequence())
        self._depth -= 1
        return found

    def _sequence(self) -> _Ways:
        found = _ONE
        while self._at < len(self._written) and not self._is_at("|", ")"):
            if not self._skipped(_GLOBAL) and not self._skipped(self._blank):
                found = found.then(self._repeated(self._atom()))
        return found

    def _atom(self) -> _Ways:
        if self._skipped(_BACK) or self._skipped(_CLASS):
            return _ONE
        if self._skipped(_SCOPED):
            raise EndlessError
        if self._skipped(_OPENING):
            found = self._alternatives()
            self._at += 1
            return found
        self._at += 2 if self._is_at("\\") else 1
        return _ONE

    def _repeated(self, atom: _Ways) -> _Ways:
        self._skipped(self._blank)
        low, high = 0, None
        if self._is_at("*", "+"):
            self._at += 1
        elif self._is_at("?"):
            self._at += 1
            high = 1
        elif (found := _TIMES.match(self._written, self._at)) and found[0] != "{}":
            self._at = found.end()
            low = int(found["low"] or 0)
            high = int(found["high"]) if found["high"] else None if found["comma"] else low
        else:
            return atom
        # A lazy or a possessive one.
        self._at += self._is_at("?", "+")
        return atom.times(low, high)

    def _is_at(self, *signs: str) -> bool:
        return self._written.startswith(signs, self._at)

    def _skipped(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._written, self._at)
        if found is None:
            return False
        self._at = found.end()
        return True
