"""The head of the page: verdict, grade, what holds it down, and what would raise it. Pure."""

from __future__ import annotations

from msgspec import Struct

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.reports._digest import fails_with_another
from doctrine.reports._issues import decisive
from doctrine.reports._partial import partial_in_words
from doctrine.reports._shape import ClauseV1, ReportV1
from doctrine.reports._standing import ceiling_in_words, restating, waived_in_words
from doctrine.reports._text import counted, number
from doctrine.reports._words import GATES, OUTCOMES, exit_in_words, withholding

_SIGNS = {
    Outcome.FAIL: "✗",
    Outcome.ERROR: "!",
    Outcome.UNVERIFIED: "?",
    Outcome.WAIVED: "~",
    Outcome.ATTESTED: "✎",
    Outcome.PASS: "✓",
    Outcome.NOT_APPLICABLE: "-",
}
_URGENCY = tuple(OUTCOMES)


class Gain(Struct, frozen=True, kw_only=True):
    """A clause that costs points.

    Attributes:
        clause: The clause.
        what: What to do about it.
        effort: How much stands behind it; empty where that cannot be counted.
    """

    clause: ClauseV1
    what: str
    effort: str


class Judgement(Struct, frozen=True, kw_only=True):
    """What the page says first.

    Attributes:
        verdict: Name of the verdict.
        meaning: What made it, in a sentence.
        score: The score in words.
        held: Points that are held, 0 to 100; None without a score.
        reachable: Points that would be held if all that is unverified turned out to hold.
        assurance: The assurance in words.
        caps: Clauses that cap the letter, or keep the report from having one.
        caps_lead: What the caps do, as the beginning of a sentence.
        gate: The gate's answer in words; empty where there is none.
        restating: How many of the clauses restate others; empty where none does.
        counts: Outcomes that occur: outcome, words, number of clauses.
        gains: What costs points, what costs most first.
    """

    verdict: str
    meaning: str
    score: str
    held: float | None
    reachable: float
    assurance: str
    caps: tuple[str, ...]
    caps_lead: str
    gate: str
    restating: str
    counts: tuple[tuple[Outcome, str, int], ...]
    gains: tuple[Gain, ...]


def judgement(report: ReportV1) -> Judgement:
    """Return what a report amounts to.

    Args:
        report: Any report.
    """
    grade = report.grade
    caps_lead, caps = _caps(report)
    provisional = ", provisional until it is 70%" if grade.provisional else ""
    return Judgement(
        verdict=report.verdict.value.capitalize(),
        meaning=_meaning(report),
        score=_score(report),
        held=grade.score,
        reachable=max(grade.score or 0.0, grade.score_ceiling or 0.0),
        assurance=f"{number(grade.assurance)}%{provisional if report.partial is None else ''}",
        caps=caps,
        caps_lead=caps_lead,
        gate=_gate(report),
        restating=restating(report),
        counts=tuple(
            (outcome, words, count)
            for outcome, words in OUTCOMES.items()
            if (count := sum(one.outcome is outcome for one in report.clauses))
        ),
        gains=_gains(report),
    )


def sign(outcome: Outcome) -> str:
    """Return the sign of an outcome, which always stands beside its word."""
    return _SIGNS[outcome]


def _count(report: ReportV1, outcome: Outcome, level: Level | None = None) -> int:
    return sum(
        one.outcome is outcome and one.scored and level in {None, one.level}
        for one in report.clauses
    )


def _meaning(report: ReportV1) -> str:
    """Return the reason of the verdict, with how many clauses it rests on."""
    if report.partial is not None:
        return partial_in_words(report)
    failing = _count(report, Outcome.FAIL, Level.MUST)
    erring = _count(report, Outcome.ERROR, Level.MUST)
    open_ = _count(report, Outcome.UNVERIFIED, Level.MUST)
    match report.verdict:
        case Verdict.NON_CONFORMANT:
            verb = "fails" if failing == 1 else "fail"
            return f"{counted(failing, 'MUST clause')} {verb}."
        case Verdict.INDETERMINATE if erring or open_:
            return (
                f"{counted(erring + open_, 'MUST clause')} could not be decided: "
                f"{erring:,} in error, {open_:,} unverified."
            )
        case Verdict.INDETERMINATE:
            return "Nothing could be judged."
        case Verdict.CONDITIONAL:
            return "No MUST clause fails, but a MUST is waived or a SHOULD is not shown to hold."
        case Verdict.CONFORMANT:
            return "Every MUST clause and every SHOULD clause that applies is held or excused."


def _score(report: ReportV1) -> str:
    grade = report.grade
    if report.partial is not None:
        return "No score: a few files give none"
    if grade.score is None:
        return "No score: no clause that is scored applies"
    text = f"{number(grade.score)} of 100"
    ceiling, waived = ceiling_in_words(report), waived_in_words(report)
    if ceiling:
        text += f", {ceiling}"
    if waived:
        text += f" ({waived})"
    return text


def _caps(report: ReportV1) -> tuple[str, tuple[str, ...]]:
    grade = report.grade
    if grade.letter is not None:
        return (f"Capped at {grade.letter} by", grade.capped_by) if grade.capped_by else ("", ())
    if grade.score is None:
        return "", ()
    ids = withholding(report)
    lead = "No letter, since these could not be checked:" if ids else ""
    return lead or "No letter, since no Python file was analysed", ids


def _gate(report: ReportV1) -> str:
    gate = report.gate
    if gate is None:
        return ""
    meaning = exit_in_words(report, gate.exit_code)
    scope = GATES.get(gate.fail_on, "")
    return f"exit {gate.exit_code}, {meaning}" + (f" ({scope})" if scope else "")


def _gains(report: ReportV1) -> tuple[Gain, ...]:
    costly = [one for one in report.clauses if one.points_lost > 0]
    costly.sort(
        key=lambda one: (
            -round(one.points_lost, 1),
            _URGENCY.index(one.outcome),
            fails_with_another(one),
            len(decisive(one)),
        )
    )
    return tuple(
        Gain(
            clause=one,
            what=(one.remedy if one.outcome is Outcome.FAIL else one.reason) or one.reason,
            effort=counted(len(decisive(one)), "finding") if decisive(one) else "",
        )
        for one in costly
    )
