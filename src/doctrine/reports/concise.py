"""``concise``: a finding a line, for logs, for editors, and for ``grep``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, some lines at a time."""
    from doctrine.reports._concise import pieces
    from doctrine.reports._text import inert

    return map(inert, pieces(report, canvas))


FORMAT = Format(name="concise", suffix=".txt", render=_render, in_terminals=True)
