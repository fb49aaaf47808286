"""The compliance matrix as a document: the answer, what is open, and every clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.reports._format import Canvas
from doctrine.reports._gfm.head import (
    counts_table,
    excuses_table,
    judged_line,
    open_clauses,
    open_table,
    problems_list,
    title,
    tools_table,
    verdict_line,
)
from doctrine.reports._gfm.matrix import sections
from doctrine.reports._gfm.text import prose
from doctrine.reports._shape import ReportV1


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the document.

    Args:
        report: Any report.
        canvas: Knows where places lead.
    """
    subject = prose(
        f"{report.project.name or 'the project'}: {report.guide.title or report.guide.id}"
    )
    yield title(canvas, f"Compliance of {subject}")
    yield verdict_line(report)
    yield judged_line(report)
    yield from counts_table(report)
    waiting = open_clauses(report)
    yield from _part(canvas, "What is open", open_table(waiting) if waiting else ())
    yield from _part(canvas, "Waivers and attestations", excuses_table(report))
    yield from _part(canvas, "Compliance matrix", sections(report, canvas, 3))
    yield from _part(canvas, "Tools", tools_table(report))
    yield from _part(canvas, "Problems", problems_list(report))


def _part(canvas: Canvas, name: str, content: Iterable[str]) -> Iterator[str]:
    """Yield a part with its heading; nothing where it is empty."""
    for index, piece in enumerate(content):
        if not index:
            yield title(canvas, name, 2)
        yield piece
