"""What was found, the worst first, and no more of it than code scanning takes.

Results are what fails clauses (at the level of the clause), what would if it were not suppressed,
waived or accepted (with its suppression), and advice (a note). What is cut first is what counts
least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.report import FindingStatus
from doctrine.reports._issues import (
    RANKS,
    Issue,
    failing,
    is_open,
    place_of,
    rule_of,
    unfounded,
    weight,
)
from doctrine.reports._shape import ClauseV1, FindingV1, ReportV1, WaiverV1
from doctrine.reports._text import visible
from doctrine.reports.sarif.limits import MESSAGE, RESULTS, fitted
from doctrine.reports.sarif.places import about, location
from doctrine.reports.sarif.rules import LEVELS, Rules, rule_id
from doctrine.reports.sarif.shape import (
    Fix,
    Level,
    Message,
    Result,
    ResultProperties,
    Suppression,
)

FINGERPRINT = "doctrine/v1"
"""Under which name a fingerprint is told. ``primaryLocationLineHash``, the only one that code
scanning reads, is for the action that uploads the file: it computes that from the source, and warns
of each that it finds different."""


class Entry(Struct, frozen=True, kw_only=True):
    """Something found, before it is written.

    Attributes:
        order: What sorts the worst first, then by place.
        rule: Id of its rule.
        level: How bad it is.
        counts: Whether it makes a clause fail.
        issue: What fails a clause without a finding.
        finding: The finding, where there is one.
        suppression: Why it does not count.
    """

    order: tuple[bool, int, str, int, int, str]
    rule: str
    level: Level
    counts: bool
    issue: Issue | None = None
    finding: FindingV1 | None = None
    suppression: Suppression | None = None


class Kept(Struct, frozen=True):
    """What is told, and how much is not."""

    entries: tuple[Entry, ...]
    total: int


def kept(report: ReportV1, *, whole: bool) -> Kept:
    """Return what a run tells, the worst first.

    Args:
        report: Any report.
        whole: Whether to tell what does not count: what is suppressed, and advice.
    """
    told = (one for one in _entries(report) if whole or one.counts)
    every = sorted(told, key=lambda one: one.order)
    return Kept(tuple(every[:RESULTS]), len(every))


def results(entries: Iterable[Entry], rules: Rules, folder: str) -> Iterator[Result]:
    """Yield the results of a run.

    Args:
        entries: What is told.
        rules: Its rules; what is of a rule that found no place among them is left out.
        folder: The project's folder inside its repository.
    """
    for entry in entries:
        index = rules.index.get(entry.rule)
        if index is None:
            continue
        if entry.finding is not None:
            yield _of_finding(entry, entry.finding, index, folder)
        elif entry.issue is not None:
            yield _of_issue(entry, entry.issue, index, folder)


def _entries(report: ReportV1) -> Iterator[Entry]:
    owners = failing(report.clauses)
    known = {one.id: (rank, one) for rank, one in enumerate(sorted(report.clauses, key=weight))}
    waivers = _waivers(report.clauses)
    for finding in report.findings:
        failed = owners.get(finding.fingerprint)
        clause = failed[0] if failed else _about(finding, known)
        suppression = _suppression(finding, waivers)
        yield _entry(finding, clause, suppression, counts=bool(failed) and is_open(finding))
    for issue in unfounded(report):
        rank = RANKS[issue.clause.level]
        yield Entry(
            order=(False, rank, issue.path, issue.line, issue.column, issue.fingerprint),
            rule=rule_id(issue.clause),
            level=LEVELS[issue.clause.level],
            counts=True,
            issue=issue,
        )


def _entry(
    finding: FindingV1, clause: ClauseV1 | None, suppression: Suppression | None, *, counts: bool
) -> Entry:
    # What is suppressed keeps the level that it would have.
    hard = clause if counts or suppression is not None else None
    return Entry(
        order=(
            suppression is not None,
            RANKS[hard.level] if hard else len(RANKS),
            finding.path,
            finding.line,
            finding.column,
            finding.fingerprint,
        ),
        rule=rule_id(clause) if clause else visible(rule_of(finding)),
        level=LEVELS[hard.level] if hard else "note",
        counts=counts,
        finding=finding,
        suppression=suppression,
    )


def _about(finding: FindingV1, known: Mapping[str, tuple[int, ClauseV1]]) -> ClauseV1 | None:
    """Return the clause that a finding is about, though it does not fail it."""
    ranked = (known[one] for one in finding.clauses if one in known)
    return min(ranked, key=lambda pair: pair[0], default=(0, None))[1]


def _waivers(clauses: Iterable[ClauseV1]) -> Mapping[str, WaiverV1]:
    """Return the waiver that excuses each finding, by fingerprint."""
    return {
        fingerprint: clause.waiver
        for clause in clauses
        if clause.waiver is not None
        for fingerprint in clause.waiver.findings
    }


def _suppression(finding: FindingV1, waivers: Mapping[str, WaiverV1]) -> Suppression | None:
    match finding.status:
        case FindingStatus.NEW:
            return None
        case FindingStatus.SUPPRESSED:
            words = "suppressed by a comment in the source, or by the settings of the tool"
            return Suppression(kind="inSource", status="accepted", justification=words)
        case FindingStatus.BASELINE:
            words = "accepted by the baseline"
        case FindingStatus.WAIVED:
            words = "waived"
            waiver = waivers.get(finding.fingerprint)
            if waiver is not None:
                words = f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    return Suppression(kind="external", status="accepted", justification=fitted(words, MESSAGE))


def _of_finding(entry: Entry, finding: FindingV1, index: int, folder: str) -> Result:
    fix = finding.fix
    text = finding.message
    if fix is not None:
        text = f"{text.rstrip('.')}. Fix ({fix.applicability}): {fix.description}"
    return Result(
        rule_id=entry.rule,
        rule_index=index,
        level=entry.level,
        message=_message(text),
        locations=(
            location(
                place_of(finding.path, folder),
                (finding.line, finding.column),
                (finding.end_line, finding.end_column),
            ),
        ),
        partial_fingerprints={FINGERPRINT: visible(finding.fingerprint)},
        suppressions=(entry.suppression,) if entry.suppression else (),
        properties=ResultProperties(
            counts=entry.counts,
            clauses=tuple(visible(one) for one in finding.clauses),
            reported_by=tuple(visible(f"{one.tool}:{one.rule}") for one in finding.reported_by),
            about=about(finding.path, finding.line),
            fix=_fix(finding),
        ),
    )


def _of_issue(entry: Entry, issue: Issue, index: int, folder: str) -> Result:
    return Result(
        rule_id=entry.rule,
        rule_index=index,
        level=entry.level,
        message=_message(issue.message),
        locations=(
            location(
                place_of(issue.path, folder),
                (issue.line, issue.column),
                (issue.end_line, issue.end_column),
            ),
        ),
        partial_fingerprints={FINGERPRINT: issue.fingerprint},
        suppressions=(),
        properties=ResultProperties(
            counts=entry.counts,
            clauses=(entry.rule,),
            reported_by=(visible(issue.rule),),
            about=about(issue.path, issue.line),
        ),
    )


def _fix(finding: FindingV1) -> Fix | None:
    fix = finding.fix
    if fix is None:
        return None
    return Fix(applicability=fix.applicability, description=fitted(fix.description, MESSAGE))


def _message(text: str) -> Message:
    """Return text that no viewer takes for a link.

    SARIF has links in plain text, ``[text](target)``, and a backslash that takes the meaning of what
    follows (§3.11.6).
    """
    line = fitted(text, MESSAGE) or "no message"
    if "](" in line:
        line = line.replace("\\", "\\\\").replace("[", "\\[")
    return Message(text=line)
