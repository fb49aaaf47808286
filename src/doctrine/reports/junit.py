"""``junit``: a test case for each clause, as the XML that JUnit made common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, a test case at a time."""
    # What renders needs the library that reads reports; naming the format does not.
    from doctrine.reports._junit import pieces

    del canvas
    return pieces(report)


FORMAT = Format(name="junit", suffix=".xml", render=_render)
