"""Waivers and attestations as they are written: what is wrong with one becomes part of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.config import load_settings
from doctrine.documents import parse_toml
from doctrine.errors import ConfigError, UsageError
from doctrine.model.observation import Evidence
from doctrine.model.stated import Entry, EntryKind

WAIVER = """\
[[tool.doctrine.waivers]]
clause = "CPX002"
reason = "the generated parser is replaced in the spring"
owner = "Ada"
date = 2026-11-02
expires = "2027-01-31"
paths = ["src/grammar/"]
evidence = ["docs/plan.md"]
clause-digest = "sha256:0123456789abcdef"
"""


def entries(source: str) -> tuple[Entry, ...]:
    return load_settings("/p", parse_toml("pyproject.toml", source), {}).entries


def test_every_field_arrives_with_its_place() -> None:
    attestation = WAIVER.replace("waivers", "attestations").replace("reason", "statement")
    attestation = attestation.replace('paths = ["src/grammar/"]\n', "")
    first, second = entries(f"{WAIVER}\n{attestation}")
    assert first == Entry(
        kind=EntryKind.WAIVER,
        clause="CPX002",
        words="the generated parser is replaced in the spring",
        owner="Ada",
        date=date(2026, 11, 2),
        expires=date(2027, 1, 31),
        paths=("src/grammar/",),
        evidence=("docs/plan.md",),
        digest="sha256:0123456789abcdef",
        place=Evidence(path="pyproject.toml", line=1, detail="waiver of CPX002"),
    )
    assert (second.kind, second.place.line, second.flaws) == (EntryKind.ATTESTATION, 11, ())


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('owner = "Ada"\n', "", "it has no owner"),
        ('owner = "Ada"', "owner = ' '", "its owner is empty"),
        ('owner = "Ada"', "owner = 3", "its owner must be a string, not 3"),
        ('clause = "CPX002"\n', "", "it has no clause"),
        ("date = 2026-11-02\n", "", "it has no date: write a date such as"),
        ("2026-11-02", "'2026-02-30'", "its date is no day that exists: '2026-02-30'"),
        ("2026-11-02", "'soon'", "its date is no day that exists: 'soon'"),
        ("2026-11-02", "2026-11-02T10:00:00Z", "cannot be its date: write a date such as"),
        ("2026-11-02", "20261102", "20261102 cannot be its date"),
        ('["src/grammar/"]', "[]", "its paths must be an array of strings, and not empty"),
        ('["src/grammar/"]', '"src/"', "its paths must be an array of strings, and not empty"),
        ('["src/grammar/"]', '["!"]', "its paths hold an unusable pattern: '!'"),
        ('["docs/plan.md"]', "[1]", "its evidence must be an array of strings, and not empty"),
        ("reason", "raeson", "'raeson' is no field of it (did you mean 'reason'?)"),
    ],
)
def test_what_is_malformed_becomes_a_flaw_and_stops_nothing(
    written: str, instead: str, said: str
) -> None:
    (entry,) = entries(WAIVER.replace(written, instead, 1))
    assert said in "; ".join(entry.flaws)


def test_an_attestation_has_no_paths() -> None:
    source = WAIVER.replace("waivers", "attestations").replace("reason", "statement")
    (entry,) = entries(source)
    assert entry.flaws[0].startswith("'paths' is no field of it")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[tool.doctrine]\nwaivers = 3", "must be an array of tables, not 3"),
        ("[tool.doctrine.waivers]\nclause = 'A'", "must be an array of tables"),
        ("[tool.doctrine]\nattestations = ['A']", "attestations.0 must be a table, not 'A'"),
    ],
)
def test_what_is_no_array_of_tables_is_an_error(source: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        entries(source)


FIELDS = st.sampled_from(
    ["clause", "reason", "owner", "date", "expires", "paths", "evidence", "clause-digest", "zzz"]
)
VALUES = st.recursive(
    st.integers() | st.text() | st.booleans() | st.dates() | st.datetimes() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(FIELDS, VALUES)) | VALUES)
def test_any_value_gives_entries_or_a_usage_error(value: object) -> None:
    try:
        settings = load_settings("/p", None, {"waivers": value})
    except UsageError:
        return
    for entry in settings.entries:
        assert entry.flaws or (entry.clause and entry.owner and entry.date and entry.expires)
