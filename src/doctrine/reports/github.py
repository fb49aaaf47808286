"""``github``: annotations of a pull request, as workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield a command a line."""
    from doctrine.reports._annotations import pieces

    return pieces(report, canvas)


FORMAT = Format(name="github", suffix=".txt", render=_render)
