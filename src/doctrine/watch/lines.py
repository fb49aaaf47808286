"""Lines of styled text, which the edge draws in colour or without. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from doctrine.reports._text import sentence, visible


class Style(StrEnum):
    """What a piece of text means."""

    PLAIN = "plain"
    BOLD = "bold"
    DIM = "dim"
    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


class Span(Struct, frozen=True):
    """Text in one style; nothing in it steers a terminal."""

    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]


def span(text: str, style: Style = Style.PLAIN) -> Span:
    """Return text that may have come from anywhere."""
    return Span(visible(text), style)


def prose(text: str, style: Style = Style.PLAIN, *, limit: int = 240) -> Span:
    """Return a message as one line, cut where it is long."""
    return Span(sentence(text, limit=limit), style)


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(one.text for one in line)
