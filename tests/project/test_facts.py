from __future__ import annotations

from collections.abc import Mapping

import pytest

from doctrine.documents import parse_toml
from doctrine.guide.loader import load
from doctrine.model.guide import FactCheck, GateCheck
from doctrine.model.observation import Evidence
from doctrine.model.project import (
    Automation,
    Command,
    CommandKind,
    Dependency,
    DependencyKind,
    Fact,
    Layout,
    Module,
    Role,
    SourceFile,
    Target,
)
from doctrine.model.replacing import replace
from doctrine.model.stated import Declaration, OperationKind, StatedFact
from doctrine.project.facts import observe
from doctrine.project.facts.signs import fact_signs
from doctrine.sights import sights
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile

EVERY = [
    "python-code",
    "tests",
    "pytest",
    "annotations",
    "requires-python",
    "target-py312",
    "target-py313",
    "target-py314",
    "several-minors",
    "several-systems",
    "third-party-dependencies",
    "async",
    "concurrent",
    "web-ui",
    "exposes-api",
    "external-calls",
    "database",
    "migrations",
    "international",
    "feature-flags",
    "deployable",
    "library",
    "async-entry-point",
    "websockets",
    "crypto",
    "encryption",
    "signing",
    "key-management",
    "passwords",
    "secret-values",
    "random-module",
    "circuit-breaker",
    "retry",
    "native-extension",
    "parser",
    "memory-cache",
    "persistent-cache",
    "async-cache",
    "async-connections",
    "parallelism",
    "state-changes",
    "property-tests",
    "critical-operations",
    "expensive-operations",
    "xdist-enabled",
    "coverage-configured",
    "coverage-gate",
    "coverage-low-gate",
    "complexity-flaked",
    "complexity-linted",
    "coverage-by-default",
]

PLACE = Evidence(path="pyproject.toml", line=1, detail="declared")


def facts(
    files: Mapping[str, str] | None = None,
    *,
    declared: tuple[str, ...] = (),
    commands: tuple[Command, ...] = (),
    unread: Mapping[str, str] | None = None,
    minors: tuple[int, ...] = (),
    systems: tuple[Evidence, ...] = (),
    stated: Mapping[str, bool] | None = None,
    declarations: tuple[Declaration, ...] = (),
    restricted: bool = False,
) -> Mapping[str, Fact]:
    """Return what is observed in a project of these files."""
    files = files or {}
    python = [path for path in sorted(files) if path.endswith(".py")]
    modules: list[Module] = []
    for path in python:
        parsed = parse(path, _role(path), files[path].encode())
        if isinstance(parsed, ParsedFile):
            modules.append(replace(parsed.module, sights=sights(parsed)))
        else:
            modules.append(parsed)
    text = files.get("pyproject.toml")
    layout = Layout(
        root="/project",
        name="app",
        pyproject=parse_toml("pyproject.toml", text) if text is not None else None,
        files=tuple(SourceFile(path=path, role=_role(path)) for path in python),
        others=tuple(path for path in sorted(files) if path not in python),
        tracked=None,
        ignored=frozenset(),
        sources=("src",),
        target=Target(
            floor=(3, minors[0]) if minors else None,
            minors=minors,
            specifier=">=3" if minors else "",
        ),
        environment=None,
        restricted=restricted,
    )
    return observe(
        layout,
        tuple(modules),
        tuple(_dependency(name) for name in declared),
        Automation(commands=commands, systems=systems, unread=unread or {}),
        {path: content for path, content in files.items() if path not in python},
        stated={name: _said(value) for name, value in (stated or {}).items()},
        declarations=declarations,
    )


def _said(value: bool) -> StatedFact:
    return StatedFact(value=value, reason="we know", place=PLACE)


def _role(path: str) -> Role:
    return Role.TEST if path.startswith("tests/") else Role.SOURCE


def _dependency(raw: str) -> Dependency:
    return Dependency(
        name=raw.partition(";")[0].strip(),
        raw=raw,
        specifier="",
        url="",
        kind=DependencyKind.RUNTIME,
        group="",
        place=PLACE,
    )


