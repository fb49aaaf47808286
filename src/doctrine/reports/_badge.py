"""What a badge says: the verdict, so that its colour never promises more, and the grade."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from doctrine.model.outcome import Verdict
from doctrine.reports._shape import ReportV1
from doctrine.reports._text import number, visible

LABEL = "doctrine"


class Color(Struct, frozen=True, kw_only=True):
    """A colour, by the name that shields has for it and as it is drawn here.

    Attributes:
        name: A colour name of shields.
        hex: Dark enough for white text on it: a contrast of 4.5 or more (WCAG 2, AA).
    """

    name: str
    hex: str


COLORS: Mapping[Verdict, Color] = {
    Verdict.CONFORMANT: Color(name="brightgreen", hex="#2a7d2e"),
    Verdict.CONDITIONAL: Color(name="yellow", hex="#856a00"),
    Verdict.INDETERMINATE: Color(name="orange", hex="#ad5200"),
    Verdict.NON_CONFORMANT: Color(name="red", hex="#c2281f"),
}
GOOD = frozenset({Verdict.CONFORMANT, Verdict.CONDITIONAL})


def message(report: ReportV1) -> str:
    """Return the text on the right, such as ``conditional · B 86.2``.

    Args:
        report: Any report.
    """
    grade = report.grade
    if report.partial is not None:
        return f"{report.verdict.value} \N{MIDDLE DOT} partial run"
    words = [] if grade.letter is None else [visible(grade.letter)]
    if grade.score is not None:
        words.append(number(grade.score))
    if words and grade.provisional:
        words.append("provisional")
    return " \N{MIDDLE DOT} ".join(filter(None, (report.verdict.value, " ".join(words))))
