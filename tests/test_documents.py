from __future__ import annotations

import pytest
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from doctrine.documents import line_of, parse_toml, strings, switch, table, tables, text
from doctrine.errors import ConfigError

DOCUMENT = """\
# [project] in a comment
[project]
name = "x" # dependencies = ["no"]
dependencies = [
  "a>=1",  # ]
  'b[c]',
]
[tool.x]
y.z = {k = "v", "q.r" = ["1", {s = 2}]}
[[tool.mypy.overrides]]
module = "m"
[[tool.mypy.overrides]]
module = \"\"\"
n = [\"\"\"
strict = true
[tool.mypy]
strict = false
[dependency-groups]
dev = ["p", {include-group = "lint"}]
"""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, True), (False, False), (1, True), (0, False), (2, None), (" Yes ", True),
        ("off", False), ("", None), ("maybe", None), (["yes"], None), (None, None), (1.0, None),
    ],
)  # fmt: skip
def test_what_a_switch_says(value: object, *, said: bool | None) -> None:
    assert switch(value) is said


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("project",), 2),
        (("project", "dependencies"), 4),
        (("tool",), 8),
        (("tool", "x", "y"), 9),
        (("tool", "x", "y", "z", "q.r", "1", "s"), 9),
        (("tool", "mypy"), 16),
        (("tool", "mypy", "strict"), 17),
        (("tool", "mypy", "overrides"), 10),
        (("tool", "mypy", "overrides", "1"), 12),
        (("tool", "mypy", "overrides", "1", "module"), 13),
        (("tool", "mypy", "overrides", "1", "strict"), 15),
        (("tool", "mypy", "overrides", "strict"), 15),
        (("tool", "mypy", "overrides", "0", "strict"), 0),
        (("n",), 0),
        (("project", "name", "x"), 0),
    ],
)
def test_a_key_is_found_where_it_is_written(keys: tuple[str, ...], line: int) -> None:
    assert line_of(parse_toml("f", DOCUMENT), keys) == line


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (("project", "dependencies"), "a>=1", 5),
        (("project", "dependencies"), "b[c]", 6),
        (("project", "dependencies"), "absent", 4),
        (("tool", "mypy", "overrides", "1", "module"), "n = [", 13),
        (("dependency-groups", "dev", "include-group"), "lint", 19),
        (("tool", "mypy", "strict"), "false", 17),
    ],
)
def test_a_value_is_found_under_its_key(keys: tuple[str, ...], value: str, line: int) -> None:
    assert line_of(parse_toml("f", DOCUMENT), keys, value) == line


NAMES = st.text(min_size=1, max_size=6).filter(lambda name: not name.isdigit())
LEAVES = st.integers(-9, 9) | st.booleans() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
def test_every_key_of_a_valid_document_has_a_line(data: dict[str, object]) -> None:
    file = parse_toml("f", tomli_w.dumps(data))
    lines = file.text.split("\n")
    for key, value in data.items():
        line = line_of(file, (key,))
        assert 1 <= line <= len(lines)
        # Plain values stand on the line of their key: parsing that line alone gives them.
        if isinstance(value, int | bool):
            assert parse_toml("l", lines[line - 1]).data == {key: value}


@given(st.text(max_size=60) | st.text(alphabet="[]{}=,.\"'\n\\ a1-:T#", max_size=60))
@example('a = """""\\""""')
@example("a = '''''a'''''")
@example("a = " + "9" * 5000)
@example("a = " + "[" * 5000)
@example("\ufeffa = 1")
def test_any_text_is_a_document_or_a_configuration_error(source: str) -> None:
    try:
        file = parse_toml("f", source)
    except ConfigError:
        return
    assert all(line_of(file, (key,)) > 0 for key in file.data if not key.isdigit())


def test_an_error_has_the_place_of_the_mistake() -> None:
    with pytest.raises(ConfigError, match=r"^f:2:5: the file is not valid TOML") as caught:
        parse_toml("f", "a = 1\nb = \n")
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_an_error_at_the_end_has_the_place_of_the_end() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_toml("f", 'a = 1\nb = ["')
    assert caught.value.line == 2


def test_accessors_give_empty_values_for_other_types() -> None:
    data: object = {"a": {"b": ["x", 1, {"c": "d"}]}, "s": "t"}
    assert table(data, "a", "b") == {}
    assert table(data, "s", "x") == {}
    assert strings(table(data, "a")["b"]) == ("x",)
    assert tables(table(data, "a")["b"]) == ({"c": "d"},)
    assert strings("one") == ("one",)
    assert text(3) == ""


def test_finding_every_line_of_a_long_document_takes_one_pass() -> None:
    source = "\n".join(f'[[package]]\nname = "p{number}"' for number in range(5000))
    file = parse_toml("f", source)
    lines = [line_of(file, ("package", str(number), "name")) for number in range(5000)]
    assert lines == list(range(2, 10_001, 2))