def run(*argv: str, can_fail: bool = True) -> Command:
    return Command(argv=argv, kind=CommandKind.CI, place=PLACE, can_fail=can_fail)


def value(source: str, fact: str, **files: str) -> bool | None:
    return facts({"src/app/a.py": source, **files})[fact].value


def test_every_fact_has_a_value_and_evidence() -> None:
    found = facts({"src/app/a.py": "x = 1\n"})
    assert sorted(found) == sorted(EVERY)
    assert all(fact.id == name and fact.evidence for name, fact in found.items())
    assert all(len(fact.evidence) <= 3 for fact in found.values())


def test_an_empty_project_has_facts_too() -> None:
    assert facts()["python-code"].value is False


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("async def f(): ...", "async"),
        ("x: int = 1", "annotations"),
        ("import threading\nthreading.Lock()", "concurrent"),
        ("from PySide6.QtCore import QThread\nclass A(QThread):\n    pass", "concurrent"),
        ("from PyQt5 import QtCore\nQtCore.QThreadPool.globalInstance()", "concurrent"),
        ("def new_access_code(): ...", "secret-values"),
        ("from concurrent.futures import ThreadPoolExecutor", "parallelism"),
        ("import threading\nthreading.Thread(target=f)", "parallelism"),
        ("import flask\nflask.render_template('a')", "web-ui"),
        ("from fastapi import FastAPI", "exposes-api"),
        ("import requests", "external-calls"),
        ("import google.cloud.storage", "external-calls"),
        ("from google.cloud import storage", "external-calls"),
        ("import sqlite3\nx = 'CREATE TABLE a (b UNIQUE)'", "database"),
        ("from babel import Locale", "international"),
        ("import flagsmith", "feature-flags"),
        ("os.environ['FEATURE_NEW']", "feature-flags"),
        ("from fastapi import WebSocket", "websockets"),
        ("import aiohttp\nx.ws_connect(1)", "websockets"),
        ("import hashlib", "crypto"),
        ("from cryptography.fernet import Fernet", "encryption"),
        ("import hmac\nhmac.new(k, t)", "signing"),
        ("import hmac as h\nh.new(k, t)", "signing"),
        ("from hmac import HMAC", "signing"),
        ("from cryptography.fernet import Fernet\nFernet.generate_key()", "key-management"),
        ("def hash_password(x): ...", "passwords"),
        ("import secrets", "secret-values"),
        ("def make_reset_token(): ...", "secret-values"),
        ("reset_token = str(uuid.uuid1())", "secret-values"),
        ("nonce_source += os.urandom(8)", "secret-values"),
        ("import random", "random-module"),
        ("class CircuitBreaker: ...", "circuit-breaker"),
        ("from tenacity import retry", "retry"),
        (
            "for attempt in range(3):\n    try:\n        f()\n    except E:\n        sleep(1)",
            "retry",
        ),
        (
            "while True:\n    if ok():\n        break\n    tries += 1\n    time.sleep(tries)",
            "retry",
        ),
        (
            (
                "while True:\n    if ok():\n        break\n    self.tries += 1\n    self._wait_retry()"
                "\ndef _wait_retry(self):\n    time.sleep(1)"
            ),
            "retry",
        ),
        (
            (
                "while True:\n    try:\n        return f()\n    except E:\n        if late():\n"
                "            raise\n        time.sleep(1)"
            ),
            "retry",
        ),
        ("def backoff(delay=3): ...", "retry"),
        ("import asyncio\nloop = asyncio.get_event_loop()\nloop.run_until_complete(x)", "async"),
        ("import functools\n@functools.lru_cache\ndef f(): ...", "memory-cache"),
        ("class A:\n    def __init__(self):\n        self._cache = {}\n", "memory-cache"),
        ("import shelve", "persistent-cache"),
        ("@cached()\nasync def f(): ...", "async-cache"),
        ("@cache\n@other\nasync def f(): ...", "async-cache"),
        ("import asyncio\nasyncio.open_connection()", "async-connections"),
        ("from redis.asyncio import Redis", "async-connections"),
        ("import psycopg_pool\np = psycopg_pool.AsyncConnectionPool(URL)", "async-connections"),
        ("import requests\nrequests.get(url, verify=False)", "crypto"),
        ("from httpx import Client\nClient(verify=False)", "crypto"),
        ("import requests\nsession.verify = False", "crypto"),
        ("@app.post('/a')\ndef f(): ...", "state-changes"),
        ("if sys.platform == 'win32': ...", "several-systems"),
        ("import asyncio\nif __name__ == '__main__':\n    asyncio.run(f())", "async-entry-point"),
    ],
)
def test_a_sign_makes_a_fact_true(source: str, fact: str) -> None:
    found = facts({"src/app/a.py": f"# first\n{source}\n"})[fact]
    assert found.value is True
    assert found.evidence[0].path == "src/app/a.py"
    assert found.evidence[0].line >= 2


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("x.render_template('a')", "web-ui"),
        ("import flask", "web-ui"),
        ("import sqlite3", "database"),
        ("import aiohttp.web", "external-calls"),
        ("import http.client", "external-calls"),
        ("x.derive()", "key-management"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests",
            "external-calls",
        ),
        ("from .requests import get", "external-calls"),
        ("import app.requests", "external-calls"),
        ("import threading\nthreading.Lock()", "parallelism"),
        ("async def f(): ...", "async-entry-point"),
        ("while True:\n    poll()\n    time.sleep(1)", "retry"),
        ("for item in items:\n    time.sleep(1)", "retry"),
        (
            "while True:\n    try:\n        work()\n    except E:\n        log()\n    time.sleep(1)",
            "retry",
        ),
        ("loop.run_forever()", "async"),
        ("import requests\nrequests.get(url, verify=True)", "crypto"),
        ("save(verify=False)", "crypto"),
        (
            "import asyncio, uvicorn\nif __name__ == '__main__':\n    asyncio.run(f())",
            "async-entry-point",
        ),
    ],
)
def test_half_a_sign_does_not(source: str, fact: str) -> None:
    assert value(source + "\n", fact) is False


