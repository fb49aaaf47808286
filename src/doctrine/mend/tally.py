"""What a report holds against each file, counted so that two reports can be compared.

Positions and texts change with every edit: what stays is how often a rule is violated in a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.report import FindingStatus, Report, ReportFinding
from doctrine.model.run import ToolStatus

_COUNTING = frozenset({FindingStatus.NEW, FindingStatus.BASELINE})
UNREAD = "unread"
BROKEN = "broken"


class Rule(Struct, frozen=True, order=True):
    """A rule of a tool."""

    tool: str
    name: str

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.tool}:{self.name}"


Tally = Mapping[tuple[str, Rule], int]
"""Findings that count, by path and rule."""


def counts(finding: ReportFinding) -> bool:
    """Return whether a finding can fail a clause: neither advice nor silenced nor waived."""
    return finding.severity is not Severity.INFO and finding.status in _COUNTING


def tally(report: Report) -> Tally:
    """Count what is wrong in each file, what a tool could not read or do included.

    Args:
        report: The report.
    """
    return Counter(_entries(report))


def _entries(report: Report) -> Iterator[tuple[str, Rule]]:
    for finding in report.findings:
        if counts(finding):
            for tool, rule in finding.traces:
                yield finding.location.path, Rule(tool, rule)
    for run in report.tools:
        if run.status not in {ToolStatus.OK, ToolStatus.SKIPPED}:
            yield PROJECT_PATH, Rule(run.name, BROKEN)
        for path in run.reading.unread:
            yield path, Rule(run.name, UNREAD)


def added(before: Tally, after: Tally) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules that are violated more often than before, by path.

    Args:
        before: Before any edit.
        after: After them.
    """
    found: dict[str, list[Rule]] = {}
    for (path, rule), number in sorted(after.items()):
        if number > before.get((path, rule), 0):
            found.setdefault(path, []).append(rule)
    return {path: tuple(rules) for path, rules in found.items()}


def lessened(before: Tally, after: Tally) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules that are violated less often than before, by path."""
    return added(after, before)
