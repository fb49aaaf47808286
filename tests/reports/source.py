"""Source lines for the report of the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """Files that exist in a test only."""

    files: Mapping[str, Sequence[str]]

    def lines(self, path: str) -> Sequence[str]:
        return self.files.get(path, ())


def _at(number: int, *lines: str) -> tuple[str, ...]:
    """Return lines that begin at a number."""
    return (*("" for _ in range(number - 1)), *lines)


ACME = Written(
    {
        "src/acme/session.py": _at(6, "def fresh() -> int:", "    return randrange(10**8)  # 短い"),
        "src/acme/tokens.py": (
            *_at(11, "TOKEN = (", "    randrange(16),"),
            *_at(27, "    for place in range(6):", "        randrange(10)", "    return digits"),
        ),
        "src/acme/cart.py": _at(
            10,
            "def total(price: Optional[int], discount: Optional[int], *, taxed: bool) -> Optional[int]:",
        ),
        "src/acme/checkout/engine.py": _at(88, "def settle_order(order: Order) -> Receipt:"),
    }
)
