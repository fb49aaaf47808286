from __future__ import annotations

from datetime import date, timedelta

import pytest

from doctrine.model.replacing import replace
from doctrine.model.stated import Entry, EntryKind
from doctrine.statements.screening import screen, statement_digest
from tests.builders import a_clause
from tests.statements.build import TODAY, a_guide, an_entry

DAY = timedelta(days=1)


def refused(*entries: Entry, today: date | None = TODAY) -> tuple[str, ...]:
    screened = screen(entries, a_guide(), today, {"docs/gone.md"})
    assert len(screened.sound) + len(screened.refused) == len(entries)
    return screened.refused


@pytest.mark.parametrize(
    "entry",
    [
        an_entry(),
        an_entry(expires=TODAY),
        an_entry(made=TODAY, expires=TODAY + 90 * DAY),
        an_entry("AAB002", made=TODAY, expires=TODAY + 365 * DAY),
        an_entry("AAE005", kind=EntryKind.ATTESTATION),
        an_entry(evidence=("docs/there.md", "https://example.org/1")),
        an_entry(digest=statement_digest(a_clause("AAA001"))),
    ],
)
def test_a_sound_entry_is_honoured(entry: Entry) -> None:
    assert refused(entry) == ()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (an_entry(expires=TODAY - DAY), "it expired on 2026-11-26, 1 day ago"),
        (an_entry(made=TODAY, expires=TODAY + 91 * DAY), "lasts 90 at most: let it expire on"),
        (
            an_entry("AAB002", made=TODAY, expires=TODAY + 366 * DAY),
            "would last 366 days, and one of a SHOULD clause lasts 365 at most",
        ),
        (an_entry(made=TODAY + DAY), "its date 2026-11-28 is in the future"),
        (
            an_entry(made=TODAY, expires=TODAY - DAY),
            "it expires on 2026-11-26, before its date 2026-11-27",
        ),
        (an_entry(words="TODO"), "its reason 'TODO' says nothing"),
        (an_entry(kind=EntryKind.ATTESTATION, words="..."), "its statement '...' says nothing"),
        (an_entry(owner="nobody"), "its owner 'nobody' is nobody"),
        (an_entry("AAA01"), "the guide has no clause 'AAA01', did you mean AAA001?"),
        (an_entry("zzz"), "the guide has no clause 'zzz'; `doctrine clauses` lists them"),
        (an_entry("AAC003"), "the clause permits something and cannot fail"),
        (an_entry("AAD004"), "restates others and follows them: write it for AAA001"),
        (an_entry("AAE005"), "the clause cannot be waived; what mends it: Do it."),
        (an_entry(evidence=("docs/gone.md",)), "its evidence 'docs/gone.md' does not exist"),
        (an_entry(digest="sha256:0123456789abcdef"), "the clause has changed since"),
        (an_entry(flaws=("it has no owner",), owner=""), "it has no owner"),
    ],
)
def test_an_unsound_entry_is_refused_with_its_place_and_what_mends_it(
    entry: Entry, said: str
) -> None:
    (message,) = refused(entry)
    assert message.startswith(f"pyproject.toml:12: the {entry.kind} of {entry.clause} is not hon")
    assert said in message


def test_everything_that_is_wrong_is_said_at_once() -> None:
    (message,) = refused(an_entry("AAA01", words="fix later", owner="me"))
    assert message.count("; ") == 2


def test_a_clause_takes_one_entry_of_a_kind_and_an_expired_one_stands_in_nobodys_way() -> None:
    both = an_entry(), an_entry(line=20), an_entry(kind=EntryKind.ATTESTATION)
    (message,) = refused(*both)
    assert message.startswith(
        "pyproject.toml:20: the waiver of AAA001 is not honoured: line 12 has"
    )
    (message,) = refused(an_entry(expires=TODAY - DAY), an_entry(line=20))
    assert message.startswith("pyproject.toml:12: ")


def test_without_a_date_nothing_dated_is_honoured() -> None:
    (message,) = refused(an_entry(), today=None)
    assert "what day it is was not said" in message


def test_the_digest_follows_what_is_asked_and_not_how_it_is_laid_out() -> None:
    clause = a_clause("AAA001")
    spread = replace(clause, statement="It\n  holds.\n", rationale="Other.")
    assert statement_digest(spread) == statement_digest(clause)
    assert statement_digest(replace(clause, statement="It holds twice.")) != statement_digest(
        clause
    )
