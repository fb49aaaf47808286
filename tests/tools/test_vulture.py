"""What vulture is given, and what becomes of what it says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from doctrine.model.tool import CrashedError, Skip, UnreadableError
from doctrine.tools._drivers import Job, interpreter, sites
from doctrine.tools.vulture import TOOL
from tests.tools.asking import a_layout, a_request, completed, prepared, restricted

FILES = ("src/a.py", "src/gen_pb2.py", "tests/test_a.py", "whitelist.py")


def job(toml: str = "", commands: tuple[tuple[str, ...], ...] = (), **defaults: object) -> Job:
    layout = a_layout(*FILES, toml=toml, sources=("src", "."))
    invocation = prepared(TOOL, a_request(layout, commands=commands, defaults=defaults))
    return msgspec.json.decode(invocation.files["job.json"], type=Job)


def test_the_configuration_decides() -> None:
    asked = job(
        '[tool.vulture]\npaths = ["src/", "whitelist.py"]\nexclude = ["_pb2"]\nmin_confidence = 70\n',
        commands=(("vulture", "tests", "--min-confidence", "90"),),
        min_confidence=80,
    )
    assert asked.files == ("src/a.py", "whitelist.py")
    assert asked.min_confidence == 70


def test_the_command_in_ci_fills_in_what_the_configuration_leaves_open() -> None:
    asked = job(commands=(("vulture", "src", "--min-confidence=90", "--exclude", "a.py,x"),))
    assert asked.files == ("src/gen_pb2.py",)
    assert asked.min_confidence == 90


def test_the_guide_decides_where_the_project_says_nothing() -> None:
    asked = job(min_confidence=80, paths=["src/"])
    assert asked.files == ("src/a.py", "src/gen_pb2.py")
    assert asked.min_confidence == 80


@pytest.mark.parametrize(
    "toml", ['[tool.vulture]\npaths = "src"\n', "[tool.vulture]\nmin_confidence = 101\n"]
)
def test_settings_that_vulture_refuses_are_no_clean_run(toml: str) -> None:
    found = TOOL.prepare(a_request(a_layout(toml=toml)))
    assert isinstance(found, Skip)
    assert "refuses" in found.reason


def test_a_part_of_the_program_shows_no_dead_code() -> None:
    assert isinstance(TOOL.prepare(a_request(restricted(a_layout()))), Skip)


@pytest.mark.parametrize(
    ("feature", "python"),
    [("annotations", "/py/3.11"), ("pep695", "/py/3.13"), ("pep750", "/py/3.14")],
)
def test_the_oldest_interpreter_that_knows_the_syntax_runs_the_driver(
    feature: str, python: str
) -> None:
    pythons = tuple(((3, minor), f"/py/3.{minor}") for minor in (14, 13, 11, 10))
    request = a_request(features=frozenset({feature}))
    assert interpreter(request.modules, pythons, request.located) == python


def test_without_a_new_enough_interpreter_the_newest_loses_the_fewest_files() -> None:
    request = a_request(features=frozenset({"pep758"}))
    pythons = (((3, 13), "/py/3.13"), ((3, 11), "/py/3.11"))
    assert interpreter(request.modules, pythons, request.located) == "/py/3.13"
    assert interpreter(request.modules, (), request.located) == "/doctrine/python"


@pytest.mark.parametrize(
    "stdout",
    [
        b'{"items": [], "read": [], "failed": {}}',
        b'{"items": [], "read": ["a.py", "b.py"], "failed": {}}',
        b'{"items": [], "read": ["a.py"], "failed": {"a.py": "x"}}',
    ],
)
def test_a_driver_that_loses_or_invents_files_is_not_believed(stdout: bytes) -> None:
    request = a_request()
    with pytest.raises(UnreadableError):
        TOOL.read(request, (completed(prepared(TOOL, request), stdout=stdout),))


def test_a_driver_that_ends_badly_is_a_crash() -> None:
    request = a_request()
    done = completed(prepared(TOOL, request), code=1, stderr=b"ImportError: vulture")
    with pytest.raises(CrashedError, match="ImportError"):
        TOOL.read(request, (done,))


def test_the_first_interpreter_that_will_do_is_not_passed_over() -> None:
    request = a_request(features=frozenset({"pep695"}))
    pythons = (((3, 13), "/py/3.13"), ((3, 14), "/py/3.14"))
    assert interpreter(request.modules, pythons, request.located) == "/py/3.13"


def test_a_driver_imports_the_tool_from_where_it_is() -> None:
    (folder,) = sites(a_request(), "vulture")
    assert Path(folder, "vulture", "core.py").is_file()
