"""From a ``[[checks]]`` table of a clause file to a check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doctrine.guide.fields import Fields
from doctrine.model.guide import (
    Check,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    ManualCheck,
    RuleCheck,
    Scope,
    ThresholdCheck,
)

_FALSE_IS = ("fail", "unverified")


def read_check(fields: Fields) -> Check:
    """Return the check that a table describes.

    Args:
        fields: The table; its ``kind`` says what else it has.

    Raises:
        RegistryError: A key is unknown, missing, or of the wrong type.
    """
    kind = fields.text("kind")
    reader = _READERS.get(kind)
    if reader is None:
        raise fields.wrong("kind", f"{kind!r} is none of {', '.join(sorted(_READERS))}")
    check = reader(fields)
    fields.finish()
    return check


def _rule(fields: Fields) -> Check:
    return RuleCheck(
        id=fields.text("id"),
        tool=fields.text("tool"),
        rules=_some(fields, "rules"),
        scope=fields.choice("scope", Scope, Scope.ALL),
        partial=fields.flag("partial", default=False),
        instead_of=fields.text("instead_of", ""),
        optional=fields.flag("optional", default=False),
    )


def _declared(fields: Fields) -> Check:
    return DeclaredCheck(
        id=fields.text("id"),
        distributions=_some(fields, "distributions"),
        instead_of=fields.text("instead_of", ""),
    )


def _gate(fields: Fields) -> Check:
    return GateCheck(
        id=fields.text("id"),
        gates=tuple(read_pattern(table) for table in fields.tables("gates", needed=True)),
        ci_only=fields.flag("ci_only", default=False),
        on_change=fields.flag("on_change", default=False),
        instead_of=fields.text("instead_of", ""),
    )


def read_pattern(fields: Fields) -> GatePattern:
    """Return the shape of a command that a table describes.

    Raises:
        RegistryError: A key is unknown, missing, or of the wrong type.
    """
    pattern = GatePattern(
        program=fields.text("program"),
        subcommands=fields.texts("subcommands", ()),
        needs_any=fields.texts("needs_any", ()),
        needs_all=fields.texts("needs_all", ()),
        forbids=fields.texts("forbids", ()),
        rewrites=fields.texts("rewrites", ()),
        rewrites_unless=fields.texts("rewrites_unless", ()),
        note=fields.paragraph("note", ""),
        fact=fields.text("fact", ""),
    )
    fields.finish()
    return pattern


def _threshold(fields: Fields) -> Check:
    return ThresholdCheck(
        id=fields.text("id"),
        tool=fields.text("tool"),
        metric=fields.text("metric"),
        limit=fields.number("limit"),
        at_most=fields.flag("at_most"),
        scope=fields.choice("scope", Scope, Scope.SOURCE),
        instead_of=fields.text("instead_of", ""),
    )


def _fact(fields: Fields) -> Check:
    false_is = fields.text("false_is", "fail")
    if false_is not in _FALSE_IS:
        raise fields.wrong("false_is", f"expected one of {', '.join(_FALSE_IS)}")
    return FactCheck(
        id=fields.text("id"),
        fact=fields.text("fact"),
        otherwise=fields.paragraph("otherwise"),
        partial=fields.flag("partial", default=False),
        false_is=false_is,
        instead_of=fields.text("instead_of", ""),
    )


def _manual(fields: Fields) -> Check:
    return ManualCheck(
        id=fields.text("id"),
        reason=fields.paragraph("reason"),
        instead_of=fields.text("instead_of", ""),
    )


def _some(fields: Fields, key: str) -> tuple[str, ...]:
    items = fields.texts(key)
    if not items:
        raise fields.wrong(key, "must not be empty")
    return items


_READERS: Mapping[str, Callable[[Fields], Check]] = {
    "rule": _rule,
    "declared": _declared,
    "gate": _gate,
    "threshold": _threshold,
    "fact": _fact,
    "manual": _manual,
}
