"""Unites what the parts say of one clause, one fact, one finding, one recommendation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from doctrine.errors import UsageError
from doctrine.model.observation import Severity
from doctrine.model.outcome import Outcome
from doctrine.model.recommendation import AdviceState
from doctrine.model.report import FindingStatus
from doctrine.reports import _shape as shape

_replace = msgspec.structs.replace
_T = TypeVar("_T")
_Excuse = TypeVar("_Excuse", shape.WaiverV1, shape.AttestationV1)
_Parts = Sequence[tuple[str, _T]]
"""What each part says, with the part's label."""

_WORST = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.UNVERIFIED,
    Outcome.WAIVED,
    Outcome.ATTESTED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)
"""What does not apply in a part says nothing about the others. An excuse of one part does not verify
another, and what was verified in one part does not excuse another."""
_STATES = (
    AdviceState.NOT_FOLLOWED,
    AdviceState.UNSEEN,
    AdviceState.FOLLOWED,
    AdviceState.NOT_APPLICABLE,
)
_STATUSES = (
    FindingStatus.NEW,
    FindingStatus.BASELINE,
    FindingStatus.WAIVED,
    FindingStatus.SUPPRESSED,
)
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_NAMED = 3
"""Parts whose reasons are told; the rest is counted."""


def clause(parts: _Parts[shape.ClauseV1]) -> shape.ClauseV1:
    """Return what became of a clause in the whole; its points are not worked out yet.

    Args:
        parts: The clause in every part.
    """
    outcome = _worst(one.outcome for _, one in parts)
    worst = [(label, one) for label, one in parts if one.outcome is outcome]
    return _replace(
        worst[0][1],
        outcome=outcome,
        reason=_told([(label, one.reason) for label, one in worst], len(parts)),
        verification=_verification([one for _, one in worst]),
        partial=any(one.partial for _, one in worst),
        checks=_checks(parts),
        findings=_sorted(one.findings for _, one in parts),
        waiver=_waiver(one.waiver for _, one in parts),
        attestation=_next_to_end(one.attestation for _, one in parts),
    )


def _verification(worst: Sequence[shape.ClauseV1]) -> str:
    """Return how far a clause was verified: in part, where that is so in one of the parts."""
    partial = (one for one in worst if one.partial or one.verification == "partial")
    return next(partial, worst[0]).verification


def _waiver(given: Iterable[shape.WaiverV1 | None]) -> shape.WaiverV1 | None:
    """Return the waiver that ends first, for all that the waivers of the parts excuse."""
    waivers = [one for one in given if one is not None]
    first = _next_to_end(waivers)
    return first and _replace(first, findings=_sorted(one.findings for one in waivers))


def _next_to_end(excuses: Iterable[_Excuse | None]) -> _Excuse | None:
    given = (one for one in excuses if one is not None)
    return min(given, key=lambda one: one.days_left, default=None)


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    return min(outcomes, key=_WORST.index)


def _told(reasons: _Parts[str], parts: int) -> str:
    """Return why, and in which parts unless all of them say the same."""
    if len(reasons) == parts and len({reason for _, reason in reasons}) == 1:
        return reasons[0][1]
    named = "; ".join(f"{label}: {reason}" for label, reason in reasons[:_NAMED])
    more = len(reasons) - _NAMED
    return named + (f"; and in {more} more parts" if more > 0 else "")


def _checks(parts: _Parts[shape.ClauseV1]) -> tuple[shape.CheckV1, ...]:
    by_id: dict[str, list[tuple[str, shape.CheckV1]]] = defaultdict(list)
    for label, one in parts:
        for check in one.checks:
            by_id[check.id].append((label, check))
    if len(by_id) > 1:
        # A part where the clause does not apply has a check of its own that says so.
        applied = {id_ for id_, found in by_id.items() if _applies(found)}
        by_id = {id_: found for id_, found in by_id.items() if id_ in applied or not applied}
    return tuple(map(_check, by_id.values()))


def _applies(found: _Parts[shape.CheckV1]) -> bool:
    return any(one.outcome is not Outcome.NOT_APPLICABLE for _, one in found)


