"""What a report has of a baseline: what is still there, new, mended, or was not looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from doctrine.baseline.keys import Keys
from doctrine.model.baseline import Accepted, Baseline, Debt, Standard
from doctrine.model.guide import Guide
from doctrine.model.observation import Severity
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report, ReportFinding
from doctrine.model.verdict import ClauseVerdict, Outcome
from doctrine.standing import failing_alone, failing_findings, name_of

_LOOKED_AT = frozenset({FindingStatus.NEW, FindingStatus.WAIVED})
_UNDONE = frozenset({Outcome.ERROR, Outcome.UNVERIFIED})
_Key = tuple[str, str, str, str]
_Rough = tuple[str, str, str]
_Found = tuple[ReportFinding, Accepted]
_Pair = tuple[Accepted, Accepted]
"""An entry, and what it would be if it were made today."""


class Today(Struct, frozen=True, kw_only=True):
    """What is known about the project as it is now.

    Attributes:
        keys: Makes entries from findings.
        renamed: Today's path of a file by the one that it had when the baseline was made.
        symbols: Every function and class of a file, by path.
        looked: Whether everything that could report an entry did look at its file.
        notes: What the reader has to know about the comparison.
    """

    keys: Keys
    renamed: Mapping[str, str]
    symbols: Mapping[str, Collection[str]]
    looked: Callable[[Accepted], bool]
    notes: tuple[str, ...] = ()


def standard_of(guide: Guide) -> Standard:
    """Return what a baseline says that it was made by."""
    return Standard(guide=guide.id, version=guide.version, registry=guide.registry)


def held_against(report: Report, baseline: Baseline, today: Today) -> Report:
    """Return a report with the accepted findings marked, and what it has of the baseline.

    Neither an outcome nor the verdict nor the grade changes.

    Args:
        report: A report with final verdicts.
        baseline: What was accepted.
        today: What is known about the project as it is now.
    """
    failing = failing_findings(report)
    renamed = today.renamed
    entries = _Entries(
        replace(one, path=renamed.get(one.path, one.path)) for one in baseline.findings
    )
    found = _candidates(report, failing, today.keys)
    taken, unknown = entries.exactly(found)
    taken.update(entries.in_renamed_symbols(unknown, today.symbols))
    debt = _debt(report, baseline, _Matched(found, taken, entries.left()), today)
    new = frozenset(debt.new)
    findings = (
        replace(one, status=FindingStatus.BASELINE)
        if one.fingerprint in taken
        and one.fingerprint not in new
        and one.status is FindingStatus.NEW
        else one
        for one in report.findings
    )
    return replace(report, findings=tuple(findings), baseline=debt)


class _Matched(Struct, frozen=True):
    """The findings that entries can be about, what they took, and what is left over."""

    found: Sequence[_Found]
    taken: Mapping[str, _Pair]
    left: tuple[Accepted, ...]

    def new(self) -> tuple[str, ...]:
        """Return the findings that fail a clause which they are not accepted for."""
        return tuple(
            sorted(
                finding.fingerprint
                for finding, own in self.found
                if not set(own.clauses) <= set(self.clauses(finding.fingerprint))
            )
        )

    def clauses(self, fingerprint: str) -> tuple[str, ...]:
        """Return the clauses that a finding is accepted for."""
        pair = self.taken.get(fingerprint)
        return pair[0].clauses if pair else ()

    def entries(self, *, grown: bool) -> Iterator[Accepted]:
        """Yield today's entries of the findings that are accepted, or are to be."""
        for finding, own in self.found:
            accepted = self.clauses(finding.fingerprint)
            clauses = {*accepted, *own.clauses} if grown else set(accepted)
            if clauses:
                yield replace(own, clauses=tuple(sorted(clauses)))


def _candidates(report: Report, failing: Mapping[str, frozenset[str]], keys: Keys) -> list[_Found]:
    """Return the findings that entries can be about, those that fail something first."""
    found = [
        (one, keys.entry(one, failing.get(one.fingerprint, ())))
        for one in report.findings
        if one.status in _LOOKED_AT and one.severity is not Severity.INFO
    ]
    return sorted(found, key=lambda pair: pair[0].fingerprint not in failing)