def test_a_framework_does_not_use_itself() -> None:
    assert facts({"src/flask/a.py": "import flask\n"})["exposes-api"].value is False


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("alembic.ini", "migrations"),
        ("src/app/templates/a.po", "international"),
        ("src/app/a.pyx", "native-extension"),
        ("Dockerfile", "deployable"),
    ],
)
def test_a_file_makes_a_fact_true(path: str, fact: str) -> None:
    assert facts({path: ""})[fact].evidence[0].path == path


def test_false_says_what_was_looked_at() -> None:
    found = facts({"src/app/a.py": "", "src/app/b.py": "", "tests/test_a.py": "import random\n"})
    (evidence,) = found["random-module"].evidence
    assert evidence.detail == "no import of random in 2 source files"


def test_false_does_not_pretend_that_only_imports_were_looked_at() -> None:
    (evidence,) = facts({"src/app/a.py": ""})["secret-values"].evidence
    assert evidence.detail == "no import of secrets, and no other sign of it, in 1 source file"


@pytest.mark.parametrize(("names", "several"), [(("linux", "windows"), True), (("linux",), False)])
def test_a_project_is_meant_for_the_systems_that_it_is_tested_on(
    names: tuple[str, ...], several: bool
) -> None:
    systems = tuple(Evidence(path="ci.yml", line=3, detail=name) for name in names)
    found = facts({"src/app/a.py": ""}, systems=systems)["several-systems"]
    assert found.value is several


def test_declared_and_not_imported_is_weak() -> None:
    found = facts({"src/app/a.py": ""}, declared=("requests",))["external-calls"]
    assert found.value is False
    assert [one.detail for one in found.evidence][1:] == ["requests is declared, and not imported"]


def test_an_unread_file_leaves_a_false_fact_open() -> None:
    files = {"src/app/a.py": "import random\n", "src/app/b.py": "x = (\n"}
    found = facts(files)
    assert found["random-module"].value is True
    assert found["async"].value is None
    assert found["async"].evidence[0].path == "src/app/b.py"
    assert found["migrations"].value is None
    assert found["native-extension"].value is False
    assert found["property-tests"].value is False


