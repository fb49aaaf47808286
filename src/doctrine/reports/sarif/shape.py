"""The part of SARIF 2.1.0 that doctrine writes, under the names of the standard.

Sections are those of the OASIS standard. Everything without a value is left out, except where the
standard gives its absence another meaning.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["error", "warning", "note"]


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """What every part has in common."""


class Message(Part, frozen=True, kw_only=True):
    """Text for people (§3.11), or a multiformat message (§3.12)."""

    text: str
    markdown: str | None = None


class ArtifactLocation(Part, frozen=True, kw_only=True):
    """Where a file is (§3.4)."""

    uri: str
    uri_base_id: str


class Region(Part, frozen=True, kw_only=True):
    """Part of a file (§3.30): 1-based, and the end column is that after the last character."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class PhysicalLocation(Part, frozen=True, kw_only=True):
    """A region of a file (§3.29)."""

    artifact_location: ArtifactLocation
    region: Region


class Location(Part, frozen=True, kw_only=True):
    """Where a result is (§3.28)."""

    physical_location: PhysicalLocation


class Suppression(Part, frozen=True, kw_only=True):
    """Why a result does not count (§3.35)."""

    kind: Literal["inSource", "external"]
    status: Literal["accepted"]
    justification: str


class Fix(Part, frozen=True, kw_only=True):
    """A repair on offer, which only its tool can make: SARIF's own needs the changes."""

    applicability: str
    description: str


class ResultProperties(Part, frozen=True, kw_only=True):
    """What else is known of a result."""

    counts: bool
    clauses: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()
    about: Literal["project", "file"] | None = None
    fix: Fix | None = None


class Result(Part, frozen=True, kw_only=True):
    """One defect (§3.27)."""

    rule_id: str
    rule_index: int
    level: Level
    message: Message
    locations: tuple[Location, ...]
    partial_fingerprints: dict[str, str]
    suppressions: tuple[Suppression, ...]
    properties: ResultProperties


class Configuration(Part, frozen=True, kw_only=True):
    """How bad what a rule finds usually is (§3.50)."""

    level: Level


class RuleProperties(Part, frozen=True, kw_only=True):
    """What code scanning wants to know of a rule, and what the guide says of a clause."""

    tags: tuple[str, ...]
    problem_severity: str = msgspec.field(name="problem.severity")
    security_severity: str | None = msgspec.field(name="security-severity", default=None)
    section: str | None = None
    line: int | None = None


class Descriptor(Part, frozen=True, kw_only=True):
    """A rule, or a kind of notification (§3.49)."""

    id: str
    short_description: Message
    name: str | None = None
    full_description: Message | None = None
    help: Message | None = None
    default_configuration: Configuration | None = None
    properties: RuleProperties | None = None


class Reference(Part, frozen=True, kw_only=True):
    """Which rule, or kind of notification, is meant (§3.52)."""

    id: str
    index: int


class Notification(Part, frozen=True, kw_only=True):
    """Something about the run and not about the code (§3.58)."""

    level: Level
    message: Message
    descriptor: Reference
    associated_rule: Reference | None = None


class Invocation(Part, frozen=True, kw_only=True):
    """One run of the tool (§3.20)."""

    execution_successful: bool
    exit_code: int | None = None
    exit_code_description: str | None = None
    start_time_utc: str | None = None
    tool_execution_notifications: tuple[Notification, ...] = ()
    tool_configuration_notifications: tuple[Notification, ...] = ()


class Guide(Part, frozen=True, kw_only=True):
    """By what the project was judged."""

    id: str
    version: str
    digest: str


class Decided(Part, frozen=True, kw_only=True):
    """What became of a clause."""

    id: str
    outcome: str


class RunProperties(Part, frozen=True, kw_only=True):
    """What became of the project and of every clause."""

    verdict: str
    grade: str | None
    score: float | None
    assurance: float
    guide: Guide
    clauses: tuple[Decided, ...]