class _Entries:
    """The entries that no finding has taken yet."""

    def __init__(self, entries: Iterable[Accepted]) -> None:
        self._by_key: dict[_Key, list[Accepted]] = defaultdict(list)
        for one in sorted(entries):
            self._by_key[one.path, one.symbol, one.rule, one.digest].append(one)

    def exactly(self, found: Sequence[_Found]) -> tuple[dict[str, _Pair], list[_Found]]:
        """Give each finding an entry that is equal, and return those that have none."""
        taken: dict[str, _Pair] = {}
        unknown: list[_Found] = []
        for finding, own in found:
            entry = self._take((own.path, own.symbol, own.rule, own.digest), own.clauses)
            if entry is None:
                unknown.append((finding, own))
            else:
                taken[finding.fingerprint] = (entry, own)
        return taken, unknown

    def _take(self, key: _Key, clauses: tuple[str, ...]) -> Accepted | None:
        """Take an entry, best one that was accepted for these clauses and as few others as can be.

        One that was accepted for more is left to an equal finding that fails more.
        """
        choice = self._by_key.get(key)
        if not choice:
            return None
        best = min(choice, key=lambda one: (not set(clauses) <= set(one.clauses), len(one.clauses)))
        choice.remove(best)
        return best

    def in_renamed_symbols(
        self, found: Iterable[_Found], symbols: Mapping[str, Collection[str]]
    ) -> Iterator[tuple[str, _Pair]]:
        """Yield findings with entries whose function or class is there no more: it was renamed.

        While the old symbol exists, its finding was mended, and an equal one elsewhere is new.
        """
        gone: dict[_Rough, list[_Key]] = defaultdict(list)
        for path, symbol, rule, digest in sorted(key for key, left in self._by_key.items() if left):
            if symbol and symbol not in symbols.get(path, (symbol,)):
                gone[path, rule, digest].append((path, symbol, rule, digest))
        for finding, own in found:
            for key in gone.get((own.path, own.rule, own.digest), ()):
                entry = self._take(key, own.clauses)
                if entry is not None:
                    yield finding.fingerprint, (entry, own)
                    break

    def left(self) -> tuple[Accepted, ...]:
        """Return the entries that nothing was found for."""
        return tuple(sorted(one for left in self._by_key.values() for one in left))


def _debt(report: Report, baseline: Baseline, matched: _Matched, today: Today) -> Debt:
    stale = tuple(one for one in matched.left if today.looked(one))
    waiting = tuple(one for one in matched.left if not today.looked(one))
    alone = failing_alone(report)
    held, undecided = _settled(report, baseline.checks, alone)
    still = alone & set(baseline.checks)
    return Debt(
        path="" if baseline.commit else baseline.path,
        since=baseline.path if baseline.commit else "",
        entries=baseline.entries,
        matched=len(matched.taken) + len(still),
        new=matched.new(),
        regressions=tuple(sorted(alone - still)),
        stale=stale,
        stale_checks=held,
        undecided=len(waiting) + len(undecided),
        accepted={one: frozenset(matched.clauses(one)) for one in matched.taken},
        checks=frozenset(baseline.checks),
        kept=tuple(sorted((*matched.entries(grown=False), *waiting))),
        kept_checks=tuple(sorted((*still, *undecided))),
        grown=tuple(sorted((*matched.entries(grown=True), *waiting))),
        grown_checks=tuple(sorted((*alone, *undecided))),
        notes=(*today.notes, *_notes(baseline, report.guide)),
    )


def _outcomes(verdicts: Iterable[ClauseVerdict]) -> Mapping[str, Outcome]:
    """Return what became of each check, by its name in a baseline."""
    return {name_of(one, check): check.outcome for one in verdicts for check in one.checks}


def _settled(
    report: Report, checks: Iterable[str], failing: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the accepted checks that hold by now, and those that nobody could decide."""
    outcomes = _outcomes(report.clauses)
    undone = {verdict.clause.id for verdict in report.clauses if verdict.outcome in _UNDONE}

    def is_open(name: str) -> bool:
        missed = report.partial is not None and name not in outcomes
        return outcomes.get(name) in _UNDONE or name.partition(".")[0] in undone or missed

    rest = [name for name in checks if name not in failing]
    return (
        tuple(name for name in rest if not is_open(name)),
        tuple(name for name in rest if is_open(name)),
    )


def _notes(baseline: Baseline, guide: Guide) -> Iterator[str]:
    own = standard_of(guide)
    others = [one for one in baseline.standards if one != own]
    if baseline.entries and (own not in baseline.standards or others):
        made = ", ".join(f"{one.guide} {one.version} ({one.registry})" for one in others)
        yield (
            f"{baseline.path} was made by {made or 'a guide that it does not name'}, and this is "
            f"{own.guide} {own.version} ({own.registry}): clauses may have changed since; look at "
            "what is new, then run `doctrine baseline update`"
        )
