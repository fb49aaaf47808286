"""Values in pieces are the bytes that they are in one go, and never all of them at once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from doctrine.cache.runs import Kept, decode_run, encoded
from doctrine.cache.streaming import pieces
from doctrine.model.observation import Finding, Location
from doctrine.model.run import Origin, Reading, ToolRun
from doctrine.reports._stored import stored
from tests.reports.build import a_report

_LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


class _Plain(Struct, frozen=True, rename="kebab"):
    first_field: object
    second_field: object = None


class _Tagged(Struct, frozen=True, tag="tagged"):
    field: object


class _Short(Struct, frozen=True, omit_defaults=True):
    field: object = None


class _Listed(Struct, frozen=True, array_like=True):
    field: object


_STRUCTS = st.sampled_from((_Plain, _Tagged, _Short, _Listed)).flatmap(
    lambda kind: st.builds(kind, _VALUES)
)


@settings(max_examples=40)
@given(_VALUES | _STRUCTS | st.builds(_Plain, _STRUCTS, _STRUCTS))
def test_pieces_are_what_is_encoded_in_one_go(value: object) -> None:
    assert b"".join(pieces(value)) == msgspec.msgpack.encode(value)


@pytest.mark.parametrize("count", [0, 15, 16, 255, 256, 257, 65535, 65536])
def test_every_length_has_the_head_that_it_needs(count: int) -> None:
    table = {str(number): number for number in range(count)}
    value = _Plain(tuple(range(count)), table)
    assert b"".join(pieces(value)) == msgspec.msgpack.encode(value)


def test_a_report_is_the_same_in_pieces() -> None:
    report = stored(a_report())
    assert b"".join(pieces(report)) == msgspec.msgpack.encode(report)


def test_text_that_cannot_be_written_is_an_error_as_ever() -> None:
    with pytest.raises(UnicodeEncodeError):
        b"".join(pieces(_Plain(("fine",), {"broken": "\udc80"})))


def _run(messages: Iterable[str]) -> ToolRun:
    findings = tuple(
        Finding(tool="t", rule="r", message=one, location=Location.point(f"src/{number}.py"))
        for number, one in enumerate(messages)
    )
    return ToolRun(name="t", version="1", origin=Origin.PATH, reading=Reading(findings=findings))


def test_a_large_run_is_never_in_memory_as_one_text() -> None:
    kept = Kept(run=_run("x" * 100 for _ in range(20_000)))
    whole = len(msgspec.msgpack.encode(kept))
    tracemalloc.start()
    try:
        size = sum(map(len, encoded(kept, "bound", ["/somewhere"])))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == whole
    assert peak < whole / 10


@pytest.mark.parametrize("number", [0, 255, 256, 999])
def test_a_folder_is_found_wherever_a_large_run_names_it(number: int) -> None:
    words = ["nothing"] * 1000
    words[number] = "see /home/ada/shop/notes.txt"
    content = b"".join(encoded(Kept(run=_run(words)), "here", ["/home/ada/shop"]))
    assert decode_run(content, "here") is not None
    assert decode_run(content, "elsewhere") is None
