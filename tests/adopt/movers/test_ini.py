"""INI files are read as the parsers of the tools read them, and cut without harm to the rest."""

from __future__ import annotations

import configparser

import iniconfig
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.adopt.movers._ini import Dialect, Ini, read_ini, without

LINES = st.sampled_from(
    (
        "[a]", "[b]", "[b.c]", "# near", "; far", "", "  ", "x = 1", "y: 2", "z =", "  more", "    deep",
        "  # inside", "w = 1 # text", "X = 3", " k = v", "[a] # header", "odd", "= none", "[open",
        "\tq = 1", "e = a=b: c",
    )
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=14).map("\n".join)


def _plain(ini: Ini) -> dict[str, dict[str, str]]:
    return {one.name: {each.name: each.full for each in one.options} for one in ini.sections}


@given(TEXTS)
def test_what_is_read_is_what_the_standard_parser_reads(text: str) -> None:
    parser = configparser.RawConfigParser(default_section="\0")
    try:
        parser.read_string(text)
        theirs = {name: dict(parser.items(name)) for name in parser.sections()}
    except configparser.Error:
        assert isinstance(read_ini(text), str)
        return
    found = read_ini(text)
    assert isinstance(found, Ini), found
    lower = {
        name: {key.lower(): value for key, value in options.items()}
        for name, options in _plain(found).items()
    }
    assert lower == theirs


@given(TEXTS)
def test_what_is_read_for_pytest_is_what_it_reads(text: str) -> None:
    found = read_ini(text, Dialect.PYTEST)
    if isinstance(found, str):
        return
    theirs = iniconfig.IniConfig("pytest.ini", data=text)
    assert {
        one.name: {each.name: each.value for each in one.options} for one in found.sections
    } == {name: dict(theirs.sections[name]) for name in theirs.sections}


@given(TEXTS, st.integers(0, 3))
def test_a_section_is_cut_and_the_others_stay(text: str, index: int) -> None:
    found = read_ini(text)
    if isinstance(found, str) or index >= len(found.sections):
        return
    gone = found.sections[index]
    rest = read_ini(without(text, {gone.first: gone.last}))
    assert isinstance(rest, Ini)
    kept = [one for one in found.sections if one is not gone]
    assert _plain(rest) == {
        one.name: {each.name: each.full for each in one.options} for one in kept
    }


def test_comments_belong_to_what_they_stand_above() -> None:
    text = "# top\n\n# of a\n[a]\n# of x\nx =\n  1\n  # of 2\n  2\n# end of a\n\n# of b\n[b]\n"
    found = read_ini(text)
    assert isinstance(found, Ini)
    a, b = found.sections
    assert [note.text for note in found.notes] == ["# top"]
    assert [note.text for note in a.notes] == ["# of a"]
    assert [note.text for note in a.options[0].notes] == ["# of x"]
    assert [[note.text for note in part.notes] for part in a.options[0].parts] == [[], ["# of 2"]]
    assert [note.text for note in a.below] == ["# end of a"]
    assert [note.text for note in b.notes] == ["# of b"]
    assert (a.first, a.last, b.first, b.last) == (3, 11, 12, 14)
    assert without(text, {a.first: a.last}) == "# top\n\n# of b\n[b]\n"


@pytest.mark.parametrize("text", ["[a]\nx = 1\x0c2\n", "[a]\rx = 1\n", "[DEFAULT]\nx = 1\n[a]\n"])
def test_what_parsers_disagree_on_is_not_read(text: str) -> None:
    assert isinstance(read_ini(text), str)
