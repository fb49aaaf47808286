from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.documents import parse_toml
from doctrine.model.project import Role, SourceFile
from doctrine.project.collected import collected_files
from doctrine.project.roles import roles_of
from doctrine.project.sources import source_roots
from tests.project.trees import plant

S, T, D, E = Role.SOURCE, Role.TEST, Role.DOCS, Role.EXAMPLE


def roles(*paths: str, name: str = "app", root: str = "/nowhere") -> dict[str, Role]:
    return dict(zip(paths, roles_of(root, paths, name), strict=True))


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("src/app/__init__.py", S),
        ("tests/unit/helper.py", T),
        ("test/helper.py", T),
        ("src/app/tests/x.py", T),
        ("src/app/e2e_test_x.py", T),
        ("src/app/latest_test_x.py", S),
        ("src/app/test_x.py", T),
        ("src/app/x_test.py", T),
        ("conftest.py", T),
        ("runtests.py", T),
        ("latest.py", S),
        ("contest_x.py", S),
        ("docs/conf.py", D),
        ("docs_src/commands/tutorial001.py", D),
        ("doc-snippets/a.py", D),
        ("docs_server/a.py", S),
        ("doc/tests/x.py", D),
        ("examples/tests/test_x.py", E),
        ("demo-project/a.py", E),
        ("democracy/a.py", S),
        ("benchmarks/run.py", E),
        ("bench/run.py", E),
        ("profiling/huge.py", E),
        (".github/scripts/report.py", E),
        ("noxfile.py", E),
        ("member/setup.py", E),
        ("src/app/docs/x.py", S),
        ("src/app/examples/x.py", S),
        ("src/examples/x.py", S),
        ("src/app/testing/x.py", S),
        ("src/app/setup.py", S),
        ("scripts/x.py", S),
    ],
)
def test_a_path_tells_what_a_file_is_for(path: str, role: Role) -> None:
    others = ("src/app/__init__.py", "other.py")
    found = roles(*dict.fromkeys((path, *others)))
    assert found[path] is role


def test_testing_folders_are_tests_only_when_they_hold_tests() -> None:
    found = roles("app/__init__.py", "app/test/client.py", "testing/deep/test_x.py", "testing/y.py")
    assert found["app/test/client.py"] is S
    assert found["testing/y.py"] is T


def test_a_folder_of_some_kind_of_tests_is_one_only_when_it_holds_tests() -> None:
    found = roles("app/__init__.py", "app/ui_tests/tests.py", "app/ui_tests/x.py", "ab_tests/x.py")
    assert found["app/ui_tests/x.py"] is T
    assert roles("app/__init__.py", "app/tests_e2e/e2e_test_a.py", "app/tests_e2e/helpers.py") == {
        "app/__init__.py": S,
        "app/tests_e2e/e2e_test_a.py": T,
        "app/tests_e2e/helpers.py": T,
    }
    assert found["ab_tests/x.py"] is S


@pytest.mark.parametrize("folder", ["typing_tests", "tests_typing", "type-tests", "e2e_tests"])
def test_a_folder_is_of_tests_by_the_name_of_their_kind(folder: str) -> None:
    found = roles("app/__init__.py", f"{folder}/baseline.py", f"app/{folder}/x.py")
    assert found[f"{folder}/baseline.py"] is T
    assert found[f"app/{folder}/x.py"] is S


def test_a_folder_at_the_root_that_is_full_of_tests_is_one_whatever_it_is_called() -> None:
    tests = tuple(f"t/unit/test_{letter}.py" for letter in "abcd")
    found = roles("app/__init__.py", "t/__init__.py", "t/mocks.py", *tests)
    assert {found["t/__init__.py"], found["t/mocks.py"]} == {T}
    few = roles("app/__init__.py", "t/mocks.py", "t/test_a.py", "t/test_b.py")
    assert few["t/mocks.py"] is S
    mixed = roles("app/__init__.py", "t/mocks.py", "t/other.py", *tests)
    assert mixed["t/mocks.py"] is S
    packages = tuple(f"src/app/test_{letter}.py" for letter in "abcd")
    assert roles("src/app/__init__.py", "src/app/x.py", *packages)["src/app/x.py"] is S
    assert (
        roles("app/__init__.py", "app/x.py", *(f"app/test_{one}.py" for one in "abcd"))["app/x.py"]
        is S
    )


def test_a_project_called_like_a_role_keeps_its_sources() -> None:
    found = roles("demo/__init__.py", "demo/a.py", "other.py", name="Demo")
    assert found["demo/a.py"] is S
    assert (
        roles("testing/__init__.py", "testing/test_a.py", name="testing")["testing/__init__.py"]
        is S
    )


