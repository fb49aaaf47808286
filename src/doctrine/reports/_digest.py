"""What a report amounts to: which findings stand behind a check, and what is left over. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.observation import Applicability, Severity
from doctrine.model.outcome import Outcome
from doctrine.model.report import FindingStatus
from doctrine.model.run import Origin, ToolStatus
from doctrine.model.verdict import PARENT_CHECK
from doctrine.reports._partial import is_settled
from doctrine.reports._shape import ClauseV1, FindingV1, ReporterV1, ReportV1, ToolV1

ROWS = 5
"""Most places shown for a check; the rest is counted."""


class Row(Struct, frozen=True, kw_only=True):
    """A shown finding, and how many the file has including it."""

    finding: FindingV1
    count: int


class Pile(Struct, frozen=True, kw_only=True):
    """The findings behind a check.

    Attributes:
        total: How many there are.
        files: In how many files.
        fixable: How many have a safe fix.
        rows: Those shown.
        left: How many stand in files that have no row.
        left_files: How many such files there are.
        message: What all of them say, if it is the same; empty otherwise.
        rules: The rules behind them with their counts, the most frequent first.
    """

    total: int
    files: int
    fixable: int
    rows: tuple[Row, ...]
    left: int
    left_files: int
    message: str
    rules: tuple[tuple[str, int], ...] = ()


class Leftover(Struct, frozen=True, kw_only=True):
    """Findings that fail no clause, for one reason.

    Attributes:
        why: What keeps them from failing anything.
        total: How many there are.
        rules: The rules with their counts, the most frequent first.
    """

    why: str
    total: int
    rules: tuple[tuple[str, int], ...]


def pile(
    fingerprints: Iterable[str], known: Mapping[str, FindingV1], *, whole: bool = False
) -> Pile:
    """Return the findings of a check, those of one file together where they are many.

    Args:
        fingerprints: Of the check.
        known: Every finding of the report by its fingerprint.
        whole: Whether each finding has a row, however many they are.
    """
    by_file = _by_file(known[one] for one in fingerprints if one in known)
    every = [finding for found in by_file.values() for finding in found]
    rows = _every(every) if whole or len(every) <= ROWS else _worst_files(by_file)
    return Pile(
        total=len(every),
        files=len(by_file),
        fixable=sum(map(_is_fixable, every)),
        rows=rows,
        left=len(every) - sum(row.count for row in rows),
        left_files=len(by_file) - len({row.finding.path for row in rows}),
        message=_shared_message(every),
        rules=_ranked(_by_rule(every)),
    )


def _by_rule(findings: Iterable[FindingV1]) -> Counter[str]:
    """Return how many findings each rule has; few rules have many."""
    counts = Counter[str]()
    for reporters, count in Counter(one.reported_by for one in findings).items():
        counts[_rule(reporters)] += count
    return counts


def _shared_message(findings: list[FindingV1]) -> str:
    """Return the message that all of several findings have; empty where they differ."""
    messages = {finding.message for finding in findings}
    return messages.pop() if len(findings) > 1 and len(messages) == 1 else ""


def _by_file(findings: Iterable[FindingV1]) -> dict[str, list[FindingV1]]:
    by_file: dict[str, list[FindingV1]] = {}
    for finding in findings:
        by_file.setdefault(finding.path, []).append(finding)
    return by_file


def failing(verdict: ClauseV1) -> Iterator[str]:
    """Yield the fingerprints of the findings that fail a clause.

    Args:
        verdict: A clause; it fails by nothing where it does not fail.
    """
    if verdict.outcome is Outcome.FAIL:
        for check in verdict.checks:
            if check.outcome is Outcome.FAIL:
                yield from check.findings


def leftovers(report: ReportV1) -> tuple[Leftover, ...]:
    """Return every finding that fails no clause, counted by the reason.

    Args:
        report: Any report.
    """
    blamed = {one for verdict in report.clauses for one in failing(verdict)}
    told = Counter((why_not(one, blamed), one.reported_by) for one in report.findings)
    counts: dict[str, Counter[str]] = {}
    for (why, reporters), count in told.items():
        if why:
            counts.setdefault(why, Counter())[_rule(reporters)] += count
    return tuple(
        Leftover(
            why=why,
            total=counts[why].total(),
            rules=_ranked(counts[why]),
        )
        for why in _REASONS
        if why in counts
    )


_UNDESCRIBED = "uv-missing-project"
"""Says that no `[project]` is there, without which `uv add` and `uv lock`, which most repairs begin
with, refuse or do too little."""


def next_actions(report: ReportV1, most: int) -> tuple[ClauseV1, ...]:
    """Return the clauses to see to first.

    Args:
        report: Any report.
        most: How many at most.

    Returns:
        What the commands of others need first; the failing clauses worth most points, before those
        that fail with them, and with the fewest findings where several are; then those that could
        not be checked, then the unverified.
    """
    undescribed = {
        one.fingerprint
        for one in report.findings
        for by in one.reported_by
        if by.rule == _UNDESCRIBED
    }
    urgent = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED)
    found = [
        one
        for one in report.clauses
        if one.outcome in urgent and one.scored and is_settled(one, report)
    ]
    found.sort(
        key=lambda one: (
            undescribed.isdisjoint(failing(one)),
            urgent.index(one.outcome),
            -one.points_lost,
            fails_with_another(one),
            len(one.findings),
        )
    )
    return tuple(found[:most])


def fails_with_another(verdict: ClauseV1) -> bool:
    """Return whether a check fails only because a check of another clause does."""
    return any(check.id.startswith(PARENT_CHECK) for check in verdict.checks)


def rule_of(finding: FindingV1) -> str:
    """Return who reported a finding, as in ``ruff S311, semgrep weak-random``."""
    return ", ".join(f"{one.tool} {one.rule}" for one in finding.reported_by)


def is_quiet(run: ToolV1, report: ReportV1) -> bool:
    """Return whether it is one of doctrine's own inspectors, with nothing to tell of it.

    Args:
        run: A tool's part in the run.
        report: The report.
    """
    own = run.origin is Origin.DOCTRINE and run.version == report.doctrine.version
    return own and run.status is ToolStatus.OK and not (run.message or run.note)


# Asked of each finding: an enumeration takes five times as long to find its member before Python 3.12.
_INFO = Severity.INFO
_NEW = FindingStatus.NEW
_SAFE = Applicability.SAFE
_ADVICE = "advice, which fails nothing"
_OPEN = "no failing clause rests on them"
_SILENCED = {
    FindingStatus.SUPPRESSED: "suppressed in the project",
    FindingStatus.BASELINE: "in the baseline",
    FindingStatus.WAIVED: "waived",
}
_REASONS = (_ADVICE, *_SILENCED.values(), _OPEN)


def why_not(finding: FindingV1, blamed: Container[str]) -> str:
    """Return what keeps a finding from failing any clause; empty where it fails one.

    Args:
        finding: One finding.
        blamed: Fingerprints of those that fail a clause.
    """
    # Advice fails nothing, even where a check is said to rest on all findings of its clause.
    if finding.fingerprint in blamed and finding.severity is not _INFO:
        return ""
    if finding.status is not _NEW:
        return _SILENCED[finding.status]
    return _ADVICE if finding.severity is _INFO else _OPEN


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _rule(reporters: tuple[ReporterV1, ...]) -> str:
    first = reporters[0] if reporters else None
    return f"{first.tool} {first.rule}" if first else "unknown"


def _is_fixable(finding: FindingV1) -> bool:
    return finding.fix is not None and finding.fix.applicability is _SAFE


def _order(finding: FindingV1) -> tuple[str, int, int, str]:
    return finding.path, finding.line, finding.column, finding.fingerprint


def _every(findings: list[FindingV1]) -> tuple[Row, ...]:
    return tuple(Row(finding=one, count=1) for one in sorted(findings, key=_order))


def _worst_files(by_file: Mapping[str, list[FindingV1]]) -> tuple[Row, ...]:
    worst = sorted(by_file.items(), key=lambda item: (-len(item[1]), item[0]))[:ROWS]
    return tuple(Row(finding=min(found, key=_order), count=len(found)) for _, found in worst)
