"""Edits of a text, made without touching the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from doctrine.model.observation import Edit

Repair = tuple[Edit, ...]
"""Edits that belong together: all of them are made, or none."""

_BOM = b"\xef\xbb\xbf"
_LONE = re.compile(r"(?<!\r)\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Edited(Struct, frozen=True, kw_only=True):
    """A text after some repairs.

    Attributes:
        content: What it holds now.
        made: Places in the sequence of repairs of those that were made.
    """

    content: bytes
    made: tuple[int, ...] = ()


class _Span(Struct, frozen=True, order=True):
    """An edit in characters from the start of the text."""

    start: int
    end: int
    content: str


def edited(content: bytes, repairs: Sequence[Repair]) -> Edited:
    """Make as many repairs as do not touch each other, earlier ones first.

    What touches another is left for the next time, when its place is known anew. Two that do the
    same (a finding for each name of one statement) count as one.

    Args:
        content: A text in UTF-8; a byte order mark stays.
        repairs: The repairs.

    Returns:
        The text; unchanged where it is not UTF-8, or no repair fits it.
    """
    mark = _BOM if content.startswith(_BOM) else b""
    try:
        text = content[len(mark) :].decode("utf-8")
    except UnicodeDecodeError:
        return Edited(content=content)
    lines = _Lines(text)
    taken: list[_Span] = []
    made: list[int] = []
    for place, repair in enumerate(repairs):
        spans = lines.spans(repair)
        if spans is None:
            continue
        new = [one for one in spans if one not in taken]
        if not any(_touch(one, other) for one in new for other in taken):
            taken += new
            made.append(place)
    return Edited(content=mark + _spliced(text, taken).encode("utf-8"), made=tuple(made))


class _Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._crlf = "\r\n" in text and not _LONE.search(text)
        self._lengths = [len(line) for line in _LINE.findall(text)]
        self._starts = [0, *accumulate(self._lengths)]

    def spans(self, repair: Repair) -> tuple[_Span, ...] | None:
        """Return a repair's edits in order; None where it does not fit the text."""
        found: list[_Span] = []
        for edit in repair:
            start, end = self._at(edit.line, edit.column), self._at(edit.end_line, edit.end_column)
            if start is None or end is None or start > end:
                return None
            found.append(_Span(start, end, self._ended(edit.content)))
        found.sort()
        apart = all(one.end <= after.start for one, after in pairwise(found))
        return tuple(found) if found and apart else None

    def _ended(self, content: str) -> str:
        """Return a text with the line ends of a file that has Windows' only."""
        return _LONE.sub("\r\n", content) if self._crlf else content

    def _at(self, line: int, column: int) -> int | None:
        """Return a position; the one behind the last line is its end."""
        if not 1 <= line <= len(self._starts) or column < 1:
            return None
        start = self._starts[line - 1]
        length = self._lengths[line - 1] if line <= len(self._lengths) else 0
        return start + column - 1 if column - 1 <= length else None


def _touch(one: _Span, other: _Span) -> bool:
    """Return whether two edits have anything to do with the same place."""
    return one.start <= other.end and other.start <= one.end


def _spliced(text: str, spans: Iterable[_Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        pieces += (text[at : span.start], span.content)
        at = span.end
    return "".join((*pieces, text[at:]))
