"""``html``: the report as one page that needs no other file, no network, and no script to be read.

Nothing here imports ``jinja2`` before something is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the page from its top to its end."""
    from doctrine.reports.html.page import pieces

    return pieces(report, canvas)


def _prepare() -> None:
    import_module("doctrine.reports.html.page")


FORMAT = Format(name="html", suffix=".html", render=_render, prepare=_prepare)
