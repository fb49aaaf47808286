"""Writes GitLab's Code Quality report: the part of the Code Climate format that GitLab reads.

GitLab stops at the first entry that lacks ``description``, ``fingerprint``, ``severity`` or
``location``, shows one entry a fingerprint, and reads a plain JSON array without a byte order mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from doctrine.model.guide import Level
from doctrine.reports._issues import Issue, is_security, issues, place_of
from doctrine.reports._json import array
from doctrine.reports._shape import ReportV1
from doctrine.reports._text import sentence, visible

Severity = Literal["info", "minor", "major", "critical", "blocker"]

_LONGEST = 1000
"""Characters of a description."""
_SEVERITIES: dict[Level, Severity] = {
    Level.MUST: "critical",
    Level.SHOULD: "major",
    Level.MAY: "minor",
}


class _Lines(msgspec.Struct, frozen=True):
    begin: int


class _Location(msgspec.Struct, frozen=True):
    path: str
    lines: _Lines


class _Degradation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, with the keys that the format requires."""

    description: str
    check_name: str
    fingerprint: str
    severity: Severity
    location: _Location


def pieces(report: ReportV1) -> Iterator[str]:
    """Yield the report as a JSON array.

    Args:
        report: Any report.
    """
    ordered = sorted(issues(report), key=lambda one: (one.path, one.line, one.fingerprint))
    yield from array(map(_degradation, ordered))
    yield "\n"


def _degradation(issue: Issue) -> _Degradation:
    return _Degradation(
        description=sentence(f"{issue.clause.id}: {issue.message}", limit=_LONGEST),
        check_name=visible(f"{issue.clause.id}/{issue.rule}"),
        fingerprint=visible(issue.fingerprint),
        severity=_severity(issue),
        location=_Location(
            path=visible(place_of(issue.path)), lines=_Lines(begin=max(1, issue.line))
        ),
    )


def _severity(issue: Issue) -> Severity:
    clause = issue.clause
    if clause.level is Level.MUST and is_security(clause):
        return "blocker"
    return _SEVERITIES[clause.level]
