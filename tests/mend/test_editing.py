"""Edits change what they span, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doctrine.mend.editing import edited
from doctrine.model.observation import Edit


def an_edit(line: int, column: int, end_line: int, end_column: int, content: str) -> Edit:
    return Edit(line=line, column=column, end_line=end_line, end_column=end_column, content=content)


def on_line(line: int, start: int, end: int, content: str) -> tuple[Edit, ...]:
    return (an_edit(line, start, line, end, content),)


def test_a_span_is_counted_in_characters_behind_a_byte_order_mark_and_any_line_end() -> None:
    source = "\ufeffé = 1\r\nb = 2\rc = 'ü'; d\n".encode()
    repairs = [on_line(1, 1, 2, "a"), on_line(2, 5, 6, "20"), on_line(3, 10, 11, "e")]
    done = edited(source, repairs)
    assert done.content == "\ufeffa = 1\r\nb = 20\rc = 'ü'; e\n".encode()
    assert done.made == (0, 1, 2)


def test_the_place_behind_the_last_line_is_the_end_of_the_text() -> None:
    assert edited(b"import os\n", [(an_edit(1, 1, 2, 1, ""),)]).content == b""
    assert edited(b"a", [(an_edit(1, 2, 1, 2, "b"),)]).content == b"ab"


def test_what_touches_another_waits_and_a_repair_is_made_whole_or_not_at_all() -> None:
    first = on_line(1, 1, 3, "x")
    both = (*on_line(1, 5, 6, "y"), *on_line(1, 3, 3, "z"))
    done = edited(b"abcdef\n", [first, both])
    assert done.content == b"xcdef\n"
    assert done.made == (0,)


def test_the_same_edit_for_two_findings_is_made_once_and_mends_both() -> None:
    gone = (an_edit(1, 1, 2, 1, ""),)
    done = edited(b"import os, re\nx\n", [gone, gone])
    assert done.content == b"x\n"
    assert done.made == (0, 1)


def test_what_fits_nowhere_and_text_that_is_none_stay_as_they_are() -> None:
    for misfit in (on_line(3, 1, 2, "x"), on_line(1, 9, 9, "x"), on_line(1, 2, 1, "x"), ()):
        assert edited(b"ab\n", [misfit]).made == ()
        assert edited(b"ab\n", [misfit]).content == b"ab\n"
    assert edited(b"\xff\n", [on_line(1, 1, 1, "x")]).content == b"\xff\n"


@given(st.text(alphabet="aé\U0001f600\t #", max_size=40).filter(bool), st.data())
def test_what_is_spanned_is_replaced_and_the_rest_stays(line: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(line)), min_size=2, max_size=2).map(sorted))
    start, end = cuts
    before, after = "first\n", "\r\nlast"
    done = edited(f"{before}{line}{after}".encode(), [on_line(2, start + 1, end + 1, "new")])
    assert done.content.decode() == f"{before}{line[:start]}new{line[end:]}{after}"
