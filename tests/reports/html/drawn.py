"""Pages to test: drawn of a report, with source lines where a test has some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from doctrine.model.report import Report
from doctrine.reports._format import NO_SOURCES, Canvas, Sources
from doctrine.reports._shape import ReportV1
from doctrine.reports._stored import stored
from doctrine.reports.discovery import formats


@dataclass(frozen=True)
class Lines:
    """Source lines of a test."""

    files: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def lines(self, path: str) -> Sequence[str]:
        return self.files.get(path, ())


class Everywhere:
    """Every file holds the same lines."""

    def __init__(self, *lines: str) -> None:
        self._lines = lines

    def lines(self, path: str) -> Sequence[str]:
        del path
        return self._lines


def page_of(
    report: Report | ReportV1, sources: Sources = NO_SOURCES, base: ReportV1 | None = None
) -> str:
    """Return a report as a page."""
    shown = stored(report) if isinstance(report, Report) else report
    return "".join(formats()["html"].render(shown, Canvas(sources=sources, base=base)))
