"""A difference as ``doctrine.difference/v1``, for other programs.

Fields may be added; none may be removed, renamed, or given another meaning.
"""

from __future__ import annotations

from doctrine.cli.report.compared import Compared
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.reports import _shape as shape
from doctrine.reports._difference import ClauseTurn, Figure, Turn
from doctrine.reports._format import Canvas
from doctrine.reports._json import encoded

SCHEMA = "doctrine.difference/v1"


class SideV1(shape.Base, frozen=True, kw_only=True):
    """One of the two reports."""

    file: str
    project: str
    started: str
    doctrine: str
    guide: str


class VerdictsV1(shape.Base, frozen=True, kw_only=True):
    """The verdict before and after."""

    before: Verdict
    after: Verdict


class LettersV1(shape.Base, frozen=True, kw_only=True):
    """The letter before and after; null where it was withheld."""

    before: str | None
    after: str | None


class FigureV1(shape.Base, frozen=True, kw_only=True):
    """A percentage before and after, and the difference."""

    before: float | None
    after: float | None
    change: float | None


class CheckTurnV1(shape.Base, frozen=True, kw_only=True):
    """A check whose outcome changed."""

    id: str
    before: Outcome | None
    after: Outcome | None
    detail: str


class ClauseTurnV1(shape.Base, frozen=True, kw_only=True):
    """A clause that changed; ``worse`` is what a gate looks at."""

    id: str
    level: Level
    section: str
    turn: Turn
    before: Outcome | None
    after: Outcome | None
    worse: bool
    points: float
    reason: str
    checks: tuple[CheckTurnV1, ...]


class MovedV1(shape.Base, frozen=True, kw_only=True):
    """One finding at two places."""

    before: shape.FindingV1
    after: shape.FindingV1


class FindingsV1(shape.Base, frozen=True, kw_only=True):
    """What became of the findings."""

    new: tuple[shape.FindingV1, ...]
    fixed: tuple[shape.FindingV1, ...]
    moved: tuple[MovedV1, ...]
    silenced: tuple[shape.FindingV1, ...]
    unsilenced: tuple[shape.FindingV1, ...]
    unchanged: int


class ChangeGateV1(shape.Base, frozen=True, kw_only=True):
    """What the gate looked at, and what it answered."""

    fail_on: tuple[str, ...]
    exit_code: int
    reasons: tuple[str, ...]


class DifferenceV1(shape.Base, frozen=True, kw_only=True):
    """A whole difference."""

    schema: str
    base: SideV1
    head: SideV1
    verdict: VerdictsV1
    letter: LettersV1
    score: FigureV1
    score_with_waivers: FigureV1
    score_ceiling: FigureV1
    assurance: FigureV1
    clauses: tuple[ClauseTurnV1, ...]
    findings: FindingsV1
    warnings: tuple[str, ...]
    gate: ChangeGateV1


def in_json(compared: Compared, canvas: Canvas) -> str:
    """Return the difference as JSON."""
    del canvas
    return f"{encoded(_whole(compared))}\n"


def _whole(compared: Compared) -> DifferenceV1:
    found = compared.found
    return DifferenceV1(
        schema=SCHEMA,
        base=_side(compared.base, compared.names[0]),
        head=_side(compared.head, compared.names[1]),
        verdict=VerdictsV1(before=found.verdicts[0], after=found.verdicts[1]),
        letter=LettersV1(before=found.letters[0], after=found.letters[1]),
        score=_figure(found.score),
        score_with_waivers=_figure(found.score_with_waivers),
        score_ceiling=_figure(found.score_ceiling),
        assurance=_figure(found.assurance),
        clauses=tuple(map(_clause, found.clauses)),
        findings=FindingsV1(
            new=found.new,
            fixed=found.fixed,
            moved=tuple(MovedV1(before=one.before, after=one.after) for one in found.moved),
            silenced=found.silenced,
            unsilenced=found.unsilenced,
            unchanged=found.unchanged,
        ),
        warnings=tuple(map(str, found.mismatches)),
        gate=ChangeGateV1(
            fail_on=compared.fail_on,
            exit_code=compared.answer.exit_code,
            reasons=tuple(one.message for one in compared.answer.reasons),
        ),
    )


def _side(report: shape.ReportV1, name: str) -> SideV1:
    return SideV1(
        file=name.encode("utf-8", "backslashreplace").decode(),
        project=report.project.name,
        started=report.run.started,
        doctrine=report.doctrine.version,
        guide=f"{report.guide.id} {report.guide.version}",
    )


def _figure(figure: Figure) -> FigureV1:
    return FigureV1(before=figure.before, after=figure.after, change=figure.change)


def _clause(one: ClauseTurn) -> ClauseTurnV1:
    return ClauseTurnV1(
        id=one.clause.id,
        level=one.clause.level,
        section=one.clause.section,
        turn=one.turn,
        before=one.before,
        after=one.after,
        worse=one.worse and one.counts,
        points=one.points,
        reason=one.clause.reason,
        checks=tuple(
            CheckTurnV1(id=check.id, before=check.before, after=check.after, detail=check.detail)
            for check in one.checks
        ),
    )
