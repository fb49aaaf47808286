"""``sarif``: findings by the clause that they fail, as SARIF 2.1.0.

From a report to a log: ``results`` orders and cuts what was found, ``rules`` describes clauses and
tools' rules, ``notes`` says what nobody could decide, ``places`` knows URIs and regions, and ``log``
writes it all in the ``shape`` of the standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the log, each result on a line of its own."""
    # What renders needs the library that reads reports; naming the format does not.
    from doctrine.reports.sarif.log import pieces

    return pieces(report, canvas.folder, whole=True)


FORMAT = Format(name="sarif", suffix=".sarif", render=_render)
