"""Styled text as a terminal takes it; rich's own console takes ten times as long for a line."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.text import Text

_LINK_ID = re.compile(r"\x1b\]8;id=[^;]*;")
"""rich numbers its links at random; a report must come out the same every time."""


def ansi(text: Text, console: Console) -> str:
    """Return one line with its escape sequences.

    Args:
        text: A line of harmless text.
        console: Knows the names of the styles.
    """
    spans = text.spans
    if text.style or any(one.end > two.start for one, two in itertools.pairwise(spans)):
        return "".join(
            _rendered(segment.text, segment.style) if segment.style else segment.text
            for segment in text.render(console)
        )
    plain, parts, at = text.plain, list[str](), 0
    for span in spans:
        if span.start >= span.end:
            continue
        parts.append(plain[at : span.start])
        parts.append(_styled(plain[span.start : span.end], span.style))
        at = span.end
    parts.append(plain[at:])
    return "".join(parts)


def _styled(text: str, style: str | Style) -> str:
    if isinstance(style, Style):
        return _rendered(text, style)
    start, end = _codes(style)
    return f"{start}{text}{end}" if text else ""


@lru_cache(maxsize=256)
def _codes(style: str) -> tuple[str, str]:
    """Return what turns a style on and off."""
    start, _, end = _rendered("\0", Style.parse(style) if style else Style()).partition("\0")
    return start, end


def _rendered(text: str, style: Style) -> str:
    return _LINK_ID.sub("\x1b]8;;", style.render(text, color_system=ColorSystem.STANDARD))
