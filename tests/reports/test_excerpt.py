"""Carets stand under what they mean, whatever the line is made of and however narrow it is."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from doctrine.reports.terminal.excerpt import Kind, Row, Span, excerpt


def _span(column: int, end: int, *, line: int = 1, end_line: int = 0) -> Span:
    return Span(line=line, column=column, end_line=end_line or line, end_column=end)


def _drawn(*lines: str, span: Span, room: int = 40, around: int = 0) -> list[str]:
    rows = excerpt(lines, span, room=room, around=around)
    return [f"{row.number or '':>2}{row.edge[:1]:1} {row.text}" for row in rows]


def _marked(code: Row, carets: Row) -> str:
    """Return the part of a row that stands above the carets, cell by cell."""
    start = len(carets.text) - len(carets.text.lstrip())
    stop = len(carets.text)
    at, under = 0, ""
    for one in code.text:
        if start <= at < stop:
            under += one
        at += cell_len(one)
    return under


@pytest.mark.parametrize(
    ("line", "column", "end", "marked"),
    [
        ("x = random.choice(a)", 5, 18, "random.choice"),
        ("\tif a:\t# note", 8, 14, "# note"),
        ("name = '界界' + f(x)", 15, 19, "f(x)"),
        ("name = '界界' + f(x)", 9, 11, "界界"),
        ("e\u0301te\u0301 = f(x)", 9, 13, "f(x)"),
        ("x = '\u202e' + f(x)", 11, 15, "f(x)"),
        ("x = '\ufe0f' + f(x)", 11, 15, "f(x)"),
        ("x = '\U0001f44d\U0001f3fd' + f(x)", 12, 16, "f(x)"),
        ("x = 1", 5, 99, "1"),
        ("    whole line  ", 1, 1, "whole line"),
    ],
)
def test_the_carets_stand_under_the_span(line: str, column: int, end: int, marked: str) -> None:
    code, carets = excerpt([line], _span(column, end), room=60)
    assert _marked(code, carets) == marked


def test_a_caret_behind_the_end_of_the_line_marks_what_is_missing() -> None:
    assert _drawn("f(1", span=_span(4, 4)) == [" 1  f(1", "    " + "   ^"]


def test_a_long_line_is_cut_around_the_span() -> None:
    line = "x" * 500 + " call(a) " + "y" * 500
    code, carets = excerpt([line], _span(502, 509), room=30)
    assert code.text == "…xxxxxxxxx call(a) yyyyyyyyy…"
    assert _marked(code, carets) == "call(a)"


def test_a_very_long_line_costs_no_more_than_what_is_seen_of_it() -> None:
    line = "a = " + "x" * 3_000_000 + "call(a)" + "y" * 3_000_000
    code, carets = excerpt([line], _span(3_000_005, 3_000_012), room=30)
    assert _marked(code, carets) == "call(a)"
    assert code.text[0] == code.text[-1] == "…"


def test_a_span_over_a_few_lines_is_bracketed() -> None:
    lines = ("f(", "    a,", ")", "g()")
    assert _drawn(*lines, span=_span(1, 2, end_line=3), around=1) == [
        " 1f f(",
        " 2i     a,",
        " 3l )",
        " 4  g()",
    ]


def test_of_a_tall_span_both_ends_are_shown() -> None:
    lines = ("def f():", *("    pass" for _ in range(50)), "    return 1", "")
    assert _drawn(*lines, span=_span(1, 1, end_line=53)) == [
        " 1f def f():",
        "  i ",
        "52l     return 1",
    ]


def test_lines_that_are_not_there_are_not_shown() -> None:
    assert _drawn("x", span=_span(1, 2, line=2)) == []
    assert _drawn("x", span=_span(1, 2, line=0)) == []
    assert _drawn("x", span=_span(1, 2, end_line=9)) == [" 1  x", "    ^"]


LINES = st.lists(
    st.text(st.characters(exclude_categories=()), max_size=60)
    | st.text("\tab 界é\u0301\u200d👍🏽", max_size=200),
    min_size=1,
    max_size=8,
)
NUMBERS = st.integers(min_value=0, max_value=250)
SPANS = st.builds(Span, line=NUMBERS, column=NUMBERS, end_line=NUMBERS, end_column=NUMBERS)


@given(LINES, SPANS, st.integers(20, 90), st.booleans())
@example(["界" * 60], _span(50, 52), 20, True)
@example(["a" * 19 + "界"], _span(20, 21), 20, True)
@example(["\u0301" * 30], _span(5, 9), 20, True)
def test_no_row_is_too_wide_or_unprintable_and_every_caret_has_something_above(
    lines: list[str], span: Span, room: int, unicode: bool
) -> None:
    rows = list(excerpt(lines, span, room=room, unicode=unicode, around=1))
    for row in rows:
        assert cell_len(row.text) <= room
        assert not {unicodedata.category(one) for one in row.text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert unicode or row.text.isascii()
    for code, carets in pairwise(rows):
        if carets.kind is Kind.CARETS:
            first = len(carets.text) - len(carets.text.lstrip())
            # The one caret that may stand beyond the line marks what is missing at its end.
            assert first <= cell_len(code.text)
            assert len(carets.text) <= max(first + 1, cell_len(code.text))


@given(st.text("ab (界\t", min_size=1, max_size=80), st.data())
def test_what_is_marked_is_what_was_meant(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    stop = data.draw(st.integers(start + 1, len(line)))
    code, carets = excerpt([line], _span(start + 1, stop + 1), room=400)
    wanted = line[start:stop].replace("\t", "")
    assert _marked(code, carets).replace(" ", "") == wanted.replace(" ", "")
