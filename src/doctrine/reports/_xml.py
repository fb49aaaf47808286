"""Text in XML 1.0, which cannot carry every character, not even escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from doctrine.reports._text import sentence, visible

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NONCHARACTERS = re.compile("[\ufffe\uffff]")
_QUOTES = {'"': "&quot;"}


def attribute(text: str, *, limit: int = 0) -> str:
    """Return text as it stands between the quotes of an attribute.

    Args:
        text: Anything.
        limit: Most characters to show, in one sentence; 0 shows all, newlines as escapes.
    """
    line = sentence(text, limit=limit) if limit else visible(text)
    return escape(_possible(line), _QUOTES)


def content(lines: Iterable[str]) -> str:
    """Return lines as the text of an element; ``]]>`` is no end of anything in it.

    Args:
        lines: Lines that were made visible; anything else in them is made so.
    """
    return "\n".join(escape(_possible(visible(line))) for line in lines)


def _possible(line: str) -> str:
    return _NONCHARACTERS.sub(lambda found: rf"\u{ord(found[0]):04x}", line)
