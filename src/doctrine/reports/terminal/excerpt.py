"""A piece of source with a span marked, in cells of a terminal. Pure.

Coordinates in: 1-based lines and columns, columns in code points, ends exclusive (a line whose last
code point belongs to the span ends one behind it). Out: text whose every code point has a known
width, so that the carets stand under what they mean in any terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from rich.cells import cell_len

from doctrine.reports._text import visible

_TAB = 4
"""Cells between tab stops; a terminal's eight would push the code out of sight."""
_TALLEST = 4
"""Lines of a span that are all shown; of a taller one, the first and the last."""
_LONGEST = 1_000
"""Code points of a line that are laid out whole; of a longer one, those around the span."""
_LEFT = 0.25
"""Share of the room that stays for what stands before the span, where a line is cut."""
_SELECTORS = range(0xFE00, 0xFE10)
"""Variation selectors: whether they widen the character before them is the terminal's choice."""
_MODIFIERS = range(0x1F3FB, 0x1F400)
"""Skin tones: whether they join the character before them is the terminal's choice."""


class Kind(StrEnum):
    """What a row of an excerpt is."""

    CODE = "code"
    """A line that the span touches."""
    CONTEXT = "context"
    """A line around it."""
    CARETS = "carets"
    """The marks under the line above."""
    GAP = "gap"
    """Stands for lines that are left out."""


class Span(Struct, frozen=True, kw_only=True):
    """What to mark; ``column`` 0 marks nothing."""

    line: int
    column: int
    end_line: int
    end_column: int


class Row(Struct, frozen=True, kw_only=True):
    """One row.

    Attributes:
        kind: What it is.
        number: Line number; 0 where the row is no line.
        edge: Where the row stands in a span of several lines: ``first``, ``inside``, ``last``.
        text: Its text, visible and of known width.
    """

    kind: Kind
    number: int = 0
    edge: str = ""
    text: str = ""


def excerpt(
    lines: Sequence[str], span: Span, *, room: int, unicode: bool = True, around: int = 0
) -> Iterator[Row]:
    """Yield the rows that show a span; none where the file has no such line.

    Args:
        lines: The file.
        span: What to mark.
        room: Cells for the text of a row.
        unicode: Whether more than ASCII can be shown.
        around: Lines before and after the span to show as well.
    """
    if not 1 <= span.line <= len(lines):
        return
    last = _last_line(lines, span)
    draw = _Draw(room=room, unicode=unicode)
    for number in range(max(1, span.line - around), span.line):
        yield Row(kind=Kind.CONTEXT, number=number, text=draw.start(lines[number - 1]))
    if last == span.line:
        yield from draw.single(lines[span.line - 1], span, whole=span.end_line > span.line)
    else:
        yield from draw.several(lines, span.line, last)
    for number in range(last + 1, min(last + around, len(lines)) + 1):
        yield Row(kind=Kind.CONTEXT, number=number, text=draw.start(lines[number - 1]))


def _last_line(lines: Sequence[str], span: Span) -> int:
    """Return the last line with something of the span.

    A span that ends at column 1 has nothing on its last line by the rules; but tools that know no
    columns say so as well. Blank lines at the end tell nobody anything.
    """
    last = min(max(span.line, span.end_line), len(lines))
    while last > span.line and not lines[last - 1].strip():
        last -= 1
    return last


