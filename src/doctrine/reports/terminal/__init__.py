"""``terminal``: the report that people read, as wide and as plain as their terminal.

Nothing here imports ``rich`` before something is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report section by section."""
    from doctrine.reports.terminal.body import sections

    return sections(report, canvas)


def _prepare() -> None:
    import_module("doctrine.reports.terminal.body")


FORMAT = Format(name="terminal", suffix=".txt", render=_render, prepare=_prepare, in_terminals=True)
