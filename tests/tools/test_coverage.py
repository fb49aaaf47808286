"""When a coverage figure counts."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from doctrine.documents import parse_toml
from doctrine.model.project import CoverageData, Role, SourceFile
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.model.tool import CrashedError, Request, Skip, UnreadableError
from doctrine.project.coverage_data import find_coverage_data
from doctrine.tools.coverage import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, completed, prepared

TESTED = {"pytest": "9", "pytest-cov": "7"}
FILES = (SourceFile(path="a.py", role=Role.SOURCE),)


def fresh(stale_because: str = "") -> Request:
    layout = a_layout("a.py", "b.py", packages=TESTED)
    data = CoverageData(path=f"{ROOT}/.coverage", stale_because=stale_because)
    return a_request(replace(layout, coverage_data=data))


def with_tests(
    toml: str = "", packages: dict[str, str] | None = None, ci: tuple[str, ...] = ()
) -> Request:
    layout = a_layout("src/a.py", toml=toml, sources=("src", "."), packages=packages or TESTED)
    commands = (ci,) if ci else ()
    return a_request(layout, settings=Settings(root=ROOT, tests=True), commands=commands)


def report(percent: float = 79.6, statements: int = 10, *files: str) -> bytes:
    return json.dumps(
        {
            "meta": {"branch_coverage": False},
            "files": {
                path: {"summary": {"num_statements": statements}} for path in files or ("a.py",)
            },
            "totals": {"percent_covered": percent, "num_statements": statements},
        }
    ).encode()


def test_fresh_data_is_read_without_a_gate() -> None:
    argv = prepared(TOOL, fresh()).argv
    assert f"--data-file={ROOT}/.coverage" in argv
    assert "--fail-under=0" in argv


@pytest.mark.parametrize("request_", [fresh("a.py was changed"), a_request()])
def test_without_fresh_data_the_reason_names_the_commands(request_: Request) -> None:
    found = TOOL.prepare(request_)
    assert isinstance(found, Skip)
    assert "doctrine check --tests" in found.reason


def test_the_figure_is_not_rounded_and_what_qualifies_it_is_said() -> None:
    request = fresh()
    done = completed(prepared(TOOL, request))
    reading = TOOL.read(request, (replace(done, kept={"coverage.json": report()}),))
    assert [one.value for one in reading.measurements] == [79.6]
    assert reading.analysed == {"a.py"}
    assert "branches were not measured" in reading.note
    assert "1 of 2 source files" in reading.note


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (report(statements=0), CrashedError),
        (report(100.0, 10, "elsewhere/x.py"), CrashedError),
        (report(140.0), UnreadableError),
        (report(80.0, 10, "a.py", "b.py"), UnreadableError),
        (b"", UnreadableError),
    ],
)
def test_a_figure_of_nothing_does_not_count(content: bytes, error: type[Exception]) -> None:
    request = fresh()
    done = replace(completed(prepared(TOOL, request)), kept={"coverage.json": content})
    with pytest.raises(error):
        TOOL.read(request, (done,))


def test_tests_run_in_a_copy_that_is_found_before_an_installed_original() -> None:
    invocation = prepared(TOOL, with_tests())
    assert invocation.copy_tree == ROOT
    assert invocation.cwd == "{scratch}/tree"
    assert invocation.env["PYTHONPATH"].split(":")[0] == "{scratch}/tree/src"
    assert invocation.env["PATH"].endswith(":{PATH}")
    assert "--cov=src" in invocation.argv


def test_a_figure_of_the_installed_original_does_not_count_for_the_copy() -> None:
    request = with_tests()
    content = report(100.0, 10, f"{ROOT}/src/a.py")
    done = replace(completed(prepared(TOOL, request)), kept={"coverage.json": content})
    with pytest.raises(CrashedError):
        TOOL.read(request, (done,))


def test_a_switched_off_measurement_is_switched_on_and_the_projects_choice_kept() -> None:
    toml = (
        '[tool.pytest.ini_options]\naddopts = "-q --no-cov -n 2"\n'
        '[tool.coverage.run]\nsource = ["src"]\n'
    )
    argv = prepared(TOOL, with_tests(toml)).argv
    assert argv[argv.index("addopts=-q -n 2") - 1] == "-o"
    assert "--cov" in argv


def test_branches_are_asked_for_unless_the_project_says_how_to_measure() -> None:
    configured = '[tool.coverage.run]\nsource = ["src"]\n'
    assert "--cov-branch" in prepared(TOOL, with_tests()).argv
    assert "--cov-branch" not in prepared(TOOL, with_tests(configured)).argv
    asked = with_tests(configured, ci=("pytest", "--cov-branch"))
    assert "--cov-branch" in prepared(TOOL, asked).argv


def test_tests_that_fail_together_are_run_again_as_ci_selects_them() -> None:
    assert TOOL.fallback is not None
    assert isinstance(TOOL.fallback(with_tests()), Skip)
    words = ("pytest", "-q", "-m", "not slow", "--ignore=src/b", "--cov", "src", "src/a.py", "gone")
    request = with_tests(ci=words)
    prepared_again = TOOL.fallback(request)
    assert not isinstance(prepared_again, Skip)
    (again,) = prepared_again
    assert again.argv[-4:] == ("-m", "not slow", "--ignore=src/b", "src/a.py")
    assert not again.copy_tree
    open_ended = with_tests(ci=("pytest", "-k", "${WHICH}"))
    assert isinstance(TOOL.fallback(open_ended), Skip)


def test_failures_are_told_by_pytests_own_summary() -> None:
    request = with_tests()
    said = (
        b"ERROR    app.log:server.py:61 nothing\nFAILED tests/a.py::test_x - ValueError: y\n"
        b"ERROR tests/b.py::test_z\n===== 1 failed, 12 passed, 1 error in 0.50s =====\n"
    )
    done = replace(completed(prepared(TOOL, request), code=1), stdout=said)
    expected = "1 failed, 12 passed, 1 error in 0.50s (tests/a.py::test_x, tests/b.py::test_z)"
    with pytest.raises(CrashedError, match=re.escape(expected)):
        TOOL.read(request, (done,))


@pytest.mark.parametrize(("code", "words"), [(1, "tests failed"), (5, "no tests"), (4, "4")])
def test_a_suite_that_does_not_pass_gives_no_figure(code: int, words: str) -> None:
    request = with_tests()
    done = replace(completed(prepared(TOOL, request), code=code), kept={"coverage.json": report()})
    with pytest.raises(CrashedError, match=words):
        TOOL.read(request, (done,))


def test_an_environment_without_pytest_cov_says_how_to_add_it() -> None:
    found = TOOL.prepare(with_tests(packages={"pytest": "9"}))
    assert isinstance(found, Skip)
    assert "uv add --dev pytest-cov" in found.reason


def data_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table meta (key text)")
    connection.close()


def test_data_is_fresh_until_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    data_file(tmp_path / ".coverage")
    os.utime(tmp_path / "a.py", (1_000, 1_000))
    found = find_coverage_data(str(tmp_path), None, {}, FILES)
    assert found == CoverageData(path=str(tmp_path / ".coverage"))
    os.utime(tmp_path / ".coverage", (900, 900))
    found = find_coverage_data(str(tmp_path), None, {}, FILES)
    assert found is not None
    assert found.stale_because.startswith("a.py")


def test_data_of_the_future_tell_nothing_of_what_was_changed_since(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    data_file(tmp_path / ".coverage")
    ahead = time.time() + 3600
    os.utime(tmp_path / ".coverage", (ahead, ahead))
    found = find_coverage_data(str(tmp_path), None, {}, FILES)
    assert found is not None
    assert found.stale_because.startswith("the clock was set back since .coverage")


def test_the_configured_name_is_used(tmp_path: Path) -> None:
    data_file(tmp_path / "measured")
    toml = parse_toml("pyproject.toml", '[tool.coverage.run]\ndata_file = "measured"\n')
    assert find_coverage_data(str(tmp_path), toml, {}, ()) is not None
    assert find_coverage_data(str(tmp_path), toml, {".coveragerc": "[run]\n"}, ()) is None
    named = {".coveragerc": "[run]\ndata_file = measured\n"}
    assert find_coverage_data(str(tmp_path), None, named, ()) is not None


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 2"])
def test_a_file_that_coverage_would_overwrite_is_not_offered_to_it(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / ".coverage").write_bytes(content)
    assert find_coverage_data(str(tmp_path), None, {}, ()) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_pipe_that_nobody_fills_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".coverage")
    assert find_coverage_data(str(tmp_path), None, {}, ()) is None


@pytest.mark.parametrize("line", ["", 'plugins = ["x"]', 'patch = ["subprocess"]', 'omit = ["x"]'])
def test_a_figure_that_code_decides_depends_on_more_than_can_be_named(line: str) -> None:
    toml = f'[tool.coverage.run]\nsource = ["src"]\n{line}\n'
    data = CoverageData(path=f"{ROOT}/.coverage", stale_because="")
    layout = replace(a_layout("a.py", toml=toml, packages=TESTED), coverage_data=data)
    assert TOOL.inputs is not None
    assert (TOOL.inputs(a_request(layout)) is None) is line.startswith(("plugins", "patch"))
