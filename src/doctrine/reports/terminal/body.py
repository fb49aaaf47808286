"""The order of the report: the answer first, then what to mend, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._shape import ReportV1
from doctrine.reports.terminal.advice import write_advice
from doctrine.reports.terminal.clauses import Clauses
from doctrine.reports.terminal.debt import write_baseline
from doctrine.reports.terminal.ending import (
    write_closing,
    write_leftovers,
    write_problems,
    write_stated,
    write_tools,
)
from doctrine.reports.terminal.headline import write_headline
from doctrine.reports.terminal.page import Page


def sections(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, a section at a time.

    Args:
        report: Any report; nothing in it is trusted.
        canvas: What it is shown on.
    """
    page = Page(canvas, root=canvas.root)
    clauses = Clauses(page, report)
    steps: tuple[Callable[[], None], ...] = (
        lambda: write_headline(page, report),
        *(lambda level=level: clauses.write_failing(level) for level in Level),
        lambda: clauses.write_open(Outcome.ERROR, "Could not be checked"),
        lambda: clauses.write_open(Outcome.UNVERIFIED, "Unverified"),
        clauses.write_excepted,
        clauses.write_holding,
        clauses.write_idle,
        lambda: write_stated(page, report),
        lambda: write_advice(page, report),
        lambda: write_leftovers(page, report),
        lambda: write_baseline(page, report),
        lambda: write_tools(page, report),
        lambda: write_problems(page, report),
        lambda: write_closing(page, report),
    )
    for step in steps:
        step()
        text = page.drain()
        if text:
            yield text
