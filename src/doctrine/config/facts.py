"""Facts that people state: a value, and the reason they give for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from doctrine.config.place import Place, nearest
from doctrine.config.values import flag, mapping, shown, word
from doctrine.model.stated import StatedFact
from doctrine.statements.placeholders import says_nothing

_FIELDS = ("value", "reason")


def stated_facts(value: object, place: Place) -> Mapping[str, StatedFact]:
    """Return the facts of a table by id.

    Raises:
        UsageError: One of them has no reason, or is none.
    """
    return {
        name: _fact(name, one, place.below(name)) for name, one in mapping(value, place).items()
    }


def _fact(name: str, stated: object, place: Place) -> StatedFact:
    if isinstance(stated, bool):
        edit = f'{name} = {{ value = {shown(stated)}, reason = "why it is so" }}'
        raise place.error("is stated without a reason", f"write {edit}")
    if not isinstance(stated, Mapping):
        hint = 'write it as { value = true, reason = "why it is so" }'
        raise place.error(f"must be a table, not {shown(stated)}", hint)
    parts = cast("Mapping[str, object]", stated)
    for key in parts:
        if key not in _FIELDS:
            raise place.below(key).error("is not a setting", nearest(key, _FIELDS))
    for key in _FIELDS:
        if key not in parts:
            raise place.error(f"has no {key}", "a stated fact needs a value and a reason")
    reason = word(parts["reason"], place.below("reason"))
    if says_nothing(reason):
        message = f"says nothing: {shown(reason)}"
        raise place.below("reason").error(message, "write what a reader of it can check")
    return StatedFact(
        value=flag(parts["value"], place.below("value")),
        reason=reason,
        place=place.evidence(f"stated: {reason}"),
    )
