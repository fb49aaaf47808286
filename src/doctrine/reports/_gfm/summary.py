"""The job summary: the answer, what fails with its findings folded away, and the matrix.

GitHub takes 1 MiB of a step and drops a summary that is larger as a whole
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands), so what matters
less is left out before that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from doctrine.model.outcome import Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._gfm.findings import findings_list
from doctrine.reports._gfm.fitting import Room
from doctrine.reports._gfm.head import (
    MARKS,
    counts_table,
    excuses_table,
    judged_line,
    open_clauses,
    open_table,
    problems_list,
    title,
    tools_table,
    verdict_line,
)
from doctrine.reports._gfm.matrix import sections
from doctrine.reports._gfm.text import html, place, prose
from doctrine.reports._issues import decisive
from doctrine.reports._shape import ClauseV1, FindingV1, ReportV1
from doctrine.reports._text import counted, number

LIMIT = 1024 * 1024 - 1024
"""Bytes: the limit, less something for line ends that a file on Windows has."""
_FINDINGS = 20
"""Findings of a clause that are listed."""
_OPENING = "<details><summary>The compliance matrix</summary>\n\n"
_END = "</details>\n"
_PLACES = 5
"""Places of a check that fails without a finding."""


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the summary.

    Args:
        report: Any report.
        canvas: Knows where places lead.
    """
    room = Room(LIMIT)
    yield from room.fitted(_head(report, canvas), _missing("part"))
    waiting = open_clauses(report)
    failing = [one for one in waiting if one.outcome is Outcome.FAIL]
    undecided = [one for one in waiting if one.outcome is not Outcome.FAIL]
    known = {one.fingerprint: one for one in report.findings}
    if failing:
        blocks = (_failure(one, known, canvas) for one in failing)
        yield from room.fitted(_titled(canvas, "What fails", blocks), _missing("failing clause"))
    if undecided:
        table = "".join(open_table(undecided))
        yield from room.fitted(
            _titled(canvas, "What nobody could decide", (table,)), _missing("part")
        )
    yield from room.fitted(_tail(report, canvas), _missing("part"))
    yield from _matrix(report, canvas, room)


def _matrix(report: ReportV1, canvas: Canvas, room: Room) -> Iterator[str]:
    if report.clauses and room.take(_OPENING + _END):
        yield _OPENING
        yield from room.fitted(sections(report, canvas, 4), _missing("section"))
        yield _END


def _head(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    subject = prose(report.project.name or "the project")
    yield title(canvas, f"doctrine: {subject}", 2) + verdict_line(report)
    yield "".join(counts_table(report))
    yield judged_line(report)


def _tail(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    for name, content in (
        ("Waivers and attestations", excuses_table(report)),
        ("Tools that could not be believed", tools_table(report, trouble_only=True)),
        ("Problems", problems_list(report)),
    ):
        text = "".join(content)
        if text:
            yield title(canvas, name, 3) + text


def _titled(canvas: Canvas, name: str, blocks: Iterable[str]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        yield block if index else title(canvas, name, 3) + block


def _failure(clause: ClauseV1, known: Mapping[str, FindingV1], canvas: Canvas) -> str:
    """Return a clause that fails, folded: what it asks, what was found, what mends it."""
    costs = f", costs {_points(clause.points_lost)}" if clause.points_lost else ""
    found = [known[one] for one in dict.fromkeys(decisive(clause)) if one in known]
    found.sort(key=lambda one: (one.path, one.line, one.column, one.fingerprint))
    body = (
        f"{prose(clause.statement)}\n\n",
        *_checks(clause, canvas),
        findings_list(found, canvas, _FINDINGS),
        f"**What to do:** {prose(clause.remedy)}\n\n" if clause.remedy else "",
    )
    lead = f"{MARKS[clause.outcome]} <b>{html(clause.id)}</b> ({clause.level.value}{costs})"
    summary = f"{lead}: {html(clause.reason, limit=300)}"
    return f"<details><summary>{summary}</summary>\n\n{''.join(body)}</details>\n\n"


def _points(points: float) -> str:
    """Return ``1 point``, ``3.5 points``."""
    return f"{number(points)} point{'' if number(points) == '1' else 's'}"


def _checks(clause: ClauseV1, canvas: Canvas) -> Iterator[str]:
    """Yield the checks that fail without a finding to show for it."""
    bare = [one for one in clause.checks if one.outcome is Outcome.FAIL and not one.findings]
    for check in bare:
        places = dict.fromkeys((one.path, one.line) for one in check.evidence if one.path != ".")
        shown = ", ".join(place(canvas, *one) for one in list(places)[:_PLACES])
        yield f"- check {prose(check.id)}: {prose(check.detail)}{f' ({shown})' if shown else ''}\n"
    if bare:
        yield "\n"


def _missing(what: str) -> Callable[[int], str]:
    return lambda count: f"_{counted(count, f'more {what}')} did not fit into the job summary._\n\n"
