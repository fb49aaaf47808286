"""What is not known yet while some tools are still at work. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from doctrine.model.guide import Clause, Guide, RuleCheck, ThresholdCheck
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.reports._shape import ClauseV1, FindingV1, ReportV1

_PROVEN = frozenset({Outcome.FAIL, Outcome.NOT_APPLICABLE})
"""What no tool that is still at work can change."""


def asking(guide: Guide, tools: Collection[str]) -> frozenset[str]:
    """Return the ids of the clauses of which tools that are still at work have something to say.

    Args:
        guide: The guide.
        tools: Names of the tools that are still at work.
    """
    asked = {one.id for one in guide.clauses if _asks(one, tools)}
    parents = {
        one.id
        for one in guide.clauses
        for clause_id, _, _ in (parent.partition(".") for parent in one.parents)
        if clause_id in asked
    }
    members = {one.id for one in guide.clauses if {*one.members} & (asked | parents)}
    return frozenset(asked | parents | members)


def undecided(report: ReportV1, clauses: Collection[str]) -> frozenset[str]:
    """Return the ids of those among some clauses that their tools may decide otherwise.

    Args:
        report: What is known.
        clauses: Ids of the clauses of which tools that are still at work have something to say.
    """
    return frozenset(
        one.id for one in report.clauses if one.id in clauses and one.outcome not in _PROVEN
    )


def _asks(clause: Clause, tools: Collection[str]) -> bool:
    return any(
        isinstance(check, RuleCheck | ThresholdCheck) and check.tool in tools
        for check in clause.checks
    )


Open = Mapping[str, Collection[str]]
"""Programs that are still at work, as findings name them, each with the files that it is done with."""


def believed(
    report: ReportV1, earlier: ReportV1 | None, clauses: Collection[str], programs: Open
) -> ReportV1:
    """Return a report in which what is not known yet stands as it was known last.

    For comparing only: whatever is shown of those clauses says that they are being judged.

    Args:
        report: A report that misses some tools.
        earlier: What was known last; None if nothing was.
        clauses: Ids of the clauses of which these tools have something to say.
        programs: The tools that are missing.
    """
    if earlier is None or not programs:
        return report
    known = {one.id: one for one in earlier.clauses}
    return replace(
        report,
        verdict=earlier.verdict,
        grade=earlier.grade,
        clauses=tuple(
            _last_known(one, known.get(one.id)) if one.id in clauses else one
            for one in report.clauses
        ),
        findings=tuple(_findings(report, earlier, programs)),
    )


def _last_known(now: ClauseV1, before: ClauseV1 | None) -> ClauseV1:
    """Return a clause as it was, unless it is proven to fail and did not."""
    if before is None or (now.outcome is Outcome.FAIL and before.outcome is not Outcome.FAIL):
        return now
    return before


def _findings(report: ReportV1, earlier: ReportV1, programs: Open) -> Iterator[FindingV1]:
    """Yield the findings with those of the missing tools as they were.

    A defect that two tools report is one finding. As long as one of them is missing, the other's
    word has another fingerprint, and often another place; it is none that is new. A new one of the
    same rule in the same file may be taken for it: until all have ended, and no longer.
    """
    found = {one.fingerprint for one in report.findings}
    left = [
        one for one in earlier.findings if one.fingerprint not in found and _is_of(one, programs)
    ]
    yield from left
    yield from _not_spoken_for(report, earlier, left)


def _not_spoken_for(
    report: ReportV1, earlier: ReportV1, left: Iterable[FindingV1]
) -> Iterator[FindingV1]:
    """Yield the findings that stood before, and those that are no part of a defect that did."""
    told = {one.fingerprint for one in earlier.findings}
    spoken_for = Counter(key for one in left for key in _words(one))
    for one in report.findings:
        again = next((key for key in _words(one) if spoken_for[key]), None)
        if one.fingerprint in told or again is None:
            yield one
        else:
            spoken_for[again] -= 1


def _words(finding: FindingV1) -> Iterator[tuple[str, str, str]]:
    """Yield what each tool says of a finding, however the lines around it move."""
    return ((finding.path, one.tool, one.rule) for one in finding.reported_by)


def _is_of(finding: FindingV1, programs: Open) -> bool:
    """Return whether a finding may be found again."""
    return any(
        one.tool in programs and finding.path not in programs[one.tool]
        for one in finding.reported_by
    )
