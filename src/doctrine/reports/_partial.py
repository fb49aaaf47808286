"""What a partial run looked at, in words: so that no report of one is taken for a whole one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.model.outcome import Outcome
from doctrine.reports._shape import CheckV1, ClauseV1, PartialV1, ReportV1
from doctrine.reports._text import counted, visible


def title(partial: PartialV1) -> str:
    """Return what kind of run it was: ``partial run over 2 staged Python files``.

    Args:
        partial: What was looked at.
    """
    count = len(partial.files)
    return f"partial run over {count:,} {partial.picked.value} Python file{'s' * (count != 1)}"


def reach(report: ReportV1, partial: PartialV1) -> str:
    """Return how many clauses were judged: ``9 of 83 clauses judged in them, 74 not at all``.

    Args:
        report: The report.
        partial: What it looked at.
    """
    judged, every = len(partial.clauses), len(report.clauses)
    there = "it" if len(partial.files) == 1 else "them"
    return f"{judged} of {counted(every, 'clause')} judged in {there}, {every - judged} not at all"


def partial_in_words(report: ReportV1) -> str:
    """Return everything that a reader has to know of a partial run; empty for a whole one.

    Args:
        report: Any report.
    """
    partial = report.partial
    if partial is None:
        return ""
    held = _listed(one.id for one in report.clauses if found_nothing(one, partial))
    parts = [f"{_capital(title(partial))}: {reach(report, partial)}, and no grade"]
    if held:
        parts.append(f"Nothing was found for {held}")
    parts += (
        f"{visible(one.id)} could not be judged: {visible(why)}" for one, why in withheld(report)
    )
    if partial.left_out:
        names = _listed(partial.left_out)
        parts.append(f"The gate did not look at {names}, which only a whole run can tell")
    parts.append(f"`{visible(partial.whole)}` judges the whole project")
    return ". ".join(parts) + "."


def found_nothing(clause: ClauseV1, partial: PartialV1) -> bool:
    """Return whether a clause was judged in a few files, and nothing was found against it.

    Args:
        clause: Of the report.
        partial: What was looked at.
    """
    return clause.id in partial.clauses and clause.outcome is Outcome.UNVERIFIED


def withheld(report: ReportV1) -> Iterator[tuple[ClauseV1, str]]:
    """Yield the clauses of which a partial run has findings that it could not count, and why.

    Args:
        report: Any report.
    """
    for clause in report.clauses if report.partial else ():
        if clause.outcome is Outcome.UNVERIFIED and not clause.members:
            why = (one.detail for one in clause.checks if _is_withheld(one))
            if told := "; ".join(dict.fromkeys(why)):
                yield clause, told


def _is_withheld(check: CheckV1) -> bool:
    return check.outcome is Outcome.UNVERIFIED and bool(check.findings)


def is_settled(clause: ClauseV1, report: ReportV1) -> bool:
    """Return whether a report says anything of a clause; what a partial run left open it does not.

    Args:
        clause: Of the report.
        report: Any report.
    """
    return report.partial is None or clause.outcome is not Outcome.UNVERIFIED


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(visible(one) for one in ids)
