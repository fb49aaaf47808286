"""A series as one page: a chart of the score, and everything in it as a table."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup
from msgspec import Struct

from doctrine.cli.report.history.points import Point, Series
from doctrine.reports.html.template import environment, resource

_WIDTH, _HEIGHT = 720.0, 240.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 44.0, 12.0, 12.0, 28.0
_BOUNDS = (("A", 90), ("B", 80), ("C", 65), ("D", 50))


class Dot(Struct, frozen=True, kw_only=True):
    """A report in the chart, in units of the picture."""

    x: float
    y: float
    point: Point


class Chart(Struct, frozen=True, kw_only=True):
    """The picture.

    Attributes:
        width: Of the whole.
        height: Of the whole.
        left: Where the chart begins.
        right: Where it ends.
        dots: The reports that have a score.
        lines: Runs of reports with a score, each as the points of a line.
        bounds: Letters, and the height from which on they are given.
    """

    width: float
    height: float
    left: float
    right: float
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    bounds: tuple[tuple[str, float], ...]


def in_html(series: Series) -> str:
    """Return the page; it needs no other file, no network and no script.

    Args:
        series: The reports.
    """
    style = resource("page.css") + _resource("history.css")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    template = environment().from_string(_resource("history.html.jinja"))
    return template.render(
        series=series,
        last=series.points[-1],
        chart=chart(series.points),
        rows=tuple(reversed(_rows(series.points))),
        style=Markup(style),  # noqa: S704 - files of ours
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'",
    )


def _resource(name: str) -> str:
    return (files("doctrine.cli.report.history") / name).read_text("utf-8")


def _rows(points: Sequence[Point]) -> list[tuple[Point, float | None]]:
    """Return each report with what its score gained on the last one that had a score."""
    rows: list[tuple[Point, float | None]] = []
    before: float | None = None
    for one in points:
        change = None if one.score is None or before is None else round(one.score - before, 1)
        rows.append((one, change))
        before = before if one.score is None else one.score
    return rows


def chart(points: Sequence[Point]) -> Chart:
    """Return where everything stands.

    Args:
        points: In the order of time, at equal distances: runs come in bursts, and a scale of days
            would put all of a day on one spot.
    """
    dots: list[Dot] = []
    lines: list[list[str]] = [[]]
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(points) - 1)
    for number, one in enumerate(points):
        if one.score is None:
            lines.append([])
            continue
        dot = Dot(x=round(_LEFT + number * step, 1), y=_height(one.score), point=one)
        dots.append(dot)
        lines[-1].append(f"{dot.x},{dot.y}")
    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        dots=tuple(dots),
        lines=tuple(" ".join(line) for line in lines if len(line) > 1),
        bounds=tuple((letter, _height(bound)) for letter, bound in _BOUNDS),
    )


def _height(score: float) -> float:
    share = min(100.0, max(0.0, score)) / 100
    return round(_TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM), 1)
