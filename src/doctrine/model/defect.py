"""Which rules of which tools report the same defect."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

RUFF = "ruff"
RUFF_RUNS = (RUFF, "ruff-guide")
"""Runs of one program: with the project's rules, and with the guide's."""


class Defects(Struct, frozen=True, kw_only=True):
    """Which rules of which tools are about the same defect.

    Attributes:
        classes: Name of the class by ``run:rule``.
        rank: Position of ``run:rule`` in its class; the first is the canonical reporter.
        by_definition: Classes of which a function has one, wherever in it each tool points.
        by_symbol: Classes of which a line has one for each name.
    """

    classes: Mapping[str, str]
    rank: Mapping[str, int]
    by_definition: frozenset[str]
    by_symbol: frozenset[str]


def rule_key(run: str, rule: str) -> str:
    """Return the rule as the table of defects has it: without the adapter's finer distinction."""
    return f"{run}:{rule.partition('/')[0]}"
