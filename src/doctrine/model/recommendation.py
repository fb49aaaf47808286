"""What a guide shows without a keyword: recommendations, and what became of them in a project."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from doctrine.model.guide import Condition, DeclaredCheck, FactCheck, GatePattern
from doctrine.model.observation import Evidence


class Expect(StrEnum):
    """What a setting has to be."""

    EQUALS = "equals"
    """The first of the values, as text."""
    AT_LEAST = "at-least"
    """A number no lower than the first of the values."""
    HAS = "has"
    """A list that holds all of the values."""
    SELECTS = "selects"
    """Rule selectors that take in all of the values."""
    SOURCES = "sources"
    """A list that names every source folder, or the packages in it."""
    FLOOR = "floor"
    """A Python version: the lowest that the project admits."""
    NOT_OFF = "not-off"
    """Anything but false."""


class SettingLook(Struct, frozen=True, kw_only=True):
    """Looks at a setting of a tool, where the tool really reads it.

    Attributes:
        tool: The tool.
        key: Dotted key inside the tool's configuration.
        expect: What it has to be.
        values: What it is compared with.
        unset_holds: Whether the tool's default is what is recommended.
    """

    tool: str
    key: str
    expect: Expect
    values: tuple[str, ...] = ()
    unset_holds: bool = False


class Where(StrEnum):
    """Who has to run a command."""

    ANY = "any"
    CI = "ci"
    HOOK = "hook"


class CommandLook(Struct, frozen=True, kw_only=True):
    """Looks for a command.

    Attributes:
        where: Who runs it.
        gates: Its shapes, the preferred one first.
    """

    where: Where
    gates: tuple[GatePattern, ...]


class FindingsLook(Struct, frozen=True, kw_only=True):
    """Counts findings, advice included; the fewer, the better.

    Attributes:
        tool: Name of the run.
        rules: Its rules.
    """

    tool: str
    rules: tuple[str, ...]


Look = SettingLook | CommandLook | FindingsLook | DeclaredCheck | FactCheck
"""Closed union of what a recommendation can be told by."""


class Recommendation(Struct, frozen=True, kw_only=True):
    """Something that a guide shows and does not demand.

    Attributes:
        id: Fixed id such as ``REC-RUFF-LEN``.
        line: 1-based line of the guide that shows it.
        clauses: Clauses it belongs to; empty where it belongs to none.
        statement: What is recommended, in doctrine's own words.
        remedy: The edit that follows it.
        remedy_at: The same with a place for the project's own folders, as a clause has it.
        condition: When it applies.
        about: Program that the project has to use for it to apply; empty if none.
        looks: What tells whether it is followed; all have to hold.
        unseen: Why nothing tells, where ``looks`` is empty.
    """

    id: str
    line: int
    clauses: tuple[str, ...]
    statement: str
    remedy: str
    condition: Condition
    about: str = ""
    looks: tuple[Look, ...] = ()
    unseen: str = ""
    remedy_at: str = ""


class AdviceState(StrEnum):
    """What became of a recommendation."""

    NOT_FOLLOWED = "not-followed"
    FOLLOWED = "followed"
    UNSEEN = "unseen"
    NOT_APPLICABLE = "not-applicable"


class Advice(Struct, frozen=True, kw_only=True):
    """A recommendation and what became of it; it never touches outcome, score or exit code.

    Attributes:
        recommendation: The recommendation.
        state: What became of it.
        detail: What was seen, in one sentence.
        evidence: Where.
        count: How many places do not follow it, where that can be counted.
    """

    recommendation: Recommendation
    state: AdviceState
    detail: str
    evidence: tuple[Evidence, ...] = ()
    count: int = 0
