"""Each thing that a tool's result depends on makes another ticket, and nothing else does."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine.cache import tickets
from doctrine.model.replacing import replace
from doctrine.model.settings import OF_THE_RUN, Settings
from doctrine.model.tool import Tool
from doctrine.tools import (
    mypy,
    pyright,
    radon,
    ruff,
    ruff_format,
    ruff_guide,
    semgrep,
    semgrep_packs,
    uv_audit,
    uv_lock,
    vulture,
)
from tests.cache.installing import install
from tests.cache.world import World

Change = Callable[[World], None]

MYPY, PYRIGHT = mypy.TOOL, pyright.TOOL
RADON, VULTURE, SEMGREP = radon.TOOL, vulture.TOOL, semgrep.TOOL
RUFF, FORMAT, GUIDE, LOCK = ruff.TOOL, ruff_format.TOOL, ruff_guide.TOOL, uv_lock.TOOL
TYPED = {MYPY.name, PYRIGHT.name}
READING = {*TYPED, *(tool.name for tool in (RADON, VULTURE, SEMGREP, RUFF, FORMAT, GUIDE))}
LINTERS = {RUFF.name, FORMAT.name, GUIDE.name}
ALL = {*READING, LOCK.name}
_TOOLS = (MYPY, PYRIGHT, RADON, VULTURE, SEMGREP, RUFF, FORMAT, GUIDE, LOCK)


@pytest.fixture(autouse=True)
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pyright be what is installed, and not the node of whoever runs the tests."""

    def nowhere(package: str) -> str:
        del package
        return ""

    monkeypatch.setattr(pyright, "_folder", nowhere)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a project."""
    return World(tmp_path)


def _pyproject(world: World, old: str, new: str) -> None:
    text = (world.root / "pyproject.toml").read_text("utf-8")
    assert old in text
    world.write("pyproject.toml", text.replace(old, new))


def _upgrade(name: str) -> Change:
    def change(world: World) -> None:
        shutil.rmtree(Path(world.own.site[0], f"{name}-1.0.dist-info"))
        install(world.own, name, "1.1", requires=("helper",), script=name)

    return change


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _installed(world: World) -> None:
    install(world.environment(), "typed")


_CHANGES: dict[str, tuple[Change, set[str]]] = {
    "nothing": (lambda world: None, set()),
    "a touch": (lambda world: os.utime(world.root / "app" / "one.py"), set()),
    "a page": (lambda world: world.write("README.md", "other\n"), set()),
    "another page": (lambda world: world.write("docs.md", "x\n"), {RUFF.name, FORMAT.name, GUIDE.name}),
    "a source": (lambda world: world.write("app/one.py", "one = 2\n"), READING),
    "a test": (lambda world: world.write("tests/test_one.py", "x = 1\n"), READING - {RADON.name, VULTURE.name}),
    "a new source": (lambda world: world.write("app/new.py", "x = 1\n"), READING),
    "a stub that git ignores": (lambda world: world.write("app/vendor/x.pyi", "x: int\n"), TYPED),
    "the marker of types": (lambda world: world.write("app/py.typed", ""), {*TYPED, *LINTERS}),
    "an empty folder": (lambda world: (world.root / "app" / "sub").mkdir(), TYPED),
    "mypy's table": (lambda world: _pyproject(world, "strict = true", "strict = false"), {MYPY.name, RUFF.name, FORMAT.name}),
    "ruff's table": (lambda world: _pyproject(world, "90", "80"), {RUFF.name, FORMAT.name}),
    "pyright's table": (lambda world: _pyproject(world, '"strict"', '"basic"'), {PYRIGHT.name, RUFF.name, FORMAT.name}),
    "the table of the project": (
        lambda world: _pyproject(world, 'version = "1"', 'version = "2"'),
        {*TYPED, RUFF.name, FORMAT.name, LOCK.name},
    ),
    "mypy.ini": (lambda world: world.write("mypy.ini", "[mypy]\n"), {MYPY.name, *LINTERS}),
    "a nested ruff.toml": (lambda world: world.write("app/ruff.toml", ""), {*LINTERS}),
    "an outer ruff.toml": (
        lambda world: _write(world.root.with_name("ruff.toml"), "line-length = 50\n"),
        {RUFF.name, FORMAT.name},
    ),
    "the lock": (lambda world: world.write("uv.lock", "version = 2\n"), {LOCK.name}),
    "an installed package": (_installed, TYPED),
    "a variable of uv": (lambda world: world.environ.update(UV_INDEX="x"), {LOCK.name}),
    "a variable of node": (lambda world: world.environ.update(NODE_OPTIONS="x"), {PYRIGHT.name}),
    "any variable": (lambda world: world.environ.update(EDITOR="x"), set()),
    "the library that tools import": (_upgrade("helper"), ALL),
    "mypy": (_upgrade("mypy"), {MYPY.name}),
    "semgrep": (_upgrade("semgrep"), {SEMGREP.name}),
    "ruff": (_upgrade("ruff"), LINTERS),
    "the interpreter of doctrine": (
        lambda world: _write(Path(world.own.python), "another interpreter"),
        ALL,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _CHANGES)
def test_what_a_tool_depends_on_and_nothing_else_makes_another_ticket(
    world: World, name: str
) -> None:
    change, concerned = _CHANGES[name]
    world.write("app/vendor/__init__.py", "")
    before = {tool.name: world.ticket(tool).whole for tool in _TOOLS}
    change(world)
    after = {tool.name: world.ticket(tool).whole for tool in _TOOLS}
    assert {tool for tool in before if before[tool] != after[tool]} == concerned


@pytest.mark.parametrize("tool", [RADON, SEMGREP, RUFF, FORMAT], ids=lambda tool: tool.name)
def test_the_content_of_a_file_is_not_part_of_what_all_files_have_in_common(
    world: World, tool: Tool
) -> None:
    before = world.ticket(tool)
    world.write("app/one.py", "one = 11\n")
    after = world.ticket(tool)
    assert after.base == before.base
    changed = {path for path in after.files if after.files[path] != before.files[path]}
    assert changed == {"app/one.py"}


def test_a_ticket_is_the_same_in_another_place(tmp_path: Path) -> None:
    one, two = World(tmp_path / "one"), World(tmp_path / "a" / "longer" / "place")
    for tool in _TOOLS:
        first, second = one.ticket(tool), two.ticket(tool)
        assert first.parts == second.parts, tool.name
        assert first.whole == second.whole
        assert first.bound != second.bound


def test_a_file_that_changes_while_tools_run_has_no_ticket(world: World) -> None:
    assert world.tickets(since=time.time_ns() + 10**9).of(world.step(RADON)) is not None
    assert world.tickets(since=time.time_ns() - 10**10).of(world.step(RADON)) is None


def test_a_ticket_holds_until_something_changes(world: World) -> None:
    tickets, step = world.tickets(), world.step(MYPY)
    ticket = tickets.of(step)
    assert ticket is not None
    assert tickets.holds(step, ticket)
    world.write("app/one.py", "one = 111\n")
    assert not tickets.holds(step, ticket)


@pytest.mark.parametrize(
    ("tool", "path", "text"),
    [
        (MYPY, "mypy.ini", "[mypy]\nmypy_path = ../stubs\n"),
        (MYPY, "mypy.ini", "[mypy]\npython_executable = /usr/bin/python3\n"),
        (MYPY, "mypy.ini", "[mypy]\nmypy_path = stubs:$HOME/stubs\n"),
        (MYPY, "mypy.ini", "[mypy]\nmypy_path = src:$MYPY_CONFIG_FILE_DIR/.stubs\n"),
        (PYRIGHT, "pyrightconfig.json", '{"extends": "base.json"}'),
        (PYRIGHT, "pyrightconfig.json", '{"stubPath": ".typings"}'),
        (PYRIGHT, "pyrightconfig.json", '{"extraPaths": ["lib", "./build/site-packages"]}'),
        (PYRIGHT, "pyrightconfig.json", '{"executionEnvironments": [{"root": "../x"}]}'),
        (PYRIGHT, "pyrightconfig.json", "{"),
    ],
)
def test_what_leads_out_of_the_project_has_no_ticket(
    world: World, tool: Tool, path: str, text: str
) -> None:
    world.write(path, text)
    assert world.tickets().of(world.step(tool)) is None


def test_folders_in_sight_have_a_ticket(world: World) -> None:
    world.write("mypy.ini", "[mypy]\nmypy_path = ./stubs, src\n")
    world.write("pyrightconfig.json", '{"stubPath": "typings", "extraPaths": ["./lib"]}')
    assert world.tickets().of(world.step(MYPY)) is not None
    assert world.tickets().of(world.step(PYRIGHT)) is not None


def test_a_configuration_that_another_one_builds_on_counts(world: World) -> None:
    world.write("ruff.toml", 'extend = "../base.toml"\n')
    base = world.root.with_name("base.toml")
    seen = [world.ticket(RUFF).whole]
    for text in ("line-length = 50\n", 'extend = "second.toml"\n'):
        base.write_text(text, "utf-8")
        seen.append(world.ticket(RUFF).whole)
    base.with_name("second.toml").write_text("line-length = 60\n", "utf-8")
    seen.append(world.ticket(RUFF).whole)
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("tool", _TOOLS, ids=lambda tool: tool.name)
def test_what_the_user_asks_of_a_tool_counts(world: World, tool: Tool) -> None:
    step = world.step(tool)
    plain, strict = world.tickets().of(step), replace(step.request.settings, audit=True)
    other = world.tickets().of(replace(step, request=replace(step.request, settings=strict)))
    later = replace(step.request.settings, jobs=7, timeout=1.0)
    same = world.tickets().of(replace(step, request=replace(step.request, settings=later)))
    assert plain is not None
    assert other is not None
    assert other.base != plain.base
    assert same == plain


def test_a_plugin_of_mypy_may_ask_for_any_variable(world: World) -> None:
    world.write("mypy.ini", "[mypy]\nplugins = app.plugin\n")
    before = world.ticket(MYPY).whole
    world.environ["SETTINGS_MODULE"] = "app.settings"
    assert world.ticket(MYPY).whole != before


def test_what_asks_the_network_or_runs_tests_is_never_reused() -> None:
    request = World.__new__(World)  # nothing of it may be looked at
    for tool in (uv_audit.TOOL, semgrep_packs.TOOL):
        assert tool.inputs(request) is None  # type: ignore[arg-type]


def test_what_is_left_out_are_settings() -> None:
    assert OF_THE_RUN <= tickets.APART <= set(Settings.__struct_fields__)
