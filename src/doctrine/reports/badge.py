"""``badge``: the verdict and the grade as a small SVG picture that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the picture."""
    from doctrine.reports._svg import drawing

    del canvas
    yield drawing(report)


FORMAT = Format(name="badge", suffix=".svg", render=_render)
