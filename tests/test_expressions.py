"""Expressions of a project are tried where that ends soon, and nowhere else."""

from __future__ import annotations

import contextlib
import re
import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.expressions import EndlessError, Expression
from doctrine.inspect._path_patterns import PathPatterns
from doctrine.patterns import matcher

LONG = "a" * 4_000
SOON = 2.0
"""Seconds that a try may take on a busy machine; one of those below would take years."""


@pytest.mark.parametrize(
    "written",
    [
        "(a+)+$", "(a*)*b", "(a|a)*b", "(?:a|ab?)+c", "(?:a?){60}b", "a?" * 60 + "a" * 60 + "b",
        "(a|a)" * 40 + "b", ".*.*.*b", "a*a*b", "(?=(a+)+b)", "(?P<x>a*)(?P=x)*a*b", "((a*))+b",
        "(?x) ( a + ) # (\n + b", "(?:(?:a*){1,3}){1,30}b", "(a*){2,}b", "(?i:a*)*b", r"(a)(?(1)a*|b)*c",
        "[]a]*[^]b]*(a*)*c", r"\(*(a\)*)*b", "(?>a*)*b", "(a*){,}b",
        "(a+)(?#c)+$b", "(?x:(a +) +)$b", "(?x)(?-x:#(a+)+$b)", "(?x) (a+) (?#c) +$b",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [LONG, "a" * 60])
def test_what_could_take_for_ever_is_refused_or_ends_soon(written: str, text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(EndlessError):
        Expression(written).matches(text)
    assert time.process_time() - start < SOON


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("^docs/|^(.*/)?migrations/", "src/app/migrations/0001.py", True),
        ("(^|/)test_[^/]*\\.py$", "src/tests/test_a.py", True),
        ("^(a/.*|b/.*|c/d\\.py)$", "b/x/y.py", True),
        ("(?x)^( docs/ .*  # what people read\n | vendored/.* )$", "vendored/a.py", True),
        ("^(?!src/)", "src/a.py", False),
        ("[0-9]{4}_\\w+\\.py$", "migrations/0001_initial.py", True),
        ("a{2}", "xaax", True),
        ("build", "x" * 4_000, False),
        ("a|b", "", False),
        ("a(?#c)+b", "xaab", True),
        ("(?P<x>a)(?P=x)b", "aab", True),
        ("(?x)( ^one\\.py$ | two/ )", "a/two/b.py", True),
        (r"foo\(?max:bar", "foo(max:bar", True),
        ("[(?x:]+$", "a(?x:", True),
    ],
)
def test_what_people_write_is_searched_for(written: str, text: str, *, found: bool) -> None:
    assert Expression(written).matches(text) is found


@pytest.mark.parametrize("written", ["(", "a**", "[", "(?P<1>a)", "a{99999999999}"])
def test_what_is_none_says_so(written: str) -> None:
    with pytest.raises(re.error):
        Expression(written)


def test_many_texts_together_have_a_bound_as_well() -> None:
    costly = Expression(".*x.*y")
    with pytest.raises(EndlessError):
        any(costly.matches("z" * 200) for _ in range(100_000))


def _refused_from(written: str) -> int:
    """Return the length of the shortest text, in tens, on which an expression is not tried."""
    expression = Expression(written)
    for length in range(0, 4_000, 10):
        try:
            expression.matches("z" * length)
        except EndlessError:
            return length
    return 0


@pytest.mark.parametrize(
    ("counted", "written_out"),
    [("(a*){2}b", "a*a*b"), ("(a*){3}b", "a*a*a*b"), ("(a*b*){2}c", "a*b*a*b*c")],
)
def test_what_is_repeated_a_number_of_times_costs_what_it_costs_written_out(
    counted: str, written_out: str
) -> None:
    assert _refused_from(counted) == _refused_from(written_out) > 0


_PIECES = st.sampled_from(
    ["a", "b", ".", "*", "+", "?", "|", "(", ")", "(?:", "(?=", "[ab]", "[^a]", "{2}", "{1,3}", "{,}", "\\w",
     "^", "$", "(?i)", "(?x)", " ", "#"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join), st.text("ab ", max_size=80))
def test_it_finds_what_re_finds_or_refuses(written: str, text: str) -> None:
    try:
        expression = Expression(written)
        found = expression.matches(text)
    except (re.error, EndlessError):
        return
    assert found is (re.search(written, text) is not None)


@pytest.mark.parametrize("line", ["*a*a*a*a*b", "**/a/**/a/**/a/**/b", "x/*a*b*c*d*e*/y"])
def test_a_pattern_that_takes_for_ever_on_long_names_is_none(line: str) -> None:
    with pytest.raises(EndlessError):
        matcher([line])


@pytest.mark.parametrize(
    ("line", "path"),
    [("**/a/**", "x/a/b.py"), ("*.py[cod]", "x/a.pyc"), ("/docs/*/_build/", "docs/en/_build/x"),
     ("a*b*c*", "x/abc"), ("**/a/**/b/", "x/a/y/b/z")],
)  # fmt: skip
def test_a_pattern_that_people_write_matches(line: str, path: str) -> None:
    assert matcher([line])(path)


def test_patterns_of_folders_end_soon_however_long_a_path_is() -> None:
    patterns = PathPatterns(("**/a/**/a/**/a/**/b", "*a*a*a*a*a*b", "**/*a*a*a*c/*d*d*e"))
    start = time.process_time()
    for path in ("a/" * 2_000 + "c", LONG, f"{LONG}/{'d' * 200}"):
        assert not patterns.match(path)
    assert time.process_time() - start < SOON


_PATTERN = st.lists(
    st.sampled_from(["**", "*", "a", "a*", "*a", "a*b*", "*a*b", "?"]), min_size=1, max_size=5
).map("/".join)
_PATH = st.lists(st.sampled_from(["a", "b", "ab", "ba", "aab"]), min_size=1, max_size=6).map(
    "/".join
)


@given(_PATTERN, _PATH)
def test_a_pattern_of_folders_matches_what_it_stands_for(pattern: str, path: str) -> None:
    def stands_for(wanted: list[str], parts: list[str]) -> bool:
        if not wanted:
            return True
        if wanted[0] == "**":
            return any(stands_for(wanted[1:], parts[at:]) for at in range(len(parts) + 1))
        return (
            bool(parts) and fnmatchcase(parts[0], wanted[0]) and stands_for(wanted[1:], parts[1:])
        )

    wanted, parts = pattern.split("/"), path.split("/")
    # A `**` at the end stands for what is below a folder, never for a file of its name.
    if wanted[-1] == "**" and set(wanted) != {"**"}:
        parts = parts[:-1]
    assert PathPatterns((pattern,)).match(path) is stands_for(wanted, parts)
