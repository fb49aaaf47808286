"""What became of a tool: whether it can be believed, and what it said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from doctrine.model.observation import Finding, Measurement, Support
from doctrine.model.replacing import replace


class ToolStatus(StrEnum):
    """Whether a tool's silence can be believed; only ``ok`` can."""

    OK = "ok"
    MISSING = "missing"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"
    """Not run, for the reason in the message; what depends on it is unverified."""


class Covers(StrEnum):
    """What a tool must prove to have read before its silence is believed."""

    ALL = "all"
    """Every source file that can be parsed."""
    CONFIGURED = "configured"
    """At least one source file; the project's configuration says which."""
    PROJECT = "project"
    """Something: configuration files, the lock file."""


class Origin(StrEnum):
    """Where a tool came from."""

    PROJECT = "project"
    """The project's own environment."""
    DOCTRINE = "doctrine"
    """The environment doctrine itself is installed in."""
    PATH = "path"


class Reading(Struct, frozen=True, kw_only=True):
    """What a tool's output says, once decoded.

    Attributes:
        findings: Defects.
        measurements: Numbers.
        supports: What speaks for rules (inspectors).
        analysed: Paths, relative to the root, that the tool is proven to have read.
        unread: Paths it was asked to read and could not, with the reason.
        excluded: How many Python files the project's own configuration keeps from the tool.
        missing_packages: Third-party imports that the tool could not resolve.
        undecided: Rules that could not be decided, with the reason and what would decide them:
            a check of such a rule is unverified unless the rule has findings.
        strays: Paths inside of the project of which it reports something, and that are none of its files.
        note: Something the reader of the report should know; empty if nothing.
    """

    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    supports: tuple[Support, ...] = ()
    analysed: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    excluded: int = 0
    missing_packages: tuple[str, ...] = ()
    undecided: Mapping[str, str] = field(default_factory=dict[str, str])
    strays: tuple[str, ...] = ()
    note: str = ""


class ToolRun(Struct, frozen=True, kw_only=True):
    """One tool's part in a check.

    Attributes:
        name: Tool name; unique in a report.
        version: Version of the tool, empty if unknown.
        origin: Where it came from.
        argv: The main command; empty for an inspector.
        status: Whether it can be believed.
        exit_code: Exit code of the main command.
        seconds: Wall time of all its commands together.
        cpu: CPU seconds of all its commands together; 0 where nobody knows.
        reading: What it said; empty unless the status is ``ok``.
        message: What went wrong, or why it was skipped, with what to do about it.
        covers: What it must prove to have read.
        program: The program it is, for people (``ruff`` for the run named ``ruff-guide``).
        cached: Whether the result came from the cache.
    """

    name: str
    version: str
    origin: Origin
    argv: tuple[str, ...] = ()
    status: ToolStatus = ToolStatus.OK
    exit_code: int | None = None
    seconds: float = 0.0
    cpu: float = 0.0
    reading: Reading = field(default_factory=Reading)
    message: str = ""
    covers: Covers = Covers.CONFIGURED
    program: str = ""
    cached: bool = False


def judged_run(run: ToolRun) -> ToolRun:
    """Return a run without what is merged and judged by now: it would be in memory twice.

    Args:
        run: A tool's part, of which the findings are those of the report.
    """
    return replace(run, reading=replace(run.reading, findings=(), measurements=(), supports=()))
