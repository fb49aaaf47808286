"""A setting counts where the tool really reads it."""

from __future__ import annotations

import pytest

from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._tool_settings import Found, setting
from tests.inspect.build import project


def found(files: dict[str, str], tool: str, key: str) -> tuple[object, str, int] | None:
    seen = setting(project(files), tool, key)
    if seen is None:
        return None
    assert isinstance(seen, Found)
    return seen.value, seen.place.path, seen.place.line


RUFF = "[tool.ruff]\nline-length = 88\n[tool.ruff.lint]\nselect = ['E']\n"


def test_pyproject_is_read_and_its_line_is_told() -> None:
    files = {"pyproject.toml": RUFF}
    assert found(files, "ruff", "line-length") == (88, "pyproject.toml", 2)
    assert found(files, "ruff", "lint.select") == (["E"], "pyproject.toml", 4)
    assert found(files, "ruff", "lint.pydocstyle.convention") is None
    old = {"pyproject.toml": "[tool.ruff]\nselect = ['F']\n"}
    assert found(old, "ruff", "lint.select") == (["F"], "pyproject.toml", 2)


def test_a_file_that_wins_hides_pyproject_even_when_it_is_empty() -> None:
    assert found({"pyproject.toml": RUFF, "ruff.toml": ""}, "ruff", "line-length") is None
    own = {"pyproject.toml": RUFF, ".ruff.toml": "line-length = 100\n"}
    assert found(own, "ruff", "line-length") == (100, ".ruff.toml", 1)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".coveragerc", "[run]\nbranch = true\n"),
        ("setup.cfg", "[coverage:run]\nbranch = true\n"),
        ("tox.ini", "[coverage:run]\nbranch = true\n"),
    ],
)
def test_coverage_reads_ini_files_first(path: str, text: str) -> None:
    files = {path: text, "pyproject.toml": "[tool.coverage.run]\nbranch = false\n"}
    assert found(files, "coverage", "run.branch") == ("true", path, 2)
    assert found(files, "coverage", "report.fail_under") is None


def test_a_shared_ini_file_without_the_tool_hides_nothing() -> None:
    files = {"setup.cfg": "[mypy]\n", "pyproject.toml": "[tool.coverage.run]\nbranch = true\n"}
    assert found(files, "coverage", "run.branch") == (True, "pyproject.toml", 2)


def test_mypy_pyright_and_pytest_are_read_as_they_read_themselves() -> None:
    files = {"mypy.ini": "[mypy]\nwarn_return_any = no\n", "pyproject.toml": "[tool.mypy]\n"}
    assert found(files, "mypy", "warn_return_any") == (False, "mypy.ini", 2)
    json = {"pyrightconfig.json": '{\n  "pythonVersion": "3.12"\n}'}
    assert found(json, "pyright", "pythonVersion") == ("3.12", "pyrightconfig.json", 2)
    ini = {"pytest.ini": "[pytest]\naddopts = -n auto\n"}
    assert found(ini, "pytest", "addopts") == ("-n auto", "pytest.ini", 2)
    shared = {"setup.cfg": "[tool:pytest]\naddopts = -q\n"}
    assert found(shared, "pytest", "addopts") == ("-q", "setup.cfg", 2)
    nested = {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-q']\n"}
    assert found(nested, "pytest", "addopts") == (["-q"], "pyproject.toml", 2)


def test_a_file_that_cannot_be_read_leaves_it_open() -> None:
    unread = project({"pyproject.toml": RUFF}, unread={"ruff.toml": "no permission"})
    assert isinstance(setting(unread, "ruff", "line-length"), Unknown)
    broken = project({"pyproject.toml": RUFF, "ruff.toml": "= 3"})
    assert isinstance(setting(broken, "ruff", "line-length"), Unknown)
