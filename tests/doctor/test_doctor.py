"""The doctor is asked about small projects on disk, through the same door as the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from doctrine.app import examine
from doctrine.cli.doctor import doctor
from doctrine.doctor.plugins import plugin_symptoms
from doctrine.doctor.surroundings import grammar_symptoms, made_by
from doctrine.model.diagnosis import Diagnosis, Symptom, Weight
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, DependencyKind, Module, Role, Target
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.project.dependencies import read_dependencies
from doctrine.project.pyproject import read_pyproject
from doctrine.project.requirements import Origin
from doctrine.reports._format import Canvas
from tests.builders import a_project
from tests.project.trees import plant
from tests.tools.asking import a_layout

PROJECT = '[project]\nname = "acme"\nversion = "1"\nrequires-python = ">=3.11"\n'
CI = """\
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: pip install ruff==0.14.2
      - run: ruff check .
"""
HOOKS = """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.15.1
    hooks: [{id: ruff}]
"""
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "ruff"
version = "0.15.1"
source = { path = "ruff.whl" }
"""


def examined(root: Path, files: Mapping[str, str]) -> Diagnosis:
    plant(root, {"src/acme/__init__.py": "", **files})
    return examine(Settings(root=str(root)), read_pyproject(str(root)))


def about(found: Diagnosis, topic: str) -> list[Symptom]:
    return [one for one in found.symptoms if one.topic == topic]


def test_every_tool_says_where_it_is_from_and_what_it_would_run(tmp_path: Path) -> None:
    found = examined(tmp_path, {"pyproject.toml": PROJECT})
    stations = {one.name: one for one in found.stations}
    assert stations["ruff"].parser == "its own"
    assert stations["mypy"].parser.startswith("Python 3.")
    assert stations["radon"].commands[0][0] != stations["ruff"].commands[0][0]
    assert "uv lock" in stations["uv-lock"].idle
    assert not stations["uv-lock"].commands
    assert all(one.version and one.path for one in found.stations)
    running = [one.seconds for one in found.stations if not one.idle]
    assert max(running) <= found.seconds <= sum(running)
    assert (found.target, found.files, found.environment) == ("3.11", 1, None)


def test_a_missing_environment_names_the_command_that_makes_it(tmp_path: Path) -> None:
    needy = PROJECT + 'dependencies = ["attrs>=24"]\n'
    found = about(examined(tmp_path / "a", {"pyproject.toml": needy}), "environment")
    assert [one.weight for one in found] == [Weight.TROUBLE]
    assert found[0].remedy.startswith("uv sync, ")
    locked = {"pyproject.toml": needy, "uv.lock": LOCK}
    assert "--locked" in about(examined(tmp_path / "b", locked), "environment")[0].remedy
    assert not about(examined(tmp_path / "c", {"pyproject.toml": PROJECT}), "environment")


def test_where_pip_installs_from_lists_they_are_named_with_a_python_of_ci(tmp_path: Path) -> None:
    tests = (
        "on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n    - uses: actions/setup-python@v6\n"
    )
    tests += "      with: {python-version: '3.12'}\n    - run: pytest\n"
    files = {
        "requirements.in": "django\n",
        "requirements.txt": "django==6.1\n",
        "requirements-dev.in": "django-stubs==6.1\n",
        ".github/workflows/tests.yml": tests,
        "mypy.ini": "[mypy]\nplugins = mypy_django_plugin.main, ./own.py\n",
    }
    found = examined(tmp_path, files)
    made = "uv venv --python 3.12 && uv pip install -r requirements.txt -r requirements-dev.in, or "
    assert about(found, "environment")[0].remedy.startswith(made)
    (plugin,) = about(found, "plugins")
    assert "mypy.ini names the plugin mypy_django_plugin.main, which django-stubs brings" in (
        plugin.message
    )
    assert plugin.remedy.startswith(made)
    assert [(one.path, one.line) for one in plugin.places] == [("requirements-dev.in", 1)]


