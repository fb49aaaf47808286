"""``gitlab``: what fails clauses, as the report of GitLab's Code Quality."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report in pieces, each issue on a line of its own."""
    # What renders needs the library that reads reports; naming the format does not.
    from doctrine.reports._gitlab import pieces

    return pieces(report, canvas.folder)


FORMAT = Format(name="gitlab", suffix=".json", render=_render)
