"""Searching the different words of a text finds what searching all of it finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.syntax.wording import Wording

_BYTES = st.lists(st.sampled_from([b"a", b"B", b"_", b"1", b".", b"(", b" ", b"\n", b"\xc3", b"="]))
_TEXTS = _BYTES.map(b"".join)


@given(text=_TEXTS, needle=_TEXTS.filter(bool))
def test_a_text_is_found_wherever_a_search_finds_it(text: bytes, needle: bytes) -> None:
    assert Wording(text).holds(needle) == (needle in text)


@given(text=_TEXTS, needle=_TEXTS.filter(bool))
def test_the_same_holds_in_lower_case(text: bytes, needle: bytes) -> None:
    assert Wording(text).lowered.holds(needle) == (needle in text.lower())


@pytest.mark.parametrize(
    ("needle", "expected"),
    [(b"cache", True), (b"ache(", False), (b"my_cache = {", True), (b"lru", False)],
)
def test_inside_a_word_and_across_words(needle: bytes, expected: bool) -> None:
    assert Wording(b"my_cache = {}\n").holds(needle) is expected


def test_one_of_several_is_enough_and_none_is_not() -> None:
    wording = Wording(b"import pickle\n")

    assert wording.holds(b"marshal", b"pickle")
    assert not wording.holds(b"marshal", b"shelve")
    assert not wording.holds()


@given(text=_TEXTS, word=st.text("aB_1", min_size=1).map(str.encode))
def test_a_word_is_found_where_it_is_all_of_a_word(text: bytes, word: bytes) -> None:
    expected = [match.start() for match in re.finditer(rb"\b" + word + rb"\b", text)]

    assert list(Wording(text).places(word)) == expected


def test_words_are_those_of_a_pattern_of_bytes() -> None:
    assert Wording("naïve_x = t'1' # café".encode()).words == {b"na", b"ve_x", b"t", b"1", b"caf"}
