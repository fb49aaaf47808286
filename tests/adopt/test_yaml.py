"""Items put into YAML leave everything else in it as it was."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from doctrine.adopt._yaml import is_tame, loaded, with_entry, with_item

ITEM = ("repo: local", "  hooks:", "    - id: a")
LOADED = {"repo": "local", "hooks": [{"id": "a"}]}


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            "repos:\n- repo: x\n  rev: '1' # pinned\n\n# foot\n",
            "repos:\n- repo: x\n  rev: '1' # pinned\n- repo: local\n  hooks:\n    - id: a\n\n# foot\n",
        ),
        (
            "repos:\n  - repo: x\n\n  - repo: y\n    run: |\n      a\n      b\n\nci: 1\n",
            (
                "repos:\n  - repo: x\n\n  - repo: y\n    run: |\n      a\n      b\n\n"
                "  - repo: local\n    hooks:\n      - id: a\n\nci: 1\n"
            ),
        ),
        (
            "repos:\n  - repo: x\n    hooks: [{id: b}]",
            "repos:\n  - repo: x\n    hooks: [{id: b}]\n  - repo: local\n    hooks:\n      - id: a\n",
        ),
        (
            "repos:\r\n- repo: x\r\n",
            "repos:\r\n- repo: x\r\n- repo: local\r\n  hooks:\r\n    - id: a\r\n",
        ),
    ],
)
def test_an_item_goes_to_the_end_of_its_list(text: str, new: str) -> None:
    assert with_item(text, ("repos",), ITEM) == new


@pytest.mark.parametrize(
    "text", ["repos: []\n", "repos: [{repo: x}]\n", "a: 1\n", "", "- a\n", "a: [\n"]
)
def test_a_list_in_another_shape_is_left_alone(text: str) -> None:
    assert with_item(text, ("repos",), ITEM) is None


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12)
)


@pytest.mark.parametrize("text", [LAUGHS, "a: &a\n  b: *a\n", "[" * 1_500, "- " * 15_000, "a: [\n"])
def test_a_document_that_would_take_for_ever_is_left_alone(text: str) -> None:
    assert not is_tame(text)
    assert with_item(text + "repos:\n- repo: x\n", ("repos",), ITEM) is None
    assert with_entry(text + "jobs:\n  a: 1\n", ("jobs",), "b", ["c: 1"]) is None


def test_an_entry_goes_to_the_end_of_its_mapping() -> None:
    text = "jobs:\n  a:\n    steps:\n      - run: x\n\n# foot\nother: 1\n"
    assert with_entry(text, ("jobs",), "b", ["runs-on: y"]) == (
        "jobs:\n  a:\n    steps:\n      - run: x\n\n  b:\n    runs-on: y\n\n# foot\nother: 1\n"
    )
    assert with_entry("jobs: {}\n", ("jobs",), "b", ["runs-on: y"]) is None


VALUES = st.recursive(
    st.one_of(st.text("ab: #-\n\"'", max_size=8), st.integers(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=1, max_size=4), VALUES, st.sampled_from(["", "# foot\n", "\n\n"]))
def test_whatever_a_list_holds_the_item_is_added_or_nothing_is(
    items: list[object], rest: object, foot: str
) -> None:
    data = {"first": rest, "repos": items, "zlast": rest}
    text: str = yaml.safe_dump(data, sort_keys=False) + foot
    new = with_item(text, ("repos",), ITEM)
    assert new is not None
    assert loaded(new) == {**data, "repos": [*items, LOADED]}
    lines = new.split("\n")
    start = next(place for place in range(len(lines)) if lines[place].endswith("- repo: local"))
    rest = "\n".join((*lines[:start], *lines[start + 3 :]))
    assert rest.replace("\n", "") == text.replace("\n", "")
