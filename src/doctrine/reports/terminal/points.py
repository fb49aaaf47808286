"""What the grade is made of: where the points went, what caps the letter, and what comes next."""

from __future__ import annotations

from rich.text import Text

from doctrine.grade import BANDS
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._digest import next_actions
from doctrine.reports._shape import ClauseV1, ReportV1
from doctrine.reports._standing import OPEN
from doctrine.reports._text import counted, number
from doctrine.reports._words import OUTCOMES
from doctrine.reports.terminal.failure import counted_points
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import outcome_style

_LOST = (*OPEN, Outcome.WAIVED)
_ACTIONS = 3
_ALL = 100


def write_points(page: Page, report: ReportV1) -> None:
    """Write a line for each kind of clause that costs points, and how far the next letter is."""
    grade = report.grade
    if grade.score is None:
        return
    note = f"{counted_points(_ALL - grade.score)} of 100 lost"
    page.heading("Points", note if grade.score < _ALL else "none lost", "bold")
    rows = _losses(report)
    wide = max((len(label) for _, label, _ in rows), default=0)
    for outcome, label, found in rows:
        lost = sum(one.points_lost for one in found)
        shown = f"{lost:.1f} " if page.narrow else f"  {lost:>5.1f}  "
        lead = styled(shown, "bold")
        lead.append(label if page.narrow else f"{label:<{wide}}  ", style=outcome_style(outcome))
        if page.narrow:
            page.line(lead)
            lead = Text("  ", end="")
        page.paragraph(_listed(page, found), lead)
    page.paragraph(page.prose(_distance(report), "dim"), "  ")


def _losses(report: ReportV1) -> list[tuple[Outcome, str, list[ClauseV1]]]:
    """Return each kind of clause that costs points: its outcome, what it is called, and who is it."""
    return [
        (outcome, f"{len(found)} {level.value} {OUTCOMES[outcome]}", found)
        for outcome in _LOST
        for level in Level
        if (found := _costly(report, outcome, level))
    ]


def _costly(report: ReportV1, outcome: Outcome, level: Level) -> list[ClauseV1]:
    return [
        one
        for one in report.clauses
        if one.outcome is outcome and one.level is level and one.points_lost
    ]


def _listed(page: Page, found: list[ClauseV1]) -> Text:
    """Return the ids, and what each costs: all of a level cost the same, give or take a rounding."""
    ids = page.plain(" ".join(one.id for one in found))
    if len(found) > 1:
        each = number(sum(one.points_lost for one in found) / len(found))
        ids.append(f"  {each} each", style="dim")
    return ids


def _distance(report: ReportV1) -> str:
    """Return what the score would earn, what holds it down, and what is missing to the next."""
    grade = report.grade
    score = grade.score or 0.0
    if grade.letter is None:
        return ""
    earned = next((letter for bound, letter in BANDS if score >= bound), "F")
    if grade.capped_by:
        cause = f"{counted(len(grade.capped_by), 'MUST clause')} {_cap(report)}"
        return (
            f"{number(score)} points would be {earned}; {cause}, which caps it at {grade.letter}."
        )
    words = _next_band(score, earned)
    failing = any(one.outcome is Outcome.FAIL and one.level is Level.MUST for one in report.clauses)
    return f"{words}; while a MUST fails, no letter is above C." if failing else f"{words}."


def _next_band(score: float, earned: str) -> str:
    """Return where the letter that a score earns begins, and how far the next one is."""
    bounds = {letter: bound for bound, letter in BANDS}
    above = [letter for bound, letter in BANDS if score < bound]
    words = f"{earned} begins at {number(bounds.get(earned, 0.0))}"
    if not above:
        return words
    bound = bounds[above[-1]]
    return f"{words}; {above[-1]} at {number(bound)}, {counted_points(bound - score)} away"


def _cap(report: ReportV1) -> str:
    capping = set(report.grade.capped_by)
    fails = any(one.outcome is Outcome.FAIL and one.id in capping for one in report.clauses)
    return "fail" if fails else "waived"


def _nothing_to_do(report: ReportV1) -> str:
    if not report.clauses:
        return "Name a folder that holds code."
    if report.partial is not None:
        return f"Nothing in these files. `{report.partial.whole}` judges the whole project."
    return "Nothing that costs points is left to do."


def write_actions(page: Page, report: ReportV1) -> None:
    """Write the next best actions, with the score that each leads to."""
    page.heading("Next", "", "bold")
    actions = next_actions(report, _ACTIONS)
    if not actions:
        page.paragraph(page.prose(_nothing_to_do(report)), "  ")
        return
    reached = report.grade.score
    for place, action in enumerate(actions, 1):
        body = page.plain(action.id, "bold")
        worth = action.points_lost
        if worth:
            body.append(f" is worth {counted_points(worth)}")
        if worth and reached is not None:
            reached = min(100.0, reached + worth)
            body.append(f" (to {number(reached)})", style="dim")
        what = action.remedy if action.outcome is Outcome.FAIL else action.reason
        page.paragraph(body.append(": ").append_text(page.prose(what)), f"  {place}. ")
    told = f"`doctrine explain {actions[0].id}` says more."
    page.paragraph(page.prose(told, "dim"), "     ")
