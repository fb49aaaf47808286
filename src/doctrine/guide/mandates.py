"""The sentences of a guide's text that carry a keyword of RFC 2119. Development only.

Keywords stand in bold in prose, before a colon that a list follows, or in comments of fenced
code; one may be broken over two lines (``**MUST`` / ``NOT**``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_KEYWORD = re.compile(
    r"\b(?:(?:MUST|SHALL|SHOULD)(?:\s+NOT)?|(?:NOT\s+)?RECOMMENDED|REQUIRED|MAY|OPTIONAL)\b"
)
_LEAD_IN = re.compile(r"\*\*(?P<keyword>[A-Z\s]+)\*\*:$|\b(?P<plain>[A-Z]+(?:\s+NOT)?):$")
_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_HEADING = re.compile(r"#{1,6}\s")
_COMMENT = re.compile(r"(?:#|//)\s*(?P<text>.*)$")
_END = re.compile(r"[.!?](?:\[\^\w+\])*[\"')*]*\s+(?=[\"'(*`]*[A-Z0-9])")


class Mandate(Struct, frozen=True, kw_only=True):
    """One keyword in one sentence.

    Attributes:
        keyword: The keyword, its words parted by one space.
        line: 1-based line the sentence starts on.
        end_line: 1-based line it ends on, inclusive.
        text: The sentence, white space normalised.
    """

    keyword: str
    line: int
    end_line: int
    text: str

    @property
    def digest(self) -> str:
        """``sha256:`` digest of the sentence."""
        return sentence_digest(self.text)


class _Line(Struct, frozen=True, kw_only=True):
    number: int
    text: str


class _Block(Struct, frozen=True, kw_only=True):
    """Lines that are read as one: a paragraph, a list item, a table row, a comment."""

    lines: tuple[_Line, ...]
    bullet: bool = False


def sentence_digest(sentence: str) -> str:
    """Return the digest of a sentence, whatever its white space."""
    normal = " ".join(sentence.split())
    return f"sha256:{hashlib.sha256(normal.encode()).hexdigest()}"


def mandates(text: str) -> tuple[Mandate, ...]:
    """Find every keyword in a guide.

    Args:
        text: The guide, as Markdown.

    Returns:
        One mandate for each keyword, in document order; a sentence with two keywords gives two.
        Each item of a list that a keyword and a colon introduce has that keyword.
    """
    found: list[Mandate] = []
    inherited = ""
    for block in _blocks(text):
        if not block.bullet:
            inherited = _lead_in(block)
            if inherited:
                continue
        elif inherited:
            found.append(_whole(block, inherited))
            continue
        found.extend(_in_sentences(block))
    return tuple(found)


def _blocks(text: str) -> Iterator[_Block]:
    pending: list[_Line] = []
    fence = ""
    bullet = False
    for number, raw in enumerate(text.split("\n"), start=1):
        if mark := _fence_mark(raw, fence):
            yield from _flush(pending, bullet=bullet)
            fence = "" if fence else mark
        elif fence:
            yield from _comment(number, raw)
        elif _breaks(raw):
            yield from _flush(pending, bullet=bullet)
            bullet = _BULLET.match(raw) is not None
            if raw.strip() and not _HEADING.match(raw):
                pending.append(_Line(number=number, text=_BULLET.sub("", raw, count=1)))
        else:
            bullet = bullet and bool(pending)
            pending.append(_Line(number=number, text=raw))
    yield from _flush(pending, bullet=bullet)


def _fence_mark(raw: str, fence: str) -> str:
    """Return the mark of a line that opens fenced code or closes the open one, else nothing."""
    mark = _FENCE.match(raw)
    return mark["mark"] if mark and (not fence or raw.strip().startswith(fence)) else ""


def _breaks(raw: str) -> bool:
    """Return whether a line cannot go on with the paragraph before it."""
    return bool(
        not raw.strip() or _HEADING.match(raw) or _BULLET.match(raw) or raw.lstrip().startswith("|")
    )


def _flush(pending: list[_Line], *, bullet: bool) -> Iterator[_Block]:
    if pending:
        yield _Block(lines=tuple(pending), bullet=bullet)
        pending.clear()


def _comment(number: int, raw: str) -> Iterator[_Block]:
    comment = _COMMENT.search(raw)
    if comment:
        yield _Block(lines=(_Line(number=number, text=comment["text"]),))


def _lead_in(block: _Block) -> str:
    found = _LEAD_IN.search(block.lines[-1].text.rstrip())
    if not found:
        return ""
    keyword = " ".join((found["keyword"] or found["plain"]).split())
    return keyword if _KEYWORD.fullmatch(keyword) else ""


def _whole(block: _Block, keyword: str) -> Mandate:
    return Mandate(
        keyword=keyword,
        line=block.lines[0].number,
        end_line=block.lines[-1].number,
        text=" ".join(" ".join(line.text for line in block.lines).split()),
    )


def _in_sentences(block: _Block) -> Iterator[Mandate]:
    text = "\n".join(line.text for line in block.lines)
    first = block.lines[0].number
    for start, end in _sentences(text):
        sentence = text[start:end]
        for keyword in _KEYWORD.finditer(sentence):
            yield Mandate(
                keyword=" ".join(keyword.group().split()),
                line=first + text.count("\n", 0, start),
                end_line=first + text.count("\n", 0, end),
                text=" ".join(sentence.split()),
            )


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for end in _END.finditer(text):
        yield start, len(text[: end.end()].rstrip())
        start = end.end()
    if text[start:].strip():
        yield start, len(text.rstrip())
