"""The compliance matrix in Markdown: a table for each section of the guide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.model.outcome import Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._gfm.head import MARKS
from doctrine.reports._gfm.text import code, header, place, prose, row
from doctrine.reports._matrix import Row, by_section
from doctrine.reports._shape import ReportV1

_PLACES = 3
"""Places in a cell; the rest is counted."""
_TITLES = ("Clause", "Level", "Outcome", "How verified", "By what", "Evidence", "On record")


def sections(report: ReportV1, canvas: Canvas, level: int) -> Iterator[str]:
    """Yield the matrix, a section at a time.

    Args:
        report: Any report.
        canvas: Knows where places lead.
        level: Of the headings.
    """
    for name, found in by_section(report).items():
        yield "".join(_section(name, found, canvas, level))


def _section(name: str, found: Iterable[Row], canvas: Canvas, level: int) -> Iterator[str]:
    yield f"{'#' * level} {prose(name) or 'Without a section'}\n\n"
    yield header(_TITLES)
    for one in found:
        yield row(_cells(one, canvas))
    yield "\n"


def _cells(one: Row, canvas: Canvas) -> tuple[str, ...]:
    clause = one.clause
    return (
        f"{code(clause.id)} {prose(clause.statement)}".strip(),
        clause.level.value,
        f"{MARKS[clause.outcome]} {clause.outcome.value}",
        prose(one.verified, limit=200),
        prose(one.by, limit=200),
        _evidence(one, canvas),
        _on_record(one),
    )


def _evidence(one: Row, canvas: Canvas) -> str:
    places = [each for each in one.places if each.path not in {"", "."}]
    shown = ", ".join(place(canvas, each.path, each.line) for each in places[:_PLACES])
    more = len(places) - _PLACES
    if more > 0:
        shown += f" and {more:,} more"
    # A reason that does not apply names everything that was looked for.
    reason = prose(one.clause.reason, limit=160 if _idle(one) else 300)
    return ": ".join(filter(None, (reason, shown)))


def _idle(one: Row) -> bool:
    return one.clause.outcome is Outcome.NOT_APPLICABLE


def _on_record(one: Row) -> str:
    excuse = one.excuse
    if excuse is None:
        return ""
    kind = "waived" if one.clause.waiver else "attested"
    return f"{kind} by {prose(excuse.owner)} until {prose(excuse.expires)}, {excuse.days_left:,} days left"
