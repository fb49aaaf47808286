"""Does all configuration live in pyproject.toml?"""

from __future__ import annotations

import pytest

from doctrine.inspect.config_files import INSPECTOR
from tests.inspect.build import look, only, project, rules, seen

STRICT = '[project]\nname = "app"\n\n[tool.mypy]\nstrict = true\n'


def test_tables_in_pyproject_are_all_there_should_be() -> None:
    reading = look(INSPECTOR, project({"pyproject.toml": STRICT}))
    assert reading.findings == ()
    assert [(one.rule, one.evidence.line) for one in reading.supports] == [("outside-pyproject", 4)]
    assert reading.analysed


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("setup.cfg", "error"),
        ("requirements.txt", "error"),
        ("requirements-dev.txt", "error"),
        ("dev-requirements.txt", "error"),
        ("test_requirements.txt", "error"),
        ("requirements/base.txt", "error"),
        ("constraints.txt", "error"),
        ("packages/core/setup.py", "error"),
        ("docs/requirements.txt", "warning"),
        ("examples/one/setup.py", "warning"),
        ("tests/requirements.txt", "warning"),
        ("tests/requirements/py3.txt", "warning"),
    ],
)
def test_forbidden_files(path: str, severity: str) -> None:
    assert seen(look(INSPECTOR, project({path: ""}))) == [("forbidden-file", path, 1, severity)]


@pytest.mark.parametrize(
    "path",
    [
        "tests/fixtures/setup.py",
        "tests/projects/legacy/requirements.txt",
        "templates/{{cookiecutter.name}}/setup.cfg",
        "src/app/vendor/lib/setup.py",
        "requirements.yml",
        "src/app/requirements.py",
        "docs/constraints.md",
        "app_setup.py",
    ],
)
def test_files_with_similar_names(path: str) -> None:
    assert look(INSPECTOR, project({path: ""})).findings == ()


@pytest.mark.parametrize(
    ("path", "text", "counts"),
    [
        ("recipes/tox.toml", '[git]\nurl = "https://example.org/tox"\n', False),
        ("recipes/hatch.toml", "[[test]]\nargv = []\n", False),
        ("recipes/pytest.toml", '[git]\ninto = "pytest"\n', False),
        ("packages/core/tox.toml", 'env_list = ["3.13"]\n', True),
        ("packages/core/hatch.toml", "[envs.test]\n", True),
        ("packages/core/pytest.toml", "[pytest]\n", True),
        ("packages/core/tox.toml", "not = toml = at all", True),
        ("pytest.toml", "", True),
    ],
)
def test_a_file_about_a_tool_is_not_its_configuration(
    path: str, text: str, *, counts: bool
) -> None:
    assert ("tool-file" in rules(look(INSPECTOR, project({path: text})))) is counts


def test_documentation_about_constraints_is_no_requirements_file() -> None:
    prose = (
        "=====================\nConstraints reference\n=====================\n\nWrite them down.\n"
    )
    assert look(INSPECTOR, project({"docs/ref/constraints.txt": prose})).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "flake8  # lints\npytest\n",
        "a>=1\nb[x] ~= 2 ; python_version < '3.12'\nc @ https://example.org/c.whl\n",
        "-r base.txt\n--hash=sha256:00\n./local\ngit+https://example.org/d.git\n",
        "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n",
    ],
)
def test_what_a_requirements_file_may_hold(text: str) -> None:
    assert rules(look(INSPECTOR, project({"constraints.txt": text}))) == {"forbidden-file"}


def test_an_ignored_requirements_file_is_not_the_projects() -> None:
    judged = project({"requirements.txt": ""}, ignored=["requirements.txt"])
    assert look(INSPECTOR, judged).findings == ()


def test_a_setup_script_that_only_builds_extensions_is_advice() -> None:
    script = "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('a', ['a.c'])])"
    assert seen(look(INSPECTOR, project({"setup.py": script}))) == [
        ("forbidden-file", "setup.py", 1, "info")
    ]


def test_metadata_beside_extensions_still_counts() -> None:
    script = "setup(ext_modules=cythonize('a.pyx'), install_requires=['x'], version='1')"
    finding = only(look(INSPECTOR, project({"setup.py": script})), "forbidden-file")
    assert finding.severity.value == "error"
    assert "install_requires, version" in finding.message


BUILT = '[project]\nname = "a"\n[build-system]\nrequires = ["setuptools"]\n'
SCRIPT = "from setuptools import setup\n"


