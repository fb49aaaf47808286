"""Which of thousands of mutants are tried: some of each kind in each module, always the same; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from benchmarks.mutants.breaking import KINDS, Mutant


def chosen(found: Iterable[Mutant], most: int) -> list[Mutant]:
    """Return some mutants of a module, in an order that new ones do not disturb.

    Args:
        found: All of them.
        most: How many of each kind.
    """
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in found:
        by_kind[mutant.kind].append(mutant)
    return [
        mutant
        for kind in KINDS
        for mutant in sorted(by_kind[kind], key=lambda one: one.rank)[:most]
    ]
