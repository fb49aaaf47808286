"""Writes the compliance matrix as RFC 4180 has it, and as a spreadsheet can safely open it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from doctrine.reports._format import Canvas
from doctrine.reports._matrix import Place, Row, rows
from doctrine.reports._shape import AttestationV1, ReportV1, WaiverV1
from doctrine.reports._text import visible

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine. ``utf-8-sig`` reads it away."""
COLUMNS = (
    *("clause", "level", "section", "guide_line", "statement"),
    *("outcome", "verified", "by", "reason", "findings", "evidence"),
    *("points_lost", "on_record", "owner", "date", "expires", "days_left", "words"),
    *("outcome_without", "remedy"),
)
_FORMULA = frozenset(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""How a cell begins that a spreadsheet computes instead of showing it (OWASP, CSV Injection)."""
_PLACES = 50
"""Places in a cell: Excel shows at most 32,767 characters of one."""


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the matrix.

    Args:
        report: Any report.
        canvas: Whether more than ASCII can be written: the mark at the beginning is.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield (BOM if canvas.unicode else "") + buffer.getvalue()
    for row in rows(report):
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([one if isinstance(one, int | float) else safe(one) for one in _cells(row)])
        yield buffer.getvalue()


def _cells(row: Row) -> tuple[str | int | float, ...]:
    clause = row.clause
    return (
        clause.id,
        clause.level.value,
        clause.section,
        clause.line,
        clause.statement,
        clause.outcome.value,
        row.verified,
        row.by,
        clause.reason,
        row.findings,
        _evidence(row.places),
        clause.points_lost,
        *_excuse(row.excuse),
        clause.remedy,
    )


def _excuse(excuse: WaiverV1 | AttestationV1 | None) -> tuple[str | int, ...]:
    if excuse is None:
        return ("",) * 7
    waived = isinstance(excuse, WaiverV1)
    return (
        "waiver" if waived else "attestation",
        excuse.owner,
        excuse.date,
        excuse.expires,
        excuse.days_left,
        excuse.reason if isinstance(excuse, WaiverV1) else excuse.statement,
        excuse.outcome_without.value,
    )


def _evidence(places: tuple[Place, ...]) -> str:
    shown = [f"{one.path}:{one.line}" if one.line else one.path for one in places[:_PLACES]]
    more = len(places) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def safe(text: str) -> str:
    """Return text that is one visible line, and no formula.

    Args:
        text: Anything.
    """
    shown = visible(text)
    return f"'{shown}" if text[:1] in _FORMULA and text else shown
