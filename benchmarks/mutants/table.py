"""The figures as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from benchmarks.mutants.breaking import KINDS, Mutant
from benchmarks.mutants.trying import Fate, Tried

_HEAD = ("broken", "tried", "noticed", "explained", "open")


def table(
    wanted: Iterable[Mutant],
    known: Mapping[tuple[str, str], Tried],
    explained: Mapping[str, str],
) -> Iterator[str]:
    """Yield the survivors, one line a kind and one a module, and the total.

    Args:
        wanted: What was to be tried.
        known: What became of it, by name and digest.
        explained: Why a mutant may survive, by name.
    """
    counts: Counter[tuple[str, str]] = Counter()
    rows: dict[str, None] = dict.fromkeys(KINDS)
    for mutant in wanted:
        tried = known.get((mutant.name, mutant.digest))
        if tried is None:
            continue
        rows[mutant.module] = None
        survived = tried.fate is Fate.SURVIVED
        told = mutant.name in explained
        cell = ("explained" if told else "open") if survived else "noticed"
        for row in (mutant.kind, mutant.module, "all"):
            counts[row, "tried"] += 1
            counts[row, cell] += 1
        if survived:
            why = f"explained: {explained[mutant.name]}" if told else "OPEN"
            yield f"{mutant.name} (line {mutant.line}, {mutant.was[:80]}): {why}"
    yield _line(_HEAD)
    for row in (*rows, "all"):
        yield _line((row, *(str(counts[row, cell]) for cell in _HEAD[1:])))


def _line(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"{first:<32}" + "".join(f"{cell:>11}" for cell in others)
