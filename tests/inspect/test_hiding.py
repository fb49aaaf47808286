"""Settings that take a tool's subject away fail; those that take some of it are advice."""

from __future__ import annotations

import pytest

from doctrine.inspect.hiding import INSPECTOR
from doctrine.model.run import Reading
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import CI, ci, look, only, project, role_of, run, seen

SOURCE: dict[str, str] = dict.fromkeys(
    ("src/app/a.py", "src/app/b.py", "src/app/c.py", "src/app/old/d.py", "tests/test_a.py"), ""
)
P = "pyproject.toml"


def parsed(files: dict[str, str]) -> Reading:
    """Return what is seen where the files themselves say it."""
    modules = (parse(path, role_of(path), text.encode()) for path, text in files.items())
    found = tuple(one.module for one in modules if isinstance(one, ParsedFile))
    return look(INSPECTOR, project({**SOURCE, **files}, modules=found))


def reading(files: dict[str, str], *commands: str) -> Reading:
    return look(INSPECTOR, project({**SOURCE, **files}, automation=ci(*commands)))


@pytest.mark.parametrize(
    ("rule", "table", "line"),
    [
        ("coverage-hides", "[tool.coverage.run]\nomit = ['src/*']\n", 2),
        ("coverage-hides", "[tool.coverage.run]\nbranch = true\nomit = ['*/app/*']\n", 3),
        ("coverage-hides", "[tool.coverage.report]\nomit = ['*']\n", 2),
        ("coverage-hides", "[tool.coverage.run]\nsource = ['lib']\n", 2),
        ("coverage-hides", "[tool.coverage.run]\nsource = ['tests']\n", 2),
        ("coverage-hides", "[tool.coverage.report]\nexclude_also = ['def .*']\n", 2),
        ("coverage-hides", "[tool.coverage.report]\nexclude_lines = ['.']\n", 2),
        ("coverage-off", "[tool.pytest.ini_options]\naddopts = '-q --no-cov'\n", 2),
        ("coverage-off", "[tool.pytest.ini_options]\naddopts = ['-p', 'no:cov']\n", 2),
        ("ruff-hides", "[tool.ruff]\nextend-exclude = ['src']\n", 2),
        ("ruff-hides", "[tool.ruff]\nline-length = 99\nexclude = ['app']\n", 3),
        ("ruff-hides", "[tool.ruff.lint]\nexclude = ['src/app/*.py']\n", 2),
        ("ruff-format-hides", "[tool.ruff.format]\nexclude = ['*.py']\n", 2),
        ("mypy-hides", "[tool.mypy]\nexclude = ['^src/app/']\n", 2),
        ("mypy-hides", "[tool.mypy]\nexclude = '(?x)(a[.]py | b[.]py)'\n", 2),
        ("vulture-hides", "[tool.vulture]\nexclude = ['app']\n", 2),
        ("vulture-hides", "[tool.vulture]\nignore_names = ['*']\n", 2),
    ],
)
def test_what_hides_the_project_is_found_on_its_line(rule: str, table: str, line: int) -> None:
    assert seen(reading({P: table})) == [(rule, P, line, "error")]


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("coverage-hides", "[tool.coverage.run]\nomit = ['*/old/*']\n"),
        ("coverage-hides", "[tool.coverage.run]\nsource = ['src', 'lib']\n"),
        ("ruff-hides", "[tool.ruff]\nextend-exclude = ['old']\n"),
        ("mypy-hides", "[tool.mypy]\nexclude = ['old/']\n"),
        ("vulture-hides", "[tool.vulture]\nexclude = ['*/old/*']\n"),
    ],
)
def test_what_hides_some_of_it_is_advice(rule: str, table: str) -> None:
    finding = only(reading({P: table}), rule)
    assert finding.severity.value == "info"
    assert "1 of 4 source files" in finding.message or "lib" in finding.message


@pytest.mark.parametrize(
    "table",
    [
        "[tool.coverage.run]\nsource = ['src']\nomit = ['tests/*', '*/conftest.py']\n",
        "[tool.coverage.run]\nsource = ['app']\n",
        "[tool.coverage.run]\nsource = ['app.old', 'tests']\n",
        "[tool.coverage.run]\nsource = ['.']\n",
        "[tool.coverage.run]\nsource = ['${ROOT}/other']\n",
        "[tool.coverage.run]\nomit = ['src/*.py']\n",  # a star stays inside its folder
        "[tool.coverage.report]\nexclude_also = ['if TYPE_CHECKING:', '@overload', '\\.\\.\\.$']\n",
        "[tool.coverage.report]\nexclude_lines = ['pragma: no cover', 'def __repr__', '(']\n",
        "[tool.pytest.ini_options]\naddopts = '--cov=app --no-cov-on-fail'\n",
        "[tool.ruff]\nextend-exclude = ['docs', 'build', 'tests']\n",
        "[tool.mypy]\nexclude = ['^build/', '(']\n",
        "[tool.vulture]\nignore_names = ['visit_*']\nexclude = ['tests/']\n",
    ],
)
def test_what_hides_nothing_of_it_is_left_alone(table: str) -> None:
    assert seen(reading({P: table})) == []


