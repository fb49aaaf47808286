"""``shields``: what the endpoint badge of shields.io reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield one JSON object: https://shields.io/badges/endpoint-badge."""
    import json

    from doctrine.reports._badge import COLORS, GOOD, LABEL, message

    del canvas
    badge = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": message(report),
        "color": COLORS[report.verdict].name,
        # Keeps the address of the badge from giving it another colour.
        "isError": report.verdict not in GOOD,
    }
    yield json.dumps(badge, indent=2) + "\n"


FORMAT = Format(name="shields", suffix=".json", render=_render)
