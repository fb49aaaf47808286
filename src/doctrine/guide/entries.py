"""From one clause file to a clause, with what ties it to the guide's text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from doctrine.guide.checks import read_check
from doctrine.guide.conditions import read_condition
from doctrine.guide.examples import read_examples
from doctrine.guide.fields import Fields
from doctrine.guide.remedies import placed, usual
from doctrine.model.guide import (
    Check,
    Clause,
    Level,
    ManualCheck,
    RuleCheck,
    Verification,
)

LEVELS: Mapping[str, Level] = {
    "MUST": Level.MUST,
    "MUST NOT": Level.MUST,
    "REQUIRED": Level.MUST,
    "SHALL": Level.MUST,
    "SHALL NOT": Level.MUST,
    "SHOULD": Level.SHOULD,
    "SHOULD NOT": Level.SHOULD,
    "RECOMMENDED": Level.SHOULD,
    "NOT RECOMMENDED": Level.SHOULD,
    "MAY": Level.MAY,
    "OPTIONAL": Level.MAY,
}
"""The level of each keyword of RFC 2119."""

_ID = re.compile(r"[A-Z][A-Z0-9]{2}\d{3}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Entry(Struct, frozen=True, kw_only=True):
    """A clause and the digest of the sentence it was written from.

    Attributes:
        clause: The clause.
        digest: ``sha256:`` digest of the guide's sentence, white space normalised.
        place: The file, for messages.
    """

    clause: Clause
    digest: str
    place: str


def read_entry(fields: Fields, stem: str) -> Entry:
    """Return what a clause file holds.

    Args:
        fields: The file's top-level table.
        stem: The file's name without its suffix, which must be the clause's id.

    Raises:
        RegistryError: The file contradicts the schema or itself.
    """
    remedy = fields.paragraph("remedy")
    clause = Clause(
        id=_clause_id(fields, stem),
        level=fields.choice("level", Level),
        section=fields.text("section"),
        line=fields.count("line"),
        end_line=fields.count("end_line"),
        keyword=fields.text("keyword"),
        statement=fields.paragraph("statement"),
        rationale=fields.paragraph("rationale"),
        remedy=usual(remedy),
        remedy_at=placed(remedy),
        condition=read_condition(fields),
        verification=fields.choice("verification", Verification),
        checks=tuple(read_check(table) for table in fields.tables("checks")),
        parents=fields.texts("parents", ()),
        members=fields.texts("members", ()),
        waivable=fields.flag("waivable", default=True),
        examples=read_examples(fields),
    )
    digest = read_digest(fields, "digest")
    fields.finish()
    _agree(clause, fields)
    return Entry(clause=clause, digest=digest, place=fields.place)


def read_digest(fields: Fields, key: str) -> str:
    """Return a ``sha256:`` digest.

    Raises:
        RegistryError: The value has another form.
    """
    digest = fields.text(key)
    if not _DIGEST.fullmatch(digest):
        raise fields.wrong(key, "expected sha256: and 64 hexadecimal digits")
    return digest


def _clause_id(fields: Fields, stem: str) -> str:
    clause_id = fields.text("id")
    if not _ID.fullmatch(clause_id):
        raise fields.wrong("id", "expected three characters and three digits, such as SEC005")
    if clause_id != stem:
        raise fields.wrong("id", f"is {clause_id}, but the file is named {stem}")
    return clause_id


def _agree(clause: Clause, fields: Fields) -> None:
    """Raise when the parts of a clause contradict each other."""
    if LEVELS.get(clause.keyword) is not clause.level:
        raise fields.wrong("keyword", f"{clause.keyword!r} does not mean {clause.level}")
    if clause.end_line < clause.line:
        raise fields.wrong("end_line", "lies before line")
    _check_presence(clause, fields)
    _check_kinds(clause, fields)
    _check_names(clause.checks, fields)


def _check_presence(clause: Clause, fields: Fields) -> None:
    """Raise unless there are checks exactly where they decide the clause."""
    if clause.scored and not clause.checks:
        raise fields.wrong("checks", "is missing: nothing would decide the clause")
    if clause.umbrella and clause.checks:
        raise fields.wrong("checks", "an umbrella has no checks of its own")


def _check_kinds(clause: Clause, fields: Fields) -> None:
    """Raise when what a clause's checks look at does not fit what it asks for."""
    if not clause.scored and not all(isinstance(check, RuleCheck) for check in clause.checks):
        raise fields.wrong("checks", "a MAY clause only looks for rules: it asks for nothing")
    manual = clause.scored and all(isinstance(check, ManualCheck) for check in clause.checks)
    # The other way round is allowed: evidence can be shown for what only a person can state.
    if manual and clause.verification is not Verification.ATTESTATION:
        raise fields.wrong("verification", "must be attestation where every check is manual")


def _check_names(checks: tuple[Check, ...], fields: Fields) -> None:
    """Raise unless ids are unique and every stand-in follows the check it stands in for."""
    seen: dict[str, Check] = {}
    for check in checks:
        if check.id in seen:
            raise fields.wrong("checks", f"two checks are called {check.id!r}")
        replaced = seen.get(check.instead_of)
        if check.instead_of and (replaced is None or replaced.instead_of):
            what = f"{check.id!r} stands in for {check.instead_of!r}, which must come before it"
            raise fields.wrong("checks", what + " and stand for itself")
        seen[check.id] = check
