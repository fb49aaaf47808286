"""Which finding of an earlier report is plainly one of a later report, under another fingerprint.

A fingerprint is made of the path, the symbol around and the line's text, so it changes with each.
Whoever calls a new defect a moved one lets it through a gate: each rule here wants evidence, and
what stays unclear is left alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from doctrine.reports._shape import FindingV1

Pair = tuple[FindingV1, FindingV1]
"""A finding before and after."""

_T = TypeVar("_T", bound=Hashable)

_NEAR = 3
"""Lines between the places of one finding whose line was edited, apart from what moved above."""
_FOLDERS = 8
"""Renamed folders that are believed in one comparison, those with most files first."""


def meaning(finding: FindingV1) -> Hashable:
    """Return what a finding says, wherever it says it."""
    return finding.clauses, finding.reported_by, finding.message


def renamed(
    gone: Sequence[FindingV1],
    came: Sequence[FindingV1],
    *,
    kept: Iterable[str],
    known: Iterable[str],
) -> Iterator[Pair]:
    """Yield the findings of files that were renamed.

    Args:
        gone: Findings of the earlier report whose fingerprint the later one lacks.
        came: Findings of the later report whose fingerprint the earlier one lacks.
        kept: Paths that the later report still has findings in: these were not renamed.
        known: Paths that the earlier report had findings in: nothing was renamed to these.
    """
    old = _by_path(gone, without=set(kept))
    new = _by_path(came, without=set(known))
    for before, after in _renames(old, new).items():
        yield from _paired(old[before], new[after])


def edited(
    gone: Sequence[FindingV1], came: Sequence[FindingV1], same: Sequence[Pair]
) -> Iterator[Pair]:
    """Yield the findings whose line, or the name of the function around, was edited.

    Args:
        gone: As for ``renamed``, less what that has matched.
        came: As for ``renamed``, less what that has matched.
        same: Pairs with one fingerprint; they tell how far the lines of a file have moved.

    Returns:
        Pairs in one file that say the same, are the only ones there to say so, and stand where
        the edit around them leaves them.
    """
    shifts = _Shifts(same)
    old, new = _by_meaning(gone), _by_meaning(came)
    for key, before in old.items():
        after = new.get(key, [])
        if len(before) == 1 and len(after) == 1:
            one, other = before[0], after[0]
            if abs(shifts.expected(one) - other.line) <= _NEAR:
                yield one, other


class _Shifts:
    """How far the lines of each file have moved, as its unchanged findings tell."""

    def __init__(self, same: Iterable[Pair]) -> None:
        self._known: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for before, after in same:
            if before.path == after.path:
                self._known[before.path].append((before.line, after.line - before.line))

    def expected(self, finding: FindingV1) -> int:
        """Return the line where a finding stands now if the lines around it moved with it."""
        known = self._known.get(finding.path)
        if not known:
            return finding.line
        return finding.line + min(known, key=lambda one: abs(one[0] - finding.line))[1]


def _by_path(findings: Iterable[FindingV1], *, without: set[str]) -> Mapping[str, list[FindingV1]]:
    found: dict[str, list[FindingV1]] = defaultdict(list)
    for one in findings:
        if one.path not in without:
            found[one.path].append(one)
    return found


def _by_meaning(findings: Iterable[FindingV1]) -> Mapping[Hashable, list[FindingV1]]:
    found: dict[Hashable, list[FindingV1]] = defaultdict(list)
    for one in findings:
        found[one.path, meaning(one)].append(one)
    return found


def _renames(
    old: Mapping[str, list[FindingV1]], new: Mapping[str, list[FindingV1]]
) -> Mapping[str, str]:
    """Return new paths by old ones.

    A file is believed to be renamed when exactly one other has its findings at the same places,
    or has its name and half of its findings; then so are the files of a folder that most moved to.
    """
    found = _one_to_one(
        {path: _signature(findings) for path, findings in old.items()},
        {path: _signature(findings) for path, findings in new.items()},
    )
    by_name = _one_to_one(
        {path: PurePosixPath(path).name for path in old if path not in found},
        {path: PurePosixPath(path).name for path in new.keys() - found.values()},
    )
    found |= {a: b for a, b in sorted(by_name.items()) if _alike(old[a], new[b])}
    for before, after in _folders(found):
        found |= _along(before, after, _without(old, found), _without(new, found.values()))
    return found


def _along(
    before: str, after: str, old: Mapping[str, list[FindingV1]], new: Mapping[str, list[FindingV1]]
) -> Mapping[str, str]:
    """Return new paths by old ones for the files that moved along with their folder."""
    moved: dict[str, str] = {}
    for path in old:
        moved.setdefault(_moved_to(path, before, after), path)
    return {a: b for b, a in moved.items() if b in new and _alike(old[a], new[b])}


def _without(
    findings: Mapping[str, list[FindingV1]], paths: Collection[str]
) -> Mapping[str, list[FindingV1]]:
    taken = set(paths)
    return {path: found for path, found in findings.items() if path not in taken}


def _signature(findings: Iterable[FindingV1]) -> Hashable:
    return frozenset(Counter((one.line, one.column, meaning(one)) for one in findings).items())


def _one_to_one(old: Mapping[str, _T], new: Mapping[str, _T]) -> dict[str, str]:
    """Return the pairs of keys that have a value which nothing else on their side has."""
    once_old, once_new = Counter(old.values()), Counter(new.values())
    where = {value: key for key, value in new.items()}
    return {
        key: where[value]
        for key, value in old.items()
        if once_old[value] == 1 and once_new[value] == 1
    }


def _alike(old: Sequence[FindingV1], new: Sequence[FindingV1]) -> bool:
    shared = Counter(map(meaning, old)) & Counter(map(meaning, new))
    return 2 * shared.total() >= max(len(old), len(new))


def _folders(files: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return the folders that at least two files say were renamed, the surest first."""
    votes = Counter(_folder(before, after) for before, after in files.items())
    ordered = sorted(votes.items(), key=lambda one: (-one[1], one[0]))
    return [folder for folder, count in ordered if count > 1][:_FOLDERS]


def _folder(before: str, after: str) -> tuple[str, str]:
    """Return what differs of two paths, once the parts that both end with are taken off."""
    old, new = before.split("/"), after.split("/")
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return "/".join(old), "/".join(new)


def _moved_to(path: str, before: str, after: str) -> str:
    """Return where a file of a renamed folder is now; empty where it is no file of it."""
    if before and not path.startswith(f"{before}/"):
        return ""
    rest = path.removeprefix(before).lstrip("/")
    return f"{after}/{rest}" if after else rest


def _paired(old: Iterable[FindingV1], new: Iterable[FindingV1]) -> Iterator[Pair]:
    """Yield the findings of a renamed file that say the same, in the order of their lines."""
    waiting: dict[Hashable, list[FindingV1]] = defaultdict(list)
    for one in sorted(new, key=lambda one: (one.line, one.column), reverse=True):
        waiting[meaning(one)].append(one)
    for one in sorted(old, key=lambda one: (one.line, one.column)):
        if waiting[meaning(one)]:
            yield one, waiting[meaning(one)].pop()