def test_what_sources_cannot_tell_stays_open() -> None:
    found = facts({"src/app/a.py": ""})
    assert found["international"].value is None
    assert found["state-changes"].value is None


def test_a_statement_overrides_and_keeps_the_evidence() -> None:
    found = facts({"src/app/a.py": "import random\n"}, stated={"random-module": False})
    fact = found["random-module"]
    assert (fact.value, fact.stated) == (False, True)
    assert fact.evidence[0].detail == "stated against what was observed: we know"
    assert fact.evidence[1].path == "src/app/a.py"
    agreed = facts({"src/app/a.py": "import random\n"}, stated={"random-module": True})
    assert agreed["random-module"].evidence[0] == PLACE


def test_declared_operations_are_facts_and_undeclared_ones_stay_open() -> None:
    charge = Declaration(
        kind=OperationKind.CRITICAL, module="app.payments", qualname="charge", place=PLACE
    )
    found = facts({"src/app/a.py": ""}, declarations=(charge,))
    critical, expensive = found["critical-operations"], found["expensive-operations"]
    assert (critical.value, critical.stated, critical.evidence) == (True, True, (PLACE,))
    assert (expensive.value, expensive.stated) == (None, False)
    assert "name them under tool.doctrine.expensive-operations" in expensive.evidence[0].detail


@pytest.mark.parametrize(
    ("minors", "expected"),
    [
        ((), {"requires-python": False, "target-py312": None, "several-minors": None}),
        ((13, 14), {"requires-python": True, "target-py312": True, "several-minors": True}),
        ((11,), {"target-py312": False, "several-minors": False}),
        ((14,), {"target-py314": True, "several-minors": False}),
    ],
)
def test_targets(minors: tuple[int, ...], expected: Mapping[str, bool | None]) -> None:
    found = facts(minors=minors)
    assert {name: found[name].value for name in expected} == expected


def test_no_file_is_blamed_that_is_not_there() -> None:
    silent = facts(minors=())["several-minors"].evidence
    assert [one.path for one in silent] == ["."]
    written = facts({"pyproject.toml": "[project]\nname = 'a'\n"}, minors=())["several-minors"]
    assert [one.path for one in written.evidence] == ["pyproject.toml"]


@pytest.mark.parametrize(
    ("classifiers", "expected"),
    [
        (["Operating System :: OS Independent"], True),
        (["Operating System :: MacOS", "Operating System :: Microsoft :: Windows"], True),
        (["Operating System :: POSIX :: Linux"], False),
    ],
)
def test_systems_by_classifier(classifiers: list[str], expected: bool) -> None:
    lines = ",\n".join(repr(one) for one in classifiers)
    pyproject = f"[project]\nname = 'a'\nclassifiers = [\n{lines}\n]\n"
    found = facts({"pyproject.toml": pyproject})["several-systems"]
    assert found.value is expected
    assert found.evidence[0].line == (4 if expected else 0)


def test_systems_by_marker() -> None:
    assert facts(declared=("a; sys_platform == 'win32'",))["several-systems"].value is True


def test_library_and_service_exclude_each_other() -> None:
    built = "[project]\nname = 'a'\n[build-system]\nrequires = []\n"
    library = facts({"pyproject.toml": built})
    assert (library["library"].value, library["deployable"].value) == (True, False)
    assert library["library"].evidence[0].line == 3
    service = facts({"pyproject.toml": built}, declared=("uvicorn",))
    assert (service["library"].value, service["deployable"].value) == (False, True)


@pytest.mark.parametrize(
    ("image", "classifier", "deployed"),
    [
        ("scripts/docker/Dockerfile", "Typing :: Typed", False),
        ("tools/testing/Dockerfile", "Typing :: Typed", False),
        ("scripts/docker/Dockerfile", "Private :: Do Not Upload", True),
        ("scripts/docker/Dockerfile", "", True),
        ("deploy/Dockerfile", "Typing :: Typed", True),
        ("services/a/tests/Dockerfile", "", False),
    ],
)
def test_an_image_for_development_deploys_no_published_project(
    image: str, classifier: str, deployed: bool
) -> None:
    listed = f"classifiers = ['{classifier}']\n" if classifier else ""
    built = f"[project]\nname = 'a'\n{listed}[build-system]\nrequires = []\n"
    found = facts({"pyproject.toml": built, image: ""})
    assert (found["deployable"].value, found["library"].value) == (deployed, not deployed)


