"""Scoring model 1: from clause verdicts to one verdict and one grade. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.report import Grade

_HELD = frozenset({Outcome.PASS, Outcome.ATTESTED})
_OPEN = frozenset({Outcome.ERROR, Outcome.UNVERIFIED})
_JUDGED = _HELD | {Outcome.WAIVED}
"""At least one clause must have one of these, or nothing at all was judged."""
_EXCUSED = _HELD | {Outcome.WAIVED, Outcome.NOT_APPLICABLE}
BANDS = ((90.0, "A"), (80.0, "B"), (65.0, "C"), (50.0, "D"))
"""Least score of each letter, the best first; below them all is F."""
_LETTERS = "ABCDF"
_PROVISIONAL_BELOW = 70.0


class Standing(Protocol):
    """All that scoring looks at in a clause, be it judged a moment ago or read from a report."""

    @property
    def id(self) -> str:
        """Return the clause's id."""
        ...

    @property
    def level(self) -> Level:
        """Return its level, which is its weight."""
        ...

    @property
    def scored(self) -> bool:
        """Return whether it is scored: umbrellas and permissions are not."""
        ...

    @property
    def outcome(self) -> Outcome:
        """Return what became of it."""
        ...

    @property
    def partial(self) -> bool:
        """Return whether it passed on partial proof."""
        ...


def project_verdict(verdicts: Sequence[Standing]) -> Verdict:
    """Return the verdict of the project.

    Args:
        verdicts: One verdict for each clause, umbrellas and MAY clauses included.

    Returns:
        The first that applies of non-conformant (a MUST fails), indeterminate (a MUST is open, or
        nothing at all could be judged), conditional, conformant.
    """
    scored = [one for one in verdicts if one.scored]
    musts = _outcomes(one for one in scored if one.level is Level.MUST)
    everything = _outcomes(scored)
    if Outcome.FAIL in musts:
        return Verdict.NON_CONFORMANT
    if musts & _OPEN or not everything & _JUDGED:
        return Verdict.INDETERMINATE
    if Outcome.WAIVED in musts or everything - _EXCUSED:
        return Verdict.CONDITIONAL
    return Verdict.CONFORMANT


def _outcomes(verdicts: Iterable[Standing]) -> set[Outcome]:
    return {one.outcome for one in verdicts}


def grade(verdicts: Sequence[Standing], *, analysed: bool) -> Grade:
    """Return the grade of the project.

    Args:
        verdicts: One verdict for each clause.
        analysed: Whether any Python file was analysed; without one there is no letter.
    """
    applicable = [
        one for one in verdicts if one.scored and one.outcome is not Outcome.NOT_APPLICABLE
    ]
    total = sum(one.level.weight for one in applicable)
    if not total:
        return _nothing()
    strict = _share(applicable, _HELD, total)
    assurance = 100 * sum(one.level.weight * _verified(one) for one in applicable) / total
    letter, capped_by = _letter(strict, applicable) if analysed else (None, ())
    return Grade(
        letter=letter,
        score=strict,
        score_with_waivers=_share(applicable, _HELD | {Outcome.WAIVED}, total),
        score_ceiling=_share(applicable, _HELD | {Outcome.UNVERIFIED}, total),
        assurance=assurance,
        provisional=assurance < _PROVISIONAL_BELOW,
        capped_by=capped_by,
        points_lost={
            one.id: 100 * one.level.weight / total for one in applicable if one.outcome not in _HELD
        },
    )


def _nothing() -> Grade:
    return Grade(
        letter=None,
        score=None,
        score_with_waivers=None,
        score_ceiling=None,
        assurance=0.0,
        provisional=True,
        capped_by=(),
        points_lost={},
    )


def _share(applicable: list[Standing], credited: frozenset[Outcome], total: int) -> float:
    credit = sum(one.level.weight for one in applicable if one.outcome in credited)
    return 100 * credit / total


def _verified(verdict: Standing) -> float:
    if verdict.outcome in _OPEN:
        return 0.0
    return 0.5 if verdict.outcome is Outcome.PASS and verdict.partial else 1.0


def _letter(score: float, applicable: list[Standing]) -> tuple[str | None, tuple[str, ...]]:
    """Return the letter and the clauses that cap it."""
    musts = [one for one in applicable if one.level is Level.MUST]
    if any(one.outcome is Outcome.ERROR for one in musts):
        return None, ()
    earned = next((letter for bound, letter in BANDS if score >= bound), "F")
    cap, blamed = _cap(musts)
    bites = bool(blamed) and _LETTERS.index(earned) < _LETTERS.index(cap)
    return (cap, blamed) if bites else (earned, ())


def _cap(musts: list[Standing]) -> tuple[str, tuple[str, ...]]:
    """Return the best letter that the MUST clauses allow, and those that allow no better."""
    for outcome, cap in ((Outcome.FAIL, "C"), (Outcome.WAIVED, "B")):
        blamed = tuple(sorted(one.id for one in musts if one.outcome is outcome))
        if blamed:
            return cap, blamed
    return "A", ()
