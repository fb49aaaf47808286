"""In which order tools are started: what took longest in the last check of the project goes first.

Only a hint: whatever it is, every tool runs, and says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from doctrine.model.replacing import replace
from doctrine.model.tool import Tool

_LEAST = 0.01
"""CPU seconds: what systems count in."""


def with_durations(
    tools: Iterable[Tool], known: Mapping[str, float], *, brief: float
) -> tuple[Tool, ...]:
    """Return tools with what they cost in the last check, where that is known.

    Of the others it is estimated: as much more or less than is usual as of those that are known.

    Args:
        tools: The tools, with what they usually cost.
        known: CPU seconds of their last runs, by name.
        brief: Usual cost up to which a tool goes first whatever it takes, and stays as it is.
    """
    chosen = tuple(tools)
    costs = _costs([one for one in chosen if one.cost > brief], known)
    # None of them becomes brief, however little it takes.
    return tuple(
        replace(one, cost=brief + max(costs[one.name], _LEAST)) if one.name in costs else one
        for one in chosen
    )


def _costs(tools: Sequence[Tool], known: Mapping[str, float]) -> Mapping[str, float]:
    told = [one for one in tools if one.name in known]
    usual = sum(one.cost for one in told)
    scale = sum(known[one.name] for one in told) / usual if usual else 1.0
    return {one.name: known.get(one.name, one.cost * scale) for one in tools}
