"""The order of the report: the answer first, then what to mend, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doctrine.model.outcome import Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._selection import Selection
from doctrine.reports._shape import ReportV1
from doctrine.reports._since import Since, since
from doctrine.reports._view import Detail
from doctrine.reports.terminal.advice import write_advice
from doctrine.reports.terminal.brief import write_brief, write_short_headline
from doctrine.reports.terminal.changes import write_changes
from doctrine.reports.terminal.clauses import Clauses
from doctrine.reports.terminal.debt import write_baseline
from doctrine.reports.terminal.ending import (
    write_exit,
    write_hidden,
    write_leftovers,
    write_mendable,
    write_problems,
    write_stated,
    write_tools,
)
from doctrine.reports.terminal.failure import Writer
from doctrine.reports.terminal.headline import write_headline
from doctrine.reports.terminal.page import Page
from doctrine.reports.terminal.points import write_actions, write_points
from doctrine.reports.terminal.quoting import Quotes

_Step = Callable[[], None]


def sections(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, a section at a time.

    Args:
        report: Any report; nothing in it is trusted.
        canvas: What it is shown on.
    """
    page = Page(canvas, root=canvas.root)
    change = since(report, canvas)
    chosen = Selection(report, canvas.view, change)
    for step in _steps(page, report, canvas, chosen, change):
        step()
        text = page.drain()
        if text:
            yield text


def _steps(
    page: Page, report: ReportV1, canvas: Canvas, chosen: Selection, change: Since | None
) -> tuple[_Step, ...]:
    """Return what writes each section that the view shows."""
    view = canvas.view
    ending: tuple[_Step, ...] = (
        lambda: write_hidden(page, chosen),
        lambda: write_exit(page, report),
    )
    if view.detail is Detail.QUIET:
        return (lambda: write_brief(page, report, chosen), *ending)
    clauses = _clauses(page, canvas, chosen, change)
    judged: tuple[_Step, ...] = (
        clauses.write_failing,
        lambda: clauses.write_open(Outcome.ERROR, "Could not be checked"),
        lambda: clauses.write_open(Outcome.UNVERIFIED, "Unverified"),
        clauses.write_excepted,
        clauses.write_holding,
        clauses.write_idle,
    )
    if view.filters:
        head: tuple[_Step, ...] = (
            lambda: write_short_headline(page, report),
            lambda: write_changes(page, change),
        )
        return (*head, *judged, lambda: write_problems(page, report), *ending)
    return (
        lambda: write_headline(page, report),
        lambda: write_changes(page, change),
        *judged,
        lambda: write_stated(page, report),
        lambda: write_advice(page, report),
        lambda: write_leftovers(page, report),
        lambda: write_baseline(page, report),
        lambda: write_tools(page, report, whole=view.whole),
        lambda: write_problems(page, report),
        lambda: write_points(page, report),
        lambda: write_actions(page, report),
        lambda: write_mendable(page, report),
        *ending,
    )


def _clauses(page: Page, canvas: Canvas, chosen: Selection, change: Since | None) -> Clauses:
    view = canvas.view
    new = change.new if change is not None and change.new is not None else frozenset[str]()
    writer = Writer(
        page=page,
        chosen=chosen,
        quotes=Quotes(page=page, sources=canvas.sources, around=1 if view.show else 0),
        # Where only new findings are shown, the word says nothing.
        new=frozenset() if view.new else new,
        whole=view.whole,
        again=canvas.again,
    )
    return Clauses(writer, view.sort)
