"""How pyright is started, and what its summary proves."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.tool import UnreadableError
from doctrine.tools._pyright_config import covered, find_config
from doctrine.tools.pyright import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, completed, prepared


def test_the_projects_configuration_is_used_and_nothing_named() -> None:
    layout = a_layout("src/a.py", toml='[tool.pyright]\npythonVersion = "3.9"\n')
    argv = prepared(TOOL, a_request(layout)).argv
    assert argv[argv.index("-p") + 1] == ROOT
    assert argv[-1] == ROOT


def test_without_configuration_the_source_files_are_named() -> None:
    layout = a_layout("pkg/a.py", "pkg/-b.py", "tests/test_a.py")
    invocation = prepared(TOOL, a_request(layout, defaults={"typeCheckingMode": "strict"}))
    assert invocation.argv[-2:] == ("./pkg/a.py", "./pkg/-b.py")
    config = json.loads(invocation.files["pyrightconfig.json"])
    assert config == {"typeCheckingMode": "strict", "executionEnvironments": [{"root": ROOT}]}


@pytest.mark.parametrize(("cores", "helpers"), [(None, 1), (1, 1), (2, 1), (4, 3), (64, 4)])
def test_node_gets_no_more_threads_than_cores_are_left(
    cores: int | None, helpers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    argv = prepared(TOOL, a_request(a_layout("a.py"))).argv
    assert argv[1] == f"--v8-pool-size={helpers}"
    assert argv[3].endswith("index.js")


@pytest.mark.parametrize(
    ("toml", "strict"),
    [
        ('[dependency-groups]\ndev = ["pyright>=1.1", "ruff"]\n', False),
        ('[project.optional-dependencies]\ndev = ["pyright[nodejs]"]\n', False),
        ('[project]\ndependencies = ["pyright-extras"]\n', True),
        ('[project]\nkeywords = ["pyright"]\n', True),
        ('[tool.uv]\ndev-dependencies = ["pyright"]\n', False),
        ('[tool.poetry.group.dev.dependencies]\npyright = "^1.1"\n', False),
        ('[tool.hatch.envs.types]\ndependencies = ["pyright~=1.1"]\n', False),
        ('[tool.tox.env.types]\ndeps = ["pyright"]\ncommands = [["pyright", "src"]]\n', False),
        ('[tool.tox.env.types]\ndescription = "not with pyright"\n', True),
        ('[dependency-groups]\ndev = [{ include-group = "pyright" }]\n', True),
    ],
)
def test_pyright_that_is_declared_and_not_configured_runs_as_it_comes(
    toml: str, strict: bool
) -> None:
    layout = a_layout("pkg/a.py", toml=toml)
    invocation = prepared(TOOL, a_request(layout, defaults={"typeCheckingMode": "strict"}))
    config = json.loads(invocation.files["pyrightconfig.json"])
    assert config.get("typeCheckingMode") == ("strict" if strict else None)


def test_pyright_that_only_hooks_or_ci_name_runs_as_it_comes() -> None:
    layout = replace(a_layout("pkg/a.py"), names_pyright=True)
    invocation = prepared(TOOL, a_request(layout, defaults={"typeCheckingMode": "strict"}))
    assert "typeCheckingMode" not in json.loads(invocation.files["pyrightconfig.json"])


def test_what_a_fork_is_configured_with_is_what_pyright_goes_by() -> None:
    toml = """
        [tool.basedpyright]
        exclude = ["pkg/made"]
        reportAny = false
        reportMissingTypeArgument = false
        """
    layout = a_layout("pkg/a.py", "pkg/made/b.py", toml=toml)
    invocation = prepared(TOOL, a_request(layout))
    config = json.loads(invocation.files["pyrightconfig.json"])
    del config["executionEnvironments"]
    assert config == {"typeCheckingMode": "strict", "reportMissingTypeArgument": False}
    assert invocation.argv[-1] == "./pkg/a.py"
    assert "./pkg/made/b.py" not in invocation.argv


@pytest.mark.parametrize(
    ("mode", "taken"), [("all", "strict"), ("recommended", "strict"), ("basic", "basic")]
)
def test_modes_of_the_fork(mode: str, taken: str) -> None:
    layout = a_layout("pkg/a.py", toml=f'[tool.basedpyright]\ntypeCheckingMode = "{mode}"\n')
    config = json.loads(prepared(TOOL, a_request(layout)).files["pyrightconfig.json"])
    assert config["typeCheckingMode"] == taken


def test_too_many_files_for_a_command_line_are_named_by_their_folders() -> None:
    layout = a_layout(*(f"pkg/{'x' * 90}{number}.py" for number in range(5_000)))
    argv = prepared(TOOL, a_request(layout)).argv
    assert argv[-1] == "./pkg"
    assert len(argv) < 15


def test_no_packages_are_taken_from_a_stray_python() -> None:
    assert prepared(TOOL, a_request()).env["PATH"] == "{scratch}"
    installed = a_request(a_layout(packages={}))
    assert "PATH" not in prepared(TOOL, installed).env
    assert "/env/bin/python" in prepared(TOOL, installed).argv


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, {"src/a.py", "src/sub/b.py", "tests/t.py"}),
        ({"include": ["src"]}, {"src/a.py", "src/sub/b.py"}),
        ({"include": ["./src/*.py"]}, {"src/a.py"}),
        ({"include": ["src"], "exclude": ["**/sub"]}, {"src/a.py"}),
        ({"ignore": ["src/**"]}, {"tests/t.py"}),
        ({"exclude": ["tests"]}, {"src/a.py", "src/sub/b.py", "node_modules/n.py"}),
        ({"include": ["sr?"]}, {"src/a.py", "src/sub/b.py"}),
        ({"include": ["sr"]}, set[str]()),
    ],
)
def test_globs_cover_what_pyright_covers(options: dict[str, object], paths: set[str]) -> None:
    layout = a_layout("src/a.py", "src/sub/b.py", "tests/t.py", "node_modules/n.py")
    assert {file.path for file in covered(layout, options)} == paths


def test_a_json_file_with_comments_wins_even_when_it_is_empty() -> None:
    text = '{ // "include": 1\n "venv": "a//b", /* x */ "strict": ["a",], }'
    layout = a_layout(toml="[tool.pyright]\n", texts={"pyrightconfig.json": text})
    assert find_config(layout).options == {"venv": "a//b", "strict": ["a"]}
    empty = replace(layout, texts={"pyrightconfig.json": "{}"})
    assert find_config(empty).options == {}


@given(st.text(), st.lists(st.text(alphabet="*?/.ab[]{}\\")))
def test_any_configuration_is_understood_or_left_alone(text: str, globs: list[str]) -> None:
    layout = a_layout("a/b.py", texts={"pyrightconfig.json": text})
    options = find_config(layout).options
    assert options is None or isinstance(options, dict)
    assert len(covered(layout, {"include": globs, "exclude": globs})) <= 1


def output(analysed: int, errors: int, *diagnostics: dict[str, object]) -> bytes:
    shown = Counter(one["severity"] for one in diagnostics)
    summary = {
        "filesAnalyzed": analysed,
        "errorCount": errors,
        "warningCount": shown["warning"],
        "informationCount": shown["information"],
    }
    return json.dumps({"generalDiagnostics": diagnostics, "summary": summary}).encode()


def reading_of(layout: Layout, stdout: bytes, code: int = 0) -> frozenset[str]:
    request = a_request(layout)
    done = completed(prepared(TOOL, request), code=code, stdout=stdout)
    return TOOL.read(request, (done,)).analysed


def test_only_a_count_that_suffices_proves_that_the_files_were_read() -> None:
    layout = a_layout("a.py", "b.py")
    assert reading_of(layout, output(2, 0)) == {"a.py", "b.py"}
    assert reading_of(layout, output(1, 0)) == frozenset()
    assert reading_of(layout, output(0, 0)) == frozenset()


def test_a_summary_that_counts_other_errors_is_not_believed() -> None:
    with pytest.raises(UnreadableError):
        reading_of(a_layout(), output(1, 3), code=1)


@pytest.mark.parametrize(
    ("rule", "message", "doubtful"),
    [
        ("reportMissingImports", 'Import "absent.x" could not be resolved', True),
        ("reportUnknownMemberType", "Type is unknown", True),
        ("reportAttributeAccessIssue", '"x" is not a known attribute of module "absent"', True),
        ("reportAttributeAccessIssue", '"x" is not a known attribute of module "os"', False),
        # A match over an unknown type ends without a value on some path.
        ("reportReturnType", "wrong", True),
        ("reportUnusedVariable", "unused", False),
        ("reportMissingTypeArgument", "generic", False),
    ],
)
def test_findings_are_in_doubt_only_where_a_missing_package_explains_them(
    rule: str, message: str, doubtful: bool
) -> None:
    absent = {"file": f"{ROOT}/a.py", "severity": "error"}
    stdout = output(
        1,
        2,
        {**absent, "rule": "reportMissingImports", "message": 'Import "absent" is not there'},
        {**absent, "rule": rule, "message": message},
    )
    request = a_request()
    done = completed(prepared(TOOL, request), code=1, stdout=stdout)
    assert TOOL.read(request, (done,)).findings[1].needs_environment is doubtful


def test_the_projects_own_packages_are_missed_only_where_it_is_not_installed() -> None:
    message = {"rule": "reportMissingImports", "message": 'Import "app.core" is not there'}
    stdout = output(1, 1, {"file": f"{ROOT}/docs/a.py", "severity": "error", **message})
    paths = ("src/app/core.py", "docs/a.py")
    nothing: dict[str, str] = {}
    for packages, doubtful in ((None, True), (nothing, False)):
        request = a_request(a_layout(*paths, sources=("src",), packages=packages))
        done = completed(prepared(TOOL, request), code=1, stdout=stdout)
        assert TOOL.read(request, (done,)).findings[0].needs_environment is doubtful


SHADOWED = """
[project]
name = "app"

