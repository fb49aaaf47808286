from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Dependency, DependencyKind
from doctrine.project.dependencies import read_dependencies
from doctrine.project.requirements import (
    read_requirements,
    requirement_lines,
    requirements_to_install,
)
from doctrine.project.scripts import session_installs, setup_arguments
from doctrine.project.setuptools_files import ini_dependencies, script_dependencies
from doctrine.project.texts import read_texts
from tests.project.trees import layout_of, plant


def declared(root: Path, **files: str) -> tuple[Dependency, ...]:
    names = {"pyproject": "pyproject.toml", "requirements": "requirements.txt"}
    plant(root, {names.get(name, name): content for name, content in files.items()})
    layout = layout_of(root)
    return read_dependencies(layout, read_texts(layout)[0])


def short(dependencies: tuple[Dependency, ...]) -> list[tuple[str, str, str, str, int]]:
    return [
        (each.name, each.specifier, each.kind.value, each.group, each.place.line)
        for each in dependencies
    ]


def test_the_standard_tables_are_read_with_their_lines(tmp_path: Path) -> None:
    source = """\
[build-system]
requires = ["hatchling>=1"]
[project]
dependencies = [
  "Requests[socks]>=2,<3 ; python_version < '3.14'",
  "a_b @ https://example.org/a.whl",
]
[project.optional-dependencies]
cli = ["typer"]
[dependency-groups]
dev = ["pytest>=8", {include-group = "Lint.Me"}]
lint-me = ["ruff"]
[tool.uv]
dev-dependencies = ["mypy>=1"]
"""
    found = declared(tmp_path, pyproject=source)
    assert short(found) == [
        ("requests", "<3,>=2", "runtime", "", 5),
        ("a-b", "", "runtime", "", 6),
        ("typer", "", "optional", "cli", 9),
        ("pytest", ">=8", "group", "dev", 11),
        ("ruff", "", "group", "lint-me", 12),
        ("mypy", ">=1", "group", "dev", 14),
        ("hatchling", ">=1", "build", "", 2),
    ]
    assert found[1].url == "https://example.org/a.whl"
    assert not any(each.problem for each in found)


def test_what_is_no_requirement_is_kept_with_its_problem(tmp_path: Path) -> None:
    (found,) = declared(tmp_path, pyproject='[project]\ndependencies = ["not ok!!"]')
    assert (found.name, found.raw) == ("", "not ok!!")
    assert found.problem


def test_includes_that_circle_or_lead_nowhere_are_problems(tmp_path: Path) -> None:
    source = """\
[dependency-groups]
a = [{include-group = "b"}]
b = [{include-group = "c"}, "x"]
c = [{include-group = "a"}]
d = [{include-group = "gone"}, {include-group = "b"}]
"""
    problems = [(each.place.line, each.problem) for each in declared(tmp_path, pyproject=source)]
    assert problems == [
        (2, "the groups include each other; take one of the includes out"),
        (3, ""),
        (3, "the groups include each other; take one of the includes out"),
        (4, "the groups include each other; take one of the includes out"),
        (5, "no such dependency group; add the group, or take the include out"),
    ]


def test_tables_of_other_managers_are_foreign(tmp_path: Path) -> None:
    source = """\
[tool.poetry.dependencies]
python = "^3.9"
one = "^1.2"
two = {git = "https://example.org/two.git", rev = "abc", optional = true}
three = [{version = "1", python = "<3.12"}, {version = "*"}]
[tool.poetry.group.test.dependencies]
four = ">=4"
[tool.pdm.dev-dependencies]
lint = ["five==5", "-e file:///x#egg=six"]
[tool.hatch.envs.ci]
dependencies = ["seven"]
[tool.tox.env_run_base]
deps = ["eight<9", "-r x.txt"]
"""
    found = declared(
        tmp_path,
        pyproject=source,
        Pipfile='[packages]\nnine = "*"\n[dev-packages]\nten = {version = ">=1"}',
    )
    assert {each.kind for each in found} == {DependencyKind.FOREIGN}
    assert [(each.name, each.specifier, each.group) for each in found] == [
        ("one", "^1.2", ""),
        ("two", "", "optional"),
        ("three", "1", ""),
        ("three", "", ""),
        ("four", ">=4", "test"),
        ("five", "==5", "lint"),
        ("six", "", "lint"),
        ("seven", "", "hatch:ci"),
        ("eight", "<9", "tox:env_run_base"),
        ("nine", "", ""),
        ("ten", ">=1", "dev"),
    ]
    assert found[1].url == "git+https://example.org/two.git@abc"
    assert [each.place.line for each in found][:3] == [3, 4, 5]


def test_a_broken_pipfile_is_a_problem_with_its_line(tmp_path: Path) -> None:
    (found,) = declared(tmp_path, Pipfile="[packages]\nx = \n")
    assert (found.name, found.place.path, found.place.line) == ("", "Pipfile", 2)
    assert "not valid TOML" in found.problem


def test_the_project_itself_is_no_requirement_of_its_pipfile(tmp_path: Path) -> None:
    itself = '[dev-packages]\ne1839a8 = {path = ".", editable = true}\nx = {path = "./", extras = ["y"]}\n'
    other = 'near = {path = "./near"}\n'
    assert [one.name for one in declared(tmp_path, Pipfile=itself + other)] == ["near"]


