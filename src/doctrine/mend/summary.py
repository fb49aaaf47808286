"""What was mended and what is left, counted for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.mend.choosing import Wish, is_offered
from doctrine.mend.engine import Mended
from doctrine.mend.tally import counts
from doctrine.model.guide import DeclaredCheck, GateCheck
from doctrine.model.observation import Applicability
from doctrine.model.report import ReportFinding
from doctrine.model.verdict import ClauseVerdict, Outcome

Counts = Mapping[str, int]


class Summary(Struct, frozen=True, kw_only=True):
    """What became of the findings.

    Attributes:
        mended: How many are gone, by clause and path; clauses and paths sorted.
        total: How many are gone, each counted once whatever clauses it is about.
        spared: How many could be mended but for uncommitted changes, by path.
        unsafe: How many only an unsafe repair mends, by clause.
        stubborn: How many have a repair that was tried, or that did not fit, by path.
        unused: How many could be mended, but by a tool that the project does not use, by clause.
        settings: Clauses that lack a dependency, or a run in CI or a hook.
        manual: How many nobody offers a repair for, by clause: those that were named, else those
            that something was mended of, or could be.
    """

    mended: Mapping[str, Counts]
    total: int
    spared: Counts
    unsafe: Counts
    stubborn: Counts
    unused: Counts
    manual: Counts
    settings: tuple[str, ...] = ()


def summarised(done: Mended) -> Summary:
    """Count what became of the findings that were to be mended.

    Args:
        done: What came of it.
    """
    before, after = (tuple(filter(counts, one.findings)) for one in (done.first, done.last))
    left = _Left.of(after, done.wish)
    mended = _gone(before, after)
    unsafe = _counted(_clauses_of(left.unsafe))
    spared, stubborn = _parted(left.offered, lambda one: one.location.path in done.wish.spared)
    # Whoever asks for everything is not told everything that is wrong: a check does that.
    shown = done.wish.clauses or frozenset() if done.named else {*mended, *unsafe}
    return Summary(
        mended=mended,
        total=max(len(before) - len(after), 0),
        spared=_counted(one.location.path for one in spared),
        unsafe=unsafe,
        stubborn=_counted(one.location.path for one in stubborn),
        unused=_counted(one for one in _clauses_of(left.foreign) if one in done.unused),
        settings=tuple(sorted(filter(None, map(_unset, done.last.clauses)))),
        manual=_counted(one for one in _clauses_of(left.manual) if one in shown),
    )


class _Left(Struct, frozen=True, kw_only=True):
    """What is still found, by what could be done about it.

    Attributes:
        foreign: What nobody asked to mend, and could be mended.
        unsafe: What only an unsafe repair mends, where none is wanted.
        offered: What a repair was wanted for.
        manual: What nobody offers a repair for.
    """

    foreign: tuple[ReportFinding, ...]
    unsafe: tuple[ReportFinding, ...]
    offered: tuple[ReportFinding, ...]
    manual: tuple[ReportFinding, ...]

    @staticmethod
    def of(findings: tuple[ReportFinding, ...], wish: Wish) -> _Left:
        """Sort findings by what a wish says of them."""
        asked, others = _parted(findings, wish.asks)
        unsafe, rest = ((), asked) if wish.unsafe else _parted(asked, _is_unsafe)
        offered, manual = _parted(rest, is_offered)
        foreign, _ = _parted(others, lambda one: _is_admitted(one, wish))
        return _Left(foreign=foreign, unsafe=unsafe, offered=offered, manual=manual)


def _parted(
    findings: tuple[ReportFinding, ...], holds: Callable[[ReportFinding], bool]
) -> tuple[tuple[ReportFinding, ...], tuple[ReportFinding, ...]]:
    """Return the findings of which something holds, and the others."""
    return tuple(filter(holds, findings)), tuple(one for one in findings if not holds(one))


def _gone(before: Iterable[ReportFinding], after: Iterable[ReportFinding]) -> Mapping[str, Counts]:
    """Return how many findings are no more, by clause and path, sorted."""
    gone = Counter(_by_clause(before))
    gone.subtract(Counter(_by_clause(after)))
    mended: dict[str, dict[str, int]] = {}
    for (clause, path), number in sorted(gone.items()):
        if number > 0:
            mended.setdefault(clause, {})[path] = number
    return mended


def _clauses_of(findings: Iterable[ReportFinding]) -> list[str]:
    return [clause for one in findings for clause in one.clauses]


def _by_clause(findings: Iterable[ReportFinding]) -> Iterator[tuple[str, str]]:
    return ((clause, one.location.path) for one in findings for clause in one.clauses)


def _unset(verdict: ClauseVerdict) -> str:
    """Return the id of a clause that asks for configuration which is not there; else nothing."""
    failing = {one.id for one in verdict.checks if one.outcome is Outcome.FAIL}
    asked = (one for one in verdict.clause.checks if isinstance(one, DeclaredCheck | GateCheck))
    fails = verdict.outcome is Outcome.FAIL and any(one.id in failing for one in asked)
    return verdict.id if fails else ""


def _is_admitted(finding: ReportFinding, wish: Wish) -> bool:
    return finding.fix is not None and wish.admits(finding.fix.applicability)


def _is_unsafe(finding: ReportFinding) -> bool:
    return finding.fix is not None and finding.fix.applicability is Applicability.UNSAFE


def _counted(names: Iterable[str]) -> Counts:
    return dict(sorted(Counter(names).items()))
