"""Entries written into documents: nothing else may change."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.errors import UsageError
from doctrine.model.stated import EntryKind
from doctrine.statements.document import recorded
from tests.statements.build import an_entry

OWN = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
ENTRY = an_entry(paths=("src/old/",), evidence=("docs/plan.md",), digest="sha256:0123456789abcdef")
BLOCK = """\
[[tool.doctrine.waivers]]
clause = "AAA001"
reason = "replaced with the new billing system"
owner = "Ada"
date = 2026-11-17
expires = 2026-12-17
paths = ["src/old/"]
evidence = ["docs/plan.md"]
clause-digest = "sha256:0123456789abcdef"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", BLOCK),
        ("[project]\nname = 'a' # it\n", f"[project]\nname = 'a' # it\n\n{BLOCK}"),
        ("[project]\nname = 'a'", f"[project]\nname = 'a'\n\n{BLOCK}"),
        (
            "[tool.doctrine]\njobs = 2 # two\n\n\n# of mypy\n[tool.mypy]\nstrict = true\n",
            f"[tool.doctrine]\njobs = 2 # two\n\n{BLOCK}\n# of mypy\n[tool.mypy]\nstrict = true\n",
        ),
        (
            "[[tool.doctrine.waivers]]\nclause = 'B'\n# kept\n\n[tool.a]\n",
            f"[[tool.doctrine.waivers]]\nclause = 'B'\n\n{BLOCK}\n# kept\n\n[tool.a]\n",
        ),
        (
            "[tool.doctrine]\noutput = [\n  'json=a', # one\n]\n[tool.a]\nb = '''\n[c]\n'''\n",
            (
                f"[tool.doctrine]\noutput = [\n  'json=a', # one\n]\n\n{BLOCK}\n"
                "[tool.a]\nb = '''\n[c]\n'''\n"
            ),
        ),
    ],
)
def test_an_entry_is_put_where_it_belongs(before: str, after: str) -> None:
    assert recorded(before, ENTRY) == after


@pytest.mark.parametrize(
    "before", ["[tool]\ndoctrine = { jobs = 2 }\n", "tool = { doctrine = { jobs = 2 } }\n"]
)
def test_a_table_that_takes_no_entry_is_left_alone(before: str) -> None:
    with pytest.raises(UsageError, match="cannot be written into this document") as caught:
        recorded(before, ENTRY)
    assert BLOCK in caught.value.hint


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_no_line_of_a_real_document_is_lost_or_moved(ends: str) -> None:
    before = OWN.replace("\n", ends)
    after = recorded(before, ENTRY)
    changes = [*difflib.ndiff(before.splitlines(True), after.splitlines(True))]
    assert [line for line in changes if line.startswith(("-", "?"))] == []
    added = "".join(line[2:] for line in changes if line.startswith("+"))
    assert added.replace("\r\n", "\n").strip() == BLOCK.strip()
    assert after.count("\n") == after.count(ends)


TABLES = """\
[tool.doctrine]
jobs = 2

# why we waive this
[[tool.doctrine.waivers]]
clause = "AAA001" # the old one
reason = "it was so" # said in spring
owner = "Bob"
date = 2026-01-01
expires = 2026-02-01
paths = [
    "src/a/", # first
]

# and this
[[tool.doctrine.waivers]]
clause = "BBB001"

[tool.mypy]
strict = true
"""


def test_a_replaced_entry_keeps_its_place_and_comments() -> None:
    entry = an_entry(digest="sha256:0123456789abcdef")
    after = recorded(TABLES, entry, (0,))
    assert tomllib.loads(after)["tool"]["doctrine"]["waivers"][0] == {
        "clause": "AAA001",
        "reason": "replaced with the new billing system",
        "owner": "Ada",
        "date": entry.date,
        "expires": entry.expires,
        "clause-digest": "sha256:0123456789abcdef",
    }
    for kept in ("# why we waive this\n", "# the old one", "# and this\n", "[tool.mypy]\n"):
        assert kept in after
    assert after.index("# and this") > after.index("clause-digest")


def test_one_entry_takes_the_place_of_several() -> None:
    after = recorded(TABLES, an_entry(), (0, 1))
    entries = tomllib.loads(after)["tool"]["doctrine"]["waivers"]
    assert [one["clause"] for one in entries] == ["AAA001"]
    assert "[tool.mypy]\nstrict = true\n" in after


def test_an_array_in_one_line_is_added_to() -> None:
    before = '[tool.doctrine]\nwaivers = [{ clause = "B" }] # all\n\n[tool.a]\nb = 1 # one\n'
    after = recorded(before, ENTRY)
    entries = tomllib.loads(after)["tool"]["doctrine"]["waivers"]
    assert [one["clause"] for one in entries] == ["B", "AAA001"]
    assert "# all" in after
    assert "[tool.a]\nb = 1 # one\n" in after


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.sampled_from(EntryKind))
def test_any_words_read_back_as_they_were(words: str, kind: EntryKind) -> None:
    entry = an_entry(kind=kind, words=words or "x", owner=words or "x")
    data = tomllib.loads(recorded(OWN, entry))
    assert data["tool"]["doctrine"][kind.table][-1][kind.words] == entry.words
