"""Precision, recall and agreement, and whether they are good enough. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.corpus.matching import Match, Matched

TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of one clause, or of all of them."""

    name: str
    counts: Counter[Match]

    @property
    def reported(self) -> int:
        """Labelled findings that are reported."""
        return self.counts[Match.TRUE] + self.counts[Match.FALSE]

    @property
    def violations(self) -> int:
        """Findings that people say are violations."""
        return self.counts[Match.TRUE] + self.counts[Match.MISSED]

    @property
    def outcomes(self) -> int:
        """Labelled outcomes."""
        kinds = (Match.AGREED, Match.FALSE_PASS, Match.FALSE_FAIL, Match.UNDECIDED, Match.OTHERWISE)
        return sum(self.counts[kind] for kind in kinds)

    @property
    def precision(self) -> float | None:
        """Share of the reported labelled findings that are violations; None without any."""
        return _share(self.counts[Match.TRUE], self.reported)

    @property
    def recall(self) -> float | None:
        """Share of the labelled violations that are reported; None without any."""
        return _share(self.counts[Match.TRUE], self.violations)

    @property
    def agreement(self) -> float | None:
        """Share of the labelled outcomes that doctrine gives; None without any."""
        return _share(self.counts[Match.AGREED], self.outcomes)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def rows(matched: Iterable[Matched], order: Iterable[str] = ()) -> tuple[Row, ...]:
    """Count by clause.

    Args:
        matched: Every label with what became of it.
        order: Clause ids in the order to show; others follow by name.

    Returns:
        One row a clause that has labels, then the total.
    """
    by_clause: dict[str, Counter[Match]] = {}
    total: Counter[Match] = Counter()
    for one in matched:
        by_clause.setdefault(one.clause, Counter())[one.match] += 1
        total[one.match] += 1
    first = [clause for clause in order if clause in by_clause]
    names = [*first, *sorted(set(by_clause) - set(first))]
    shown = (Row(name=name, counts=by_clause[name]) for name in names)
    return (*shown, Row(name=TOTAL, counts=total))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What the figures must reach.

    Attributes:
        precision: Least precision of all findings together.
        clause_precision: Least precision of each clause with enough cases.
        cases: How many labelled findings are enough.
        recall: Least recall of all findings together.
        agreement: Least agreement of all outcomes together.
        false_passes: Most false passes.
        stale: Most stale labels.
    """

    precision: float = 0.97
    clause_precision: float = 0.90
    cases: int = 10
    recall: float = 0.0
    agreement: float = 0.0
    false_passes: int = 0
    stale: int = 0


def shortfalls(table: tuple[Row, ...], demands: Demands) -> tuple[str, ...]:
    """Return what is not good enough, one sentence each.

    Args:
        table: Every row, the total last.
        demands: What they must reach.
    """
    return tuple(_shortfalls(table, demands))


def _shortfalls(table: tuple[Row, ...], demands: Demands) -> Iterator[str]:
    *clauses, total = table
    least = (
        ("precision", total.precision, demands.precision),
        ("recall", total.recall, demands.recall),
        ("agreement", total.agreement, demands.agreement),
    )
    for name, value, bound in least:
        if value is not None and value < bound:
            yield f"{name} is {value:.3f}, less than {bound:.3f}"
    for row in clauses:
        value = row.precision
        if value is not None and row.reported >= demands.cases and value < demands.clause_precision:
            yield f"precision of {row.name} is {value:.3f}, less than {demands.clause_precision:.3f}"
    most = (
        (Match.FALSE_PASS, demands.false_passes, "false passes"),
        (Match.STALE, demands.stale, "stale labels"),
    )
    for kind, bound, words in most:
        if total.counts[kind] > bound:
            yield f"{total.counts[kind]} {words}, more than {bound}"
