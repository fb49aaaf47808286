"""The places that a check's result names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest

from doctrine.model.observation import Evidence
from doctrine.model.report import ReportFinding

SHOWN = 5
"""Places that a check's evidence names; the findings themselves are all in the report."""


def places(findings: Iterable[ReportFinding]) -> tuple[Evidence, ...]:
    """Return the first places, by path and line; there may be very many."""
    return tuple(_place(finding) for finding in nsmallest(SHOWN, findings, key=_where))


def _where(finding: ReportFinding) -> tuple[str, int, int, str]:
    place = finding.location
    return place.path, place.line, place.column, finding.fingerprint


def _place(finding: ReportFinding) -> Evidence:
    where = finding.location
    return Evidence(path=where.path, line=where.line, detail=finding.message)


def reasons(told: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return the first of some files with what there is to say about each."""
    return tuple(Evidence(path=path, line=0, detail=told[path]) for path in sorted(told)[:SHOWN])


def change(paths: Sequence[str]) -> str:
    """Return the words for files that changed while they were judged."""
    first = min(paths)
    files = first if len(paths) == 1 else f"{len(paths):,} files, {first} among them,"
    return f"{files} changed while the project was judged: check again"
