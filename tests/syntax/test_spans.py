"""The code of a finding is told so that a formatter cannot change it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.observation import Location
from doctrine.syntax.spans import LONGEST, Spans


def the_span(text: str, code: str) -> Location:
    """Return where code stands in a text."""
    start = text.index(code)
    end = start + len(code)
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return Location(
        path="a.py",
        line=line,
        column=column,
        end_line=text.count("\n", 0, end) + 1,
        end_column=end - text.rfind("\n", 0, end),
    )


def told(text: str, code: str) -> str:
    return Spans(text).text(the_span(text, code))


@pytest.mark.parametrize(
    ("before", "first", "after", "second"),
    [
        ("f(1, 'a')\n", "f(1, 'a')", 'f(\n    1,\n    "a",\n)\n', 'f(\n    1,\n    "a",\n)'),
        ("x = 0XFF\n", "x = 0XFF", "x = 0xFF\n", "x = 0xFF"),
        ("x = 'it\\'s'\n", "'it\\'s'", 'x = "it\'s"\n', '"it\'s"'),
        ("assert (a and b), 'no'\n", "a and b", "assert a and b, 'no'\n", "a and b"),
        ("del (a), (b)\n", "del (a), (b)", "del a, b\n", "del a, b"),
        ("if (a):  # why\n    b\n", "if (a):", "if a:\n\n    b\n", "if a:"),
        ("x = ['a'\n  'b']\n", "'a'\n  'b'", "x = ['ab']\n", "'ab'"),
        ("def f(\n  a,b=1\n): pass\n", "a,b=1", "def f(a, b=1):\n    pass\n", "a, b=1"),
    ],
)
def test_what_a_formatter_decides_does_not_count(
    before: str, first: str, after: str, second: str
) -> None:
    assert told(before, first).lower() == told(after, second).lower() != ""


def test_other_code_is_told_apart() -> None:
    text = "f(a, b)\nf(a, c)\ng(a, b)\n"
    spans = Spans(text)
    lines = [Location.point("a.py", number) for number in (1, 2, 3)]
    assert len({spans.text(one) for one in lines}) == 3


def test_a_finding_is_known_again_when_its_neighbour_in_the_statement_is_mended() -> None:
    assert told("def f(a, b): ...\n", "b") == told("def f(a: int, b): ...\n", "b") == "b"


def test_a_block_is_told_by_its_header() -> None:
    text = "@cache\ndef f(a):\n    return a\n"
    changed = text.replace("return a", "return a + 1")
    span = "def f(a):\n    return a"
    assert told(text, span) == told(changed, "def f(a):\n    return a + 1") == "deffa:"


def test_a_clause_of_a_statement_is_not_the_statement() -> None:
    text = "if a:\n    b\nelif c:\n    d\nelse:\n    e\n"
    spans = Spans(text)
    assert spans.text(Location.point("a.py", 3, 6)) == "c"
    assert spans.text(the_span(text, "elif c:\n    d")) == "elifc:"
    assert spans.text(the_span(text, "else:")) == "else:"


def test_where_only_a_line_is_known_the_whole_statement_tells() -> None:
    short, long = "x = f(a, unique=True)\n", "x = f(\n    a,\n    unique=True,\n)\n"
    one, other = Location.point("a.py", 1), Location.point("a.py", 3)
    assert Spans(short).text(one) == Spans(long).text(other) == "x=fa,unique=True"


def test_it_is_never_longer_than_it_has_to_be() -> None:
    text = f"x = [{', '.join(map(str, range(1000)))}]\n"
    assert len(Spans(text).text(Location.point("a.py", 1))) == LONGEST


PIECES = st.lists(
    st.sampled_from(
        ["def f(a, b):", "\n", "    ", "if x:", "return", "'é'", '"""', "(", ")", ",", "[1]", "#c",
         "x = 1", "\\", ":", "@d", "class A:", "\t", "else:", "lambda: 0", "f'{x}'", "\f", ""]
    ),
    max_size=30,
)  # fmt: skip


@given(
    PIECES,
    st.integers(0, 12),
    st.integers(0, 30),
    st.integers(0, 12),
    st.integers(0, 30),
)
def test_no_place_in_no_text_is_a_surprise(
    pieces: list[str], line: int, column: int, end_line: int, end_column: int
) -> None:
    where = Location(
        path="a.py", line=line, column=column, end_line=end_line, end_column=end_column
    )
    assert len(Spans("".join(pieces)).text(where)) <= LONGEST


@pytest.mark.live
def test_this_module_survives_the_real_formatter(tmp_path: Path) -> None:
    text = Path(__file__).read_text("utf-8")
    copy = tmp_path / "copy.py"
    copy.write_text(text, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=50", "-q", copy],
        check=True,
    )
    again = copy.read_text("utf-8")
    assert again != text

    def statements(source: str) -> set[str]:
        spans = Spans(source)
        count = source.count("\n")
        return {spans.text(Location.point("a.py", line)) for line in range(1, count + 1)}

    assert statements(text) == statements(again)