PUBLISHED = (
    "[project]\nname = 'a'\nclassifiers = ['Typing :: Typed']\n[project.scripts]\na = 'app:main'\n"
    "[build-system]\nrequires = []\n"
)


@pytest.mark.parametrize(
    ("files", "library"),
    [
        ({"src/app/__init__.py": "from app.a import get\n"}, True),
        ({"src/app/__init__.py": "from app.a import get\n", "Dockerfile": ""}, None),
        ({"src/app/__init__.py": "", "Dockerfile": ""}, False),
        ({"src/app/__init__.py": "from app.a import get\n", "example/k8s/Dockerfile": ""}, True),
        ({"src/app/__init__.py": "import flask\napp = flask.Flask('a')\n"}, None),
        ({"src/app/__init__.py": "from flask import Flask\ndef f(app: Flask): ...\n"}, True),
    ],
)
def test_what_is_published_and_served_may_be_either(
    files: Mapping[str, str], library: bool | None
) -> None:
    assert facts({"pyproject.toml": PUBLISHED, **files})["library"].value is library


def test_pages_of_what_may_be_a_library_are_no_settled_interface() -> None:
    package = "import flask\napp = flask.Flask('a')\nflask.render_template('a')\n"
    found = facts({"pyproject.toml": PUBLISHED, "src/app/__init__.py": package})
    assert found["web-ui"].value is None


@pytest.mark.parametrize(
    ("package", "library"),
    [
        ("__version__ = '1'\n", None),
        ("from app.api import get\n", True),
        ("def get(): ...\n", True),
    ],
)
def test_a_program_that_offers_nothing_to_import_may_be_no_library(
    package: str, library: bool | None
) -> None:
    built = "[project]\nname = 'a'\n[project.scripts]\na = 'app.cli:main'\n[build-system]\nrequires = []\n"
    files = {"pyproject.toml": built, "src/app/__init__.py": package, "src/app/cli.py": "x = 1\n"}
    found = facts(files)["library"]
    assert found.value is library
    assert found.evidence[0].path == "pyproject.toml"


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("pyproject.toml", "[tool.ruff.lint]\nextend-select = ['C901']\n", True),
        ("pyproject.toml", "[tool.ruff]\nselect = ['E', 'C90']\n", True),
        ("pyproject.toml", "[tool.ruff.lint]\nselect = ['ALL']\n", True),
        ("pyproject.toml", "[tool.ruff.lint]\nselect = ['ALL']\nignore = ['C901']\n", False),
        ("pyproject.toml", "[tool.ruff.lint]\nselect = ['C901']\nignore = ['C9']\n", True),
        ("pyproject.toml", "[tool.ruff.lint]\nselect = ['C4', '']\n", False),
        ("pyproject.toml", "[tool.ruff]\nextend = '../ruff.toml'\n", None),
        ("ruff.toml", "[lint]\nselect = ['C']\n", True),
        ("ruff.toml", "[lint\n", None),
        ("README.md", "", False),
    ],
)
def test_complexity_is_linted_where_ruff_selects_its_rule(
    path: str, text: str, value: bool | None
) -> None:
    assert facts({path: text})["complexity-linted"].value is value


def test_ruffs_own_file_wins_over_pyproject() -> None:
    both = {"pyproject.toml": "[tool.ruff.lint]\nselect = ['C901']\n", "ruff.toml": ""}
    assert facts(both)["complexity-linted"].value is False


@pytest.mark.parametrize(
    ("options", "value"),
    [("-ra --cov=app", True), ("--cov", True), ("--cov --no-cov", False), ("-ra", False)],
)
def test_coverage_is_measured_by_default_where_every_run_of_pytest_does(
    options: str, value: bool
) -> None:
    text = f"[tool.pytest.ini_options]\naddopts = '{options}'\n"
    assert facts({"pyproject.toml": text})["coverage-by-default"].value is value


