"""Writes the XML of Checkstyle, which has no schema: what its own writer and its readers agree on.

Lines and columns are 1-based, and there is no end. A file that has no issue is not named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from doctrine.model.guide import Level
from doctrine.reports._issues import Issue, issues, place_of, told
from doctrine.reports._shape import ReportV1
from doctrine.reports._xml import DECLARATION, attribute

_SEVERITIES: Mapping[Level, str] = {
    Level.MUST: "error",
    Level.SHOULD: "warning",
    Level.MAY: "info",
}
_LONGEST = 1000
"""Characters of a message."""


def pieces(report: ReportV1, folder: str) -> Iterator[str]:
    """Yield the report, a file at a time.

    Args:
        report: Any report.
        folder: The project's folder inside its repository.
    """
    yield f'{DECLARATION}<checkstyle version="{attribute(report.doctrine.version)}">\n'
    for path, group in groupby(sorted(issues(report), key=_order), key=_file):
        name = attribute(place_of(path, folder))
        yield f'<file name="{name}">\n{"".join(map(_error, group))}</file>\n'
    yield "</checkstyle>\n"


def _file(issue: Issue) -> str:
    return place_of(issue.path, "")


def _order(issue: Issue) -> tuple[str, int, int, str]:
    return _file(issue), issue.line, issue.column, issue.fingerprint


def _error(issue: Issue) -> str:
    clause = issue.clause
    column = f' column="{issue.column}"' if issue.line > 0 and issue.column > 0 else ""
    return (
        f'<error line="{max(1, issue.line)}"{column} severity="{_SEVERITIES[clause.level]}"'
        f' message="{attribute(told(issue), limit=_LONGEST)}"'
        f' source="{attribute(_source(issue))}"/>\n'
    )


def _source(issue: Issue) -> str:
    """Return who says so: Jenkins takes what follows the last dot, and what is before, apart."""
    return f"doctrine.{issue.clause.id}.{issue.rule.replace('.', '-')}"
