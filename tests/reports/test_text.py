from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.reports._text import counted, number, sentence, visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/a.py", "src/a.py"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("caf\udce9.py", r"caf\udce9.py"),
        ("\x9b31m", r"\x9b31m"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("日本.py", "日本.py"),
    ],
)
def test_what_would_steer_the_terminal_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_nothing_invisible_is_left(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert visible(text, unicode=False).isascii()


def test_typography_has_plain_forms_where_only_ascii_shows() -> None:
    assert visible("“a” \N{EN DASH} ≥ 3…", unicode=False) == '"a" - >= 3...'


def test_a_message_becomes_one_line() -> None:
    assert (
        sentence("  Type mismatch:\n    int\r\n  is not str\n") == "Type mismatch: int is not str"
    )


def test_what_is_cut_from_a_message_is_counted() -> None:
    assert sentence("x" * 1250, limit=10) == "x" * 10 + " [1,240 more characters]"
    assert sentence("x" * 10, limit=10) == "x" * 10
    assert sentence("x" * 15, limit=10) == "x" * 15


def test_counts_and_numbers() -> None:
    assert counted(1, "file") == "1 file"
    assert counted(3912, "file") == "3,912 files"
    assert counted(2, "more place", "more places") == "2 more places"
    assert number(87.0) == "87"
    assert number(83.24) == "83.2"
    assert number(100.0) == "100"
