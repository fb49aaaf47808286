"""What changed between two reports of a project. Pure.

Nothing is lost on the way: a finding of the later report is unchanged, moved, new, silenced or
counted again, exactly one of these, however often a fingerprint occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from doctrine.model.guide import Level
from doctrine.model.observation import Severity
from doctrine.model.outcome import Verdict
from doctrine.model.report import FindingStatus
from doctrine.model.verdict import PARENT_CHECK, Outcome
from doctrine.reports._matching import matched, place
from doctrine.reports._renames import Pair
from doctrine.reports._shape import CheckV1, ClauseV1, FindingV1, ReportV1

_RANKS = {
    Outcome.PASS: 0,
    Outcome.ATTESTED: 0,
    Outcome.NOT_APPLICABLE: 0,
    Outcome.WAIVED: 1,
    Outcome.UNVERIFIED: 2,
    Outcome.ERROR: 3,
    Outcome.FAIL: 4,
}
"""The better outcome has the lower number."""
_HELD = frozenset({Outcome.PASS, Outcome.ATTESTED})
_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.ERROR})


class Turn(StrEnum):
    """What happened to a clause."""

    BROKE = "broke"
    """It fails now, and did not before."""
    OPENED = "opened"
    """Nobody can tell any more, or even less than before."""
    SLIPPED = "slipped"
    """Its outcome is what it was, and one of its checks is worse."""
    EXCUSED = "excused"
    """It is waived now."""
    CEASED = "ceased"
    """It does not apply any more."""
    APPEARED = "appeared"
    """The earlier report does not have it."""
    LEFT = "left"
    """The later report does not have it."""
    BEGAN = "began"
    """It applies now, and holds."""
    SHIFTED = "shifted"
    """It holds, or is open, in another way."""
    GAINED = "gained"
    """Its outcome is what it was, and some of its checks are better, none worse."""
    SETTLED = "settled"
    """It was open, and holds now."""
    MENDED = "mended"
    """It failed or was waived, and holds now."""


class CheckTurn(Struct, frozen=True, kw_only=True):
    """A check whose outcome changed.

    Attributes:
        id: Its name in the clause.
        before: Its outcome in the earlier report; None if it is not there.
        after: Its outcome in the later report; None if it is not there.
        detail: What the later report says of it, or the earlier one where only that has it.
    """

    id: str
    before: Outcome | None
    after: Outcome | None
    detail: str

    @property
    def worse(self) -> bool:
        """Whether the check got worse; one that is gone proves nothing any more."""
        return _worse(self.before, self.after)


class ClauseTurn(Struct, frozen=True, kw_only=True):
    """A clause that changed.

    Attributes:
        clause: The clause in the later report, or in the earlier one if it left.
        turn: What happened.
        before: Its outcome in the earlier report; None if it appeared.
        after: Its outcome in the later report; None if it left.
        points: Points of the score lost by it then less those lost now; negative means that it
            costs more. It changes for every clause when others begin or cease to apply.
        checks: Checks whose outcome changed, in the clause's order; not those that only repeat a
            check of another clause, and none where the clause begins or ceases to apply.
    """

    clause: ClauseV1
    turn: Turn
    before: Outcome | None
    after: Outcome | None
    points: float
    checks: tuple[CheckTurn, ...]

    @property
    def worse(self) -> bool:
        """Whether less is known to hold than before."""
        return self.turn is Turn.SLIPPED or _worse(self.before, self.after)

    @property
    def counts(self) -> bool:
        """Whether a gate looks at the clause: an umbrella repeats others, a MAY asks nothing."""
        return self.clause.scored and self.clause.level is not Level.MAY


class Moved(Struct, frozen=True, kw_only=True):
    """One finding at two places, or under two fingerprints."""

    before: FindingV1
    after: FindingV1


class Figure(Struct, frozen=True, kw_only=True):
    """A percentage of the earlier and of the later report; None where there was none."""

    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """Return the later less the earlier one, to one decimal; None where one is missing."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 1)


class Mismatch(Struct, frozen=True, kw_only=True):
    """Something that two reports must have in common to be compared, and have not.

    Attributes:
        what: What differs, such as ``guide version``.
        before: What the earlier report says.
        after: What the later report says.
        grave: Whether the comparison is no ground for a decision.
    """

    what: str
    before: str
    after: str
    grave: bool = False

    def __str__(self) -> str:
        """Return the warning as a sentence, without its full stop."""
        end = ": this comparison decides nothing" if self.grave else ""
        return f"the two reports differ in {self.what}, {self.before} and {self.after}{end}"


