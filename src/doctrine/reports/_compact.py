r"""Writes the compact text: one fact a line, the kind of the line first, fields behind ``" | "``.

.. code-block:: text

    doctrine compact 1 | PROJECT
    verdict VERDICT | grade LETTER | score NUMBER | ceiling NUMBER | assurance NUMBER | exit NUMBER
    clauses COUNT | OUTCOME COUNT | ...
    partial SENTENCE                                if a few files were judged, not the project
    since SENTENCE                                  if there is an earlier run
    FAIL ID LEVEL POINTS | STATEMENT                also ERROR, UNVERIFIED, WAIVED, ATTESTED | REASON
     check ID | DETAIL                              each check in the way
     PREFIX PATH:LINE:COLUMN | RULE | MESSAGE       a finding; " xCOUNT" behind the place for a file
     at PATH:LINE | DETAIL                          evidence
     fix REMEDY
     +COUNT more | COMMAND                          what is left out, and what shows it
    problem TOOL | MESSAGE
    hidden SENTENCE                                 if a view hides something
    next ID ID ID | COMMAND                         the best first, and what explains it

A line that begins with a blank belongs to the clause above. The last field of a line may contain the
separator; no other does. ``PREFIX`` is the start of a fingerprint, as short as the report allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from doctrine.model.outcome import Outcome
from doctrine.reports._digest import Pile, next_actions, pile, rule_of
from doctrine.reports._format import Canvas
from doctrine.reports._issues import decisive
from doctrine.reports._partial import partial_in_words
from doctrine.reports._selection import Selection
from doctrine.reports._shape import CheckV1, ClauseV1, FindingV1, ReportV1
from doctrine.reports._since import in_words, since
from doctrine.reports._text import number, sentence
from doctrine.reports._view import Detail, View

_TOLD = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED, Outcome.WAIVED, Outcome.ATTESTED)
_EVIDENCE = 3
_LINE = 300
"""Characters of a text; a line that nobody asked for in full gets no longer."""
_LINES = 250
"""Lines after which clauses get a line each, where not everything was asked for."""
_PREFIX = 8
_NEXT = 3


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the report, clause by clause.

    Args:
        report: Any report; nothing in it is trusted.
        canvas: What it is shown on.
    """
    change = since(report, canvas)
    chosen = Selection(report, canvas.view, change)
    text = _Text(
        chosen=chosen,
        view=canvas.view,
        again=canvas.again,
        unicode=canvas.unicode,
        prefix=_shortest([one.fingerprint for one in report.findings]),
    )
    yield text.joined(_head(report))
    if change is not None:
        yield text.joined([("since", in_words(change).removeprefix("since "))])
    left = _LINES
    for clause in _ordered(chosen):
        lines = list(text.clause(clause, short=left <= 0))
        left -= len(lines)
        yield text.joined(lines)
    yield text.joined(_tail(report, chosen))


def _ordered(chosen: Selection) -> list[ClauseV1]:
    """Return the clauses to tell of, the most urgent outcome first."""
    found = [one for one in chosen.clauses if one.outcome in _TOLD and not one.members]
    return sorted(found, key=lambda one: _TOLD.index(one.outcome))


def _head(report: ReportV1) -> Iterator[tuple[str, ...]]:
    grade = report.grade
    yield "doctrine compact 1", report.project.name
    figures = (("score", grade.score), ("ceiling", grade.score_ceiling))
    yield (
        f"verdict {report.verdict.value}",
        f"grade {grade.letter or 'none'}",
        *(f"{name} {'none' if value is None else number(value)}" for name, value in figures),
        f"assurance {number(grade.assurance)}",
        f"exit {report.gate.exit_code if report.gate else 'none'}",
    )
    counts = Counter(one.outcome for one in report.clauses)
    tally = (f"{one.value} {counts[one]}" for one in Outcome if counts[one])
    yield f"clauses {len(report.clauses)}", *tally
    if report.partial is not None:
        yield "partial", partial_in_words(report)


def _tail(report: ReportV1, chosen: Selection) -> Iterator[tuple[str, ...]]:
    for problem in report.problems:
        yield f"problem {problem.tool}", problem.message
    if chosen.hidden:
        yield ("hidden", chosen.hidden.removeprefix("hidden "))
    actions = next_actions(report, _NEXT)
    if actions:
        ids = " ".join(one.id for one in actions)
        yield f"next {ids}", f"doctrine explain {actions[0].id}"