def test_a_file_that_wins_is_the_one_that_is_read() -> None:
    files = {".coveragerc": "[run]\nomit =\n    tests/*\n    src/*\n", P: "[tool.coverage.run]\n"}
    assert seen(reading(files)) == [("coverage-hides", ".coveragerc", 2, "error")]
    dead = {".coveragerc": "", P: "[tool.coverage.run]\nomit = ['src/*']\n"}
    assert seen(reading(dead)) == []


def test_a_semgrep_ignore_list_is_told_by_its_line() -> None:
    lines = "# old\nold/\n\nsrc/app/\n"
    assert seen(reading({".semgrepignore": lines})) == [
        ("semgrep-hides", ".semgrepignore", 2, "info"),
        ("semgrep-hides", ".semgrepignore", 4, "error"),
    ]
    assert seen(reading({".semgrepignore": "tests/\n:include .gitignore\n*.min.js\n"})) == []


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("ruff check --exclude src .", "ruff-hides"),
        ("ruff format --check --exclude=src .", "ruff-format-hides"),
        ("mypy --exclude app/ src", "mypy-hides"),
        ("vulture src --exclude app", "vulture-hides"),
        ("semgrep scan --error --exclude=app --config p/python", "semgrep-hides"),
    ],
)
def test_an_option_of_the_gate_hides_as_well(command: str, rule: str) -> None:
    assert seen(reading({}, command)) == [(rule, CI, 10, "error")]


def test_a_command_that_is_no_gate_is_no_matter() -> None:
    harmless = ci(run("ruff check --exclude src .", can_fail=False))
    assert seen(look(INSPECTOR, project(SOURCE, automation=harmless))) == []


def test_configuration_that_cannot_be_read_leaves_the_rules_open() -> None:
    unread = {"ruff.toml": "denied", ".coveragerc": "too large", ".semgrepignore": "denied"}
    undecided = look(INSPECTOR, project(SOURCE, unread=unread)).undecided
    assert {"ruff-hides", "ruff-format-hides", "coverage-hides", "semgrep-hides"} <= set(undecided)


@pytest.mark.parametrize(
    ("rule", "files", "commands"),
    [
        ("mypy-hides", {P: "[tool.mypy]\nexclude = '(a+)+$'\n"}, ()),
        ("mypy-hides", {}, ("mypy --exclude (a|a)*$ src",)),
        ("coverage-hides", {P: "[tool.coverage.report]\nexclude_also = ['(d|e|f)+x']\n"}, ()),
        ("coverage-hides", {P: f"[tool.coverage.run]\nomit = ['src/{'a*' * 20}']\n"}, ()),
        ("semgrep-hides", {".semgrepignore": "*a*b*c*d*e\n"}, ()),
    ],
)
def test_what_may_take_for_ever_to_try_hides_nobody_knows_what(
    rule: str, files: dict[str, str], commands: tuple[str, ...]
) -> None:
    found = reading(files, *commands)
    assert "for ever" in found.undecided[rule]
    assert not found.findings


def test_impossible_expressions_and_patterns_are_survived() -> None:
    table = (
        "[tool.mypy]\nexclude = ['(((', '" + "a" * 500 + "']\n[tool.coverage.run]\nomit = ['[']\n"
    )
    assert seen(reading({P: table, ".semgrepignore": "[a-\n\\\n"})) == []


