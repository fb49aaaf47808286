"""Draws ``docs/report.svg``, the picture in the README: ``python -m docs.picture`` at the root.

The report is the one of the tests, so that the picture always shows what the program prints.
"""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from doctrine.model.report import Report
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports.discovery import formats
from tests.reports.build import a_report
from tests.reports.source import ACME

WIDTH = 100
_FONT_FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)
_BASE = [(40, 44, 52), (224, 92, 101), (126, 188, 92), (222, 178, 84)]
_REST = [(97, 160, 234), (198, 120, 221), (86, 182, 194), (200, 204, 212)]
THEME = TerminalTheme((24, 26, 31), (200, 204, 212), [*_BASE, *_REST], [*_BASE, *_REST])


def draw(report: Report, *, before: str = "") -> str:
    """Return a report as a picture of a terminal.

    Args:
        report: What to show.
        before: Heading of the first section to leave out; empty to show them all.
    """
    canvas = Canvas(width=WIDTH, color=True, unicode=True, sources=ACME)
    sections = list(formats()["terminal"].render(stored(report), canvas))
    cut = next((i for i, text in enumerate(sections) if before and before in text), len(sections))
    text = "".join(sections[:cut])
    console = Console(file=StringIO(), record=True, width=WIDTH, color_system="truecolor")
    console.print(Text.from_ansi(text.rstrip()))
    svg = console.export_svg(title="doctrine check .", theme=THEME, unique_id="report")
    # A picture in a repository must not send its readers to another host for a font.
    return _FONT_FACE.sub("", svg)


if __name__ == "__main__":
    svg = draw(a_report(), before="Could not be checked")
    target = Path(__file__).with_name("report.svg")
    target.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf-8")
