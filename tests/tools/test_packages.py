"""Which imports only an environment could have provided."""

from __future__ import annotations

import pytest

from doctrine.tools._packages import is_complete, is_within, mentioned, third_party
from tests.tools.asking import a_layout

DECLARED = '[project]\nname = "company-app"\ndependencies = ["company.core @ git+https://x/y"]\n'


def test_a_name_that_is_neither_ours_nor_pythons_is_a_package() -> None:
    layout = a_layout("src/app/a.py", sources=("src",))
    assert third_party(("requests.adapters", "app.missing", "json.x"), layout) == ("requests",)


def test_a_namespace_that_a_declared_distribution_shares_is_a_package() -> None:
    layout = a_layout("src/company/app/a.py", sources=("src",), toml=DECLARED)
    modules = ("company.core.version", "company.app.missing", "company.other")
    assert third_party(modules, layout) == ("company.core",)


@pytest.mark.parametrize("path", ["src/company/core/b.py", "src/company/core.py"])
def test_what_the_tree_has_is_ours_whatever_is_declared(path: str) -> None:
    layout = a_layout("src/company/app/a.py", path, sources=("src",), toml=DECLARED)
    assert third_party(("company.core.missing",), layout) == ()


@pytest.mark.parametrize(
    ("module", "inside"),
    [
        ("company.core", True),
        ("company.core.x", True),
        ("company", False),
        ("company.cores", False),
    ],
)
def test_a_package_has_what_is_below_it(module: str, *, inside: bool) -> None:
    assert is_within(module, frozenset({"company.core"})) is inside


@pytest.mark.parametrize(
    ("marker", "version", "complete"),
    [
        ("python_version < '3.11'", "3.10", False),
        ("python_version < '3.11'", "3.11", True),
        ("python_version < '3.11'", "", True),
        ("python_full_version >= '3.9' and python_version < '3.11'", "3.10", False),
        ("sys_platform == 'win32'", "3.10", True),
        ("python_version < '3.11' or extra == 'x'", "3.10", True),
        ("python_version < '3.11'", "newest", True),
    ],
)
def test_what_another_version_needs_is_missing(
    marker: str, version: str, *, complete: bool
) -> None:
    toml = f'[project]\ndependencies = ["here", "backport; {marker}"]\n'
    assert is_complete(a_layout(toml=toml, packages={"here": "1"}), version) is complete


def test_what_any_table_declares_is_mentioned() -> None:
    toml = (
        '[project]\ndependencies = ["One>1", "two; python_version < \'3\'", "<no name>"]\n'
        '[project.optional-dependencies]\nx = ["three[y]"]\n'
        '[dependency-groups]\ndev = ["four", {include-group = "x"}]\n'
    )
    assert mentioned(a_layout(toml=toml)) == {"one", "two", "three", "four"}
    assert mentioned(a_layout(toml='[project]\ndependencies = ["one"]\n')) == {"one"}