def test_every_fact_that_the_guide_asks_for_is_observed() -> None:
    """A fact nobody computes would silently make its clause or gate undecided."""
    asked: set[str] = set()
    for clause in load().clauses:
        asked |= {term.fact for group in clause.condition.groups for term in group}
        for check in clause.checks:
            if isinstance(check, FactCheck):
                asked.add(check.fact)
            elif isinstance(check, GateCheck):
                asked |= {pattern.fact for pattern in check.gates if pattern.fact}
    assert asked <= facts().keys()


def test_tests_and_pytest() -> None:
    found = facts({"tests/test_a.py": "import pytest\ndef test_a(): ...\n"})
    assert found["tests"].evidence[0].line == 2
    assert found["pytest"].value is True
    assert found["python-code"].value is False
    assert facts({"tests/test_a.py": "x = (\n"})["tests"].value is None


def test_a_folder_without_tests_does_not_say_that_the_project_has_none() -> None:
    assert facts({"src/a.py": ""})["tests"].value is False
    assert facts({"src/a.py": ""}, restricted=True)["tests"].value is None


def test_the_table_of_signs_is_sound() -> None:
    assert {signs.id for signs in fact_signs()} <= set(EVERY)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/a.py": "from django.views.generic import View"}, False),
        ({"app/a.py": "from django.views.generic import ListView"}, True),
        ({"app/a.py": "from django.views.generic.edit import FormView"}, True),
        ({"app/a.py": "import django", "app/templates/a.html": ""}, True),
        ({"app/a.py": "import django", "app/templates/swagger.html": ""}, False),
        ({"app/a.py": "import django", "app/static/swagger-ui/ui.css": ""}, False),
        ({"app/a.py": "import django", "app/static/.keep": ""}, False),
        ({"app/a.py": "import uvicorn"}, False),
        ({"app/a.py": "import uvicorn", "app/templates/a.html": ""}, True),
    ],
)
def test_what_describes_an_interface_for_programs_is_no_page(
    files: Mapping[str, str], *, expected: bool
) -> None:
    assert facts(files)["web-ui"].value is expected


BUILT = "[project]\nname = 'a'\n[build-system]\nrequires = []\n"
PAGE = "import flask\nflask.render_template('a')\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"src/app/a.py": PAGE}, True),
        ({"src/app/a.py": PAGE, "pyproject.toml": BUILT}, False),
        ({"src/app/a.py": PAGE, "pyproject.toml": BUILT, "src/app/templates/a.html": ""}, None),
        ({"src/app/a.py": PAGE, "pyproject.toml": BUILT, "docs/templates/a.html": ""}, False),
        ({"src/app/a.py": PAGE, "pyproject.toml": BUILT, "Dockerfile": ""}, True),
    ],
)
def test_a_library_serves_no_pages_of_its_own(
    files: Mapping[str, str], expected: bool | None
) -> None:
    assert facts(files)["web-ui"].value is expected


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nthreading.current_thread().name",
        "import multiprocessing as mp\nmp.cpu_count()",
        "from concurrent.futures import TimeoutError",
        "from PySide6.QtCore import QThread\nQThread.currentThread()",
        "class QThread:\n    pass\nclass A(QThread):\n    pass",
    ],
)
def test_what_asks_about_threads_is_not_concurrent(source: str) -> None:
    assert facts({"src/app/a.py": source})["concurrent"].value is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("path = user_cache_dir('a')\n", False),
        ("path = user_cache_dir('a')\npath.write_bytes(x)\n", True),
    ],
)
def test_a_cache_folder_is_one_that_is_written_to(source: str, expected: bool) -> None:
    assert facts({"src/app/a.py": source})["persistent-cache"].value is expected


def test_services_for_tests_deploy_no_published_project() -> None:
    classified = BUILT.replace("[build", "classifiers = ['Typing :: Typed']\n[build")
    files = {"pyproject.toml": classified, "docker-compose.yml": ""}
    assert facts(files)["deployable"].value is False
    assert facts({"docker-compose.yml": ""})["deployable"].value is True
