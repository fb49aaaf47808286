"""Whatever a project's files hold, an inspector gives a reading and never raises."""

from __future__ import annotations

import json

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctrine.errors import ConfigError
from doctrine.inspect import strictness
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect.discovery import inspectors
from doctrine.model.project import Command, CommandKind, Project
from tests.inspect.build import CI, ci, look, project, run

INSPECTORS = tuple(one for one in inspectors() if isinstance(one, ProjectInspector))
SOURCES = {"src/app/__init__.py": "", "src/app/a.py": "", "tests/test_a.py": ""}
TEXTS = (
    ".coveragerc",
    ".github/dependabot.yml",
    ".renovaterc",
    ".ruff.toml",
    "CONTRIBUTING.md",
    "Dockerfile",
    "Makefile",
    "base.json",
    "justfile",
    "mypy.ini",
    "noxfile.py",
    "package.json",
    "pyrightconfig.json",
    "renovate.json5",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "tox.ini",
)
KEYS = [
    "build-system",
    "dependencies",
    "dependency-groups",
    "disable_error_code",
    "dynamic",
    "enabled",
    "exclude",
    "extends",
    "executionEnvironments",
    "extend",
    "envs",
    "follow_imports",
    "hash",
    "hatch",
    "ignore",
    "ignore_errors",
    "include",
    "lint",
    "managed",
    "module",
    "mypy",
    "optional-dependencies",
    "overrides",
    "package",
    "packages",
    "path",
    "per-file-ignores",
    "poetry",
    "project",
    "pyright",
    "registry",
    "requires",
    "rev",
    "root",
    "ruff",
    "sdist",
    "select",
    "source",
    "sources",
    "strict",
    "tool",
    "typeCheckingMode",
    "updates",
    "uv",
    "version",
    "wheels",
    "workspace",
    "reportPrivateUsage",
    "enabledManagers",
    "packageRules",
    "git",
    "url",
    "package-ecosystem",
]
WORDS = st.sampled_from(["", "*", "**", "a.*", "app.*", "F", "src", "strict", "base.json", "x>=1"])
LEAVES = st.booleans() | st.integers(-9, 9) | WORDS | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
TABLES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5)
SHELL = st.lists(
    st.sampled_from(
        [
            "pip",
            "install",
            "-r",
            "python",
            "-m",
            "uv",
            "run",
            "&&",
            "'",
            '"',
            "\\\n",
            "\n",
            "$(",
            ".",
        ]
    )
    | st.text(max_size=4)
).map(" ".join)
FRAGMENTS = st.lists(
    st.sampled_from(
        ["[mypy]\n", "[mypy-a.*]\n", "strict = yes\n", "  more\n", "{", "}", '"strict"', ":", "[", "]",
         "updates:\n", "- ", "&a ", "*a", "!!int x\n", "session.run('pip', 'install')", "//", "'", ","]
    )
    | st.text(max_size=6)
).map("".join)  # fmt: skip
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def look_all(judged: Project) -> None:
    for inspector in INSPECTORS:
        reading = look(inspector, judged)
        assert {one.rule for one in reading.findings} <= set(inspector.rules)


def as_toml(data: dict[str, object]) -> str:
    return tomli_w.dumps(data)


@RELAXED
@given(TABLES, TABLES, TABLES, TABLES)
def test_tables_of_any_shape(
    tool: dict[str, object], top: dict[str, object], lock: dict[str, object], own: dict[str, object]
) -> None:
    files = {
        **SOURCES,
        "pyproject.toml": as_toml({**top, "tool": tool}),
        "uv.lock": as_toml({"version": 1, "package": [lock], **lock}),
        "base.json": json.dumps(own),
        "renovate.json": json.dumps(own),
        ".github/dependabot.yml": json.dumps({"updates": [own], **own}),
    }
    look_all(project(files))


@RELAXED
@given(TABLES, TABLES)
def test_tools_with_tables_of_any_shape(
    settings_of_tools: dict[str, object], other: dict[str, object]
) -> None:
    tool = dict.fromkeys(("mypy", "pyright", "ruff", "uv", "poetry"), settings_of_tools)
    files = {**SOURCES, "pyproject.toml": as_toml({"tool": tool, "project": other})}
    look_all(project(files))
    alone = {**SOURCES, "pyrightconfig.json": json.dumps(other), "ruff.toml": as_toml(other)}
    look_all(project(alone))


@RELAXED
@given(st.dictionaries(st.sampled_from(TEXTS), FRAGMENTS | SHELL, max_size=6))
def test_texts_of_any_content(texts: dict[str, str]) -> None:
    look_all(project({**SOURCES, **texts}))


@RELAXED
@given(st.lists(SHELL, max_size=4), st.lists(st.text(max_size=6), max_size=3))
def test_commands_of_any_words(commands: list[str], versions: list[str]) -> None:
    place = run("true").place
    odd = tuple(
        Command(argv=(program, *command.split()), kind=CommandKind.CI, place=place)
        for command in commands
        for program in ("mypy", "pyright", "pip", "uv", "")
    )
    automation = ci(*odd, pythons=tuple(versions), systems=tuple(versions))
    look_all(project({**SOURCES, CI: "\n".join(commands)}, automation=automation))


@RELAXED
@given(st.text(max_size=60) | FRAGMENTS)
def test_locks_of_any_content(text: str) -> None:
    try:
        judged = project({**SOURCES, "uv.lock": text})
    except ConfigError:
        return
    look_all(judged)


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
def test_hostile_depth_is_survived() -> None:
    deep = "[" * 50_000
    texts = dict.fromkeys(TEXTS, deep)
    look_all(project({**SOURCES, **texts, "pyrightconfig.json": "{a:" * 50_000}))


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
def test_a_large_project_with_many_overrides() -> None:
    files = {f"src/app/m{number}.py": "" for number in range(10_000)}
    overrides = "".join(
        f'[[tool.mypy.overrides]]\nmodule = "app.m{number}"\nignore_errors = true\n'
        for number in range(1_000)
    )
    judged = project({**files, "pyproject.toml": f"[tool.mypy]\nstrict = true\n{overrides}"})
    found = look(strictness.INSPECTOR, judged).findings
    assert sum(one.rule == "mypy-weakened" for one in found) == 1_000