def _check(found: _Parts[shape.CheckV1]) -> shape.CheckV1:
    outcome = _worst(one.outcome for _, one in found)
    worst = [(label, one) for label, one in found if one.outcome is outcome]
    return _replace(
        worst[0][1],
        outcome=outcome,
        detail=_told([(label, one.detail) for label, one in worst], len(found)),
        evidence=evidence(one.evidence for _, one in found),
        findings=_sorted(one.findings for _, one in found),
        partial=any(one.partial for _, one in worst),
    )


def evidence(groups: Iterable[Iterable[shape.EvidenceV1]]) -> tuple[shape.EvidenceV1, ...]:
    """Return places of several parts, each once and sorted."""
    every = {one for group in groups for one in group}
    return tuple(sorted(every, key=lambda one: (one.path, one.line, one.detail)))


def _sorted(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({one for group in groups for one in group}))


def findings(parts: _Parts[tuple[shape.FindingV1, ...]]) -> tuple[shape.FindingV1, ...]:
    """Return the findings of all parts, each once.

    Args:
        parts: The findings of each part.

    Raises:
        UsageError: Two parts have one finding at different lines: they judged different states of
            the code.
    """
    known: dict[str, tuple[str, shape.FindingV1]] = {}
    for label, many in parts:
        for one in many:
            seen = known.get(one.fingerprint)
            if seen is None:
                known[one.fingerprint] = label, one
                continue
            if (seen[1].path, seen[1].line) != (one.path, one.line):
                raise UsageError(
                    f"{seen[0]} and {label} contradict each other: one finding "
                    f"({one.fingerprint}) is at {seen[1].path}:{seen[1].line} and at "
                    f"{one.path}:{one.line}",
                    hint="judge all parts at the same commit; FOLDER=FILE says where a part lies",
                )
            known[one.fingerprint] = label, _one_finding(seen[1], one)
    every = [one for _, one in known.values()]
    return tuple(sorted(every, key=lambda one: (one.path, one.line, one.column, one.fingerprint)))


def _one_finding(one: shape.FindingV1, other: shape.FindingV1) -> shape.FindingV1:
    """Return a finding that two parts have: what counts in one of them counts."""
    status = min(one.status, other.status, key=_STATUSES.index)
    return _replace(
        one,
        clauses=_sorted((one.clauses, other.clauses)),
        severity=min(one.severity, other.severity, key=_SEVERITIES.index),
        reported_by=tuple(dict.fromkeys((*one.reported_by, *other.reported_by))),
        status=status,
        needs_environment=one.needs_environment and other.needs_environment,
        fix=one.fix or other.fix,
        suppression=(one.suppression or other.suppression)
        if status is FindingStatus.SUPPRESSED
        else None,
    )


def facts(parts: Iterable[tuple[shape.FactV1, ...]]) -> tuple[shape.FactV1, ...]:
    """Return the facts of the whole: what is so in a part is so, and what is unknown in one may be.

    Args:
        parts: The facts of each part.
    """
    united: list[shape.FactV1] = []
    for id_, found in sorted(_grouped(parts, lambda one: one.id).items()):
        values = {one.value for one in found}
        value = True if True in values else None if None in values else False
        deciding = [one for one in found if one.value is value]
        united.append(
            shape.FactV1(
                id=id_,
                value=value,
                evidence=evidence(one.evidence for one in deciding),
                stated=all(one.stated for one in deciding),
            )
        )
    return tuple(united)


def recommendations(
    parts: Iterable[tuple[shape.RecommendationV1, ...]],
) -> tuple[shape.RecommendationV1, ...]:
    """Return what became of each recommendation in the whole: the worst of the parts."""
    united: list[shape.RecommendationV1] = []
    for found in _grouped(parts, lambda one: one.id).values():
        state = min((one.state for one in found), key=_STATES.index)
        worst = [one for one in found if one.state is state]
        united.append(
            _replace(
                worst[0],
                count=sum(one.count for one in worst),
                evidence=evidence(one.evidence for one in worst),
            )
        )
    return tuple(united)


def _grouped(parts: Iterable[Iterable[_T]], key: Callable[[_T], str]) -> Mapping[str, list[_T]]:
    groups: dict[str, list[_T]] = defaultdict(list)
    for part in parts:
        for one in part:
            groups[key(one)].append(one)
    return groups
