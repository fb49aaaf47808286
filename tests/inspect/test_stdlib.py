from __future__ import annotations

import pytest

from doctrine.inspect._removed_modules import REMOVALS
from doctrine.inspect.stdlib import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.project import Module
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project, role_of

A = "src/app/a.py"


def read(files: dict[str, str], *, minors: tuple[int, ...] = (11, 12, 13, 14)) -> Reading:
    modules: list[Module] = []
    run, whole = INSPECTOR.begin(), project(files, minors=minors)
    for path, source in files.items():
        if path.endswith(".py"):
            parsed = parse(path, role_of(path), source.encode())
            if isinstance(parsed, ParsedFile) and parsed.module.flaw is None:
                run.look(parsed, whole.layout)
            modules.append(parsed.module if isinstance(parsed, ParsedFile) else parsed)
    return run.conclude(replace(whole, modules=tuple(modules)))


def rules(reading: Reading) -> list[str]:
    return [one.rule for one in reading.findings]


def dependencies(*names: str) -> str:
    return f"[project]\nname = 'app'\ndependencies = {list(names)}\n"


@pytest.mark.parametrize("name", sorted(REMOVALS))
def test_every_removed_module_is_found(name: str) -> None:
    reading = read({A: f"import {name}\n"})
    assert rules(reading) == ["removed-module"]
    assert REMOVALS[name].instead in reading.findings[0].message
    assert reading.findings[0].location.line == 1


@pytest.mark.parametrize(
    "source",
    [
        "from cgi import FieldStorage\n",
        "import distutils.core\n",
        "from tkinter import tix\n",
        "import importlib\nimportlib.import_module('cgi')\n",
        "__import__('cgi')\n",
        "def f():\n    import cgi\n",
        "try:\n    import cgi\nfinally:\n    pass\n",
    ],
)
def test_every_way_to_import_counts(source: str) -> None:
    assert rules(read({A: source})) == ["removed-module"]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("tests/fixtures/old_project/setup.py", 0),
        ("tests/test_a.py", 1),
        ("tests/unit/test_a.py", 1),
        ("src/app/fixtures/a.py", 1),
    ],
)
def test_a_fixture_is_nothing_that_the_project_imports(path: str, count: int) -> None:
    reading = read({path: "from distutils.core import setup\n"})
    assert len(reading.findings) == count
    assert len(reading.supports) == 1 - count


@pytest.mark.parametrize(
    "source",
    [
        "from . import cgi\n",
        "from .cgi import x\n",
        "import tkinter\nfrom typing import Any\n",
        "from app import cgi\n",
        "import cgi_tools\n",
    ],
)
def test_other_imports_do_not(source: str) -> None:
    assert read({A: source}).findings == ()


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import cgi\nexcept ImportError:\n    cgi = None\n",
        "import sys\nif sys.version_info < (3, 13):\n    import cgi\n",
        "import pytest\npytest.importorskip('cgi')\n",
    ],
)
def test_a_guarded_import_speaks_for_the_project(source: str) -> None:
    reading = read({A: source})
    assert reading.findings == ()
    assert [one.rule for one in reading.supports] == ["removed-module"]


@pytest.mark.parametrize(
    ("minors", "rule", "severity"),
    [
        ((11, 12, 13), "removed-module", Severity.ERROR),
        ((13,), "removed-module", Severity.ERROR),
        ((), "removed-module", Severity.ERROR),
        ((11, 12), "removed-module-below-floor", Severity.INFO),
    ],
)
def test_the_promised_versions_decide(
    minors: tuple[int, ...], rule: str, severity: Severity
) -> None:
    (one,) = read({A: "import cgi\n"}, minors=minors).findings
    assert (one.rule, one.severity) == (rule, severity)


@pytest.mark.parametrize(
    ("module", "distribution"),
    [("cgi", "legacy-cgi"), ("telnetlib", "standard-telnetlib"), ("distutils", "setuptools")],
)
def test_a_declared_backport_is_named(module: str, distribution: str) -> None:
    source = {A: f"import {module}\n", "pyproject.toml": dependencies(distribution)}
    reading = read(source)
    assert rules(reading) == ["backport"]
    assert distribution in reading.findings[0].message


def test_a_build_requirement_is_there_for_the_build_only() -> None:
    pyproject = "[project]\nname = 'app'\n[build-system]\nrequires = ['setuptools']\n"
    source = "import distutils\n"
    files = {A: source, "setup.py": source, "pyproject.toml": pyproject}
    found = {one.location.path: one.rule for one in read(files).findings}
    assert found[A] == "removed-module"
    assert found["setup.py"] == "backport"


@pytest.mark.parametrize("path", ["src/cgi.py", "src/cgi/__init__.py"])
def test_a_module_of_the_project_is_no_standard_library(path: str) -> None:
    assert read({A: "import cgi\n", path: ""}).findings == ()


def test_a_script_finds_what_is_beside_it() -> None:
    assert read({"tools/run.py": "import imp\n", "tools/imp.py": ""}).findings == ()
    package = {"src/app/a.py": "import imp\n", "src/app/imp.py": "", "src/app/__init__.py": ""}
    assert rules(read(package)) == ["removed-module"]


def test_what_could_not_be_parsed_is_not_analysed() -> None:
    reading = read({A: "import os\n", "src/app/b.py": "x = (\n"})
    assert reading.analysed == {A}
    assert "never closed" in reading.unread["src/app/b.py"]


def test_a_backport_that_nothing_imports_is_not_left_behind_either() -> None:
    (finding,) = read({"pyproject.toml": dependencies("httpx", "legacy-cgi")}).findings
    assert (finding.rule, finding.severity) == ("backport", Severity.WARNING)
    assert (finding.location.path, finding.symbol) == ("pyproject.toml", "legacy-cgi")
    assert "`cgi` and `cgitb`" in finding.message


@pytest.mark.parametrize("name", ["setuptools", "python-multipart", "aiosmtpd", "telnetlib3"])
def test_a_successor_is_no_backport(name: str) -> None:
    assert rules(read({"pyproject.toml": dependencies(name)})) == []


def test_a_backport_is_told_once_where_its_module_is_imported() -> None:
    files = {"pyproject.toml": dependencies("audioop-lts"), A: "import audioop\n"}
    (finding,) = read(files).findings
    assert (finding.rule, finding.location.path) == ("backport", A)
    guarded = "try:\n    import audioop\nexcept ImportError:\n    audioop = None\n"
    (declared,) = read({**files, A: guarded}).findings
    assert declared.location.path == "pyproject.toml"
