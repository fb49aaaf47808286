"""The small readers: INI, hand-written JSON, shell-like text, path and module patterns."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.inspect._first_party import Reach, first_party
from doctrine.inspect._ini import parse_ini, words
from doctrine.inspect._json5 import JsonError, parse_json
from doctrine.inspect._path_patterns import PathPatterns
from doctrine.inspect._paths import is_side, is_specimen
from doctrine.inspect._shell import shell_commands
from tests.inspect.build import project

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_ini_with_everything_people_write() -> None:
    ini = parse_ini(
        "\ufeff; top\nstray = 1\n[mypy]\n# note\nstrict : True  # why\nfiles = src,\n"
        "    tests ; both\n\n[mypy-a.*]\nKey=x\n[mypy]\nextra = 1\nbare\n"
    )
    assert set(ini) == {"mypy", "mypy-a.*"}
    assert ini["mypy"].line == 3
    assert {key: (one.text, one.line) for key, one in ini["mypy"].options.items()} == {
        "strict": ("True", 5),
        "files": ("src,\ntests", 6),
        "extra": ("1", 12),
        "bare": ("", 13),
    }
    assert ini["mypy-a.*"].options["key"].text == "x"
    assert words(ini["mypy"].options["files"].text) == ("src", "tests")


@given(JSON)
def test_plain_json_means_the_same(value: object) -> None:
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, indent=1, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b': \"c\", // d\n}", {"a": 1, "b": "c"}),
        ("/* x\n */ [1, 2,]", [1, 2]),
        ("['it\\'s \"so\"']", ['it\'s "so"']),
        (
            '{"url": "https://x/y", "t": true, "n": null}',
            {"url": "https://x/y", "t": True, "n": None},
        ),
        ("\ufeff{}", {}),
        ('["/* no comment */", "a,]"]', ["/* no comment */", "a,]"]),
    ],
)
def test_json_as_people_write_it(text: str, value: object) -> None:
    assert parse_json(text) == value


@pytest.mark.parametrize("text", ["", "{", "[1 2]", "{'a}", "/ x", "[" * 100_000, "{a: b: c}"])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(JsonError):
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("RUN pip install .", ("pip", "install", ".")),
        ("RUN --mount=type=cache,target=/x pip3 install .", ("pip", "install", ".")),
        ("\t@$(PYTHON) -m pip install .", ("pip", "install", ".")),
        ("sudo PIP_X=1 .venv/bin/pip3.13 install .", ("pip", "install", ".")),
        ("uv run --with pip python -m pip install .", ("pip", "install", ".")),
        ("pip install . # why", ("pip", "install", ".")),
        ("pip \\\n  install \\\n  .", ("pip", "install", ".")),
        ("echo 'a && pip install .'", ("echo", "a && pip install .")),
        ("- pytest", ("pytest",)),
    ],
)
def test_the_first_command(text: str, argv: tuple[str, ...]) -> None:
    assert next(shell_commands(text)).argv == argv


def test_commands_know_their_lines() -> None:
    text = "# none\na && b | c; d\ne \\\n  f\n$(g h)\n"
    assert [(one.argv, one.line) for one in shell_commands(text)] == [
        (("a",), 2),
        (("b",), 2),
        (("c",), 2),
        (("d",), 2),
        (("e", "f"), 3),
        (("g", "h)"), 5),
    ]


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("src", "src/a.py", True),
        ("src", "srcs/a.py", False),
        ("./src/", "src/a/b.py", True),
        ("", "a.py", True),
        (".", "a/b.py", True),
        ("**", "a/b.py", True),
        ("**/gen", "a/b/gen/c.py", True),
        ("**/gen", "a/generated/c.py", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/**/b.py", "src/b.py", True),
        ("src/?.py", "src/a.py", True),
        ("a+b", "a+b/c.py", True),
    ],
)
def test_path_patterns(pattern: str, path: str, *, matches: bool) -> None:
    assert PathPatterns((pattern,)).match(path) is matches
    assert PathPatterns(("nothing", pattern)).match(path) is matches
    assert not PathPatterns(()).match(path)


@pytest.mark.parametrize(
    ("pattern", "reach"),
    [
        ("app", Reach.SOURCE),
        ("app.*", Reach.SOURCE),
        ("app.core.*", Reach.SOURCE),
        ("*.core", Reach.SOURCE),
        ("app.*.core", Reach.SOURCE),
        ("tests.*", Reach.TESTS),
        ("*.conftest", Reach.TESTS),
        ("application.*", Reach.FOREIGN),
        ("app.cor", Reach.FOREIGN),
        ("core", Reach.FOREIGN),
    ],
)
def test_module_patterns(pattern: str, reach: Reach) -> None:
    files = {"src/app/__init__.py": "", "src/app/core.py": "", "tests/conftest.py": ""}
    modules = first_party(project(files).layout)
    assert modules.reach(pattern) is reach


@pytest.mark.parametrize(
    ("path", "specimen", "side"),
    [
        ("setup.py", False, False),
        ("docs/conf.py", False, True),
        ("tests/mypy.ini", False, True),
        ("tests/data/a/mypy.ini", True, True),
        ("src/tests/requirements/a.txt", False, True),
        ("src/app/fixtures/x.toml", True, False),
    ],
)
def test_whose_a_file_is(path: str, *, specimen: bool, side: bool) -> None:
    assert (is_specimen(path), is_side(path)) == (specimen, side)
