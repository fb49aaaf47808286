"""The comment on a pull request: what it changes, in as few lines as say it.

GitHub takes 65,536 characters of a comment and refuses a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from doctrine.model.outcome import Outcome
from doctrine.reports._difference import (
    ClauseTurn,
    Difference,
    Figure,
    Mismatch,
    counts,
    difference,
)
from doctrine.reports._format import Canvas
from doctrine.reports._gfm.findings import findings_list
from doctrine.reports._gfm.fitting import Room
from doctrine.reports._gfm.head import MARKS, VERDICTS, open_clauses, open_table, verdict_line
from doctrine.reports._gfm.text import code, header, prose, row
from doctrine.reports._issues import RANKS, failing
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports._standing import open_counts
from doctrine.reports._text import counted, number

LIMIT = 65_000
"""Bytes, which are no fewer than the characters that GitHub counts."""
_CLAUSES = 20
_NEW = 10
_FIXED = 10
_OPEN = 10
_READABLE = 40
"""Characters of a version or a name; what is longer is a digest."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the comment.

    Args:
        report: Any report.
        canvas: Knows where places lead, and the report of the target branch.
    """
    room = Room(LIMIT)
    head = marker(report, canvas) + _heading(report, canvas)
    room.take(head)
    yield head
    parts = _alone(report) if canvas.base is None else _compared(canvas.base, report, canvas)
    yield from room.fitted(parts, lambda count: f"_{counted(count, 'part')} did not fit._\n")


def marker(report: ReportV1, canvas: Canvas) -> str:
    """Return what nobody sees and a bot finds its own comment by; one for each project.

    Args:
        report: Whose project it is.
        canvas: Knows the project's folder.
    """
    name = _UNSAFE.sub("-", canvas.folder or report.project.name).strip("-")
    return f"<!-- doctrine:pr-comment:{name[:100]} -->\n"


def _heading(report: ReportV1, canvas: Canvas) -> str:
    subject = canvas.folder or report.project.name
    return f"### doctrine{f': {prose(subject)}' if subject else ''}\n\n" + verdict_line(report)


def _alone(report: ReportV1) -> Iterator[str]:
    waiting = open_clauses(report)
    if not waiting:
        yield "Nothing is open.\n" if report.partial is None else "Nothing fails in these files.\n"
        return
    yield _counts(report) + "".join(open_table(waiting[:_OPEN])) + _more(len(waiting), _OPEN)


def _compared(base: ReportV1, report: ReportV1, canvas: Canvas) -> Iterator[str]:
    change = difference(base, report)
    for one in change.mismatches:
        yield f"> ⚠️ {_mismatch(one)}.\n\n"
    if change.same:
        yield "Nothing changed against the target branch.\n\n"
    else:
        yield "".join(_figures(change))
        yield from _clauses(change)
        yield from _findings(change, report, canvas)
    waiting = open_clauses(report)
    if waiting:
        table = "".join(open_table(waiting[:_OPEN])) + _more(len(waiting), _OPEN)
        yield _fold(_counts(report).strip(), table)


def _mismatch(one: Mismatch) -> str:
    """Return what keeps two reports from being comparable; nobody reads two digests."""
    if max(len(one.before), len(one.after)) <= _READABLE:
        return prose(str(one))
    end = ": this comparison decides nothing" if one.grave else ""
    return prose(f"the two reports differ in {one.what}{end}")


def _figures(change: Difference) -> Iterator[str]:
    yield header(("", "Target branch", "Here", "Change:"))
    before, after = (f"{VERDICTS[one]} {one.value}" for one in change.verdicts)
    yield row(("Verdict", before, after, ""))
    letters = tuple(prose(one) if one else "none" for one in change.letters)
    yield row(("Grade", *letters, ""))
    for name, figure in (
        ("Score", change.score),
        ("Score at best", change.score_ceiling),
        ("Assurance", change.assurance),
    ):
        yield row((name, *_figure(figure)))
    yield "\n"


def _figure(figure: Figure) -> tuple[str, str, str]:
    before, after = (
        "none" if one is None else number(one) for one in (figure.before, figure.after)
    )
    change = figure.change
    return before, after, f"{change:+.1f}" if change else ""


def _clauses(change: Difference) -> Iterator[str]:
    """Yield the clauses that changed, those that got worse first, umbrellas aside."""
    own = [one for one in change.clauses if not one.clause.members]
    if not own:
        return
    own.sort(key=lambda one: (not one.worse, RANKS[one.clause.level]))
    yield (
        f"**{counted(len(own), 'clause')} changed**\n\n"
        + header(("Clause", "Level", "Change", "Why"))
        + "".join(row(_turn(one)) for one in own[:_CLAUSES])
        + "\n"
        + _more(len(own), _CLAUSES)
    )


def _turn(one: ClauseTurn) -> tuple[str, ...]:
    clause = one.clause
    told = _changed(one)
    reason = "it is no longer judged" if one.after is None else clause.reason
    return (
        f"{code(clause.id)} {prose(clause.statement, limit=150)}".strip(),
        clause.level.value,
        f"**{told}**" if one.worse else told,
        prose(reason, limit=300),
    )


def _changed(one: ClauseTurn) -> str:
    """Return the outcomes before and after, or what changed inside one that stayed."""
    if one.before is not one.after:
        return f"{_outcome(one.before)} → {_outcome(one.after)}"
    word = "worse" if one.worse else "better"
    inside = ", ".join(prose(check.id, limit=40) for check in one.checks[:3])
    return f"{_outcome(one.after)}, {word}: {inside}"


def _outcome(outcome: Outcome | None) -> str:
    return "none" if outcome is None else f"{MARKS[outcome]} {outcome.value}"


def _findings(change: Difference, report: ReportV1, canvas: Canvas) -> Iterator[str]:
    came = _worst_first([one for one in change.new if counts(one)], report)
    gone = [one for one in change.fixed if counts(one)]
    advice = len(change.new) - len(came)
    if came:
        yield f"**{counted(len(came), 'new finding')}**\n\n" + findings_list(came, canvas, _NEW)
    if gone:
        # They are no longer where they were: nothing to link to.
        listed = findings_list(gone, Canvas(), _FIXED)
        yield _fold(f"{counted(len(gone), 'finding')} fixed", listed)
    others = [
        f"{count:,} {words}"
        for count, words in (
            (advice, "new without weight"),
            (len(change.moved), "moved"),
            (len(change.silenced), "suppressed now"),
            (len(change.unsilenced), "no longer suppressed"),
        )
        if count
    ]
    if others:
        yield f"Other findings: {', '.join(others)}.\n\n"


def _worst_first(found: Iterable[FindingV1], report: ReportV1) -> list[FindingV1]:
    owners = failing(report.clauses)

    def weight(one: FindingV1) -> tuple[bool, int, float, str, int]:
        failed = owners.get(one.fingerprint)
        if not failed:
            return True, 0, 0.0, one.path, one.line
        owner = failed[0]
        return False, RANKS[owner.level], -owner.points_lost, one.path, one.line

    return sorted(found, key=weight)


def _counts(report: ReportV1) -> str:
    """Return how many clauses are open, in which way."""
    return f"Open clauses: {open_counts(report)}\n\n"


def _more(total: int, shown: int) -> str:
    return f"and {total - shown:,} more.\n\n" if total > shown else ""


def _fold(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}</details>\n\n"
