"""What a tool says: findings, measurements, and support for a rule that it saw."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

PROJECT_PATH = "."
"""Path of a finding about the project as a whole."""


class Severity(StrEnum):
    """How bad a finding is; ``info`` is advice and never fails a check."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(StrEnum):
    """Whether a fix can be applied without a person reading it."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Location(Struct, frozen=True, kw_only=True):
    """A span of a file.

    Attributes:
        path: POSIX path relative to the project root; ``.`` is the project itself.
        line: 1-based first line.
        column: 1-based first column, in characters.
        end_line: 1-based last line, inclusive.
        end_column: 1-based column after the last character, exclusive.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @staticmethod
    def point(path: str, line: int = 1, column: int = 1) -> Location:
        """Return the empty span at a place."""
        return Location(path=path, line=line, column=column, end_line=line, end_column=column)


class Evidence(Struct, frozen=True, kw_only=True):
    """A place that speaks for or against something.

    Attributes:
        path: POSIX path relative to the project root.
        line: 1-based line; 0 where the whole file is meant.
        detail: What is there.
    """

    path: str
    line: int
    detail: str


class Edit(Struct, frozen=True, kw_only=True):
    """A replacement of a span of text; an empty span is an insertion.

    Attributes:
        line: 1-based first line; lines end as Python's do, at CR, LF or both.
        column: 1-based first column, in characters.
        end_line: 1-based last line, inclusive.
        end_column: 1-based column after the last character, exclusive.
        content: What takes its place; a line feed becomes what ends the lines of the file.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    content: str


class Fix(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A repair that a tool offers.

    Attributes:
        applicability: Whether somebody has to read it.
        description: What it does, or the command that does it.
        edits: What it changes in the finding's own file; empty where nobody asked for it, or only
            a command can do it.
    """

    applicability: Applicability
    description: str
    edits: tuple[Edit, ...] = ()


class Finding(Struct, frozen=True, kw_only=True, tag="finding"):
    """One defect, as one tool reported it.

    Attributes:
        tool: Tool name.
        rule: The tool's rule (``S311``, ``no-untyped-def``, ``removed-module``).
        message: What is wrong.
        location: Where.
        severity: How bad.
        fix: The repair the tool offers, if any.
        symbol: The identifier it is about, if the tool says; used to merge reports.
        needs_environment: True when the finding may only exist because third-party packages
            are not installed where the tool looked.
    """

    tool: str
    rule: str
    message: str
    location: Location
    severity: Severity = Severity.ERROR
    fix: Fix | None = None
    symbol: str = ""
    needs_environment: bool = False


class Measurement(Struct, frozen=True, kw_only=True):
    """A number a tool measured; thresholds belong to clauses.

    Attributes:
        tool: Tool name.
        metric: Name of the metric.
        subject: What was measured (``Parser.parse``, ``project``).
        value: The number, in the metric's own unit.
        location: Where the subject is.
    """

    tool: str
    metric: str
    subject: str
    value: float
    location: Location


class Support(Struct, frozen=True, kw_only=True, tag="support"):
    """What an inspector saw that speaks for a rule: shown when the rule is not violated."""

    rule: str
    evidence: Evidence
