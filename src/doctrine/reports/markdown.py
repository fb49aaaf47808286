"""``markdown``: the compliance matrix as a document: every clause with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the document part by part."""
    from doctrine.reports._gfm.document import pieces

    return pieces(report, canvas)


FORMAT = Format(name="markdown", suffix=".md", render=_render)
