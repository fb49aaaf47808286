"""``csv``: the compliance matrix for a spreadsheet, a row a clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the matrix row by row."""
    from doctrine.reports._csv import pieces

    return pieces(report, canvas)


FORMAT = Format(name="csv", suffix=".csv", render=_render)
