"""Bytes to values and paths to ours: a value or the documented error, whatever comes in."""

from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.tool import CrashedError, UnreadableError
from doctrine.tools._decode import decode_json, excerpt, relative_path, require_exit


class Sample(msgspec.Struct):
    name: str
    numbers: list[int]


def ended(code: int | None, stderr: bytes = b"") -> Completed:
    invocation = Invocation(name="x", argv=("x",), cwd="/p")
    return Completed(invocation=invocation, ending=Ending.EXITED, exit_code=code, stderr=stderr)


@given(st.binary(), st.booleans())
def test_any_bytes_decode_or_are_unreadable(raw: bytes, lenient: bool) -> None:
    with contextlib.suppress(UnreadableError):
        assert isinstance(decode_json(raw, Sample, what="sample", lenient=lenient), Sample)


def test_unknown_keys_are_skipped_and_missing_ones_are_located() -> None:
    raw = b'{"name": "a", "numbers": [1], "more": {"x": [1]}}'
    assert decode_json(raw, Sample, what="sample") == Sample(name="a", numbers=[1])
    with pytest.raises(UnreadableError, match=r"\$\.numbers\[1\]"):
        decode_json(b'{"name": "a", "numbers": [1, "2"]}', Sample, what="sample")
    with pytest.raises(UnreadableError, match="numbers"):
        decode_json(b'{"name": "a"}', Sample, what="sample")


def test_deep_nesting_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        decode_json(b"[" * 100_000, Sample, what="sample")


def test_raw_bytes_are_replaced_only_where_asked() -> None:
    raw = b'{"name": "\xff", "numbers": []}'
    assert decode_json(raw, Sample, what="sample", lenient=True).name == "\ufffd"
    with pytest.raises(UnreadableError):
        decode_json(raw, Sample, what="sample")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/p/a.py", "a.py"),
        ("/p/a/b c/[d].py", "a/b c/[d].py"),
        ("./a.py", "a.py"),
        ("a.py", "a.py"),
        ("/p/./a/../b.py", "b.py"),
        ("a:b.py", "a:b.py"),
        ("new\nline.py", "new\nline.py"),
        (".hidden/a.py", ".hidden/a.py"),
        ("..a.py", "..a.py"),
        ("/p", "."),
        (".", "."),
        ("../a.py", None),
        ("/p2/a.py", None),
        ("/a.py", None),
        ("/p/../a.py", None),
    ],
)
def test_paths_become_relative_to_the_root(path: str, expected: str | None) -> None:
    assert relative_path(path, "/p") == expected


@given(st.lists(st.text(min_size=1).filter(lambda t: "/" not in t and t not in {".", ".."})))
def test_a_path_below_the_root_survives_both_spellings(parts: list[str]) -> None:
    path = "/".join(parts)
    if "\0" in path or not path:
        return
    assert relative_path(f"/p/{path}", "/p") == path
    assert relative_path(f"./{path}", "/p") == path


def test_exit_codes_outside_of_the_set_crash_with_the_telling_line() -> None:
    require_exit(ended(1), frozenset({0, 1}), tool="x")
    with pytest.raises(CrashedError, match="exited with 2: error: bad key"):
        require_exit(ended(2, b"hello\nerror: bad key\n"), frozenset({0}), tool="x")
    with pytest.raises(CrashedError, match="killed by signal 6"):
        require_exit(ended(-6), frozenset({0}), tool="x")
    with pytest.raises(CrashedError, match="did not start"):
        require_exit(ended(None), frozenset({0}), tool="x")


def test_a_process_that_says_one_word_is_quoted_with_it() -> None:
    assert excerpt(ended(1, b"killed")) == "killed"
    assert excerpt(ended(1)) == "it printed nothing"
