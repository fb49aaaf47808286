"""How far a missing package reaches."""

from __future__ import annotations

import pytest

from doctrine.model.observation import Location
from doctrine.model.project import Flaw, Import, Module, Role
from doctrine.model.replacing import replace
from doctrine.tools._reliance import independent
from tests.tools.asking import a_layout

MISSING = frozenset({"absent"})


def a_module(path: str, *imports: str) -> Module:
    """Return a module; an import is written as ``module:name``, with its leading dots."""
    return Module(
        path=path, role=Role.SOURCE, imports=tuple(an_import(path, one) for one in imports)
    )


def an_import(path: str, written: str) -> Import:
    module, _, name = written.partition(":")
    bare = module.lstrip(".")
    return Import(
        module=bare,
        name=name,
        bound=name or bare,
        dots=len(module) - len(bare),
        location=Location(path=path),
    )


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("pkg.needy", "src/pkg/user.py"),
        ("pkg:needy", "src/pkg/user.py"),
        ("pkg.needy:name", "src/other.py"),
        (".needy:name", "src/pkg/user.py"),
        (".:needy", "src/pkg/user.py"),
        (".needy:name", "src/pkg/__init__.py"),
        ("..needy:name", "src/pkg/sub/user.py"),
        ("..needy:name", "src/pkg/sub/__init__.py"),
        ("src.pkg.needy", "tool.py"),
        ("pkg.needy:*", "tests/test_it.py"),
    ],
)
def test_whoever_imports_a_file_relies_on_what_it_relies_on(written: str, path: str) -> None:
    modules = (a_module("src/pkg/needy.py", "absent.x"), a_module(path, written))
    layout = a_layout(*(module.path for module in modules), sources=("src",))
    assert independent(modules, layout, MISSING) == frozenset()


@pytest.mark.parametrize("written", ["json", "pkg.free", ".free:name", "pkg.needy_not", ".:free"])
def test_other_imports_pass_nothing_on(written: str) -> None:
    modules = (
        a_module("src/pkg/needy.py", "absent"),
        a_module("src/pkg/free.py", "os.path"),
        a_module("src/pkg/user.py", written),
    )
    layout = a_layout(*(module.path for module in modules), sources=("src",))
    assert independent(modules, layout, MISSING) == {"src/pkg/free.py", "src/pkg/user.py"}


def test_files_that_import_each_other_share_what_they_rely_on() -> None:
    modules = (
        a_module("a.py", "b"),
        a_module("b.py", "c"),
        a_module("c.py", "a", "absent:name"),
        a_module("d.py", "e"),
        a_module("e.py", "d"),
    )
    layout = a_layout(*(module.path for module in modules))
    assert independent(modules, layout, MISSING) == {"d.py", "e.py"}


def test_what_a_broken_file_imports_is_not_known() -> None:
    broken = replace(a_module("a.py"), flaw=Flaw.SYNTAX)
    modules = (broken, a_module("b.py", "a"), a_module("c.py"))
    assert independent(modules, a_layout("a.py", "b.py", "c.py"), MISSING) == {"c.py"}


def test_a_file_that_is_known_to_lack_a_package_passes_that_on() -> None:
    modules = (a_module("a.py"), a_module("b.py", "a"), a_module("c.py"))
    layout = a_layout("a.py", "b.py", "c.py")
    assert independent(modules, layout, frozenset(), frozenset({"a.py"})) == {"c.py"}
