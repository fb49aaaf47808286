"""Where a project stands: its grade in words, and what is open, the worst first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from doctrine.model.outcome import Outcome
from doctrine.reports._issues import RANKS
from doctrine.reports._partial import is_settled, reach, title
from doctrine.reports._shape import ClauseV1, ReportV1
from doctrine.reports._text import counted, number, visible
from doctrine.reports._words import OUTCOMES, exit_in_words, withholding

OPEN = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED)
"""What keeps a project from being conformant, the worst first."""
NAMED = 6
"""Ids in a sentence; the rest is counted."""


def grade_in_words(report: ReportV1) -> str:
    """Return the grade, such as ``grade C, 83.2 of 100, up to 87 once 4 clauses are verified``.

    Args:
        report: Any report.
    """
    grade = report.grade
    if report.partial is not None:
        return f"no grade: {title(report.partial)}, {reach(report, report.partial)}"
    letter = f"grade {visible(grade.letter)}" if grade.letter else "no grade"
    if grade.score is None:
        return f"{letter}: no clause that is scored applies"
    words = f"{letter}, {number(grade.score)} of 100"
    return ", ".join(filter(None, (words, ceiling_in_words(report), waived_in_words(report))))


def ceiling_in_words(report: ReportV1) -> str:
    """Return what the score could be, ``up to 87 once 4 clauses are verified``; empty if no more.

    Args:
        report: Any report.
    """
    score, ceiling = report.grade.score, report.grade.score_ceiling
    if score is None or ceiling is None or number(ceiling) == number(score):
        return ""
    waiting = sum(one.outcome is Outcome.UNVERIFIED and one.scored for one in report.clauses)
    verb = "is" if waiting == 1 else "are"
    return f"up to {number(ceiling)} once {counted(waiting, 'clause')} {verb} verified"


def waived_in_words(report: ReportV1) -> str:
    """Return the score with waivers, ``86 with waivers``; empty where they make no difference.

    Args:
        report: Any report.
    """
    score, waived = report.grade.score, report.grade.score_with_waivers
    if score is None or waived is None or number(waived) == number(score):
        return ""
    return f"{number(waived)} with waivers"


def assurance_in_words(report: ReportV1) -> str:
    """Return what the grade rests on, and what caps it.

    Args:
        report: Any report.
    """
    grade = report.grade
    if report.partial is not None:
        return f"`{visible(report.partial.whole)}` judges the whole project"
    words = f"assurance {number(grade.assurance)} %"
    if grade.provisional:
        words += ", provisional until it is 70 %"
    if grade.letter and grade.capped_by:
        words += f"; capped at {visible(grade.letter)} by {listed(grade.capped_by)}"
    if grade.letter is None and grade.score is not None:
        words += f"; no letter, since {withheld_in_words(report)}"
    return words


def withheld_in_words(report: ReportV1) -> str:
    """Return why a report has a score and no letter.

    Args:
        report: One of which that is so.
    """
    ids = withholding(report)
    return f"{listed(ids)} could not be checked" if ids else "no Python file was analysed"


def gate_in_words(report: ReportV1) -> str:
    """Return what the gate answered; empty where there was none.

    Args:
        report: Any report.
    """
    gate = report.gate
    if gate is None:
        return ""
    answer = exit_in_words(report, gate.exit_code)
    asked = f" with `--fail-on {visible(gate.fail_on)}`" if gate.fail_on else ""
    return f"{answer}{asked}: exit {gate.exit_code}"


def open_counts(report: ReportV1) -> str:
    """Return how many clauses are open in which way; empty where none is.

    Clauses that only restate others are told apart, for who compares with the number of all.

    Args:
        report: Any report.
    """
    opened = [one for one in report.clauses if one.outcome in OPEN and is_settled(one, report)]
    own = [one.outcome for one in opened if not one.members]
    more = len(opened) - len(own)
    words = _by_outcome(own)
    return f"{words or 'none'}, and {more:,} more that {restate(more)} others" if more else words


def _by_outcome(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcomes)
    return ", ".join(f"{counts[one]:,} {OUTCOMES[one]}" for one in OPEN if counts[one])


def restating(report: ReportV1) -> str:
    """Return how many of all clauses only restate others; empty where none does.

    Args:
        report: Any report.
    """
    count = sum(bool(one.members) for one in report.clauses)
    return f"{count:,} of them {restate(count)} others" if count else ""


def restate(count: int) -> str:
    """Return the verb for clauses that only restate others.

    Args:
        count: How many they are.
    """
    return "restates" if count == 1 else "restate"


def listed(ids: Collection[str]) -> str:
    """Return the first few ids, and how many more there are.

    Args:
        ids: Of clauses.
    """
    shown = ", ".join(visible(one) for _, one in zip(range(NAMED), ids, strict=False))
    more = len(ids) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def worst_first(clauses: Iterable[ClauseV1]) -> list[ClauseV1]:
    """Return clauses by what they weigh: a MUST before a SHOULD, then by the points they cost.

    Args:
        clauses: In the order of the guide, which those that are alike keep.
    """
    return sorted(clauses, key=lambda one: (RANKS[one.level], bool(one.members), -one.points_lost))