def test_a_patch_release_that_ci_tests_on_tells_the_python_as_well() -> None:
    named = ("3.13.1", "3.12.4", "pypy3.10", "3.9t")
    pythons = tuple(Evidence(path="ci.yml", line=1, detail=one) for one in named)
    project = replace(a_project(()), automation=Automation(commands=(), pythons=pythons))
    listed = Origin(path="requirements.txt", kind=DependencyKind.FOREIGN).dependency("attrs", 1)
    layout = replace(a_layout(), target=Target(floor=None, minors=(), specifier=""))
    project = replace(project, layout=layout, dependencies=(listed,))
    assert made_by(project).startswith("uv venv --python 3.12 && ")


@pytest.mark.parametrize(
    ("packages", "toml", "remedy"),
    [
        ({}, PROJECT, "uv add --dev django-stubs"),
        ({}, PROJECT + '[dependency-groups]\ntypes = ["django-stubs"]\n', "uv sync --group types"),
        (
            {},
            PROJECT + '[project.optional-dependencies]\n"a b" = ["django-stubs"]\n',
            "uv sync --extra 'a b'",
        ),
        ({}, PROJECT + 'dependencies = ["django-stubs"]\n', "uv sync, or "),
        ({}, PROJECT + '[dependency-groups]\ndev = ["django-stubs"]\n', "uv sync, or "),
        (
            {},
            PROJECT
            + '[dependency-groups]\ndev = ["django-stubs"]\n[tool.uv]\ndefault-groups = []\n',
            "uv sync --group dev",
        ),
        (
            {},
            '[build-system]\nrequires = ["django-stubs"]\n' + PROJECT,
            "uv add --dev django-stubs",
        ),
        (
            {},
            PROJECT + '[tool.poetry.dependencies]\ndjango-stubs = "*"\n',
            "uv add --dev django-stubs",
        ),
        ({"django-stubs": "6"}, PROJECT, "uv add --dev mypy"),
        (
            {"django-stubs": "6"},
            PROJECT + '[project.optional-dependencies]\nlint = ["mypy"]\n',
            "uv sync --extra lint",
        ),
        (
            {"django-stubs": "6"},
            '[tool.poetry.dependencies]\ndjango-stubs = "*"\n',
            "uv pip install mypy, and",
        ),
        ({"django-stubs": "6", "mypy": "2"}, PROJECT, ""),
        ({}, "", "uv pip install django-stubs, and name it in the list"),
    ],
)
def test_a_plugin_that_the_environment_lacks_is_named_with_what_brings_it(
    packages: dict[str, str], toml: str, remedy: str
) -> None:
    plugins = toml + '[tool.mypy]\nplugins = ["mypy_django_plugin.main"]\n'
    layout = a_layout(toml=plugins, packages=packages)
    project = a_project(())
    listed = read_dependencies(layout, {})
    found = [*plugin_symptoms(replace(project, layout=layout, dependencies=listed))]
    assert [one.remedy[: len(remedy)] for one in found] == ([remedy] if remedy else [])


def test_plugins_of_one_distribution_are_one_symptom() -> None:
    plugins = ["mypy_django_plugin.main", "pydantic.mypy", "pydantic.v1.mypy"]
    layout = a_layout(toml=f"{PROJECT}[tool.mypy]\nplugins = {plugins}\n", packages={})
    found = [*plugin_symptoms(replace(a_project(()), layout=layout))]
    assert [one.remedy for one in found] == ["uv add --dev django-stubs", "uv add --dev pydantic"]
    named = "the plugins pydantic.mypy, pydantic.v1.mypy, which pydantic brings: "
    assert named in found[1].message


def test_versions_that_disagree_are_told_with_every_place(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PROJECT,
        "uv.lock": LOCK,
        ".pre-commit-config.yaml": HOOKS,
        ".github/workflows/ci.yml": CI,
    }
    (found,) = about(examined(tmp_path, files), "versions")
    assert found.message.startswith(
        "ruff is 0.15.1 in the lock, 0.15.1 in the hooks, 0.14.2 in CI:"
    )
    assert [(one.path, one.line) for one in found.places] == [
        ("uv.lock", 0),
        (".pre-commit-config.yaml", 3),
        (".github/workflows/ci.yml", 6),
    ]
    files[".github/workflows/ci.yml"] = CI.replace("0.14.2", "0.15.1")
    assert not about(examined(tmp_path, files), "versions")


