"""What was mended and what is left, counted for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.mend.choosing import Wish, doubted, is_left_alone, is_offered
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
        doubted: How many the project's own version of their tool may not report, by clause.
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
    doubted: Counts
    unused: Counts
    manual: Counts
    settings: tuple[str, ...] = ()


def summarised(done: Mended) -> Summary:
    """Count what became of the findings that were to be mended.

    Args:
        done: What came of it.
    """
    wish = done.wish
    before, after = (tuple(filter(counts, one.findings)) for one in (done.first, done.last))
    mended = _mended(before, after)
    left, doubtful = _left(done, after)
    unsafe = tuple(one for one in left if _needs_somebody(one, wish))
    offered = tuple(one for one in left if _is_open(one, wish) and one not in unsafe)
    # Whoever asks for everything is not told everything that is wrong: a check does that.
    shown = wish.clauses if done.named else {*mended, *_clauses(unsafe)}
    return Summary(
        mended=mended,
        total=max(len(before) - len(after), 0),
        spared=_sorted(_paths(offered, wish.spared, inside=True)),
        unsafe=_sorted(_clauses(unsafe)),
        stubborn=_sorted(_paths(offered, wish.spared, inside=False)),
        doubted=_sorted(_clauses(doubtful)),
        unused=_sorted(filter(done.unused.__contains__, _clauses(_foreign(after, wish)))),
        settings=tuple(sorted(filter(None, map(_unset, done.last.clauses)))),
        manual=_sorted(filter((shown or ()).__contains__, _clauses(_manual(left, wish)))),
    )


def _left(
    done: Mended, after: Iterable[ReportFinding]
) -> tuple[tuple[ReportFinding, ...], tuple[ReportFinding, ...]]:
    """Return what is left of what was asked for, and what the project's tools may not report."""
    doubtful = doubted(done.last, done.wish)
    asked = tuple(filter(done.wish.asks, after))
    return (
        tuple(one for one in asked if one.fingerprint not in doubtful),
        tuple(one for one in asked if one.fingerprint in doubtful),
    )


def _mended(
    before: Iterable[ReportFinding], after: Iterable[ReportFinding]
) -> Mapping[str, Counts]:
    """Return how many are gone, by clause and path."""
    gone = Counter(_by_clause(before))
    gone.subtract(Counter(_by_clause(after)))
    mended: dict[str, dict[str, int]] = {}
    for (clause, path), number in sorted(gone.items()):
        if number > 0:
            mended.setdefault(clause, {})[path] = number
    return mended


def _clauses(findings: Iterable[ReportFinding]) -> Iterator[str]:
    return (clause for one in findings for clause in one.clauses)


def _paths(
    findings: Iterable[ReportFinding], spared: Container[str], *, inside: bool
) -> Iterator[str]:
    paths = (one.location.path for one in findings)
    return (path for path in paths if (path in spared) is inside)


def _is_open(finding: ReportFinding, wish: Wish) -> bool:
    """Return whether a finding has a repair that is this program's to make."""
    return is_offered(finding) and not is_left_alone(finding, wish)


def _needs_somebody(finding: ReportFinding, wish: Wish) -> bool:
    return _is_open(finding, wish) and _is_unsafe(finding) and not wish.unsafe


def _manual(findings: Iterable[ReportFinding], wish: Wish) -> Iterator[ReportFinding]:
    return (one for one in findings if not _is_open(one, wish))


def _foreign(findings: Iterable[ReportFinding], wish: Wish) -> Iterator[ReportFinding]:
    return (one for one in findings if not wish.asks(one) and _is_admitted(one, wish))


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


def _sorted(names: Iterable[str]) -> Counts:
    return dict(sorted(Counter(names).items()))
