"""A series for other programs: JSON and CSV."""

from __future__ import annotations

import csv
import io

from doctrine.cli.report.history.points import Point, Series
from doctrine.reports._csv import safe
from doctrine.reports._json import encoded
from doctrine.reports._shape import Base

SCHEMA = "doctrine.history/v1"


class HistoryV1(Base, frozen=True, kw_only=True):
    """A whole series; fields may be added, none removed or changed."""

    schema: str
    reports: tuple[Point, ...]
    unread: tuple[dict[str, str], ...]
    warnings: tuple[str, ...]


def in_json(series: Series) -> str:
    """Return the series as ``doctrine.history/v1``."""
    history = HistoryV1(
        schema=SCHEMA,
        reports=series.points,
        unread=tuple({"file": one.file, "reason": one.reason} for one in series.unread),
        warnings=series.warnings,
    )
    return f"{encoded(history)}\n"


def in_csv(series: Series) -> str:
    """Return a row a report; what a spreadsheet would take for a formula gets an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = list(Point.__struct_fields__)
    writer.writerow(names)
    for point in series.points:
        writer.writerow([_cell(getattr(point, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> object:
    return safe(value) if isinstance(value, str) else value
