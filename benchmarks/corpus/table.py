"""The figures as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.corpus.matching import Match, Matched
from benchmarks.corpus.statistics import Row

_RIGHT = frozenset({Match.TRUE, Match.SILENT, Match.AGREED})
_HEAD = (
    "clause", "true", "false", "missed", "silent", "precision", "recall",
    "outcomes", "agreed", "f-pass", "f-fail", "open", "other", "stale",
)  # fmt: skip


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield one line a clause, and the total.

    Args:
        rows: The figures.
    """
    yield _line(_HEAD)
    for row in rows:
        count = row.counts
        yield _line(
            (
                row.name,
                *(_number(count[kind]) for kind in
                  (Match.TRUE, Match.FALSE, Match.MISSED, Match.SILENT)),
                _share(row.precision),
                _share(row.recall),
                _number(row.outcomes),
                _share(row.agreement),
                *(_number(count[kind]) for kind in
                  (Match.FALSE_PASS, Match.FALSE_FAIL, Match.UNDECIDED, Match.OTHERWISE,
                   Match.STALE)),
            )
        )  # fmt: skip


def _line(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"{first:<8}" + "".join(f"{cell:>10}" for cell in others)


def _number(count: int) -> str:
    return str(count) if count else "."


def _share(value: float | None) -> str:
    return "." if value is None else f"{value:.3f}"


def trouble(matched: Iterable[Matched]) -> Iterator[str]:
    """Yield one line for each label that doctrine does not agree with.

    Args:
        matched: Every label with what became of it.
    """
    wrong = [one for one in matched if one.match not in _RIGHT]
    for one in sorted(wrong, key=lambda one: (one.match, one.clause, one.project, one.where)):
        where = f" {one.where}" if one.where else ""
        yield f"{one.match}: {one.clause} {one.project}{where}: {one.detail}"
