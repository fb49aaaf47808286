"""``compact``: a short text with stable ids, for agents and for whoever pays by the word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, clause by clause."""
    from doctrine.reports._compact import pieces
    from doctrine.reports._text import inert

    return map(inert, pieces(report, canvas))


FORMAT = Format(name="compact", suffix=".txt", render=_render, in_terminals=True)
