"""A series for people at a terminal: the score as a sparkline, and a row a report."""

from __future__ import annotations

from collections.abc import Sequence

from doctrine.cli.report.history.points import Point, Series
from doctrine.reports._format import Canvas
from doctrine.reports._text import counted, number
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import letter_style

_BARS = "▁▂▃▄▅▆▇█"
_PLAIN_BARS = "_.-=+*#@"
_GAP = " "
_ROWS = 40
"""Reports listed, the latest; the rest is in the other formats."""
_MINUTES = 16
"""Characters of a time to the minute."""


def in_text(series: Series, canvas: Canvas) -> str:
    """Return the series as a page.

    Args:
        series: The reports.
        canvas: What it is shown on.
    """
    page = Page(canvas)
    last = series.points[-1]
    page.heading(last.project or "the project", counted(len(series.points), "report"))
    page.line()
    for label, values in _figures(series.points):
        _write_spark(page, label, values)
    page.line()
    _write_rows(page, series.points)
    for told in series.warnings:
        page.paragraph(page.prose(told), styled("  note: ", "yellow"))
    for one in series.unread:
        page.paragraph(page.prose(one.reason), styled("  not read: ", "yellow"))
    return page.drain()


def _figures(points: Sequence[Point]) -> tuple[tuple[str, list[float | None]], ...]:
    return (
        ("score", [one.score for one in points]),
        ("findings", [float(one.findings) for one in points]),
        ("failing", [float(one.failing) for one in points]),
    )


def _write_spark(page: Page, label: str, values: list[float | None]) -> None:
    known = [one for one in values if one is not None]
    if not known:
        return
    lead = f"  {label:<10}"
    told = f"  {number(known[0])} {page.marks.turns} {number(known[-1])}"
    told += f"  (from {number(min(known))} to {number(max(known))})"
    room = max(8, page.width - len(lead) - len(told))
    bars = spark(values[-room:], _BARS if page.unicode else _PLAIN_BARS)
    text = styled(lead, "dim").append(bars, style="cyan").append(told, style="dim")
    page.line(text)


def spark(values: Sequence[float | None], bars: str) -> str:
    """Return a bar a value, from the least of them to the greatest; a gap where there is none.

    Args:
        values: At least one is known.
        bars: Characters, the lowest first.
    """
    known = [one for one in values if one is not None]
    if not known:
        return _GAP * len(values)
    low, spread = min(known), max(known) - min(known)
    top = len(bars) - 1
    return "".join(
        _GAP
        if one is None
        else bars[min(top, int((one - low) / spread * top + 0.5)) if spread else top // 2]
        for one in values
    )


def _write_rows(page: Page, points: Sequence[Point]) -> None:
    header = f"  {'run':<{_MINUTES}}  {'verdict':<15} {'grade':<5} {'score':>5} {'change':>6}"
    header += f" {'assured':>7} {'failing':>7} {'open':>5} {'findings':>8}"
    page.line(styled(header, "dim"))
    shown = points[-_ROWS:]
    before = points[-_ROWS - 1].score if len(points) > _ROWS else None
    for one in shown:
        _write_row(page, one, before)
        before = one.score if one.score is not None else before
    if len(points) > _ROWS:
        more = f"{len(points) - _ROWS:,} earlier ones: `--format csv` lists them all"
        page.paragraph(page.prose(more, "dim"), "  ")


def _write_row(page: Page, one: Point, before: float | None) -> None:
    when = page.plain(f"  {(one.started[:_MINUTES] or one.file)[-_MINUTES:]:<{_MINUTES}}  ")
    change = "" if one.score is None or before is None else f"{one.score - before:+.1f}"
    score = "none" if one.score is None else number(one.score)
    letter = one.letter or "none"
    when.append(f"{one.verdict.value:<15} ")
    when.append(page.plain(f"{letter:<5} ", letter_style(letter)))
    style = "dim" if change in {"", "+0.0", "-0.0"} else "green" if change[0] == "+" else "red"
    when.append(f"{score:>5} ").append(f"{change:>6}", style=style)
    when.append(f" {number(one.assurance):>7} {one.failing:>7} {one.open:>5} {one.findings:>8,}")
    page.line(when)
