"""A page: lines of one width, laid out by rich, drained as text section by section."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from doctrine.model.outcome import Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._rule_docs import documentation
from doctrine.reports._shape import ReporterV1
from doctrine.reports._text import inert, sentence, visible
from doctrine.reports.terminal.ansi import ansi

NARROW = 60
"""Below this many columns labels stand above what they label."""
_NO_TERMINAL = 100
_LEAST = 24
_PROSE = 120
"""Columns after which a line of prose is hard to read."""
_PLACE = Style.parse("cyan")
_CODE = re.compile(r"`([^`]+)`")


class Marks(Struct, frozen=True, kw_only=True):
    """The signs of a page, in one cell each."""

    passed: str
    failed: str
    error: str
    unverified: str
    excepted: str
    idle: str
    rule: str
    full: str
    rest: str
    times: str
    more: str
    separator: str
    turns: str


UNICODE = Marks(
    passed="✓",
    failed="✗",
    error="!",
    unverified="?",
    excepted="≈",
    idle="·",
    rule="─",
    full="━",
    rest="─",
    times="\N{MULTIPLICATION SIGN}",
    more="…",
    separator="·",
    turns="→",
)
ASCII = Marks(
    passed="+",
    failed="x",
    error="!",
    unverified="?",
    excepted="~",
    idle="-",
    rule="-",
    full="#",
    rest=".",
    times="x",
    more="...",
    separator="|",
    turns="->",
)


def styled(text: str, style: str) -> Text:
    """Return text of a style that does not spread to what is appended to it."""
    return Text(end="").append(text, style=style)


class Page:
    """Collects laid-out lines until they are drained.

    Attributes:
        width: Columns of the page.
        narrow: Whether labels go above what they label.
        unicode: Whether more than ASCII may appear.
        color: Whether styles show.
        marks: The signs to use.
    """

    def __init__(self, canvas: Canvas, *, root: str = "") -> None:
        """Make an empty page.

        Args:
            canvas: What the page is shown on.
            root: Absolute folder that paths are relative to, for links.
        """
        self.width = max(_LEAST, canvas.width or _NO_TERMINAL)
        self.narrow = self.width < NARROW
        self.unicode = canvas.unicode
        self.marks = UNICODE if canvas.unicode else ASCII
        self.color = canvas.color
        self._links = canvas.links and canvas.color
        self._root = root.rstrip("/") if self._links else ""
        self._link = canvas.link
        self._buffer = io.StringIO()
        # The environment is not asked: the canvas has decided, and the same report on the same
        # canvas has to come out the same everywhere.
        self._console = Console(
            file=self._buffer,
            width=self.width,
            color_system="standard" if canvas.color else None,
            force_terminal=canvas.color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def drain(self) -> str:
        """Return what was written since the last time."""
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return inert(text)

    def plain(self, text: str, style: str = "") -> Text:
        """Return text from anywhere, made harmless."""
        return styled(visible(text, unicode=self.unicode), style)

    def prose(self, text: str, style: str = "", *, limit: int = 2000) -> Text:
        """Return a message as one harmless paragraph, code between backticks set off."""
        shown = sentence(text, unicode=self.unicode, limit=limit)
        if not self.color:
            return styled(shown, style)
        result = Text(end="")
        for index, part in enumerate(_CODE.split(shown)):
            result.append(part, style="cyan" if index % 2 else style)
        return result

    def place(self, path: str, line: int = 0, column: int = 0) -> Text:
        """Return a place as editors and terminals understand it, linked where that is welcome."""
        if path == ".":
            return styled("(project)", "cyan")
        words = visible(path, unicode=self.unicode)
        if line:
            words += f":{line}" + (f":{column}" if column else "")
        style = _PLACE
        if self._root:
            where = quote(f"{self._root}/{path}".encode("utf-8", "backslashreplace"))
            # No `format`: whoever wrote the template may have meant any other brace literally.
            url = self._link.replace("{line}", str(max(1, line)))
            url = url.replace("{column}", str(max(1, column))).replace("{path}", where)
            style = _PLACE + Style(link=url)
        return Text(end="").append(words, style=style)

    def mark(self, outcome: Outcome) -> str:
        """Return the sign of an outcome."""
        marks = self.marks
        signs = {
            Outcome.FAIL: marks.failed,
            Outcome.ERROR: marks.error,
            Outcome.UNVERIFIED: marks.unverified,
            Outcome.PASS: marks.passed,
            Outcome.NOT_APPLICABLE: marks.idle,
        }
        return signs.get(outcome, marks.excepted)

    def rules(self, reporters: Iterable[ReporterV1], style: str = "dim") -> Text:
        """Return who reported something, each linked to what documents the rule."""
        text = Text(end="")
        for one in reporters:
            text.append(", " if text.plain else "", style=style)
            shown = visible(f"{one.tool} {one.rule}", unicode=self.unicode)
            url = documentation(one.tool, one.rule) if self._links else ""
            text.append(shown, style=Style.parse(style) + Style(link=url) if url else style)
        return text

    def line(self, text: Text | str = "") -> None:
        """Write one line that is not broken, however long; spaces at its end are left out."""
        if isinstance(text, str):
            text = Text(text, end="")
        text.rstrip()
        if visible(text.plain, unicode=self.unicode) != text.plain:
            # Whoever wrote this line forgot ``plain`` or ``prose``; it is harmless all the same.
            text.plain = "".join(
                one if visible(one, unicode=self.unicode) == one else "?" for one in text.plain
            )
        line = ansi(text, self._console) if self.color else text.plain
        self._buffer.write(f"{line}\n")

    def paragraph(self, body: Text, lead: Text | str = "") -> None:
        """Write a paragraph behind a lead, its further lines indented by the lead's width."""
        first = Text(end="").append(lead)
        indent = cell_len(first.plain)
        if indent > self.width // 2:
            self.line(first)
            indent = 4
            first = Text(" " * indent, end="")
        room = max(8, min(self.width, _PROSE) - indent)
        for number, line in enumerate(body.wrap(self._console, room) or [Text()]):
            self.line(Text(end="").append(first if not number else " " * indent).append(line))

    def beside(self, picture: Sequence[Text], paragraphs: Iterable[Text]) -> None:
        """Write paragraphs to the right of a picture, whose rows all have one width."""
        wide = cell_len(picture[0].plain) + 3 if picture else 0
        room = max(8, min(self.width, _PROSE) - wide - 2)
        lines = [line for one in paragraphs for line in one.wrap(self._console, room)]
        for number in range(max(len(lines), len(picture))):
            row = Text("  ", end="")
            if picture:
                shown = number < len(picture)
                row.append(picture[number] if shown else " " * (wide - 3)).append("   ")
            self.line(row.append(lines[number]) if number < len(lines) else row)

    def entry(
        self, place: Text, body: Text, lead: Text | str = "", tail: Text | None = None
    ) -> None:
        """Write a place and what is there: on one line if both fit, else below each other.

        A place is never broken, so that it can be clicked. A tail stands at the end of the line, or
        beside the place where the rest goes below.
        """
        first = Text(end="").append(lead)
        indent = cell_len(first.plain)
        whole = Text(end="").append(first).append(place)
        for part in (body, tail):
            if part is not None and part.plain:
                whole.append("  ").append(part)
        if cell_len(whole.plain) <= self.width:
            self.line(whole)
            return
        first.append(place)
        if tail is not None and cell_len(first.plain) + cell_len(tail.plain) + 2 <= self.width:
            self.line(first.append("  ").append(tail))
        else:
            self.line(first)
            if tail is not None:
                body = Text(end="").append(body).append("  " if body.plain else "").append(tail)
        if body.plain:
            self.paragraph(body, " " * (indent + 2))

    def heading(self, title: str, note: str = "", style: str = "bold") -> None:
        """Write a heading over the whole width, after an empty line."""
        self.line()
        head = styled(title, style)
        if note:
            head.append(f"  {note}", style="dim")
        room = min(self.width, _PROSE) - cell_len(head.plain) - 1
        if room > 0:
            head.append(" " + self.marks.rule * room, style="dim")
        self.paragraph(head)

    def grid(self, cells: Iterable[Text], indent: int = 2) -> None:
        """Write short cells in as many columns as fit, read from left to right."""
        row = list(cells)
        if not row:
            return
        wide = max(cell_len(cell.plain) for cell in row) + 2
        fit = max(1, (min(self.width, _PROSE) - indent + 2) // wide)
        for start in range(0, len(row), fit):
            line = Text(" " * indent, end="")
            for cell in row[start : start + fit]:
                line.append(cell).append(" " * (wide - cell_len(cell.plain)))
            self.line(line)
