"""Every keyword of a guide is found where it stands, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.guide.mandates import mandates, sentence_digest
from tests.guide.registries import GUIDE


def _found(text: str) -> list[tuple[int, int, str, str]]:
    return [(one.line, one.end_line, one.keyword, one.text) for one in mandates(text)]


def test_the_small_guide_is_read_whole() -> None:
    assert [(line, end, keyword) for line, end, keyword, _ in _found(GUIDE)] == [
        (3, 3, "MUST"),
        (3, 3, "MAY"),
        (7, 7, "MUST"),
        (7, 7, "SHOULD"),
        (9, 10, "MUST NOT"),
        (13, 13, "MAY"),
        (19, 19, "MUST"),
        (20, 21, "MUST"),
    ]


def test_a_sentence_ends_where_the_next_begins() -> None:
    text = "Bread rises (see 2.5). Bakers **MUST**\nwait. Nobody **MAY** peek[^3]. Done."
    assert _found(text) == [
        (1, 2, "MUST", "Bakers **MUST** wait."),
        (2, 2, "MAY", "Nobody **MAY** peek[^3]."),
    ]


def test_items_inherit_the_keyword_only_from_a_lead_in() -> None:
    text = "Bakers **SHOULD NOT**:\n\n- smoke\n- sneeze\n\nThen:\n\n- eat\n"
    assert _found(text) == [
        (3, 3, "SHOULD NOT", "smoke"),
        (4, 4, "SHOULD NOT", "sneeze"),
    ]


def test_a_keyword_before_more_words_and_a_colon_is_no_lead_in() -> None:
    text = "Bakers **MUST** bring:\n\n- flour\n"
    assert _found(text) == [(1, 1, "MUST", "Bakers **MUST** bring:")]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_only_comments_count_in_code(fence: str) -> None:
    text = f"{fence}python\nMUST = 1  # SHOULD be 2\nprint('MAY')\n{fence}\nIt **MAY**.\n"
    assert [(line, keyword) for line, _, keyword, _ in _found(text)] == [
        (2, "SHOULD"),
        (5, "MAY"),
    ]


def test_headings_lower_case_and_longer_words_are_no_keywords() -> None:
    assert _found("# MUST\n\nIt must be. MUSTARD may be. MAYBE.\n") == []


def test_white_space_does_not_change_a_digest_and_words_do() -> None:
    assert sentence_digest("a  b\n c") == sentence_digest("a b c")
    assert sentence_digest("a b c") != sentence_digest("a b d")


@given(st.text(alphabet="MUSTNOAY*:-#`.\n \tab", max_size=300))
def test_any_text_gives_mandates_inside_it(text: str) -> None:
    lines = text.count("\n") + 1
    for one in mandates(text):
        assert 1 <= one.line <= one.end_line <= lines
        assert one.text


@given(st.lists(st.sampled_from(["MUST", "MUST NOT", "SHOULD", "MAY", "RECOMMENDED"]), max_size=9))
def test_each_paragraph_with_a_keyword_is_found_on_its_line(keywords: list[str]) -> None:
    text = "\n\n".join(f"Bakers **{keyword}** bake." for keyword in keywords)
    assert [(one.line, one.keyword) for one in mandates(text)] == [
        (2 * index + 1, keyword) for index, keyword in enumerate(keywords)
    ]