@pytest.mark.parametrize(
    ("pyproject", "script", "told"),
    [
        ("", "setup()", "describe the project in [project] of pyproject.toml instead, declare [build-system], and delete"),
        ("[build-system]\n", "setup(version='1')", "instead (version), and delete the script"),
        (BUILT, "setup()", "setup.py: pyproject.toml describes the project already: delete the script"),
        (BUILT, "setup(packages=['a'])", "[project] of pyproject.toml instead (packages), and delete the script"),
        (BUILT, "setup(ext_modules=x, packages=['a'])", "instead (packages), and keep nothing in the script but the ext"),
        ("", "setup(ext_modules=x, version='1')", "(version), declare [build-system], and keep nothing in the script but"),
    ],
)  # fmt: skip
def test_what_is_left_to_do_about_a_setup_script(pyproject: str, script: str, told: str) -> None:
    judged = project({"pyproject.toml": pyproject, "setup.py": SCRIPT + script})
    assert told in only(look(INSPECTOR, judged), "forbidden-file").message


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"src/app/setup.py": "def setup():\n    pass\n", "src/app/__init__.py": ""}, False),
        ({"src/app/setup.py": "from setuptools import setup\n", "src/app/__init__.py": ""}, True),
        ({"packages/app/setup.py": "setup()\n"}, True),
        ({"setup.py": "def setup():\n    pass\n", "__init__.py": ""}, True),
    ],
)
def test_a_module_of_a_package_may_be_called_setup(files: dict[str, str], *, counts: bool) -> None:
    assert bool(look(INSPECTOR, project(files)).findings) is counts


@pytest.mark.parametrize(("command", "exempt"), [("uv export", True), ("uv pip compile", False)])
def test_a_file_exported_from_the_lock_is_no_source_of_requirements(
    command: str, *, exempt: bool
) -> None:
    text = f"# This file was autogenerated by uv via the following command:\n#    {command} -o r\n"
    reading = look(INSPECTOR, project({"requirements.txt": text}))
    assert bool(reading.findings) is not exempt
    assert bool(reading.supports) is exempt


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("examples/shop/requirements.txt", "uv add --project examples/shop -r examples/shop/req"),
        ("demo/requirements.txt", "uv init --bare --no-workspace demo`"),
        ("docs/requirements.txt", "uv add -r docs/requirements.txt`"),
        ("requirements/dev.txt", "uv add -r requirements/dev.txt`"),
    ],
)
def test_what_an_example_needs_is_no_dependency_of_the_project(path: str, command: str) -> None:
    finding = only(look(INSPECTOR, project({path: "flask==3.0\n"})), "forbidden-file")
    assert command in finding.message


def test_other_names_than_the_guides_are_marked() -> None:
    reading = look(INSPECTOR, project({"requirements-dev.txt": "", "requirements.txt": ""}))
    by_path = {one.location.path: one.message for one in reading.findings}
    assert "by another name" in by_path["requirements-dev.txt"]
    assert "by another name" not in by_path["requirements.txt"]


@pytest.mark.parametrize("path", ["setup.py", "requirements.txt"])
def test_a_file_that_could_not_be_read_is_left_open(path: str) -> None:
    reading = look(INSPECTOR, project({path: ""}, unread={path: "too big"}))
    assert rules(reading) == set()
    assert "too big" in reading.undecided["forbidden-file"]


@pytest.mark.parametrize(
    "path",
    [
        ".bandit",
        ".coveragerc",
        ".coveragerc.toml",
        ".flake8",
        ".importlinter",
        ".isort.cfg",
        ".mypy.ini",
        ".pip-tools.toml",
        ".pre-release/uv.toml",
        ".pydocstyle",
        ".pylintrc",
        ".pytest.ini",
        ".pytest.toml",
        ".ruff.toml",
        ".style.yapf",
        ".vulture_allowlist",
        "cibuildwheel.toml",
        "hatch.toml",
        "mypy.ini",
        "pyrightconfig.json",
        "pytest.ini",
        "pytest.toml",
        "radon.cfg",
        "ruff.toml",
        "tox.ini",
        "tox.toml",
        "ty.toml",
        "uv.toml",
    ],
)
def test_files_of_one_tool(path: str) -> None:
    found = [one for one in seen(look(INSPECTOR, project({path: ""}))) if one[0] == "tool-file"]
    assert found == [("tool-file", path, 1, "error")]


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("doc/en/example/nonpython/pytest.ini", "info"),
        ("examples/service/mypy.ini", "info"),
        ("benchmarks/pytest.ini", "warning"),
        ("tests/mypy.ini", "warning"),
        ("packages/core/mypy.ini", "error"),
    ],
)
def test_a_file_that_is_shown_as_an_example_only_gets_advice(path: str, severity: str) -> None:
    found = [one for one in seen(look(INSPECTOR, project({path: ""}))) if one[0] == "tool-file"]
    assert found == [("tool-file", path, 1, severity)]


def test_settings_of_a_tool_that_uv_replaces_go_to_uv() -> None:
    finding = only(look(INSPECTOR, project({".pip-tools.toml": ""})), "tool-file")
    assert "[tool.uv]" in finding.message


@pytest.mark.parametrize(
    "path",
    [
        ".pre-commit-config.yaml",
        ".github/workflows/ci.yml",
        "renovate.json",
        ".python-version",
        ".gitignore",
        ".editorconfig",
        "alembic.ini",
        "Dockerfile",
        "src/app/py.typed",
        "mkdocs.yml",
        ".readthedocs.yaml",
        ".semgrepignore",
        ".unknownrc",
        "tests/data/one/mypy.ini",
        "packages/core/pyproject.toml",
    ],
)
def test_files_that_pyproject_cannot_replace(path: str) -> None:
    assert look(INSPECTOR, project({path: ""})).findings == ()


