"""``json``: the whole report as ``doctrine.report/v1``, a published contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report in pieces, each list item on a line of its own."""
    # Decoding a report needs the library that encodes it; naming the format does not.
    from doctrine.reports._json import pieces

    del canvas
    return pieces(report)


FORMAT = Format(name="json", suffix=".json", render=_render)
