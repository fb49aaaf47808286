"""``checkstyle``: what fails clauses, as the XML that Checkstyle made common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, a file at a time."""
    # What renders needs the library that reads reports; naming the format does not.
    from doctrine.reports._checkstyle import pieces

    return pieces(report, canvas.folder)


FORMAT = Format(name="checkstyle", suffix=".xml", render=_render)
