"""A baseline as text: read back as it was written, and refused where it is damaged."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.baseline.document import parsed, rendered
from doctrine.errors import ConfigError
from doctrine.model.baseline import Accepted, Baseline, Standard

NAME = "doctrine-baseline.txt"
TEXT = st.text(max_size=20)
IDS = st.from_regex(r"[A-Z]{3}[0-9]{3}", fullmatch=True)
ENTRIES = st.builds(
    Accepted,
    path=TEXT.filter(bool),
    symbol=TEXT.filter(lambda text: text != "-"),
    rule=TEXT.filter(bool),
    digest=st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    clauses=st.sets(IDS, max_size=3).map(lambda ids: tuple(sorted(ids))),
)
BASELINES = st.builds(
    Baseline,
    path=st.just(NAME),
    standards=st.just((Standard(guide="python", version="2.11.0", registry="sha256:0"),)),
    findings=st.lists(ENTRIES, max_size=5).map(lambda found: tuple(sorted(found))),
    checks=st.sets(IDS.map(lambda one: f"{one}.gate"), max_size=3).map(
        lambda found: tuple(sorted(found))
    ),
)


@given(BASELINES)
def test_it_is_read_back_as_it_was_written(baseline: Baseline) -> None:
    text = rendered(baseline)
    assert parsed(text.encode(), NAME) == baseline
    assert len(text.splitlines()) == 3 + 1 + baseline.entries, "one entry a line"


@given(BASELINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_means_nothing(baseline: Baseline, chance: random.Random) -> None:
    title, *lines = rendered(baseline).splitlines()
    chance.shuffle(lines)
    assert parsed("\r\n".join([title, *lines]).encode(), NAME) == baseline


@given(st.binary(max_size=60) | BASELINES.map(lambda one: rendered(one).encode()[:-7]))
def test_what_is_damaged_is_refused_or_read_but_no_surprise(raw: bytes) -> None:
    refused: ConfigError | None = None
    try:
        parsed(raw, NAME)
    except ConfigError as error:
        refused = error
    assert raw.startswith(b"# doctrine baseline v1") if refused is None else refused.hint


HEAD = "# doctrine baseline v1\n"
ENTRY = "finding src/a.py - ruff:S311 AAA001 0123456789abcdef\n"


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "does not begin with `# doctrine baseline v1`", 1),
        (ENTRY, "does not begin with", 1),
        ("# doctrine baseline v2\n", "the format 'v2', and this doctrine reads v1", 1),
        (f"{HEAD}<<<<<<< ours\n{ENTRY}=======\n>>>>>>> theirs\n", "unresolved merge conflict", 2),
        (f"{HEAD}{ENTRY}||||||| base\n", "unresolved merge conflict", 3),
        (f"{HEAD}{ENTRY}finding src/a.py\n", "holds no entry of a baseline", 3),
        (f"{HEAD}finding src/a.py - ruff:S311 AAA001 0123\n", "holds no entry", 2),
        (f"{HEAD}finding src/a.py - ruff:%ff AAA001 0123456789abcdef\n", "holds no entry", 2),
        (f"{HEAD}check everything\n", "holds no entry", 2),
        (f"{HEAD}guide python\n", "holds no entry", 2),
        (f"{HEAD}nonsense\n", "holds no entry", 2),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(text: str, said: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(text.encode(), NAME)
    assert said in caught.value.message
    assert caught.value.line == line
    assert caught.value.hint


def test_a_file_that_is_no_text_says_so() -> None:
    with pytest.raises(ConfigError, match="no text in UTF-8"):
        parsed(HEAD.encode() + b"\xff\xfe", NAME)


def test_comments_blank_lines_and_a_byte_order_mark_are_welcome() -> None:
    raw = b"\xef\xbb\xbf" + f"{HEAD}\n# why\n{ENTRY}{ENTRY}".encode()
    assert len(parsed(raw, NAME).findings) == 2, "two equal entries stand for two findings"


def test_names_with_blanks_and_signs_stay_one_word() -> None:
    entry = Accepted(
        path="src/mit leer#zeichen%.py",
        symbol="Größe.f",
        rule="ruff:S311",
        digest="0123456789abcdef",
        clauses=("AAA001",),
    )
    line = rendered(Baseline(path=NAME, findings=(entry,))).splitlines()[-1]
    assert line == (
        "finding src/mit%20leer%23zeichen%25.py Größe.f ruff:S311 AAA001 0123456789abcdef"
    )
