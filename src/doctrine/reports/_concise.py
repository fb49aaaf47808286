"""Writes a finding a line: ``path:line:column: CLAUSE level message [tool rule]``.

Lines and columns are 1-based; what is about a whole file or the project stands at 1:1. A clause that
fails or is in error without a finding has a line for each check in the way. The last line is the
verdict; the one before it says what a view hides. A run over the files that a hook names says nothing
at all where there is nothing to say, as it runs at each commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from doctrine.model.outcome import Outcome
from doctrine.model.partial import Picked
from doctrine.reports._digest import why_not
from doctrine.reports._format import Canvas
from doctrine.reports._issues import Issue, failing, issues
from doctrine.reports._partial import withheld
from doctrine.reports._selection import Selection
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports._since import Since, in_words, since
from doctrine.reports._summary import bad, ending, one_line
from doctrine.reports._text import sentence, visible
from doctrine.reports._view import Detail, Sort

_PIECE = 1_000
"""Lines that are handed on together."""
_LONGEST = 400
"""Characters of a message."""


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, some lines at a time.

    Args:
        report: Any report; nothing in it is trusted.
        canvas: What it is shown on.
    """
    change = since(report, canvas)
    chosen = Selection(report, canvas.view, change)
    lines = (f"{line}\n" for line in _lines(report, canvas, chosen, change))
    while piece := "".join(islice(lines, _PIECE)):
        yield piece


def _lines(
    report: ReportV1, canvas: Canvas, chosen: Selection, change: Since | None
) -> Iterator[str]:
    told = False
    for line in _told(report, canvas, chosen, change):
        told = True
        yield line
    if told or not _needs_no_word(report):
        yield visible(ending(report), unicode=canvas.unicode)


def _needs_no_word(report: ReportV1) -> bool:
    """Return whether a report without lines is of a hook's run that stops nothing.

    It is none if it judged no clause, left one of the files aside, or has a gate that is not satisfied.
    """
    partial, gate = report.partial, report.gate
    if partial is None or partial.picked is not Picked.GIVEN:
        return False
    judged = bool(partial.clauses) and not partial.others
    return judged and gate is not None and gate.exit_code == 0


def _told(
    report: ReportV1, canvas: Canvas, chosen: Selection, change: Since | None
) -> Iterator[str]:
    unicode = canvas.unicode
    if canvas.view.detail is Detail.QUIET:
        yield from (one_line(one, unicode=unicode) for one in bad(chosen.clauses))
    else:
        yield from _issues(report, canvas, chosen)
    if canvas.view.detail is Detail.VERBOSE:
        yield from _open(chosen, unicode=unicode)
        yield from _rest(report, chosen, unicode=unicode)
    for clause, why in withheld(report):
        yield _shown(
            f"not judged: {clause.id} {clause.level.value.casefold()}: {why}", unicode=unicode
        )
    for problem in report.problems:
        yield f"problem: {_shown(f'{problem.tool}: {problem.message}', unicode=unicode)}"
    if change is not None:
        yield visible(in_words(change), unicode=unicode)
    if chosen.hidden:
        yield visible(chosen.hidden, unicode=unicode)


def _issues(report: ReportV1, canvas: Canvas, chosen: Selection) -> Iterator[str]:
    """Yield what fails clauses, in order."""
    rank = {one.id: number for number, one in enumerate(chosen.clauses)}
    found = [one for one in issues(report) if one.clause.id in rank and chosen.lets(one)]
    keys: dict[bool, Callable[[Issue], tuple[object, ...]]] = {
        True: _place,
        False: lambda one: (rank[one.clause.id], *_place(one)),
    }
    found.sort(key=keys[canvas.view.sort in {None, Sort.PATH}])
    for one in found:
        yield _line(one, unicode=canvas.unicode)


def _place(one: Issue) -> tuple[str, int, int, str, str]:
    return one.path, one.line, one.column, one.clause.id, one.fingerprint


def _line(one: Issue, *, unicode: bool) -> str:
    level = one.clause.level.value.casefold()
    message = one.message
    if one.clause.outcome is Outcome.ERROR:
        message = f"could not be checked: {message}"
    by = one.rule.replace(":", " ", 1)
    if one.finding is not None and len(one.finding.reported_by) > 1:
        by = ", ".join(f"{each.tool} {each.rule}" for each in one.finding.reported_by)
    where = f"{one.path}:{max(1, one.line)}:{max(1, one.column)}"
    told = sentence(message, unicode=unicode, limit=_LONGEST)
    head = visible(f"{where}: {one.clause.id} {level}", unicode=unicode)
    return f"{head} {told} [{visible(by, unicode=unicode)}]"


def _open(chosen: Selection, *, unicode: bool) -> Iterator[str]:
    """Yield the clauses that nobody could verify."""
    for one in chosen.clauses:
        if one.outcome is Outcome.UNVERIFIED and not one.members:
            told = f"{one.id} {one.level.value.casefold()} unverified: {one.reason}"
            yield f".:1:1: {_shown(told, unicode=unicode)} [doctrine verdict]"


def _rest(report: ReportV1, chosen: Selection, *, unicode: bool) -> Iterator[str]:
    """Yield the findings behind no failure, with what keeps them from failing anything."""
    blamed = failing(report.clauses)
    for one in report.findings:
        if (why := why_not(one, blamed)) and chosen.shows(one):
            yield _quiet_line(one, why, unicode=unicode)


def _quiet_line(one: FindingV1, why: str, *, unicode: bool) -> str:
    by = ", ".join(f"{each.tool} {each.rule}" for each in one.reported_by)
    told = f"{one.path}:{one.line}:{one.column}: - {why}: {one.message}"
    return f"{_shown(told, unicode=unicode)} [{visible(by, unicode=unicode)}]"


def _shown(text: str, *, unicode: bool) -> str:
    return sentence(text, unicode=unicode, limit=_LONGEST)
