"""``pr-comment``: a short comment on a pull request, with the difference to its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the comment part by part."""
    from doctrine.reports._gfm.comment import pieces

    return pieces(report, canvas)


FORMAT = Format(name="pr-comment", suffix=".md", render=_render)