[project.optional-dependencies]
arrays = ["numpy>=2"]

[dependency-groups]
types = [{include-group = "dev"}, "basedpyright>=1"]
"""


@pytest.mark.parametrize(
    ("module", "doubtful"),
    [("numpy", True), ("..random", True), ("app.numpy", False), ("helpers", False)],
)
def test_a_folder_in_the_place_of_a_package_explains_what_it_lacks(
    module: str, doubtful: bool
) -> None:
    absent = {"file": f"{ROOT}/app/a.py", "severity": "error", "rule": "reportAttributeAccessIssue"}
    stdout = output(
        1,
        2,
        {**absent, "message": '"array" is not a known attribute of module "numpy"'},
        {**absent, "message": f'"x" is not a known attribute of module "{module}"'},
    )
    paths = ("app/a.py", "app/numpy/__init__.py", "app/helpers.py")
    request = a_request(a_layout(*paths, toml=SHADOWED))
    done = completed(prepared(TOOL, request), code=1, stdout=stdout)
    reading = TOOL.read(request, (done,))
    assert reading.missing_packages == ("numpy",)
    assert reading.findings[1].needs_environment is doubtful


@pytest.mark.parametrize(
    ("beside", "missing"),
    [
        (("app/__init__.py", "app/aiopg.py"), ("aiopg",)),
        (("app/__init__.py", "app/aiopg/__init__.py"), ("aiopg",)),
        (("app/aiopg.py",), ()),
        (("app/__init__.py",), ()),
        (("app/__init__.py", "app/aiopg.py", "aiopg.py"), ()),
    ],
)
def test_a_module_of_a_package_is_not_what_an_absolute_import_means(
    beside: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    message = '"Pool" is not a known attribute of module "aiopg"'
    error = {"file": f"{ROOT}/app/a.py", "severity": "error", "rule": "reportAttributeAccessIssue"}
    stdout = output(1, 1, {**error, "message": message})
    request = a_request(a_layout("app/a.py", *beside))
    done = completed(prepared(TOOL, request), code=1, stdout=stdout)
    reading = TOOL.read(request, (done,))
    assert reading.missing_packages == missing
    assert [one.needs_environment for one in reading.findings] == [bool(missing)]


@pytest.mark.parametrize(("toml", "severity"), [(SHADOWED, "info"), ("", "error")])
def test_a_comment_for_a_rule_of_the_fork_is_no_error_where_the_fork_is_used(
    toml: str, severity: str
) -> None:
    message = '"reportInvalidCast" is an unknown diagnostic rule for pyright comment'
    stdout = output(1, 1, {"file": f"{ROOT}/a.py", "severity": "error", "message": message})
    request = a_request(a_layout("a.py", toml=toml))
    done = completed(prepared(TOOL, request), code=1, stdout=stdout)
    assert [one.severity.value for one in TOOL.read(request, (done,)).findings] == [severity]


@pytest.mark.parametrize("packages", [None, {}])
@pytest.mark.parametrize(
    ("rule", "message", "doubtful"),
    [
        ("reportMissingImports", 'Import "._version" could not be resolved', True),
        ("reportMissingImports", 'Import "app._version" could not be resolved', True),
        ("reportMissingImports", 'Import "._other" could not be resolved', False),
        ("reportAttributeAccessIssue", '"v" is not a known attribute of module "."', True),
        ("reportAttributeAccessIssue", '"v" is not a known attribute of module "os"', False),
        ("reportUnknownVariableType", "Type is unknown", True),
        ("reportUnusedVariable", "unused", False),
    ],
)
def test_a_module_that_the_build_writes_is_missing(
    rule: str, message: str, packages: dict[str, str] | None, *, doubtful: bool
) -> None:
    place = {"file": f"{ROOT}/src/app/cli.py", "severity": "error"}
    lost = {"rule": "reportMissingImports", "message": 'Import "._version" could not be resolved'}
    stdout = output(1, 2, {**place, **lost}, {**place, "rule": rule, "message": message})
    toml = '[tool.hatch.build.hooks.vcs]\nversion-file = "src/app/_version.py"\n'
    layout = a_layout("src/app/cli.py", sources=("src",), toml=toml, packages=packages)
    request = a_request(layout)
    done = completed(prepared(TOOL, request), code=1, stdout=stdout)
    assert TOOL.read(request, (done,)).findings[1].needs_environment is doubtful


def test_the_lowest_version_is_what_is_judged() -> None:
    argv = prepared(TOOL, a_request(a_layout("a.py"))).argv
    assert argv[argv.index("--pythonversion") + 1] == "3.11"
