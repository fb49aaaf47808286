"""From ``recommendations.toml`` to recommendations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from doctrine.guide.checks import read_pattern
from doctrine.guide.conditions import read_condition
from doctrine.guide.fields import Fields
from doctrine.guide.remedies import placed, usual
from doctrine.model.guide import DeclaredCheck, FactCheck
from doctrine.model.recommendation import (
    CommandLook,
    Expect,
    FindingsLook,
    Look,
    Recommendation,
    SettingLook,
    Where,
)

RECOMMENDATIONS = "recommendations.toml"
_ID = re.compile(r"REC-[A-Z0-9]+(?:-[A-Z0-9]+)*")


def read_recommendations(fields: Fields, clauses: frozenset[str]) -> tuple[Recommendation, ...]:
    """Return the recommendations of a guide, in the file's order.

    Args:
        fields: The file's top-level table.
        clauses: The ids that exist.

    Raises:
        RegistryError: The file contradicts the schema, itself, or the clauses.
    """
    found: dict[str, Recommendation] = {}
    for table in fields.tables("recommendations"):
        one = _recommendation(table)
        if one.id in found:
            raise table.wrong("id", f"{one.id} is there twice")
        lost = sorted(set(one.clauses) - clauses)
        if lost:
            raise table.wrong("clauses", f"there is no clause {lost[0]}")
        found[one.id] = one
    fields.finish()
    return tuple(found.values())


def _recommendation(fields: Fields) -> Recommendation:
    remedy = fields.paragraph("remedy")
    one = Recommendation(
        id=fields.text("id"),
        line=fields.count("line"),
        clauses=fields.texts("clauses"),
        statement=fields.paragraph("statement"),
        remedy=usual(remedy),
        remedy_at=placed(remedy),
        condition=read_condition(fields),
        about=fields.text("about", ""),
        looks=tuple(_look(table) for table in fields.tables("looks")),
        unseen=fields.paragraph("unseen", ""),
    )
    fields.finish()
    if not _ID.fullmatch(one.id):
        raise fields.wrong("id", "expected REC- and words in capitals, such as REC-RUFF-LEN")
    if bool(one.looks) is bool(one.unseen):
        raise fields.wrong("looks", "either something tells, or `unseen` says why nothing does")
    return one


def _look(fields: Fields) -> Look:
    kind = fields.text("kind")
    reader = _READERS.get(kind)
    if reader is None:
        raise fields.wrong("kind", f"{kind!r} is none of {', '.join(sorted(_READERS))}")
    look = reader(fields)
    fields.finish()
    return look


def _setting(fields: Fields) -> Look:
    return SettingLook(
        tool=fields.text("tool"),
        key=fields.text("key"),
        expect=fields.choice("expect", Expect),
        values=fields.texts("values", ()),
        unset_holds=fields.flag("unset_holds", default=False),
    )


def _command(fields: Fields) -> Look:
    return CommandLook(
        where=fields.choice("where", Where),
        gates=tuple(read_pattern(table) for table in fields.tables("gates", needed=True)),
    )


def _findings(fields: Fields) -> Look:
    return FindingsLook(tool=fields.text("tool"), rules=fields.texts("rules"))


def _declared(fields: Fields) -> Look:
    return DeclaredCheck(id="declared", distributions=fields.texts("distributions"))


def _fact(fields: Fields) -> Look:
    return FactCheck(id="fact", fact=fields.text("fact"), otherwise=fields.paragraph("otherwise"))


_READERS: Mapping[str, Callable[[Fields], Look]] = {
    "setting": _setting,
    "command": _command,
    "findings": _findings,
    "declared": _declared,
    "fact": _fact,
}