def test_a_project_of_examples_only_is_its_own_source() -> None:
    found = roles("samples/a.py", "setup.py", "tests/test_a.py")
    assert found == {"samples/a.py": S, "setup.py": E, "tests/test_a.py": T}


def test_tasks_are_a_build_script_for_invoke_and_sources_for_others(tmp_path: Path) -> None:
    plant(tmp_path, {"tasks.py": "from celery import task"})
    assert roles("a.py", "tasks.py", root=str(tmp_path))["tasks.py"] is S
    plant(tmp_path, {"tasks.py": "import os\nfrom invoke import task"})
    assert roles("a.py", "tasks.py", root=str(tmp_path))["tasks.py"] is E


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("from .test_client import Client", S),
        ("if x:\n    from app.test_client import (\n        Client,\n    )", S),
        ("from . import other, test_client", S),
        ("from .test_clients import Client", T),
        ("# from .test_client import Client", T),
        ("test_client = 1", T),
    ],
)
def test_what_a_package_imports_itself_is_no_test(tmp_path: Path, line: str, role: Role) -> None:
    plant(tmp_path, {"src/app/__init__.py": f"{line}\n"})
    found = roles("src/app/__init__.py", "src/app/test_client.py", root=str(tmp_path))
    assert found["src/app/test_client.py"] is role


def roots(source: str, *paths: str, others: tuple[str, ...] = ()) -> tuple[str, ...]:
    files = tuple(SourceFile(path=path, role=role) for path, role in roles(*sorted(paths)).items())
    return source_roots(parse_toml("pyproject.toml", source), files, others)


@pytest.mark.parametrize(
    ("source", "paths", "expected"),
    [
        ("", ("src/app/a.py", "tests/test_a.py", "noxfile.py"), ("src",)),
        ("", ("src/app/a.py", "manage.py"), ("src", ".")),
        ("", ("app/a.py",), (".",)),
        ("", ("src/__init__.py", "src/a.py"), (".",)),
        ("", (), (".",)),
        ('tool.setuptools.package-dir = {"" = "lib"}', ("lib/app/a.py",), ("lib",)),
        ('tool.setuptools.packages.find.where = ["./py/"]', ("py/app/a.py",), ("py",)),
        ('tool.hatch.build.targets.wheel.packages = ["code/app"]', ("code/app/a.py",), ("code",)),
        ('tool.poetry.packages = [{include="app", from="lib"}]', ("lib/app/a.py",), ("lib",)),
        ('tool.pdm.build.package-dir = "../x"', ("app/a.py",), (".",)),
        ("tool.setuptools = 3", ("app/a.py",), (".",)),
    ],
)
def test_import_roots(source: str, paths: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert roots(source, *paths) == expected


def test_workspace_members_bring_their_own_roots() -> None:
    found = roots(
        'tool.uv.workspace = {members = ["packages/*", "tool"], exclude = ["packages/old"]}',
        "packages/a/src/a/x.py",
        "packages/b/b/x.py",
        "packages/old/src/o/x.py",
        "tool/x.py",
        others=(
            "packages/a/pyproject.toml",
            "packages/b/pyproject.toml",
            "packages/b/fixtures/pyproject.toml",
            "packages/old/pyproject.toml",
            "pyproject.toml",
            "tool/pyproject.toml",
        ),
    )
    assert found == ("packages/a/src", "packages/b", "tool", ".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\npython_files = ["app/test*.py"]\n'),
        (
            "pytest.ini",
            "[pytest]\npython_files =\n    check_*.py  # quick ones\n    app/test*.py\n",
        ),
        ("tox.ini", "[tox]\n[pytest]\npython_files: app/test*.py\n"),
        ("setup.cfg", "[tool:pytest]\npython_files = app/test*.py\n"),
    ],
)
def test_what_pytest_collects_by_the_projects_own_patterns_is_a_test(
    tmp_path: Path, name: str, content: str
) -> None:
    plant(tmp_path, {name: content})
    parsed = parse_toml("pyproject.toml", content) if name == "pyproject.toml" else None
    patterns = collected_files(str(tmp_path), parsed)
    paths = ("app/__init__.py", "app/tests-cookbook.py", "lib/tests-cookbook.py", "app/main.py")
    assert roles_of("/nowhere", paths, "app", patterns) == (S, T, S, S)


@pytest.mark.parametrize("pattern", ["*.py", "app/*.py", "latest*.py", "example_*.py"])
def test_patterns_that_do_not_speak_of_tests_make_none(pattern: str) -> None:
    assert roles_of("/nowhere", ("app/latest_one.py",), "app", (pattern,)) == (S,)
