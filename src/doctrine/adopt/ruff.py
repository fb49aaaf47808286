"""``[tool.ruff]``: the rules of the guide where the project chose none; nothing hollowed out."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.changes import Asked, Change, Keys, Op, Value
from doctrine.adopt.edits import Section
from doctrine.adopt.situation import Code, Situation, code_of
from doctrine.adopt.tables import Data
from doctrine.documents import strings, table
from doctrine.inspect._ruff_weak import BASIC

_ASKED = Asked(section=Section.RUFF, table=("tool", "ruff"))
_SELECT = (
    "E", "F", "W", "I", "UP", "B", "C4", "SIM", "S", "N", "D", "ANN", "RUF",
    "ASYNC", "C90", "PLE", "TID",
)  # fmt: skip
"""The guide's families, and those without which clauses of it go unlinted (blocking calls in
coroutines, complexity, certain errors, imports)."""
_IN_TESTS = ("S101", "S105", "S106", "D", "ANN")
_IGNORED = ("E501",)
"""The formatter decides on length; what it leaves is a long string or comment."""
_MOST_COMPLEX = 10
_LENGTH = 100
_BLACK = 88
"""Characters of a line that black and ruff lay out, where nobody says another number."""
_FORMAT = ("ruff", "format")
_CHOOSING = ("select", "extend-select", "extend")
"""Keys by which a project chose its rules, or left that to another file."""


def ruff_changes(data: Data, situation: Situation) -> Iterator[Change]:
    """Yield what ruff's table lacks.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    ruff = table(data, "tool", "ruff")
    code = code_of(situation.project)
    if not ruff:
        rows, why = first_rows(data, situation)
        yield from _ASKED.rows(rows, why)
    yield from _weak(ruff)
    lint = table(ruff, "lint")
    if not any(key in settings for settings in (ruff, lint) for key in _CHOOSING):
        wanted = {
            keys: value
            for keys, value in _rules(code).items()
            if keys[-1] not in table(ruff, *map(str, keys[:-1]))
        }
        why = "the rules that the guide shows, complexity above 10 among them"
        yield from _ASKED.rows(wanted, why, "CPX001", "LNT001")


def first_rows(data: Data, situation: Situation) -> tuple[dict[Keys, Value], str]:
    """Return the keys that a new table begins with, and why the lines are that long.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    code = code_of(situation.project)
    length, why = _length(data, situation)
    rows: dict[Keys, Value] = {("line-length",): length}
    if code.roots:
        rows["src",] = code.everything
    return rows, why


def _length(data: Data, situation: Situation) -> tuple[int, str]:
    """Return how long lines are, and why: as black lays them out already, where it does."""
    length = black_length(data, situation)
    if length is not None:
        return length, "the line length that black has"
    if any(one.argv[:2] == _FORMAT for one in situation.project.automation.commands):
        return _BLACK, "the line length that ruff's formatter has used so far"
    return _LENGTH, "the line length that the guide shows"


def black_length(data: Data, situation: Situation) -> int | None:
    """Return how long black lets lines be; None where nothing uses it.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    black = table(data, "tool", "black")
    project = situation.project
    used = bool(black) or any(one.name == "black" for one in project.dependencies)
    if not (used or any(one.argv[:1] == ("black",) for one in project.automation.commands)):
        return None
    length = black.get("line-length")
    return length if isinstance(length, int) else _BLACK


def _rules(code: Code) -> dict[Keys, Value]:
    rows: dict[Keys, Value] = {("lint", "select"): _SELECT, ("lint", "ignore"): _IGNORED}
    for pattern in code.test_patterns:
        rows["lint", "per-file-ignores", pattern] = _IN_TESTS
    rows["lint", "pydocstyle", "convention"] = "google"
    rows["lint", "mccabe", "max-complexity"] = _MOST_COMPLEX
    return rows


def _weak(ruff: Data) -> Iterator[Change]:
    """Yield the end of settings without which ruff checks nothing."""
    above: Keys
    for above in ((), ("lint",)):
        settings = table(ruff, *map(str, above))
        if settings.get("select") == [] and not strings(settings.get("extend-select")):
            why = "`select = []` leaves ruff without a rule: the guide's take its place"
            yield _ASKED.do(Op.SET, (*above, "select"), _SELECT, why, "LNT001")
        for key in ("ignore", "extend-ignore"):
            basic = tuple(one for one in strings(settings.get(key)) if one in BASIC)
            if basic:
                why = (
                    f"`{key}` takes out {', '.join(basic)}, which is what ruff has always checked; "
                    "name the single rules that do not fit"
                )
                yield _ASKED.do(Op.DROP, (*above, key), basic, why, "LNT001")
