"""A report in a line, and a clause in a line: for logs and for whoever wants no more. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from doctrine.model.outcome import Outcome
from doctrine.reports._partial import reach, title
from doctrine.reports._shape import ClauseV1, PartialV1, ReportV1
from doctrine.reports._standing import OPEN
from doctrine.reports._text import counted, number, sentence
from doctrine.reports._words import OUTCOMES

_BAD = frozenset({Outcome.FAIL, Outcome.ERROR})
_REASON = 160
"""Characters of a reason that stands behind other words on a line."""


def bad(clauses: Iterable[ClauseV1]) -> list[ClauseV1]:
    """Return the clauses that fail or are in error, without the umbrellas that restate them."""
    return [one for one in clauses if one.outcome in _BAD and not one.members]


def one_line(clause: ClauseV1, *, unicode: bool = True) -> str:
    """Return a clause that does not hold: its id, level, what it costs, and what is wrong."""
    words = f"{clause.id} {clause.level.value} {clause.outcome.value}"
    if clause.points_lost:
        words += f", {number(clause.points_lost)} points"
    return sentence(f"{words}: {told(clause)}", unicode=unicode, limit=_REASON + len(words))


def told(clause: ClauseV1) -> str:
    """Return what is wrong with a clause in a few words: its reason, else its statement."""
    found = sum(len(one.findings) for one in clause.checks if one.outcome is Outcome.FAIL)
    reason = clause.reason or clause.statement
    return f"{counted(found, 'finding')}: {clause.statement}" if found else reason


def ending(report: ReportV1) -> str:
    """Return the verdict, the grade, how many clauses do not hold, and the exit code."""
    if report.partial is not None:
        return _partial(report, report.partial)
    grade = report.grade
    counts = Counter(one.outcome for one in report.clauses)
    parts = [
        report.verdict.value,
        f"grade {grade.letter}" if grade.letter else "no grade",
        f"score {number(grade.score)}" if grade.score is not None else "no score",
    ]
    tally = [f"{counts[outcome]} {OUTCOMES[outcome]}" for outcome in OPEN if counts[outcome]]
    of = f"of {counted(len(report.clauses), 'clause')}"
    parts.append(f"{', '.join(tally) or 'none fails'} {of}" if report.clauses else "nothing judged")
    gate = f"; exit {report.gate.exit_code}" if report.gate else ""
    return ", ".join(parts) + gate


def _partial(report: ReportV1, partial: PartialV1) -> str:
    """Return the ending of a partial run, which counts only what it looked at."""
    counts = Counter(one.outcome for one in report.clauses if one.id in partial.clauses)
    tally = [f"{counts[one]} {OUTCOMES[one]}" for one in OPEN[:2] if counts[one]]
    found = ", ".join(tally) or "nothing fails in these files"
    gate = f"; exit {report.gate.exit_code}" if report.gate else ""
    return (
        f"{title(partial)}: {found}; {reach(report, partial)}; `{partial.whole}` judges the whole "
        f"project{gate}"
    )
