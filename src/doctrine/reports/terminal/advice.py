"""The guide's recommendations: what is not followed in a line each, the rest by id."""

from __future__ import annotations

from rich.text import Text

from doctrine.model.recommendation import AdviceState
from doctrine.reports._shape import RecommendationV1, ReportV1
from doctrine.reports._text import counted
from doctrine.reports.terminal.page import Page, styled

_REST = (
    (AdviceState.FOLLOWED, "followed"),
    (AdviceState.UNSEEN, "nothing tells"),
)


def write_advice(page: Page, report: ReportV1) -> None:
    """Write what became of the recommendations; none of it costs anything."""
    if not report.recommendations:
        return
    lacking = [one for one in report.recommendations if one.state is AdviceState.NOT_FOLLOWED]
    note = f"{len(lacking):,} of {counted(len(report.recommendations), 'recommendation')} not followed; "
    page.heading("Recommendations", f"{note}they cost no points")
    for one in lacking:
        _write(page, one)
    _write_rest(page, report)


def _write_rest(page: Page, report: ReportV1) -> None:
    for state, title in _REST:
        ids = [one.id for one in report.recommendations if one.state is state]
        if ids:
            body = page.plain(", ".join(ids), "dim")
            page.paragraph(body, f"{page.marks.idle} {len(ids):,} {title}: ")
    idle = sum(one.state is AdviceState.NOT_APPLICABLE for one in report.recommendations)
    if idle:
        page.paragraph(page.plain(f"{idle:,} without a use here", "dim"), f"{page.marks.idle} ")


def _write(page: Page, one: RecommendationV1) -> None:
    lead = styled(f"{page.marks.idle} ", "dim").append(one.id, style="bold")
    body = page.prose(f"{one.detail}. {one.remedy}", "dim", limit=400)
    place = one.evidence[0] if one.evidence else None
    if place is not None and place.path != ".":
        where = Text(end="").append_text(page.place(place.path, place.line)).append("  ")
        body = where.append_text(body)
    if one.clauses:
        lead.append(f" ({', '.join(one.clauses)})", style="dim")
    page.paragraph(body, lead.append("  "))
