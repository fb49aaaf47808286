"""Writes GitLab's Code Quality report: the part of the Code Climate format that GitLab reads.

GitLab stops at the first entry that lacks ``description``, ``fingerprint``, ``severity`` or
``location``, shows one entry a fingerprint, and reads a plain JSON array without a byte order mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

import msgspec

from doctrine.model.guide import Level
from doctrine.reports._issues import Issue, is_security, issues, place_of, told
from doctrine.reports._json import array
from doctrine.reports._shape import ClauseV1, ReportV1
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


def pieces(report: ReportV1, folder: str) -> Iterator[str]:
    """Yield the report as a JSON array.

    Args:
        report: Any report.
        folder: The project's folder inside its repository.
    """
    severities: dict[str, Severity] = {clause.id: _severity(clause) for clause in report.clauses}
    ordered = sorted(issues(report), key=lambda one: (one.path, one.line, one.fingerprint))
    yield from array(_degradation(one, severities[one.clause.id], folder) for one in ordered)
    yield "\n"


def _degradation(issue: Issue, severity: Severity, folder: str) -> _Degradation:
    return _Degradation(
        description=sentence(told(issue), limit=_LONGEST),
        check_name=visible(f"{issue.clause.id}/{issue.rule}"),
        fingerprint=_fingerprint(issue, folder),
        severity=severity,
        location=_Location(
            path=visible(place_of(issue.path, folder)), lines=_Lines(begin=max(1, issue.line))
        ),
    )


def _fingerprint(issue: Issue, folder: str) -> str:
    """Return an id that no other project of the repository has: GitLab shows one entry for each."""
    if not folder:
        return visible(issue.fingerprint)
    own = f"{folder}\0{issue.fingerprint}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(own).hexdigest()[:16]


def _severity(clause: ClauseV1) -> Severity:
    if clause.level is Level.MUST and is_security(clause):
        return "blocker"
    return _SEVERITIES[clause.level]
