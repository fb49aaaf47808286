"""Which finding of an earlier report is which of a later one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from doctrine.reports._renames import Pair, edited, renamed
from doctrine.reports._shape import FindingV1

_Split = tuple[list[Pair], list[FindingV1], list[FindingV1]]
"""Pairs, what only the earlier report has, and what only the later one has."""


def matched(base: Sequence[FindingV1], report: Sequence[FindingV1]) -> _Split:
    """Pair the findings of two reports.

    Args:
        base: Findings of the earlier report.
        report: Findings of the later report.

    Returns:
        The pairs, in the order of the later report; the findings that are gone; those that came.
        Every finding is in exactly one of these, however often its fingerprint occurs.
    """
    still, gone, came = _paired(base, report, lambda one: (one.fingerprint, *place(one)))
    same, gone, came = _paired(gone, came, lambda one: one.fingerprint)
    kept = [*still, *same]
    moved = list(
        renamed(gone, came, kept={one.path for one in report}, known={one.path for one in base})
    )
    gone, came = _rest(gone, came, moved)
    changed = list(edited(gone, came, kept))
    gone, came = _rest(gone, came, changed)
    kept += moved + changed
    position = {id(one): index for index, one in enumerate(report)}
    kept.sort(key=lambda pair: position[id(pair[1])])
    return kept, gone, came


def place(finding: FindingV1) -> tuple[str, int, int]:
    """Return where a finding is."""
    return finding.path, finding.line, finding.column


def _paired(
    base: Iterable[FindingV1], report: Iterable[FindingV1], key: Callable[[FindingV1], Hashable]
) -> _Split:
    """Pair what has one key, in order."""
    waiting: dict[Hashable, list[FindingV1]] = defaultdict(list)
    for one in base:
        waiting[key(one)].append(one)
    for many in waiting.values():
        many.reverse()
    pairs: list[Pair] = []
    came: list[FindingV1] = []
    for one in report:
        same = waiting.get(key(one))
        if same:
            pairs.append((same.pop(), one))
        else:
            came.append(one)
    return pairs, [one for many in waiting.values() for one in reversed(many)], came


def _rest(
    gone: Iterable[FindingV1], came: Iterable[FindingV1], pairs: Sequence[Pair]
) -> tuple[list[FindingV1], list[FindingV1]]:
    return (
        list(_without(gone, (before for before, _ in pairs))),
        list(_without(came, (after for _, after in pairs))),
    )


def _without(findings: Iterable[FindingV1], used: Iterable[FindingV1]) -> Iterator[FindingV1]:
    # By identity, and counted: two findings may be equal, and one object may stand in a list twice.
    left = Counter(map(id, used))
    for one in findings:
        if left[id(one)]:
            left[id(one)] -= 1
        else:
            yield one
