"""Draws the badge: two fields with text, in a font that machines have."""

from __future__ import annotations

from doctrine.reports._badge import COLORS, LABEL, message
from doctrine.reports._shape import ReportV1
from doctrine.reports._xml import attribute, content

_SIZE = 11
"""Pixels of the font."""
_UNITS = 2048
"""Units of the em that the widths below are in."""
_PADDING = 6
"""Pixels between a text and the edge of its field."""
_HEIGHT = 20
_ROUND = 3
"""Pixels of the radius of a corner."""
_ARC = f"a{_ROUND} {_ROUND} 0 0 1 "
_SIDE = _HEIGHT - 2 * _ROUND
_LEFT_END = f"{_ARC}-{_ROUND} -{_ROUND}v-{_SIDE}{_ARC}{_ROUND} -{_ROUND}"
_RIGHT_END = f"{_ARC}{_ROUND} {_ROUND}v{_SIDE}{_ARC}-{_ROUND} {_ROUND}"
"""The ends of the badge, the left one upwards. A clip path would do, but for its id: two badges in one
page would have the same, and the first would clip the second."""
_LABEL_COLOR = "#444"
_FONT = "Verdana,Geneva,DejaVu Sans,sans-serif"
_LONGEST = 80
"""Characters of a text that came from nowhere we know."""
_WIDE = 1700
"""Width of a character that is not below: rather too wide, since text is stretched to fit."""
_WIDTHS = {
    **dict.fromkeys("0123456789", 1302),
    **dict.fromkeys(" f", 720),
    **dict.fromkeys(".,\N{MIDDLE DOT}", 745),
    **dict.fromkeys("bdgpq", 1276),
    **dict.fromkeys("hnu", 1296),
    **dict.fromkeys("kvxy", 1212),
    **dict.fromkeys("il", 562),
    **dict.fromkeys("cs", 1067),
    **dict.fromkeys("-", 930),
    **dict.fromkeys("ABC", 1420),
    **dict.fromkeys("ae", 1230),
    "D": 1578,
    "F": 1177,
    "j": 705,
    "m": 1992,
    "o": 1243,
    "r": 874,
    "t": 807,
    "w": 1676,
    "z": 1076,
}
"""Advance widths of Verdana, near enough, for what our own texts are made of."""


def drawing(report: ReportV1) -> str:
    """Return the badge as SVG.

    Args:
        report: Any report.
    """
    words = message(report)[:_LONGEST]
    color = COLORS[report.verdict].hex
    left, right = (_width(text) + 2 * _PADDING for text in (LABEL, words))
    wide = left + right
    guide = report.guide
    subject = f"{guide.title or guide.id} {guide.version}"[:_LONGEST]
    title = attribute(f"{LABEL}: {words} ({subject})")
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{_HEIGHT}" \
viewBox="0 0 {wide} {_HEIGHT}" role="img" aria-label="{title}">
<title>{title}</title>
<linearGradient id="doctrine-shine" x2="0" y2="100%">
<stop offset="0" stop-color="#fff" stop-opacity=".08"/>
<stop offset="1" stop-opacity=".08"/>
</linearGradient>
<path d="M{left} 0v{_HEIGHT}h-{left - _ROUND}{_LEFT_END}z" fill="{_LABEL_COLOR}"/>
<path d="M{left} 0h{right - _ROUND}{_RIGHT_END}H{left}z" fill="{color}"/>
<rect width="{wide}" height="{_HEIGHT}" rx="{_ROUND}" fill="url(#doctrine-shine)"/>
<g fill="#fff" text-anchor="middle" font-family="{_FONT}" font-size="{_SIZE}" aria-hidden="true">
{_text(LABEL, 0, left)}
{_text(words, left, right)}
</g>
</svg>
"""


def _text(text: str, start: int, wide: int) -> str:
    """Return a text in the middle of its field, stretched where the font is another."""
    return (
        f'<text x="{start + wide / 2:g}" y="14" textLength="{wide - 2 * _PADDING}" '
        f'lengthAdjust="spacingAndGlyphs">{content([text])}</text>'
    )


def _width(text: str) -> int:
    """Return how wide a text is, in whole pixels."""
    return round(sum(_WIDTHS.get(one, _WIDE) for one in text) * _SIZE / _UNITS)
