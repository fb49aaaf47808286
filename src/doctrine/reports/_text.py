"""Words and numbers for people, with everything that came from outside made harmless."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = re.compile(r"[\x20-\x7e]*\Z")
_NEWLINES = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_TRANSLITERATED = str.maketrans(
    {
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{NO-BREAK SPACE}": " ",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{MIDDLE DOT}": "|",
    }
)
_ORDER = re.compile(r"^([^\S\n]*):(?=:)|#(?=#\[)", re.MULTILINE)
_FEW = 40
"""Characters that are shown beyond a limit, since to say that they are cut takes as many."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that steer a terminal, reorder the line, or show nothing at all."""


def visible(text: str, *, unicode: bool = True) -> str:
    r"""Return text that shows on one line exactly what it contains.

    A file name may hold an escape sequence, a newline, a right-to-left override, or bytes that
    are no text; printed as they are, they would forge a line of the report.

    Args:
        text: Anything.
        unicode: Whether characters outside ASCII can be shown.

    Returns:
        The text with such characters written as ``\x1b``, ``\u202e`` and the like.
    """
    if _PLAIN.match(text) or (unicode and text.isprintable()):
        # Nothing printable is of the categories that are unseen, and this takes no look at each.
        return text
    if not unicode:
        text = text.translate(_TRANSLITERATED)
    return "".join(
        one
        if " " <= one <= "~" or (unicode and unicodedata.category(one) not in _UNSEEN)
        else _escaped(one)
        for one in text
    )


def sentence(text: str, *, unicode: bool = True, limit: int = 400) -> str:
    """Return a message as one visible line.

    Args:
        text: A message, which tools like to break into lines.
        unicode: Whether characters outside ASCII can be shown.
        limit: Most characters to show, give or take a few words; what is cut is counted.
    """
    text = text.strip()
    if len(text) <= limit + _FEW:
        limit = len(text)
    line = text[:limit]
    if "\n" in line or "\r" in line:
        line = _NEWLINES.sub(" ", line)
    line = visible(line, unicode=unicode)
    more = len(text) - limit
    return f"{line} [{more:,} more characters]" if more > 0 else line


def inert(lines: str) -> str:
    """Return lines that no CI runner obeys: what would be an order begins with a visible escape.

    GitHub's runner obeys a line of a step's output that begins with ``::``, and ``##[`` anywhere in
    one. Broken into lines, a message can begin one with whatever it contains.

    Args:
        lines: Whole lines of a report.
    """
    if "::" not in lines and "##[" not in lines:
        return lines
    return _ORDER.sub(lambda at: r"\x23" if at[1] is None else rf"{at[1]}\x3a", lines)


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return ``1 file``, ``3,912 files``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def number(value: float) -> str:
    """Return a percentage or a number of points: one decimal, and none where it is zero."""
    return f"{value:.1f}".removesuffix(".0")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