REQUIREMENTS = """\
# comment
a==1 \\
    --hash=sha256:00
-r more/extra.txt  # another
-r gone.txt
-r ../outside.txt
-e .
-e git+https://example.org/x.git#subdirectory=y&egg=B_c
./local.whl
--index-url https://example.org
-c constraints.txt
d[x]>=1 ; python_version < "4"  # why
.[test]
"""


def test_requirements_files_are_followed_once(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {"requirements.txt": REQUIREMENTS, "more/extra.txt": "-r ../requirements.txt\ne\n"},
    )
    plant(
        tmp_path,
        {"requirements-dev.txt": "-r requirements.txt\nf\n", "docs/requirements.txt": "sphinx"},
    )
    found = declared(tmp_path)
    assert [(each.name, each.group, each.place.path, each.place.line) for each in found] == [
        ("a", "", "requirements.txt", 2),
        ("", "", "requirements.txt", 5),
        ("", "", "requirements.txt", 6),
        ("b-c", "", "requirements.txt", 8),
        ("", "", "requirements.txt", 9),
        ("d", "", "requirements.txt", 12),
        ("e", "", "more/extra.txt", 2),
        ("f", "requirements-dev", "requirements-dev.txt", 2),
    ]
    assert [each.problem for each in found if not each.name] == [
        "the file cannot be read",
        "the file cannot be read",
        "a location that names no distribution",
    ]


def test_setuptools_files_are_read_as_far_as_they_are_plain(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "setup.cfg": "[metadata]\ninstall_requires = no\n[options]\ninstall_requires =\n  one>=1  # c\n\n  two\n[options.extras_require]\ndocs = sphinx\n",
            "setup.py": "reqs = ['three', \"four>=4\"]\nsetup(install_requires=reqs, setup_requires=load(),\n  extras_require={'a': ['five'], 'b': more})\n",
        },
    )
    found = declared(tmp_path)
    assert [(each.name, each.group, each.place.line) for each in found] == [
        ("one", "", 5),
        ("two", "", 7),
        ("sphinx", "docs", 9),
        ("three", "", 1),
        ("four", "", 1),
        ("", "setup", 2),
        ("five", "extras", 3),
        ("", "extras", 3),
    ]
    assert {each.problem for each in found if not each.name} == {"built by code, so not read"}


def test_tox_and_nox_name_their_environments(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "tox.ini": "[tox]\nrequires = tox-uv\n[testenv]\ndeps =\n  pytest\n  -rrequirements.txt\n[testenv:lint]\ndeps =\n  {[testenv]deps}\n  py39: old<1\ncommands = ruff\n",
            "noxfile.py": "def tests(session):\n  session.install('nose', '-r', 'x.txt', '-e', '.[a]', f'{b}')\n",
        },
    )
    assert [(each.name, each.group) for each in declared(tmp_path)] == [
        ("tox-uv", "tox:tox"),
        ("pytest", "tox:testenv"),
        ("old", "tox:lint"),
        ("nose", "nox:tests"),
    ]


def test_files_that_setuptools_reads_dependencies_from_are_read(tmp_path: Path) -> None:
    source = "[tool.setuptools.dynamic]\ndependencies = {file = ['deps.list', '../out']}\n"
    assert short(declared(tmp_path, pyproject=source, **{"deps.list": "a>=1"})) == [
        ("a", ">=1", "foreign", "", 1)
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\\\nb\nc", [(1, "ab"), (3, "c")]),
        ("a # b\n#c\\\nd#e", [(1, "a"), (2, ""), (3, "d#e")]),
        ("a\\", [(1, "a")]),
    ],
)
def test_logical_lines(text: str, lines: list[tuple[int, str]]) -> None:
    assert list(requirement_lines(text)) == lines


PIECES = st.text(max_size=40) | st.text(alphabet="-re .[]\\\n#=<>@;:'\"(){},abs_", max_size=60)


@given(PIECES)
def test_any_text_is_read_as_requirements(text: str) -> None:
    found = tuple(read_requirements("r.txt", text, group="", read=lambda path: None, seen=set()))
    lines = text.splitlines()
    assert all(bool(each.name) != bool(each.problem) for each in found)
    assert all(1 <= each.place.line <= len(lines) for each in found)


@given(PIECES)
def test_any_text_is_read_as_setup_files(text: str) -> None:
    source = f"[options]\ninstall_requires =\n  {text}"
    script = f"setup(install_requires=[{text}])"
    found = (
        *ini_dependencies({"setup.cfg": source, "tox.ini": source}),
        *script_dependencies({"setup.py": script, "noxfile.py": text}),
    )
    assert all(bool(each.name) != bool(each.problem) for each in found)


@given(PIECES)
def test_any_text_is_read_as_a_script(text: str) -> None:
    count = text.count("\n") + 1
    asked = (*setup_arguments(text, frozenset({"a"})), *session_installs(text))
    assert all(1 <= each.line <= count for each in asked)


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("uv tool install --quiet ruff@v0.14.2", ["ruff==0.14.2"]),
        ("pip3 install -c pins.txt ./here mypy[x]~=1.2 -e .", ["mypy[x]~=1.2"]),
        ("pip download mypy", []),
        ("echo pip install mypy", []),
        ("", []),
    ],
)
def test_what_a_command_installs_by_name_is_a_requirement(command: str, wanted: list[str]) -> None:
    assert [str(one) for one in requirements_to_install(tuple(command.split()))] == wanted
