"""Text in Markdown is text: held against the renderer that GitHub uses."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doctrine.reports._format import Canvas
from doctrine.reports._gfm.text import code, header, html, place, prose, row
from doctrine.reports._text import sentence, visible
from tests.reports.gfm import Page
from tests.reports.strategies import TEXT

ACTIVE = re.compile(
    r"@\w|(?<!\w)#\d|://|www\.\w|\$|:\w+:|\bGH-\d|\b[0-9a-f]{7,40}\b", re.IGNORECASE
)
"""What GitHub reads in the text of a comment: names, issues, addresses, formulas, pictures."""
PLAIN = {"p", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td"}
HOSTILE = TEXT | st.text(st.sampled_from("\\`*_{}[]()#+-.!~$:@|<>&=^ abAB12\n\t'\"/w"), max_size=16)


def _in_paragraph(text: str) -> str:
    return f"{text}\n"


def _in_list(text: str) -> str:
    return f"- {text}\n- next\n"


def _in_table(text: str) -> str:
    return header(("a", "b", "c")) + row(("x", text, "y"))


PLACES = (_in_paragraph, _in_list, _in_table)


def _bare(text: str) -> str:
    """Return text without blanks and without the backticks that say what is code."""
    return "".join(text.split()).replace("`", "")


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_a_message_shows_as_it_is_wherever_it_stands(text: str) -> None:
    for where in PLACES:
        page = Page(where(prose(text)))
        assert page.tags <= PLAIN
        assert not page.comments
        assert _bare(sentence(text)) in page.text.replace("`", "")
        assert not ACTIVE.search(page.outside_code)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
@example("\\a@b.c")  # the renderer makes links of what looks like an address for mail, in tags too
def test_code_shows_as_it_is_wherever_it_stands(text: str) -> None:
    for where in PLACES:
        page = Page(where(code(text[:200])))
        assert page.tags <= PLAIN
        assert "".join(visible(text[:200]).split()) in page.text
        assert page.outside_code.split() in ([], ["next"], ["a", "b", "c", "x", "y"])


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_a_message_shows_as_it_is_in_a_block_of_html(text: str) -> None:
    page = Page(f"<details><summary>{html(text)}</summary>\n\nmore\n\n</details>\n")
    assert page.tags <= {"details", "summary", "p", "code"}
    assert _bare(sentence(text)) in page.text.replace("`", "")
    assert not ACTIVE.search(page.outside_code)


@settings(max_examples=200, deadline=None)
@given(st.lists(HOSTILE, min_size=3, max_size=3))
def test_a_cell_cannot_make_another(cells: list[str]) -> None:
    page = Page(header(("a", "b", "c")) + row([prose(cells[0]), code(cells[1]), prose(cells[2])]))
    assert page.html.count("<td>") == 3
    assert page.html.count("<tr>") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use `X | None` now", "Use <code>X &#124; None</code> now"),
        ("ask @octo-org/team, please", "ask `@octo-org/team`, please"),
        ("see #12 (https://a.example/b).", "see `#12` (`https://a.example/b`)."),
        ("__init__ of snake_case", r"\_\_init\_\_ of snake_case"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("a :boom: at deadbeef1", "a `:boom:` at `deadbeef1`"),
        ("`a``b`", "`a`<code>b</code>"),
    ],
)
def test_messages_read_well_as_source_too(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_a_place_is_linked_where_the_commit_is_known() -> None:
    canvas = Canvas(folder="services/shop", blobs="https://git.example/o/r/blob/abc/")
    assert place(canvas, "src/a b(1).py", 3) == (
        "[`src/a b(1).py:3`](https://git.example/o/r/blob/abc/services/shop/src/a%20b%281%29.py#L3)"
    )
    assert place(Canvas(), "src/a.py", 3) == "`src/a.py:3`"
    assert place(canvas, ".") == "the project"


@pytest.mark.parametrize("path", ["../other/repo", "/etc/passwd", "a//b", "a/./b", "a/.."])
def test_no_place_leads_out_of_the_repository(path: str) -> None:
    assert not Page(place(Canvas(blobs="https://git.example/o/r/blob/abc/"), path)).links


@settings(max_examples=200, deadline=None)
@given(HOSTILE, st.integers(min_value=0, max_value=9))
def test_a_link_leads_where_it_says_and_nowhere_else(path: str, line: int) -> None:
    page = Page(place(Canvas(blobs="https://git.example/o/r/blob/abc/"), path, line))
    assert page.tags <= {"p", "a", "code"}
    assert all(one.startswith("https://git.example/o/r/blob/abc/") for one in page.links)
