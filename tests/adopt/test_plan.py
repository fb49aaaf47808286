"""What a plan does to projects of many kinds, and that a second one does nothing."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctrine.adopt.apart import stops_mypy
from doctrine.adopt.edits import Section
from doctrine.adopt.pyproject import pyproject_edit
from doctrine.adopt.situation import Platform, Situation, code_of
from doctrine.adoption import situation_of
from doctrine.documents import table
from doctrine.errors import UsageError
from doctrine.model.project import Role
from tests.adopt.trees import EVERYTHING, PYPROJECT, SOURCE, TINY, adopted, after, paths, write
from tests.guide.examples import plant

TOX_DRIVEN = {
    "pyproject.toml": PYPROJECT
    + '\n[project.optional-dependencies]\ntest = ["pytest>=8"]\n'
    + "\n# lines of black\n[tool.black]\nline-length = 79\n"
    + "\n[tool.mypy]\nstrict = true\ndisallow_any_generics = false  # later\n"
    + '\n[[tool.mypy.overrides]]\nmodule = "demo.*"\nignore_errors = true\n'
    + '\n[[tool.mypy.overrides]]\nmodule = "yaml.*"\nignore_missing_imports = true\n'
    + "\n[tool.coverage.report]\nfail_under = 60\n",
    "tox.ini": "[tox]\nenv_list = py\n[testenv]\ndeps = pytest\ncommands = pytest {posargs}\n",
    ".github/workflows/tests.yml": (
        "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: uvx tox\n"
    ),
    ".pre-commit-config.yaml": (
        "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.14.0\n"
        "  hooks:\n  - id: ruff-check\n"
    ),
    ".github/dependabot.yml": (
        'version: 2\nupdates:\n- package-ecosystem: "npm"\n  directory: "/"\n'
        "  schedule: {interval: daily}\n"
    ),
    ".gitignore": "*.pyc\n/uv.lock\n",
    **SOURCE,
}
DOTTED = {
    "pyproject.toml": PYPROJECT
    + '[dependency-groups]\ndev = [ "pytest>=8,<10", { include-group = "lint" } ]\n'
    + 'lint = [ "ruff>=0.14" ]\n'
    + "[tool.ruff]\nline-length = 120\nlint.ignore = [ 'E', 'D203' ]\n"
    + "[tool.pyright]\nreportUnknownMemberType = false\nstrict = []\n"
    + "[tool.pytest]\nini_options.addopts = '-ra'\n",
    ".gitlab-ci.yml": "stages: [check]\nlint:\n  stage: check\n  script:\n    - uv run ruff check\n",
    **SOURCE,
}
SCRIPTS = {
    "run.py": "type Pair = tuple[int, int]\n\n\ndef main() -> Pair:\n    return 1, 2\n",
    "helper.py": "X = 1\n",
}
TREES: Mapping[str, Mapping[str, str]] = {
    "tiny": TINY,
    "tox": TOX_DRIVEN,
    "dotted": DOTTED,
    "scripts": SCRIPTS,
    "empty": {},
    "setup.py": {"setup.py": "from setuptools import setup\n\nsetup(name=own())\n", **SOURCE},
    "poetry": {
        "pyproject.toml": '[tool.poetry]\nname = "demo"\n[tool.poetry.dependencies]\npython = "^3.11"\n',
        **SOURCE,
    },
    "windows": {path: text.replace("\n", "\r\n") for path, text in TOX_DRIVEN.items()},
}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("platform", [None, Platform.GITLAB])
def test_a_second_plan_changes_nothing(
    name: str, platform: Platform | None, tmp_path: Path
) -> None:
    plant(tmp_path, TREES[name])
    first = adopted(tmp_path, platform=platform)
    assert first.edits
    write(tmp_path, first)
    assert adopted(tmp_path, platform=platform).edits == ()


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
@pytest.mark.parametrize("name", ["tiny", "tox", "dotted", "scripts"])
def test_sections_one_by_one_come_to_rest(name: str, tmp_path: Path) -> None:
    plant(tmp_path, TREES[name])
    for section in EVERYTHING:
        write(tmp_path, adopted(tmp_path, (section,)))
        assert adopted(tmp_path, (section,)).edits == ()


def test_a_project_that_is_there_keeps_what_complies(tmp_path: Path) -> None:
    plant(tmp_path, TOX_DRIVEN)
    plan = adopted(tmp_path)
    text = after(plan, "pyproject.toml")
    data = tomllib.loads(text)
    assert "# lines of black\n[tool.black]\nline-length = 79\n" in text
    assert data["tool"]["ruff"]["line-length"] == 79
    assert "disallow_any_generics" not in text
    assert data["tool"]["mypy"]["overrides"] == [
        {"module": "demo.*"},
        {"module": "yaml.*", "ignore_missing_imports": True},
    ]
    assert data["tool"]["coverage"]["report"] == {"fail_under": 80}
    declared = data["dependency-groups"]["dev"]
    assert [one for one in declared if one.startswith("pytest>")] == []
    assert any(one.startswith("pytest-xdist") for one in declared)


def test_what_runs_the_tests_already_is_not_given_an_option_it_may_not_know(tmp_path: Path) -> None:
    plant(tmp_path, TOX_DRIVEN)
    plan = adopted(tmp_path)
    assert "pytest" not in tomllib.loads(after(plan, "pyproject.toml"))["tool"]
    assert "pytest -n auto --cov" in after(plan, ".github/workflows/doctrine.yml")


def test_files_beside_pyproject_are_added_to(tmp_path: Path) -> None:
    plant(tmp_path, TOX_DRIVEN)
    plan = adopted(tmp_path)
    hooks = after(plan, ".pre-commit-config.yaml")
    assert hooks.startswith(TOX_DRIVEN[".pre-commit-config.yaml"])
    assert "id: ruff-format" in hooks
    assert hooks.count("ruff-check") == 1
    dependabot = after(plan, ".github/dependabot.yml")
    assert dependabot.startswith(TOX_DRIVEN[".github/dependabot.yml"])
    assert "\n- package-ecosystem: uv\n  directory: /\n" in dependabot
    assert after(plan, ".gitignore") == "*.pyc\n.coverage\n"
    assert "--extra test" in after(plan, ".github/workflows/doctrine.yml")
    assert "ruff check" not in after(plan, ".github/workflows/doctrine.yml")


def test_weak_settings_in_dotted_tables_are_mended(tmp_path: Path) -> None:
    plant(tmp_path, DOTTED)
    plan = adopted(tmp_path)
    tool = tomllib.loads(after(plan, "pyproject.toml"))["tool"]
    assert tool["ruff"]["line-length"] == 120
    assert tool["ruff"]["lint"]["ignore"] == ["D203"]
    assert "reportUnknownMemberType" not in tool["pyright"]
    assert tool["pyright"]["typeCheckingMode"] == "strict"
    assert tool["pytest"]["ini_options"]["addopts"] == "-ra -n auto"
    ci = after(plan, ".gitlab-ci.yml")
    assert ci.startswith(DOTTED[".gitlab-ci.yml"])
    assert ci.count("stage: check") == 3


def test_a_folder_of_scripts_becomes_a_project(tmp_path: Path) -> None:
    folder = tmp_path / "My Scripts!"
    folder.mkdir()
    plant(folder, SCRIPTS)
    data = tomllib.loads(after(adopted(folder), "pyproject.toml"))
    assert data["project"] == {
        "name": "my-scripts",
        "version": "0.1.0",
        "requires-python": ">=3.12",
        "dependencies": [],
    }
    assert data["tool"]["pyright"]["include"] == ["."]


def test_the_rules_are_relaxed_for_tests_and_for_nothing_else(tmp_path: Path) -> None:
    source = ["manage.py", "app/models.py", "app/__init__.py", "app/sub/views.py"]
    tests = [
        *("app/tests/__init__.py", "app/tests/test_a.py", "app/sub/tests.py", "app/test_b.py"),
        *("checks/unit/test_c.py", "checks/unit/models.py", "test_d.py"),
    ]
    plant(tmp_path, dict.fromkeys([*source, *tests], "import pytest\n\nX = pytest\n"))
    project = situation_of(str(tmp_path.resolve()), None).project
    found = {file.path: file.role for file in project.layout.files}
    patterns = code_of(project).test_patterns
    for path, role in found.items():
        matched = any(fnmatch.fnmatchcase(path, one) for one in patterns)
        assert matched is (role is Role.TEST), (path, patterns)
    assert {path for path, role in found.items() if role is Role.SOURCE} >= {*source[1:]}


@pytest.mark.parametrize(("floor", "bound"), [("3.6", {"requires-python": ">=3.7"}), ("3.7", None)])
def test_tools_are_asked_for_where_a_version_of_them_runs(
    floor: str, bound: dict[str, str] | None, tmp_path: Path
) -> None:
    text = PYPROJECT.replace(">=3.11", f">={floor}")
    assert text != PYPROJECT
    plant(tmp_path, {**TINY, "pyproject.toml": text})
    data = tomllib.loads(after(adopted(tmp_path, (Section.DEPENDENCIES,)), "pyproject.toml"))
    assert table(data, "tool", "uv", "dependency-groups").get("dev") == bound


@pytest.mark.parametrize(
    ("files", "apart"),
    [
        ({"a/main.py": "A = 1\n", "b/main.py": "B = 2\n"}, True),
        ({"a/main.py": "A = 1\n", "b c/main.py": "B = 2\n"}, False),
        ({"a/main.py": "import own\n", "a/own.py": "", "b/main.py": "B = 2\n"}, False),
        ({"a/main.py": "A = 1\n", "b/other.py": "B = 2\n"}, None),
    ],
)
def test_scripts_of_one_name_are_told_apart_by_their_folders(
    files: dict[str, str], apart: bool | None, tmp_path: Path
) -> None:
    plant(tmp_path, files)
    data = tomllib.loads(after(adopted(tmp_path, (Section.MYPY,)), "pyproject.toml"))
    assert data["tool"]["mypy"].get("explicit_package_bases", False) is bool(apart)
    project = situation_of(str(tmp_path.resolve()), None).project
    assert stops_mypy(project, data) is (apart is False)


def test_mypy_stops_at_scripts_of_one_name_in_the_folders_that_it_is_given(tmp_path: Path) -> None:
    plant(tmp_path, {"a/main.py": "A = 1\n", "b/main.py": "B = 2\n", "c/other.py": "C = 3\n"})
    project = situation_of(str(tmp_path.resolve()), None).project
    here, held = "$MYPY_CONFIG_FILE_DIR", "${MYPY_CONFIG_FILE_DIR}"
    for files, stops in (
        ("a, b", True),
        ("a, c", False),
        (["a", "b"], True),
        ("", True),
        (["a/", "./b/"], True),
        ("a/, b/", True),
        ("a/, c/", False),
        ([f"{here}/a", f"{held}/b"], True),
        (here, True),
        (f"{here}x/a, b", False),
    ):
        assert stops_mypy(project, {"tool": {"mypy": {"files": files}}}) is stops, files


def test_nothing_runs_mypy_where_it_stops_each_time(tmp_path: Path) -> None:
    plant(tmp_path, {"a/main.py": "A = 1\n", "b c/main.py": "B = 2\n"})
    plan = adopted(tmp_path)
    assert [one for one in plan.left if one.text.startswith("mypy stops at files")]
    assert "mypy" not in after(plan, ".github/workflows/doctrine.yml")
    hooks = after(plan, ".pre-commit-config.yaml")
    assert "ruff-check" in hooks
    assert "mypy" not in hooks


@pytest.mark.parametrize(
    ("gate", "said"),
    [("60", "60 percent was enough before"), ("", "nothing asked for any before"), ("90", "")],
)
def test_a_gate_that_may_turn_a_run_red_is_announced(gate: str, said: str, tmp_path: Path) -> None:
    table_ = f"[tool.coverage.report]\nfail_under = {gate}\n" if gate else ""
    tests = {"tests/test_demo.py": "def test_it():\n    assert 1\n"}
    plant(tmp_path, {"pyproject.toml": PYPROJECT + table_, **SOURCE, **tests})
    texts = [one.text for one in adopted(tmp_path).left if one.section is Section.COVERAGE]
    assert [one.rpartition(": ")[2] for one in texts] == ([said] if said else [])


def test_what_scripts_import_is_named_and_not_guessed(tmp_path: Path) -> None:
    plant(tmp_path, {**SCRIPTS, "fetch.py": "import json, helper\nfrom yaml import safe_load\n"})
    left = {one.text for one in adopted(tmp_path).left}
    assert "the code imports yaml, and which distributions have that is not guessed" in left
    assert "there is no test yet, so the job that runs the tests fails" in left


@pytest.mark.parametrize(("name", "named"), [("setup.py", "setup.py"), ("poetry", "[tool.poetry]")])
def test_what_uv_cannot_manage_gets_nothing_that_starts_with_uv(
    name: str, named: str, tmp_path: Path
) -> None:
    plant(tmp_path, TREES[name])
    plan = adopted(tmp_path)
    assert "project" not in tomllib.loads(after(plan, "pyproject.toml"))
    assert not plan.managed
    assert {one.section for one in plan.left} >= {Section.PROJECT, Section.HOOKS, Section.CI}
    assert any(named in one.text for one in plan.left)
    assert not [path for path in paths(plan) if path.endswith(("doctrine.yml", "config.yaml"))]
    assert "  - package-ecosystem: pip\n" in after(plan, ".github/dependabot.yml")


def test_what_the_tests_need_is_added_from_where_it_is(tmp_path: Path) -> None:
    poetry = '\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\nnear = {path = "./near"}\n'
    plant(tmp_path, {**TINY, "pyproject.toml": TINY["pyproject.toml"] + poetry})
    hints = [one.hint for one in adopted(tmp_path).left if "beside pytest" in one.text]
    assert hints == ["add what the tests need of it: `uv add --dev ./near`"]


@pytest.mark.parametrize(("own", "named"), [("", True), ("pytest-mock>=3,<4", False)])
def test_what_the_tests_need_from_another_tool_is_named(
    own: str, named: bool, tmp_path: Path
) -> None:
    poetry = '\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\npytest-mock = "^3"\n'
    groups = f"\n[dependency-groups]\ntest = [{own!r}]\n" if own else ""
    plant(tmp_path, {**TINY, "pyproject.toml": TINY["pyproject.toml"] + groups + poetry})
    said = [one.text for one in adopted(tmp_path).left if one.section is Section.CI]
    line = 13 if not own else 16
    text = (
        f"`uv sync` does not install pytest-mock, which pyproject.toml:{line} names beside pytest"
    )
    assert (said == [text]) is named


def test_a_list_in_some_folder_that_nobody_can_read_is_named_and_stops_nothing(
    tmp_path: Path,
) -> None:
    plant(tmp_path, {**TINY, "drawing/requirements.txt": "", "mypy.ini": "[mypy]\n"})
    (tmp_path / "drawing/requirements.txt").write_bytes("pillow".encode("utf-16"))
    plan = adopted(tmp_path)
    named = [one.text for one in plan.left if "drawing" in one.text]
    assert named == [
        "drawing/requirements.txt is not UTF-8, so it is left where it is",
    ]
    assert "mypy.ini" in paths(plan)
    (tmp_path / "mypy.ini").write_bytes("[mypy]".encode("utf-16"))
    with pytest.raises(UsageError, match=r"^mypy\.ini is not UTF-8$"):
        adopted(tmp_path)


def test_a_table_that_a_tool_would_not_read_is_not_written(tmp_path: Path) -> None:
    plant(tmp_path, {**TINY, "mypy.ini": "[mypy]\n[other]\n", "ruff.toml": "", ".ruff.toml": ""})
    plan = adopted(tmp_path)
    tool = tomllib.loads(after(plan, "pyproject.toml"))["tool"]
    assert not {"mypy", "ruff"} & set(tool)
    shadows = {one.section: one.text for one in plan.left}
    assert "mypy.ini" in shadows[Section.MYPY]
    assert "ruff.toml" in shadows[Section.RUFF]


def test_rules_that_another_file_chooses_are_not_chosen_again(tmp_path: Path) -> None:
    extending = "extend = 'shared.toml'\n"
    plant(tmp_path, {**TINY, "ruff.toml": extending, "shared.toml": "lint.select = ['E']\n"})
    plan = adopted(tmp_path)
    assert [one.path for one in plan.edits if one.after is None] == ["ruff.toml"]
    tool = tomllib.loads(after(plan, "pyproject.toml"))["tool"]
    assert tool["ruff"] == {"extend": "shared.toml"}


@pytest.mark.parametrize(("hook", "length"), [("ruff-format", 88), ("ruff-check", 100)])
def test_lines_that_ruff_has_laid_out_unasked_stay_as_they_are(
    tmp_path: Path, hook: str, length: int
) -> None:
    hooks = "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.14.0\n"
    hooks += f"  hooks:\n  - id: {hook}\n"
    plant(tmp_path, {**TINY, ".pre-commit-config.yaml": hooks})
    text = after(adopted(tmp_path), "pyproject.toml")
    assert tomllib.loads(text)["tool"]["ruff"]["line-length"] == length


def test_only_the_sections_that_are_asked_for_change(tmp_path: Path) -> None:
    plant(tmp_path, TINY)
    plan = adopted(tmp_path, (Section.MYPY,))
    assert paths(plan) == ["pyproject.toml"]
    assert set(tomllib.loads(after(plan, "pyproject.toml"))["tool"]) == {"mypy"}


def test_a_file_that_cannot_be_added_to_is_left_to_the_user(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {**TINY, ".pre-commit-config.yaml": "repos: [{repo: meta}]\n", ".gitlab-ci.yml": "a: [\n"},
    )
    plan = adopted(tmp_path)
    left = [one for one in plan.left if one.section is not Section.COVERAGE]
    assert {one.section for one in left} == {Section.HOOKS, Section.CI}
    assert all("cannot be added to" in one.text for one in left)
    assert not {".pre-commit-config.yaml", ".gitlab-ci.yml"} & {*paths(plan)}


FRAGMENTS = (
    "[project]\nname = 'x'\nrequires-python = '>=3.11'\n",
    "# tools\n[dependency-groups]\ndev = [\n  'ruff',  # why\n]\n",
    "[dependency-groups]\nlint = ['mypy>=1']\n",
    "[tool.ruff]\nline-length = 80\n",
    "[tool.ruff.lint]\nselect = ['E']  # enough\nignore = ['E', 'E501']\n",
    "[tool]\nruff.lint.select = []\n",
    "[tool.mypy]\nwarn_return_any = false\n# last\n",
    "[[tool.mypy.overrides]]\nmodule = ['demo', 'x']\ndisallow_untyped_defs = false\n",
    "[tool.pyright]\ninclude = ['src']\nreportPrivateUsage = 'none'\n",
    "[tool.pytest.ini_options]\naddopts = ['-ra']\n",
    "[tool.pytest.ini_options]\naddopts = '''\n-ra\n'''\n",
    "[tool.coverage]\nreport.fail_under = 50.5\n",
    "[tool.coverage.run]\nbranch = false\n",
    "[tool.vulture]\n",
    "[tool.doctrine]\njobs = 1\n",
    "[tool.uv]\ndefault-groups = 'all'\n",
    "[build-system]\nrequires = []\n# the end\n",
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """Return the situation of a project that lacks everything."""
    folder = tmp_path_factory.mktemp("bare")
    plant(folder, TINY)
    return situation_of(str(folder.resolve()), None)


def _valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS), unique=True, max_size=8).map("\n".join).filter(_valid),
    st.booleans(),
)
def test_whatever_pyproject_says_one_edit_is_enough_and_comments_stay(
    bare: Situation, text: str, windows: bool
) -> None:
    before = (text.replace("\n", "\r\n") if windows else text).encode()
    edit, left, data = pyproject_edit(bare, before, EVERYTHING)
    assert {one.section for one in left} <= {Section.COVERAGE}
    assert edit is not None
    assert edit.after is not None
    again, _, same = pyproject_edit(bare, edit.after, EVERYTHING)
    assert again is None
    assert same == data
    now = edit.after.decode().splitlines()
    assert [line for line in now if line.startswith("# ")] == [
        line for line in text.splitlines() if line.startswith("# ")
    ]
    ends = {line.endswith("\r") for line in edit.after.decode().split("\n")[:-1]}
    assert ends == {windows and bool(text)}
    assert table(data, "tool", "mypy")["strict"] is True


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"requirements-dev.txt": "mypy\ndjango-stubs==6.1.2\n"}, "django-stubs>=6.1.2,<7"),
        (
            {".github/workflows/t.yml": "pip install mypy 'django-stubs[x]~=5.2'"},
            "django-stubs>=5.2,<6",
        ),
        (
            {".github/workflows/t.yml": "pipx install -c pins.txt django-stubs==5.2.1"},
            "django-stubs>=5.2.1,<6",
        ),
        ({"requirements-dev.txt": "django-stubs\n"}, "django-stubs>=5.1,<7"),
    ],
)
def test_what_brings_a_plugin_of_mypy_goes_to_the_group_that_mypy_goes_to(
    tmp_path: Path, more: dict[str, str], asked: str
) -> None:
    workflow = "on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n    - run: {}\n"
    files = {
        path: workflow.format(text) if path.endswith(".yml") else text
        for path, text in more.items()
    }
    plugins = PYPROJECT + '[tool.mypy]\nplugins = ["mypy_django_plugin.main"]\n'
    plant(tmp_path, {**TINY, "pyproject.toml": plugins, **files})
    plan = adopted(tmp_path, (Section.DEPENDENCIES,))
    group = tomllib.loads(after(plan, "pyproject.toml"))["dependency-groups"]["dev"]
    assert asked in group
    write(tmp_path, plan)
    assert adopted(tmp_path, (Section.DEPENDENCIES,)).edits == ()


def test_what_brings_two_plugins_is_asked_for_once_however_they_are_listed(tmp_path: Path) -> None:
    two = '"pydantic.mypy, pydantic.v1.mypy, mypy_zope:plugin"'
    plant(tmp_path, {**TINY, "pyproject.toml": f"{PYPROJECT}[tool.mypy]\nplugins = {two}\n"})
    plan = adopted(tmp_path, (Section.DEPENDENCIES,))
    assert [one.hint for one in plan.left] == ["`uv add --dev pydantic`"]
    group = tomllib.loads(after(plan, "pyproject.toml"))["dependency-groups"]["dev"]
    assert [one for one in group if "zope" in one] == ["mypy-zope>=1.0.9,<2"]


def test_what_brings_a_plugin_is_named_where_nothing_says_which_version(tmp_path: Path) -> None:
    plugins = PYPROJECT + '[tool.mypy]\nplugins = ["sqlmypy", "mypy_drf_plugin.main", "own/p.py"]\n'
    declared = plugins + '[dependency-groups]\nx = ["djangorestframework-stubs>=3,<4"]\n'
    plant(tmp_path, {**TINY, "pyproject.toml": declared})
    plan = adopted(tmp_path, (Section.DEPENDENCIES,))
    assert [one.hint for one in plan.left] == ["`uv add --dev sqlalchemy-stubs`"]
    assert "stubs" not in str(
        tomllib.loads(after(plan, "pyproject.toml"))["dependency-groups"]["dev"]
    )
