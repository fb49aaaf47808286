"""What a sound waiver or attestation makes of a clause's outcome. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.stated import Entry, EntryKind
from doctrine.model.verdict import ClauseVerdict, Excuse, Outcome
from doctrine.patterns import matcher
from doctrine.statements.screening import Screened, refusal

Again = Callable[[ClauseVerdict, Collection[str]], ClauseVerdict]
"""Judges a clause once more, as if findings of these fingerprints were silenced."""


def excused(
    verdict: ClauseVerdict, screened: Screened, paths: Mapping[str, str], again: Again
) -> ClauseVerdict:
    """Return a verdict with what people put on record about its clause.

    Only a failure can be waived, and only what nobody could verify can be attested: neither hides
    an error, and no word of a person outweighs what was found.

    Args:
        verdict: As the checks have it.
        screened: The entries that can be honoured.
        paths: Path of each finding by fingerprint.
        again: Judges the clause once more without some findings.
    """
    if verdict.outcome is Outcome.FAIL:
        entry = screened.entry(EntryKind.WAIVER, verdict.clause.id)
        return verdict if entry is None else _waived(verdict, entry, screened, paths, again)
    if verdict.outcome is Outcome.UNVERIFIED:
        entry = screened.entry(EntryKind.ATTESTATION, verdict.clause.id)
        return verdict if entry is None else _attested(verdict, entry, screened)
    return verdict


def _attested(verdict: ClauseVerdict, entry: Entry, screened: Screened) -> ClauseVerdict:
    excuse = _excuse(verdict, entry, screened, ())
    return replace(
        verdict,
        outcome=Outcome.ATTESTED,
        reason=in_words(excuse),
        verification="attestation",
        attestation=excuse,
    )


def _waived(
    verdict: ClauseVerdict,
    entry: Entry,
    screened: Screened,
    paths: Mapping[str, str],
    again: Again,
) -> ClauseVerdict:
    counting = _counting(verdict)
    if not entry.paths:
        excuse = _excuse(verdict, entry, screened, counting)
        return replace(verdict, outcome=Outcome.WAIVED, reason=in_words(excuse), waiver=excuse)
    inside = matcher(entry.paths)
    covered = tuple(one for one in counting if one in paths and inside(paths[one]))
    if not covered:
        return verdict
    excuse = _excuse(verdict, entry, screened, covered)
    rest = again(verdict, covered)
    if rest.outcome is not Outcome.PASS:
        return replace(rest, waiver=excuse)
    return replace(verdict, outcome=Outcome.WAIVED, reason=in_words(excuse), waiver=excuse)


def _counting(verdict: ClauseVerdict) -> tuple[str, ...]:
    """Return the fingerprints of the findings that make a clause fail."""
    failed = (check for check in verdict.checks if check.outcome is Outcome.FAIL)
    return tuple(sorted({one for check in failed for one in check.findings}))


def _excuse(
    verdict: ClauseVerdict, entry: Entry, screened: Screened, findings: tuple[str, ...]
) -> Excuse:
    return Excuse(
        entry=entry,
        days_left=(entry.expires - screened.today).days if entry.expires else 0,
        outcome_without=verdict.outcome,
        reason_without=verdict.reason,
        findings=findings,
    )


def in_words(excuse: Excuse) -> str:
    """Return who says so, for how long, and why."""
    entry = excuse.entry
    return told(
        "waived" if entry.kind is EntryKind.WAIVER else "attested",
        owner=entry.owner,
        expires=str(entry.expires),
        days_left=excuse.days_left,
        words=entry.words,
        paths=entry.paths,
    )


def told(
    done: str, *, owner: str, expires: str, days_left: int, words: str, paths: tuple[str, ...] = ()
) -> str:
    """Return what a waiver or an attestation says, in one sentence.

    Args:
        done: ``waived`` or ``attested``.
        owner: Who says so.
        expires: Its last day, in ISO 8601.
        days_left: Days until then.
        words: Why.
        paths: Where, if not everywhere.
    """
    left = f"{days_left:,} day{'s' if days_left != 1 else ''} left"
    where = f" in {', '.join(paths)}" if paths else ""
    return f"{done}{where} by {owner} until {expires} ({left}): {words}"


def marked(
    findings: Iterable[ReportFinding], verdicts: Iterable[ClauseVerdict]
) -> tuple[ReportFinding, ...]:
    """Return the findings, with those marked that a waiver keeps from failing any clause.

    Args:
        findings: All of them.
        verdicts: The final ones.
    """
    waived: set[str] = set()
    counting: set[str] = set()
    for verdict in verdicts:
        if verdict.waiver is not None:
            waived.update(verdict.waiver.findings)
        if verdict.outcome is not Outcome.WAIVED:
            counting.update(_counting(verdict))
    waived -= counting
    return tuple(
        replace(one, status=FindingStatus.WAIVED)
        if one.fingerprint in waived and one.status is FindingStatus.NEW
        else one
        for one in findings
    )


def unused(screened: Screened, verdicts: Iterable[ClauseVerdict]) -> Iterator[str]:
    """Yield a message for each sound entry that changes nothing.

    Args:
        screened: The entries that could be honoured.
        verdicts: The final ones.
    """
    found = {verdict.clause.id: verdict for verdict in verdicts}
    for (kind, clause_id), entry in screened.sound.items():
        verdict = found[clause_id]
        excuse = verdict.waiver if kind is EntryKind.WAIVER else verdict.attestation
        if excuse is None:
            yield refusal(entry, _why_unused(entry, verdict))


def _why_unused(entry: Entry, verdict: ClauseVerdict) -> str:
    outcome, waiver = verdict.outcome, entry.kind is EntryKind.WAIVER
    if outcome is Outcome.FAIL and waiver:
        return "no finding that fails the clause lies in its paths, so correct or remove it"
    if outcome is Outcome.PASS:
        return "the clause passes without it, so remove it"
    if outcome is Outcome.NOT_APPLICABLE:
        return f"the clause does not apply ({verdict.reason}), so remove it"
    if waiver:
        return f"the clause is {outcome}, and only a failure can be waived: {verdict.reason}"
    return f"the clause is {outcome}, and only what is unverified can be attested: {verdict.reason}"