class _Text(Struct, frozen=True, kw_only=True):
    """Writes lines for one report and one view."""

    chosen: Selection
    view: View
    again: str
    unicode: bool
    prefix: int

    def joined(self, lines: Iterable[tuple[str, ...]]) -> str:
        """Return lines as text: each field on its own is harmless and of a bounded length."""
        return "".join(f"{self._line(line)}\n" for line in lines)

    def _line(self, fields: tuple[str, ...]) -> str:
        # A line of a clause begins with a blank, which `sentence` would take away.
        lead = " " if fields[0].startswith(" ") else ""
        limit = 10 * _LINE if self.view.whole else _LINE
        shown = [sentence(one, unicode=self.unicode, limit=limit) for one in fields]
        apart = [one.replace(" | ", " ¦ " if self.unicode else " / ") for one in shown[:-1]]
        joint = " " if fields[0] in _WORDS else " | "
        return f"{lead}{joint.join((*apart, shown[-1]))}".rstrip()

    def clause(self, clause: ClauseV1, *, short: bool) -> Iterator[tuple[str, ...]]:
        """Yield the lines of a clause: the first alone where the text gets too long."""
        fails = clause.outcome is Outcome.FAIL
        points = f" {number(clause.points_lost)}" if clause.points_lost else ""
        head = f"{clause.outcome.value.upper()} {clause.id} {clause.level.value}{points}"
        yield head, clause.statement if fails else clause.reason
        if self.view.detail is Detail.QUIET or not (fails or self.view.whole):
            return
        if short and not self.view.whole:
            yield self._more(max(1, len(decisive(clause))), clause)
            return
        yield from self._reasons(clause)
        if clause.remedy:
            yield " fix", clause.remedy

    def _reasons(self, clause: ClauseV1) -> Iterator[tuple[str, ...]]:
        for check in clause.checks:
            if self.view.whole or check.outcome is not Outcome.PASS:
                yield from self._check(check, clause)

    def _check(self, check: CheckV1, clause: ClauseV1) -> Iterator[tuple[str, ...]]:
        found = pile(
            (one.fingerprint for one in self.chosen.findings(check)),
            self.chosen.known,
            whole=self.view.whole,
        )
        state = "" if check.outcome is Outcome.FAIL else f" {check.outcome.value}"
        # The detail of a check with one finding is that finding.
        alone = found.total == 1 and check.outcome is Outcome.FAIL
        yield f" check {check.id}{state}", "1 finding" if alone else check.detail
        if found.total:
            yield from self._pile(found, clause)
        else:
            yield from self._evidence(check, clause)

    def _evidence(self, check: CheckV1, clause: ClauseV1) -> Iterator[tuple[str, ...]]:
        evidence = self.chosen.evidence(check)
        shown = evidence if self.view.whole else evidence[:_EVIDENCE]
        for one in shown:
            where = f"{one.path}:{one.line}" if one.line else one.path
            yield f" at {where}", "" if one.detail == check.detail else one.detail
        if len(evidence) > len(shown):
            yield self._more(len(evidence) - len(shown), clause)

    def _pile(self, found: Pile, clause: ClauseV1) -> Iterator[tuple[str, ...]]:
        if found.message:
            yield " all", found.message
        for row in found.rows:
            one = row.finding
            times = f" x{row.count}" if row.count > 1 else ""
            place = f" {one.fingerprint[: self.prefix]} {_place(one)}{times}"
            yield (place, rule_of(one)) if found.message else (place, rule_of(one), one.message)
        if found.total > len(found.rows):
            yield self._more(found.total - len(found.rows), clause)

    def _more(self, count: int, clause: ClauseV1) -> tuple[str, ...]:
        return f" +{count} more", f"{self.again} --format compact --show {clause.id}"


_WORDS = frozenset({"since", "partial", "hidden", " fix", " all"})
"""Lines that are one sentence behind their kind."""


def _place(one: FindingV1) -> str:
    return f"{one.path}:{one.line}:{one.column}"


def _shortest(fingerprints: Sequence[str]) -> int:
    """Return how many characters tell all fingerprints apart; never fewer than people expect."""
    alike = set(fingerprints)
    longest = max(map(len, alike), default=_PREFIX)
    for size in range(_PREFIX, longest):
        # Whatever is told apart stays apart: only the others are looked at again.
        counts = Counter(one[:size] for one in alike)
        alike = {one for one in alike if counts[one[:size]] > 1}
        if not alike:
            return size
    return max(longest, _PREFIX)
