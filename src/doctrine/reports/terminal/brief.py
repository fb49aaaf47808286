"""The report for those who want the answer alone: the verdict, what is in its way, the exit code."""

from __future__ import annotations

from rich.text import Text

from doctrine.model.outcome import Outcome
from doctrine.reports._selection import Selection
from doctrine.reports._shape import ClauseV1, ReportV1
from doctrine.reports._summary import bad, told
from doctrine.reports._text import counted, number
from doctrine.reports.terminal.headline import score, verdict
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import outcome_style


def write_short_headline(page: Page, report: ReportV1) -> None:
    """Write verdict, grade and score on one line, if they fit."""
    line = verdict(page, report)
    if report.grade.score is not None:
        line.append("  ").append_text(score(page, report))
    page.paragraph(line)


def write_brief(page: Page, report: ReportV1, chosen: Selection) -> None:
    """Write the verdict and one line for each clause that fails or is in error."""
    write_short_headline(page, report)
    for clause in bad(chosen.clauses):
        page.line(_cut(page, _line(page, clause)))
    if report.problems:
        page.paragraph(page.plain(counted(len(report.problems), "problem"), "magenta"))


def _line(page: Page, clause: ClauseV1) -> Text:
    style = outcome_style(clause.outcome)
    line = styled(f"{page.mark(clause.outcome)} ", style).append(
        page.plain(clause.id).plain, style="bold"
    )
    line.append(f" {clause.level.value:<6} ", style="dim")
    if clause.points_lost:
        line.append(f"{number(clause.points_lost):>4}  ", style="dim")
    if clause.outcome is Outcome.ERROR:
        line.append("in error: ", style=style)
    return line.append_text(page.prose(told(clause)))


def _cut(page: Page, line: Text) -> Text:
    """Return a line that fits on the page."""
    line.truncate(page.width, overflow="ellipsis" if page.unicode else "crop")
    return line