class Difference(Struct, frozen=True, kw_only=True):
    """What changed from an earlier report to a later one; lists are in the order of the reports.

    Attributes:
        verdicts: The verdict before and after.
        letters: The letter before and after; None where it was withheld.
        score: The strict score.
        score_with_waivers: The score with waived clauses counted.
        score_ceiling: The score if everything unverified turned out to hold.
        assurance: How much was verified.
        clauses: Those that changed, in the guide's order; those that left come last.
        new: Findings that the earlier report lacks; none of them suppressed.
        fixed: Findings that the later report lacks; none of them was suppressed.
        moved: Findings at another place, or plainly the same under another fingerprint.
        silenced: Findings that are suppressed now and were not, or were not there.
        unsilenced: Findings that were suppressed and count now.
        unchanged: How many findings neither changed nor moved.
        mismatches: What makes the two reports not comparable, the grave first.
    """

    verdicts: tuple[Verdict, Verdict]
    letters: tuple[str | None, str | None]
    score: Figure
    score_with_waivers: Figure
    score_ceiling: Figure
    assurance: Figure
    clauses: tuple[ClauseTurn, ...]
    new: tuple[FindingV1, ...]
    fixed: tuple[FindingV1, ...]
    moved: tuple[Moved, ...]
    silenced: tuple[FindingV1, ...]
    unsilenced: tuple[FindingV1, ...]
    unchanged: int
    mismatches: tuple[Mismatch, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed that anybody would look at; moved findings are no change."""
        return (
            self.verdicts[0] is self.verdicts[1]
            and self.letters[0] == self.letters[1]
            and not (self.score.change or self.score_ceiling.change or self.assurance.change)
            and not (self.clauses or self.new or self.fixed or self.silenced or self.unsilenced)
        )

    @property
    def worse(self) -> tuple[ClauseTurn, ...]:
        """Return the clauses that a gate looks at and that got worse."""
        return tuple(one for one in self.clauses if one.worse and one.counts)


def difference(base: ReportV1, report: ReportV1) -> Difference:
    """Compare two reports.

    Args:
        base: The earlier one.
        report: The later one.
    """
    kept, gone, came = matched(base.findings, report.findings)
    alike = [(one, now) for one, now in kept if _silent(one) == _silent(now)]
    old, new = base.grade, report.grade
    return Difference(
        verdicts=(base.verdict, report.verdict),
        letters=(old.letter, new.letter),
        score=Figure(before=old.score, after=new.score),
        score_with_waivers=Figure(before=old.score_with_waivers, after=new.score_with_waivers),
        score_ceiling=Figure(before=old.score_ceiling, after=new.score_ceiling),
        assurance=Figure(before=old.assurance, after=new.assurance),
        clauses=_turns(base.clauses, report.clauses),
        new=_heard(came),
        fixed=_heard(gone),
        moved=tuple(Moved(before=old, after=new) for old, new in alike if place(old) != place(new)),
        silenced=_silenced(kept, came),
        unsilenced=_heard(after for before, after in kept if _silent(before)),
        unchanged=sum(place(before) == place(after) for before, after in alike),
        mismatches=_mismatches(base, report),
    )


def _heard(findings: Iterable[FindingV1]) -> tuple[FindingV1, ...]:
    return tuple(one for one in findings if not _silent(one))


def _silenced(kept: Iterable[Pair], came: Iterable[FindingV1]) -> tuple[FindingV1, ...]:
    """Return what is silent and was not: findings that were heard, and those that are silent anew."""
    turned = [after for before, after in kept if _silent(after) and not _silent(before)]
    return _ordered(turned + [one for one in came if _silent(one)])


def counts(finding: FindingV1) -> bool:
    """Return whether a finding is a defect by some clause that nobody has accepted or silenced."""
    return (
        finding.status is FindingStatus.NEW
        and bool(finding.clauses)
        and finding.severity is not Severity.INFO
    )


def _worse(before: Outcome | None, after: Outcome | None) -> bool:
    """Return whether an outcome got worse; what is missing is worth nothing, and costs nothing."""
    if after is None:
        return before in _HELD
    return _RANKS[after] > (0 if before is None else _RANKS[before])


def _turns(base: Iterable[ClauseV1], report: Iterable[ClauseV1]) -> tuple[ClauseTurn, ...]:
    # A damaged report may have an id twice: the worst counts.
    before = {one.id: one for one in sorted(base, key=lambda one: _RANKS[one.outcome])}
    ranked = sorted(report, key=lambda one: _RANKS[one.outcome])
    after = {one.id: one for one in ranked}
    order = list(dict.fromkeys(one.id for one in report))
    pairs = [(before.get(one), after[one]) for one in order]
    pairs_left = [(before[one], None) for one in before.keys() - after.keys()]
    pairs_left.sort(key=lambda pair: (pair[0].line, pair[0].id))
    turns = [_turn(old, new) for old, new in (*pairs, *pairs_left)]
    return tuple(one for one in turns if one is not None)


def _turn(old: ClauseV1 | None, new: ClauseV1 | None) -> ClauseTurn | None:
    shown = new or old
    if shown is None:
        return None
    before, after = _outcome(old), _outcome(new)
    applied = Outcome.NOT_APPLICABLE not in {before, after}
    checks = _check_turns(old.checks, new.checks) if old and new and applied else ()
    turn = _kind(before, after) if before is not after else _inside(checks)
    if turn is None:
        return None
    lost_before, lost_now = old.points_lost if old else 0.0, new.points_lost if new else 0.0
    return ClauseTurn(
        clause=shown,
        turn=turn,
        before=before,
        after=after,
        points=round(lost_before - lost_now, 2),
        checks=checks,
    )


def _outcome(one: ClauseV1 | CheckV1 | None) -> Outcome | None:
    return one.outcome if one else None


_ARRIVALS = {
    Outcome.FAIL: Turn.BROKE,
    Outcome.WAIVED: Turn.EXCUSED,
    Outcome.NOT_APPLICABLE: Turn.CEASED,
}
_TO_HELD = {
    Outcome.FAIL: Turn.MENDED,
    Outcome.WAIVED: Turn.MENDED,
    Outcome.NOT_APPLICABLE: Turn.BEGAN,
    Outcome.UNVERIFIED: Turn.SETTLED,
    Outcome.ERROR: Turn.SETTLED,
}


def _kind(before: Outcome | None, after: Outcome | None) -> Turn:
    """Return what happened to a clause whose outcome changed."""
    if before is None:
        return Turn.APPEARED
    if after is None:
        return Turn.LEFT
    if after in _HELD:
        return _TO_HELD.get(before, Turn.SHIFTED)
    if before is Outcome.ERROR and after is Outcome.UNVERIFIED:
        return Turn.SHIFTED
    return Turn.OPENED if after in _OPEN else _ARRIVALS[after]


def _inside(checks: Sequence[CheckTurn]) -> Turn | None:
    """Return what happened inside a clause whose outcome is what it was."""
    if any(one.worse for one in checks):
        return Turn.SLIPPED
    better = any(_worse(one.after, one.before) for one in checks if one.before and one.after)
    return Turn.GAINED if better else None


def _check_turns(old: Iterable[CheckV1], new: Iterable[CheckV1]) -> tuple[CheckTurn, ...]:
    before, after = _by_id(old), _by_id(new)
    turns: list[CheckTurn] = []
    for one in (*after, *(left for left in before if left not in after)):
        then, now = before.get(one), after.get(one)
        was, now_is = _outcome(then), _outcome(now)
        if was is not now_is:
            detail = (now or before[one]).detail
            turns.append(CheckTurn(id=one, before=was, after=now_is, detail=detail))
    return tuple(turns)


def _by_id(checks: Iterable[CheckV1]) -> Mapping[str, CheckV1]:
    return {one.id: one for one in checks if not one.id.startswith(PARENT_CHECK)}


def _silent(finding: FindingV1) -> bool:
    return finding.status is FindingStatus.SUPPRESSED


def _ordered(findings: Iterable[FindingV1]) -> tuple[FindingV1, ...]:
    return tuple(sorted(findings, key=lambda one: (*place(one), one.fingerprint)))


def _mismatches(base: ReportV1, report: ReportV1) -> tuple[Mismatch, ...]:
    pairs = (
        ("guide", base.guide.id, report.guide.id, True),
        (
            "scoring model",
            str(base.doctrine.scoring_model),
            str(report.doctrine.scoring_model),
            True,
        ),
        ("project", base.project.name, report.project.name, False),
        ("guide version", base.guide.version, report.guide.version, False),
        ("guide text", base.guide.digest, report.guide.digest, False),
        ("doctrine version", base.doctrine.version, report.doctrine.version, False),
        ("registry of clauses", base.doctrine.registry, report.doctrine.registry, False),
    )
    return tuple(
        Mismatch(what=what, before=before, after=after, grave=grave)
        for what, before, after, grave in pairs
        if before != after
    )
