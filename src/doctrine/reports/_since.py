"""What is new, gone and turned since an earlier run. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.model.outcome import Outcome
from doctrine.reports._difference import counts, difference
from doctrine.reports._last_run import (
    LastRunV1,
    differs,
    mark,
    marks_of,
    with_result,
)
from doctrine.reports._text import counted, number

if TYPE_CHECKING:
    from doctrine.reports._format import Canvas
    from doctrine.reports._shape import ReportV1

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


class Turned(Struct, frozen=True, kw_only=True):
    """A clause that had another outcome; None where the earlier run did not have it."""

    id: str
    before: Outcome | None
    after: Outcome


class Since(Struct, frozen=True, kw_only=True):
    """What changed.

    Attributes:
        what: What is compared with, ``the last run, 2 hours earlier``.
        new: Fingerprints of the findings that were not there; None where nobody can tell.
        gone: How many findings are not there any more.
        doubt: Why some of those may be there all the same; empty where nothing speaks for it.
        before: The earlier score; None where there was none.
        after: The score.
        letters: The letters before and after.
        turned: The clauses whose outcome changed, in the guide's order.
        notes: What else changed and may explain it.
    """

    what: str
    new: frozenset[str] | None
    gone: int
    doubt: str
    before: float | None
    after: float | None
    letters: tuple[str | None, str | None]
    turned: tuple[Turned, ...]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        moved = self.before != self.after or self.letters[0] != self.letters[1]
        return not (self.new or self.gone or self.turned or moved)

    @property
    def worse(self) -> frozenset[str]:
        """Return the ids of the clauses that fail or are in error now, and were not."""
        bad = {Outcome.FAIL, Outcome.ERROR}
        return frozenset(one.id for one in self.turned if one.after in bad)


def since(report: ReportV1, canvas: Canvas) -> Since | None:
    """Return what changed since what the canvas has to compare with; None where it has nothing.

    Args:
        report: The report.
        canvas: With the last run, or without.
    """
    if canvas.base is not None:
        return _since_base(report, canvas.base)
    return _since_last(report, canvas.last) if canvas.last is not None else None


def _since_base(report: ReportV1, base: ReportV1) -> Since:
    change = difference(base, report)
    gone = sum(map(counts, change.fixed))
    return Since(
        what=_named("the base", base.run.started, report.run.started),
        new=frozenset(one.fingerprint for one in change.new if counts(one)),
        gone=gone,
        doubt=_doubt(with_result(base), report) if gone else "",
        before=change.score.before,
        after=change.score.after,
        letters=change.letters,
        turned=tuple(
            Turned(id=one.clause.id, before=one.before, after=one.after)
            for one in change.clauses
            if one.after is not None and one.before is not one.after and not one.clause.members
        ),
        notes=tuple(map(str, change.mismatches)),
    )


def _since_last(report: ReportV1, last: LastRunV1) -> Since:
    new, gone = _against(last, report)
    turned = tuple(
        Turned(id=one.id, before=last.clauses.get(one.id), after=one.outcome)
        for one in report.clauses
        if last.clauses.get(one.id) is not one.outcome and not one.members
    )
    note = differs(last, report)
    return Since(
        what=_named("the last run", last.started, report.run.started),
        new=new,
        gone=gone,
        doubt=_doubt(last.tools, report) if gone else "",
        before=last.score,
        after=report.grade.score,
        letters=(last.letter, report.grade.letter),
        turned=turned,
        notes=(note,) if note else (),
    )


def _against(last: LastRunV1, report: ReportV1) -> tuple[frozenset[str] | None, int]:
    """Return what is new beside the last run, by fingerprint, and how many of its findings are gone.

    None where the last run does not say what it found.
    """
    known = marks_of(last)
    if known is None:
        return None, 0
    there = {mark(one): one.fingerprint for one in report.findings if counts(one)}
    new = frozenset(print_ for key, print_ in there.items() if key not in known)
    return new, len(known - there.keys())


def _doubt(tools: Iterable[str], report: ReportV1) -> str:
    """Return why findings that are gone may be there all the same: nobody looked for them."""
    blind = sorted(set(tools) - set(with_result(report)))
    return f"{', '.join(blind)} had no result this time" if blind else ""


def _named(name: str, before: str, after: str) -> str:
    """Return a run's name with its age, where both reports say when they began."""
    try:
        passed = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    except (ValueError, TypeError):
        return name
    seconds = int(passed.total_seconds())
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{name}, {counted(seconds // size, unit)} earlier"
    return name


def in_words(change: Since) -> str:
    """Return what changed as one sentence, without its full stop: findings and score."""
    if change.same:
        return f"nothing changed since {change.what}"
    parts: list[str] = []
    if change.new is not None:
        parts.append(f"{len(change.new):,} new, {change.gone:,} gone")
    before, after = change.before, change.after
    if before is not None and after is not None:
        moved = round(after - before, 1)
        told = f"score {number(before)} to {number(after)} ({moved:+.1f})"
        parts.append(told if moved else f"score still {number(after)}")
    if change.letters[0] != change.letters[1]:
        parts.append(f"grade {change.letters[0] or 'none'} to {change.letters[1] or 'none'}")
    return f"since {change.what}: {', '.join(parts)}"
