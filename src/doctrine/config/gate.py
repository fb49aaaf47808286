"""``[tool.doctrine.gate]``: what the exit code depends on beside the clauses that may not fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doctrine.config import values
from doctrine.config.place import Place, nearest
from doctrine.model.outcome import Verdict
from doctrine.model.replacing import replace
from doctrine.model.settings import GateRules

_Apply = Callable[[GateRules, object, Place], GateRules]
MOST_PERCENT = 100


def gate_rules(value: object, place: Place) -> GateRules:
    """Return the conditions of the gate.

    Args:
        value: The table.
        place: Where it is written.

    Raises:
        UsageError: A key is unknown, or a value cannot be used.
    """
    rules = GateRules()
    for key, asked in values.mapping(value, place).items():
        apply = CONDITIONS.get(key)
        if apply is None:
            raise place.below(key).error("is no condition", nearest(key, CONDITIONS))
        rules = apply(rules, asked, place.below(key))
    return rules


def _worst(value: object, place: Place) -> Verdict:
    name = values.word(value, place)
    known = [one.value for one in Verdict]
    if name in known:
        return Verdict(name)
    raise place.error(f"is no verdict: {values.shown(name)}", nearest(name, known))


def _percentage(value: object, place: Place) -> float:
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= MOST_PERCENT
    ):
        return float(value)
    raise place.error(f"must be a number from 0 to 100, not {values.shown(value)}")


def _most(value: object, place: Place) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise place.error(f"must be a whole number that is not negative, not {values.shown(value)}")


CONDITIONS: Mapping[str, _Apply] = {
    "verdict": lambda rules, value, place: replace(rules, verdict=_worst(value, place)),
    "min-score": lambda rules, value, place: replace(rules, min_score=_percentage(value, place)),
    "min-assurance": lambda rules, value, place: replace(
        rules, min_assurance=_percentage(value, place)
    ),
    "new-findings": lambda rules, value, place: replace(rules, new_findings=_most(value, place)),
    "expired-waivers": lambda rules, value, place: replace(
        rules, expired_waivers=_most(value, place)
    ),
    "clauses": lambda rules, value, place: replace(rules, clauses=values.words(value, place)),
}