def test_an_allowed_file_says_why() -> None:
    reading = look(INSPECTOR, project({".pre-commit-config.yaml": ""}))
    assert [one.evidence.path for one in reading.supports] == [".pre-commit-config.yaml"]


def test_a_tox_file_of_other_tools_is_called_by_their_names() -> None:
    reading = look(INSPECTOR, project({"tox.ini": "[flake8]\nmax-line-length = 100\n"}))
    assert "configures flake8" in only(reading, "tool-file").message


@pytest.mark.parametrize(
    ("table", "file", "text"),
    [
        ("mypy", "mypy.ini", ""),
        ("mypy", ".mypy.ini", "[mypy]\n"),
        ("ruff", "ruff.toml", ""),
        ("pyright", "pyrightconfig.json", "{}"),
        ("pytest.ini_options", "pytest.ini", ""),
        ("pytest.ini_options", ".pytest.toml", ""),
        ("coverage.run", ".coveragerc", ""),
        ("coverage.run", "setup.cfg", "[coverage:run]\n"),
        ("coverage.run", "tox.ini", "[coverage:run]\n"),
        ("tox", "tox.ini", "[testenv]\n"),
    ],
)
def test_a_file_that_wins_makes_the_table_dead(table: str, file: str, text: str) -> None:
    files = {"pyproject.toml": f"\n[tool.{table}]\nx = 1\n", file: text}
    finding = only(look(INSPECTOR, project(files)), "outside-pyproject")
    assert (finding.location.path, finding.severity.value) == (file, "error")
    assert "pyproject.toml:2 is dead" in finding.message


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("src/app/.ruff.toml", "error"),
        ("tests/ruff.toml", "warning"),
        ("examples/.ruff.toml", "info"),
    ],
)
def test_a_file_that_ruff_finds_first_below_its_folder(path: str, severity: str) -> None:
    files = {"pyproject.toml": "[tool.ruff]\nline-length = 100\n", path: ""}
    found = [one for one in seen(look(INSPECTOR, project(files))) if one[0] == "outside-pyproject"]
    assert found == [("outside-pyproject", path, 1, severity)]


def test_mypy_looks_for_no_file_below_the_root() -> None:
    assert "outside-pyproject" not in rules(look(INSPECTOR, project({"tests/mypy.ini": ""})))


@pytest.mark.parametrize(
    ("table", "file", "text"),
    [
        ("mypy", "setup.cfg", ""),
        ("pytest.ini_options", "tox.ini", ""),
        ("coverage.run", "setup.cfg", ""),
        ("coverage.run", "tox.ini", ""),
    ],
)
def test_shared_files_without_the_section_win_nothing(table: str, file: str, text: str) -> None:
    files = {"pyproject.toml": f"[tool.{table}]\nx = 1\n", file: text}
    assert "outside-pyproject" not in rules(look(INSPECTOR, project(files)))


def test_a_section_that_loses_is_a_second_copy() -> None:
    files = {"pyproject.toml": STRICT, "setup.cfg": "[metadata]\n[mypy]\nstrict = false\n"}
    finding = only(look(INSPECTOR, project(files)), "outside-pyproject")
    assert (finding.location.path, finding.location.line) == ("setup.cfg", 2)
    assert finding.severity.value == "warning"
    assert "pyproject.toml:4 wins" in finding.message


def test_configuration_outside_with_nothing_inside() -> None:
    files = {"pyproject.toml": "[project]\n", "setup.cfg": "[tool:pytest]\naddopts = -q\n"}
    finding = only(look(INSPECTOR, project(files)), "outside-pyproject")
    assert "[tool.pytest.ini_options]" in finding.message


def test_an_unreadable_shared_file_is_left_open() -> None:
    judged = project({"pyproject.toml": STRICT}, unread={"tox.ini": "too big"})
    assert "too big" in look(INSPECTOR, judged).undecided["outside-pyproject"]


@pytest.mark.parametrize(
    ("others", "severity"),
    [
        ([], "error"),
        (["suite/LICENSE"], "info"),
        (["suite/COPYING", "suite/README.md"], "info"),
        (["suite/LICENSE", "suite/pyproject.toml"], "error"),
        (["suite/LICENSE", "suite/setup.py"], "error"),
        (["LICENSE"], "error"),
    ],
)
def test_the_file_of_a_project_that_was_copied_into_a_folder_only_gets_advice(
    others: list[str], severity: str
) -> None:
    files = {"suite/tox.ini": "[tox]\nenvlist = py\n", **dict.fromkeys(others, "")}
    found = [one for one in look(INSPECTOR, project(files)).findings if one.rule == "tool-file"]
    assert [(one.location.path, one.severity.value) for one in found] == [
        ("suite/tox.ini", severity)
    ]