@pytest.mark.parametrize(
    ("files", "loser", "winner"),
    [
        ({"ruff.toml": "", ".ruff.toml": ""}, "ruff.toml", ".ruff.toml"),
        ({"ruff.toml": ""}, "pyproject.toml", "ruff.toml"),
        ({"pytest.ini": "", "setup.cfg": "[tool:pytest]\n"}, "setup.cfg", "pytest.ini"),
        ({"mypy.ini": "", "setup.cfg": "[metadata]\n[mypy]\n"}, "setup.cfg", "mypy.ini"),
        ({"setup.cfg": "[coverage:run]\n", ".coveragerc": ""}, "setup.cfg", ".coveragerc"),
        ({"pyrightconfig.json": "{}"}, "pyproject.toml", "pyrightconfig.json"),
    ],
)
def test_configuration_that_is_never_read_is_named(
    files: dict[str, str], loser: str, winner: str, tmp_path: Path
) -> None:
    tables = {"ruff.toml": "ruff", "pyrightconfig.json": "pyright"}
    table = f"[tool.{tables[winner]}]\n" if loser == "pyproject.toml" else ""
    found = about(examined(tmp_path, {"pyproject.toml": PROJECT + table, **files}), "configuration")
    assert [tuple(place.path for place in one.places) for one in found] == [(loser, winner)]


def test_files_without_a_section_for_the_tool_shadow_nothing(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PROJECT + "[tool.pytest.ini_options]\n[tool.coverage.run]\n[tool.mypy]\n",
        "setup.cfg": "[metadata]\nname = acme\n[mypy-yaml.*]\nignore_missing_imports = true\n",
        "tox.ini": "[tox]\nenvlist = py\n",
    }
    assert not about(examined(tmp_path, files), "configuration")


def test_syntax_beyond_every_interpreter_is_told_with_its_place() -> None:
    module = Module(
        path="a.py", role=Role.SOURCE, features=frozenset({"pep695", "pep750", "async"}),
        feature_lines=(("pep750", 7),),
    )  # fmt: skip
    project = a_project((module,))
    (found,) = grammar_symptoms(project, (((3, 12), "/bin/python3.12"),))
    assert [(one.path, one.line, one.detail) for one in found.places] == [("a.py", 7, "3.14")]
    assert "the newest at hand is 3.12" in found.message
    assert not list(grammar_symptoms(project, (((3, 14), "/bin/python3.14"),)))


def test_a_source_that_cannot_be_parsed_is_a_finding(tmp_path: Path) -> None:
    files = {"pyproject.toml": PROJECT, "src/acme/bad.py": "def (:\n"}
    (found,) = about(examined(tmp_path, files), "sources")
    assert found.message.startswith("src/acme/bad.py: syntax")


def test_the_page_tells_trouble_by_its_exit_code(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": PROJECT, ".github/workflows/ci.yml": CI, "a.py": "X = 1\n"})
    text, code = doctor(str(tmp_path), Canvas(width=100), plan=True, json=False)
    assert code == 0, text
    assert "Nothing amiss" in text
    assert "ruff check --verbose" in " ".join(text.split())
    (tmp_path / "ruff.toml").write_text("")
    (tmp_path / ".ruff.toml").write_text("")
    raw, code = doctor(str(tmp_path), Canvas(), plan=False, json=True)
    document = json.loads(raw)
    assert code == 1
    assert document["schema"] == "doctrine.doctor/v1"
    assert [one["topic"] for one in document["symptoms"]] == ["configuration"]
    assert {one["name"] for one in document["stations"]} >= {"ruff", "mypy", "pyright"}


def test_nothing_is_written_into_the_project(tmp_path: Path) -> None:
    examined(tmp_path, {"pyproject.toml": PROJECT})
    kept = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*"))
    assert kept == ["pyproject.toml", "src", "src/acme", "src/acme/__init__.py"]
