from collections.abc import Sequence

from pkg.other import helper
from pkg.absent import nothing


def untyped(x): return x


def first(items: Sequence[int]) -> str:
    return items[0]


ß = "\u00df"; wrong: int = "é" + ß
undefined_name
helper(1, 2)
value: int = 1  # type: ignore[assignment]
