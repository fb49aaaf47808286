"""Changes of a TOML document leave everything else in it as it was."""

from __future__ import annotations

import tomllib
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.adopt._toml import changed
from doctrine.adopt.changes import Change, Keys, Op, Value
from doctrine.adopt.edits import Section


def change(keys: Keys, value: Value = "", op: Op = Op.SET) -> Change:
    return Change(section=Section.MYPY, keys=keys, op=op, value=value)


def test_a_key_goes_behind_the_last_of_its_table_and_before_the_comment_of_the_next() -> None:
    text = "[tool.mypy]\nfiles = [\n  'a',\n]  # all\n\n# about ruff\n[tool.ruff]\nx = 1\n"
    assert changed(text, change(("tool", "mypy", "strict"), value=True)) == (
        "[tool.mypy]\nfiles = [\n  'a',\n]  # all\nstrict = true\n\n# about ruff\n[tool.ruff]\nx = 1\n"
    )


def test_a_new_table_goes_behind_its_relatives() -> None:
    text = "[tool.ruff]\nx = 1\n\n\n# about mypy\n[tool.mypy]\nstrict = true\n"
    assert changed(text, change(("tool", "ruff", "lint", "select"), ("E",))) == (
        '[tool.ruff]\nx = 1\n\n[tool.ruff.lint]\nselect = ["E"]\n\n# about mypy\n[tool.mypy]\n'
        "strict = true\n"
    )


def test_a_new_table_without_relatives_goes_to_the_end() -> None:
    text = "[project]\nname = 'a'  # no line end"
    assert changed(text, change(("tool", "mypy", "strict"), value=True)) == (
        "[project]\nname = 'a'  # no line end\n\n[tool.mypy]\nstrict = true\n"
    )


def test_an_empty_document_gets_a_table() -> None:
    assert changed("", change(("project", "name"), "a")) == '[project]\nname = "a"\n'


def test_the_project_comes_first() -> None:
    text = "# head\n\n[tool.black]\nline-length = 80\n"
    assert changed(text, change(("project", "name"), "a")) == (
        '# head\n\n[project]\nname = "a"\n\n[tool.black]\nline-length = 80\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[tool.ruff]\nlint.select = ['E']\n",
        "[tool]\nruff.lint.select = ['E']\n",
        "tool.ruff.lint.select = ['E']\n",
        "[tool.ruff.lint]\nselect = ['E']\n",
        "[tool.ruff.lint.mccabe]\nmax-complexity = 3\n[project]\nname = 'x'\n[tool.ruff]\na = 1\n",
        "[tool]\nruff = {lint = {select = ['E']}}\n",
        '[tool."ruff".lint]\n"select" = ["E"]\n',
        "[ tool . ruff ]\n[project]\ndescription = '''\n[tool.ruff.lint]\n'''\n",
    ],
)
def test_a_key_finds_its_table_however_that_is_written(text: str) -> None:
    new = changed(text, change(("tool", "ruff", "lint", "ignore"), ("E501",)))
    assert new is not None
    data = tomllib.loads(new)
    assert data["tool"]["ruff"]["lint"].pop("ignore") == ["E501"]
    old = tomllib.loads(text)
    old.setdefault("tool", {}).setdefault("ruff", {}).setdefault("lint", {})
    assert data == old


def test_a_value_is_replaced_in_its_place_with_its_comment() -> None:
    text = "[tool.mypy]\nstrict = false  # one day\nfiles = 'a'\n"
    assert changed(text, change(("tool", "mypy", "strict"), value=True)) == (
        "[tool.mypy]\nstrict = true  # one day\nfiles = 'a'\n"
    )


def test_a_long_array_is_unfolded_and_a_written_one_keeps_its_comments() -> None:
    items = tuple(f"distribution-{number}>=1,<2" for number in range(4))
    unfolded = changed('[g]\ndev = ["a"]  # tools\n', change(("g", "dev"), items, Op.ADD))
    assert unfolded is not None
    assert unfolded.count("\n") > len(items)
    assert unfolded.endswith("]  # tools\n")
    text = "[g]\ndev = [\n  'a',  # why\n  # about b\n  'b',\n]\n"
    assert changed(text, change(("g", "dev"), ("c",), Op.ADD)) == (
        "[g]\ndev = [\n  'a',  # why\n  # about b\n  'b',\n  \"c\",\n]\n"
    )


def test_items_and_keys_are_taken_out() -> None:
    text = (
        "[t]\na = ['x', 'y']\nb = 1\n[[t.o]]\nm = 'a'\nbad = true\n[[t.o]]\nm = 'b'\nbad = true\n"
    )
    dropped = changed(text, change(("t", "a"), ("x",), Op.DROP))
    assert dropped == text.replace("'x', ", "")
    second = changed(text, change(("t", "o", 1, "bad"), op=Op.REMOVE))
    assert second is not None
    assert tomllib.loads(second)["t"]["o"] == [{"m": "a", "bad": True}, {"m": "b"}]
    assert changed(text, change(("t", "missing"), op=Op.REMOVE)) == text


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    text = "\ufeff[project]\r\nname = 'a'\r\n"
    new = changed(text, change(("project", "version"), "1"))
    assert new == "\ufeff[project]\r\nname = 'a'\r\nversion = \"1\"\r\n"


def test_a_document_that_has_something_else_there_is_left_alone() -> None:
    assert changed("tool = 3\n", change(("tool", "mypy", "strict"), value=True)) is None
    assert changed("[g]\ndev = 'a'\n", change(("g", "dev"), ("b",), Op.ADD)) is None


KEYS = st.sampled_from(["a", "b", "tool", "strict", "x y", "ü", 'quo"te', "dot.ted"])
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.lists(st.text("abc# \"'\\", max_size=6), max_size=3),
)
DATA = st.recursive(
    SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
).filter(lambda value: isinstance(value, dict))


@given(DATA, st.lists(KEYS, min_size=1, max_size=4), SCALARS, st.booleans())
def test_whatever_a_document_holds_only_the_key_changes(
    data: object, keys: list[str], value: object, windows: bool
) -> None:
    import tomli_w

    tables = cast("dict[str, object]", data)
    text = "# head\n" + tomli_w.dumps(tables, multiline_strings=True) + "# foot\n"
    text = text.replace("\n", "\r\n") if windows else text
    new = changed(text, change(tuple(keys), cast("Value", value)))
    before, wanted = tomllib.loads(text), tomllib.loads(text)
    holder: object = wanted
    for key in keys[:-1]:
        holder = cast("dict[str, object]", holder).setdefault(key, {})
        if not isinstance(holder, dict):
            assert new is None
            return
    last = cast("dict[str, object]", holder)
    if isinstance(last.get(keys[-1]), dict):
        assert new is None
        return
    last[keys[-1]] = value
    assert new is not None
    assert tomllib.loads(new) == wanted
    assert "# head" in new
    assert "# foot" in new
    if before == wanted:
        assert new == text
    again = changed(new, change(tuple(keys), cast("Value", value)))
    assert again == new
