"""Source lines with what is meant marked, as they stand below a place."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from rich.text import Text

from doctrine.reports._format import Sources
from doctrine.reports.terminal.excerpt import Kind, Row, Span, excerpt
from doctrine.reports.terminal.page import Page, styled

_LEAST = 20
"""Cells for the source below which nothing can be recognised."""
_UNICODE: Mapping[str, str] = {"first": "┌ ", "inside": "│ ", "last": "└ "}
_ASCII: Mapping[str, str] = {"first": "/ ", "inside": "| ", "last": "\\ "}


class Quotes(Struct, frozen=True, kw_only=True):
    """Writes excerpts on a page.

    Attributes:
        page: Where.
        sources: The project's lines.
        around: Lines before and after a span that are shown as well.
    """

    page: Page
    sources: Sources
    around: int = 0

    def write(self, path: str, span: Span, indent: str, style: str = "red") -> bool:
        """Write the lines of a span, marked, and return whether there were any.

        Args:
            path: The file; ``.`` has no lines.
            span: What to mark.
            indent: Blanks before each row.
            style: Of the marks.
        """
        page = self.page
        if path in {"", "."} or span.line < 1:
            return False
        digits = len(str(span.end_line + self.around))
        room = page.width - len(indent) - digits - 5
        if room < _LEAST:
            return False
        lines = self.sources.lines(path)
        rows = list(excerpt(lines, span, room=room, unicode=page.unicode, around=self.around))
        bracketed = any(row.edge for row in rows)
        for row in rows:
            page.line(self._row(row, indent, digits, style, bracketed=bracketed))
        return bool(rows)

    def _row(self, row: Row, indent: str, digits: int, style: str, *, bracketed: bool) -> Text:
        unicode = self.page.unicode
        bar = "│" if unicode else "|"
        line = styled(f"{indent}{_number(row, unicode=unicode):>{digits}} {bar} ", "dim")
        if bracketed:
            line.append((_UNICODE if unicode else _ASCII).get(row.edge, "  "), style=style)
        if row.kind is Kind.CARETS:
            return line.append(row.text, style=f"bold {style}")
        if _is_gap(row) and not unicode:
            return line.append("...", style="dim")
        return line.append(row.text, style="dim" if row.kind is Kind.CONTEXT else "")


def _number(row: Row, *, unicode: bool) -> str:
    """Return what stands in the column of the line numbers."""
    if row.number:
        return str(row.number)
    return "⋮" if _is_gap(row) and unicode else ""


def _is_gap(row: Row) -> bool:
    return row.kind is Kind.GAP
