"""Entries and small guides for tests of waivers and attestations."""

from __future__ import annotations

from datetime import date, timedelta

from doctrine.model.guide import Clause, Guide, Level
from doctrine.model.observation import Evidence
from doctrine.model.replacing import replace
from doctrine.model.stated import Entry, EntryKind
from tests.builders import a_clause

TODAY = date(2026, 11, 27)
LINE = Evidence(path="pyproject.toml", line=12, detail="entry")


def an_entry(
    clause: str = "AAA001",
    *,
    kind: EntryKind = EntryKind.WAIVER,
    words: str = "replaced with the new billing system",
    owner: str = "Ada",
    made: date | None = TODAY - timedelta(days=10),
    expires: date | None = TODAY + timedelta(days=20),
    paths: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    digest: str = "",
    flaws: tuple[str, ...] = (),
    line: int = 12,
) -> Entry:
    return Entry(
        kind=kind,
        clause=clause,
        words=words,
        owner=owner,
        date=made,
        expires=expires,
        paths=paths,
        evidence=evidence,
        digest=digest,
        place=replace(LINE, line=line),
        flaws=flaws,
    )


def a_guide(*clauses: Clause) -> Guide:
    return Guide(
        id="test",
        title="Test",
        version="1",
        digest="",
        registry="",
        clauses=clauses
        or (
            a_clause("AAA001"),
            a_clause("AAB002", level=Level.SHOULD),
            a_clause("AAC003", level=Level.MAY),
            a_clause("AAD004", members=("AAA001",)),
            replace(a_clause("AAE005"), waivable=False),
        ),
    )