def test_migrations_and_vendored_code_are_rightly_left_out() -> None:
    made = {f"src/app/migrations/{number:04}.py": "" for number in range(9)}
    table = "[tool.coverage.run]\nomit = ['*/migrations/*']\n"
    assert seen(reading({**made, P: table})) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"src/app/ruff.toml": "exclude = ['*.py']\n"}, [("ruff-hides", "src/app/ruff.toml", 1, "error")]),
        ({"src/.ruff.toml": "lint.exclude = ['app/a.py']\n"}, [("ruff-hides", "src/.ruff.toml", 1, "info")]),
        (
            {"src/pyproject.toml": "[tool.ruff.format]\nexclude = ['app']\n"},
            [("ruff-format-hides", "src/pyproject.toml", 2, "error")],
        ),
        ({"src/app/old/ruff.toml": "exclude = ['*.py']\n"}, [("ruff-hides", "src/app/old/ruff.toml", 1, "info")]),
        ({"src/app/ruff.toml": "exclude = ['src']\n"}, []),
        ({"tests/ruff.toml": "exclude = ['*.py']\n"}, []),
        (  # what is extended counts wherever it lies, unless the other file has the same setting
            {"src/app/ruff.toml": "extend = '../../base.toml'\n", "base.toml": "format.exclude = ['*.py']\n"},
            [("ruff-format-hides", "base.toml", 1, "error")],
        ),
        (
            {"ruff.toml": "extend = 'conf/base.toml'\n", "conf/base.toml": "format.exclude = ['*.py']\n"},
            [("ruff-format-hides", "conf/base.toml", 1, "error")],
        ),
        (
            {"ruff.toml": "extend = 'b.toml'\nformat.exclude = []\n", "b.toml": "format.exclude = ['*.py']\n"},
            [],
        ),
        (
            {"src/app/ruff.toml": "extend = '../../ruff.toml'\n", "ruff.toml": "exclude = ['src']\n"},
            [("ruff-hides", "ruff.toml", 1, "error")],
        ),
    ],
)  # fmt: skip
def test_what_ruffs_file_of_a_folder_hides_is_found_there(
    more: dict[str, str], expected: list[tuple[str, str, int, str]]
) -> None:
    assert seen(reading(more)) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# fmt: off\nx = 1\n", 1),
        ("'''What it is.'''\n#fmt:off\nx = 1\ny = 2\n", 2),
        ("# yapf: disable\nx = 1\n", 1),
        ("# fmt: off\nx = 1\n# fmt: on\n", 1),  # all but the last line
        ("# fmt: off\nx = 1\n# fmt: on\ny = 2\nz = 3\nz = 4\n", 0),
        ("# fmt: off\nx = 1\n# fmt: on\n" + "y = 2\n" * 9 + "# fmt: off\n", 0),  # and its end
        ("x = 1\n# fmt: off\nx = 2\n# fmt: on\n# fmt: off\ny = 2\n", 2),  # two parts of it
        ("if 1:\n    # fmt: off\n    x = 1\n", 2),
        ("class A:\n    # fmt: off\n    x = 1\n    def f(s):\n        pass\n", 2),
        ("class A:\n    x = 1\n    # fmt: off\n    def f(s):\n        pass\n", 3),
        ("if 1:\n    # fmt: off\n    x = 1\n" + "y = 2\n" * 5, 0),  # a block, which ends
        ("if 1:\n    # fmt: off\n    x = 1\n    # fmt: on\n" + "    y = 2\n" * 5, 0),
        ("# fmt: off\nif 1:\n    x = 1\n    # fmt: on\n    y = 2\n" * 2, 1),  # no end of it
        ("x = [\n    # fmt: off\n    1,\n    2,\n]\n", 0),  # which formatters pass over
        ("if 1:\n    x = 1  # fmt: off\n    y = 2\n    z = 3\n", 0),
        ("x = '''\n# fmt: off\n'''\n", 0),
        ("x = 1\n" * 9 + "# fmt: off\ny = 2\n", 0),
        ("x = 1  # fmt: off\n", 0),
    ],
)
def test_a_file_that_the_formatter_leaves_alone(text: str, line: int) -> None:
    expected = [("ruff-format-hides", "src/app/a.py", line, "error")] if line else []
    assert seen(parsed(dict.fromkeys(("src/app/a.py", "src/app/b.py"), text))) == expected


def test_few_files_that_the_formatter_leaves_alone_are_advice() -> None:
    found = parsed(
        {"src/app/c.py": "# fmt: off\nx = [1,\n  2]\n", "tests/test_a.py": "# fmt: off\n"}
    )
    assert seen(found) == [("ruff-format-hides", "src/app/c.py", 1, "info")]


@pytest.mark.parametrize(
    ("commands", "addopts", "found"),
    [
        (["pytest --cov=tests"], "", True),
        (["pytest --cov tests"], "", True),
        (["pytest --cov=lib --cov=tests -q"], "", True),
        (["coverage run --source=tests -m pytest"], "", True),
        (["coverage run --source tests,lib -m pytest"], "", True),
        (["pytest"], "--cov=tests", True),
        (["pytest --cov=app --cov=tests"], "", False),
        (["pytest --cov=src"], "", False),
        (["pytest --cov=app.old"], "", False),
        (["pytest --cov"], "", False),
        (["pytest --cov -q tests"], "", False),
        (["pytest --cov=tests"], "--cov=app", False),
        (["pytest --cov=tests", "pytest --cov=app"], "", False),
        (["pytest --cov=tests", "coverage run -m pytest"], "", False),
        (["pytest --cov=$PACKAGE"], "", False),
        (["pytest --cov=tests --no-cov"], "", False),
        (["pytest"], "", False),
    ],
)
def test_command_lines_that_measure_what_is_not_shipped(
    commands: list[str], addopts: str, found: bool
) -> None:
    files = {P: f"[tool.pytest.ini_options]\naddopts = '{addopts}'\n"}
    shown = [(one[0], one[1]) for one in seen(reading(files, *commands))]
    assert shown == [("coverage-hides", CI)] * found
