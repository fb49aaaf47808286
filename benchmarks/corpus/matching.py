"""Labels against verdicts: what is right, what is wrong, and what a label no longer speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.corpus.labels import FindingLabel, Labels, OutcomeLabel
from benchmarks.corpus.verdicts import Sighting, Verdicts

_NO_OBJECTION = frozenset({"pass", "not-applicable", "attested", "waived"})
_UNDECIDED = frozenset({"unverified", "error"})


class Match(StrEnum):
    """How a label and a verdict go together."""

    TRUE = "true finding"
    FALSE = "false finding"
    MISSED = "missed finding"
    """The label says that the line violates, and nothing is reported there."""
    SILENT = "rightly silent"
    """The label says that the line does not violate, and nothing is reported there."""
    AGREED = "agreed outcome"
    FALSE_PASS = "false pass"  # noqa: S105 - a kind of match, not a password
    FALSE_FAIL = "false fail"
    UNDECIDED = "left undecided"
    """The label knows the outcome; doctrine leaves it open."""
    OTHERWISE = "another outcome"
    STALE = "stale label"
    """The clause, the file or the line does not exist: nothing can match the label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One label with what became of it.

    Attributes:
        project: Name of the project.
        clause: Id of the clause.
        match: How it goes together with the verdict.
        where: ``path:line`` for a finding, empty for an outcome.
        detail: What a reader needs to look into it.
    """

    project: str
    clause: str
    match: Match
    where: str = ""
    detail: str = ""


Lines = Callable[[str], int]
"""How many lines a file of the project has; 0 when it does not exist."""


def match(project: str, labels: Labels, verdicts: Verdicts, lines: Lines) -> tuple[Matched, ...]:
    """Hold the labels of one project against its verdicts.

    Args:
        project: Its name.
        labels: What people say.
        verdicts: What doctrine says.
        lines: Lengths of the project's files, to tell a label that is out of date.

    Returns:
        One entry a label, in the order of the labels.
    """
    found = (_finding(project, one, labels, verdicts, lines) for one in labels.findings)
    decided = (_outcome(project, one, verdicts) for one in labels.outcomes)
    return (*found, *decided)


def _finding(
    project: str, label: FindingLabel, labels: Labels, verdicts: Verdicts, lines: Lines
) -> Matched:
    reported = any(_speaks_of(label, one, labels) for one in verdicts.sightings)
    outcome = verdicts.clauses.get(label.clause)
    detail = label.why
    if outcome is None:
        kind, detail = Match.STALE, "the guide has no such clause"
    elif reported:
        kind = Match.TRUE if label.verdict else Match.FALSE
    elif label.line > max(lines(label.path), 1):
        # Line 1 may be said of a file that ought to exist.
        kind, detail = Match.STALE, "the project has no such line: is it the labelled version?"
    elif label.verdict:
        kind, detail = Match.MISSED, f"{label.why} (the clause: {outcome.outcome})"
    else:
        kind = Match.SILENT
    where = f"{label.path}:{label.line}"
    return Matched(project=project, clause=label.clause, match=kind, where=where, detail=detail)


def _speaks_of(label: FindingLabel, sighting: Sighting, labels: Labels) -> bool:
    """Return whether a sighting is the labelled one; the rule decides only between labels."""
    place = (sighting.clause, sighting.path, sighting.line)
    if place != (label.clause, label.path, label.line):
        return False
    rivals = [one for one in labels.findings if place == (one.clause, one.path, one.line)]
    named = [one for one in rivals if one.rule in sighting.rules]
    return label in (named or rivals)


def _outcome(project: str, label: OutcomeLabel, verdicts: Verdicts) -> Matched:
    decided = verdicts.clauses.get(label.clause)
    if decided is None:
        kind, detail = Match.STALE, "the guide has no such clause"
    else:
        kind = _agreement(label.outcome, decided.outcome)
        detail = f"{decided.outcome} ({decided.reason}); should be {label.outcome}: {label.why}"
    return Matched(project=project, clause=label.clause, match=kind, detail=detail)


def _agreement(wanted: str, given: str) -> Match:
    if wanted == given:
        return Match.AGREED
    if wanted == "fail" and given in _NO_OBJECTION:
        return Match.FALSE_PASS
    if given == "fail":
        return Match.FALSE_FAIL
    return Match.UNDECIDED if given in _UNDECIDED else Match.OTHERWISE


def unlabelled(labels: Labels, verdicts: Verdicts) -> Iterator[Sighting]:
    """Yield the sightings that no label speaks of.

    Args:
        labels: What people say.
        verdicts: What doctrine says.
    """
    known = {(one.clause, one.path, one.line) for one in labels.findings}
    for one in verdicts.sightings:
        if (one.clause, one.path, one.line) not in known:
            yield one