class _Draw(Struct, frozen=True, kw_only=True):
    """Lays out lines in some room."""

    room: int
    unicode: bool

    def start(self, line: str) -> str:
        """Return the start of a line, cut where the room ends."""
        return self._cut(line, 0, 0)[0]

    def single(self, line: str, span: Span, *, whole: bool) -> Iterator[Row]:
        """Yield a line and the carets under it; to its end where the span goes on below."""
        column, end = span.column, 0 if whole else span.end_column
        if column == 1 and end == 1:
            # An empty span at the start means the line: whoever says so knows no columns.
            column, end = len(line) - len(line.lstrip()) + 1, 0
        text, offset, width = self._cut(line, column, end)
        yield Row(kind=Kind.CODE, number=span.line, text=text)
        if span.column:
            yield Row(kind=Kind.CARETS, text=" " * offset + "^" * width)

    def several(self, lines: Sequence[str], first: int, last: int) -> Iterator[Row]:
        """Yield the lines of a span that has several, or those at its ends."""
        tall = last - first + 1 > _TALLEST
        for number in range(first, last + 1):
            if tall and first < number < last:
                if number == first + 1:
                    yield Row(kind=Kind.GAP, edge="inside")
                continue
            edge = "first" if number == first else "last" if number == last else "inside"
            text = self.start(lines[number - 1])
            yield Row(kind=Kind.CODE, number=number, edge=edge, text=text)

    def _cut(self, line: str, column: int, end_column: int) -> tuple[str, int, int]:
        """Return a line cut to the room, and the first cell and the width of the span in it."""
        line = line.rstrip("\r\n")
        start = min(max(column, 1) - 1, len(line))
        end = len(line.rstrip()) if end_column == 0 else min(end_column - 1, len(line))
        end = max(end, start + 1)
        base = 0
        if len(line) > _LONGEST:
            base = max(0, start - self.room)
            line = line[base : start + 2 * self.room]
            start, end = start - base, min(end - base, len(line) + 1)
        cells = self._cells(line)
        ends = _sums(cells)
        total = ends[-1]
        first, stop = self._window(ends, start, end, more=base > 0)
        dots = "…" if self.unicode else "..."
        before = dots if first or base else ""
        after = dots if stop < len(cells) else ""
        text = before + "".join(cells[first:stop]) + after
        left = ends[first] - len(before)
        ended = ends[min(end, stop)] if end <= len(cells) else total + 1
        if end > stop and after:
            ended = ends[stop] + len(after)
        offset = ends[min(start, len(cells))] - left
        return text, offset, max(1, min(ended - left, self.room) - offset)

    def _window(self, ends: Sequence[int], start: int, end: int, *, more: bool) -> tuple[int, int]:
        """Return which code points to show, the span among them as far as it fits."""
        count, total = len(ends) - 1, ends[-1]
        dots = 1 if self.unicode else 3
        # One cell stays free for a caret behind the end of the line.
        if total < self.room and not more:
            return 0, count
        room = max(1, self.room - 2 * dots - 1)
        start = min(start, count)
        wide = ends[min(end, count)] - ends[start]
        margin = max(int(room * _LEFT), (room - wide) // 2) if wide < room else int(room * _LEFT)
        first = _back(ends, start, min(margin, room - 1))
        if not more and ends[start] <= int(room * (1 - _LEFT)) and ends[min(end, count)] <= room:
            first = 0
        stop = _ahead(ends, first, room)
        return (_back(ends, count, room) if stop == count else first), stop

    def _cells(self, line: str) -> list[str]:
        """Return each code point as it is shown."""
        if line.isascii() and line.isprintable():
            return list(line)
        cells: list[str] = []
        at = 0
        for one in line:
            if one == "\t":
                shown = " " * (_TAB - at % _TAB)
            elif " " <= one <= "~":
                shown = one
            else:
                shown = self._shown(one)
            cells.append(shown)
            at += cell_len(shown)
        return cells

    def _shown(self, one: str) -> str:
        code = ord(one)
        if code in _SELECTORS or code in _MODIFIERS:
            return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
        if unicodedata.category(one) in {"Zs", "Cn", "Co"} and one != " ":
            # A blank that is no blank, or what no font knows: neither shows what it is.
            return one.encode("unicode_escape").decode("ascii")
        return visible(one, unicode=self.unicode)


def _back(ends: Sequence[int], place: int, room: int) -> int:
    """Return the first code point from which no more than some cells lead up to a place."""
    first = place
    while first and ends[place] - ends[first - 1] <= room:
        first -= 1
    return first


def _ahead(ends: Sequence[int], place: int, room: int) -> int:
    """Return the last place that no more than some cells lead up to from another."""
    stop = place
    while stop < len(ends) - 1 and ends[stop + 1] - ends[place] <= room:
        stop += 1
    return stop


def _sums(cells: Sequence[str]) -> list[int]:
    """Return how many cells stand before each code point, and before the end."""
    sums = [0]
    for one in cells:
        sums.append(sums[-1] + (1 if len(one) == 1 and one <= "~" else cell_len(one)))
    return sums
