"""``[tool.pytest.ini_options]``: strict about itself, the tests spread over the cores."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.changes import Asked, Change, Keys, Op, Value
from doctrine.adopt.edits import Section
from doctrine.adopt.gates import other_runner, runs_tests
from doctrine.adopt.situation import Situation, code_of
from doctrine.adopt.tables import Data
from doctrine.documents import strings, table
from doctrine.model.project import Role

_NATIVE = ("tool", "pytest")
_NESTED = ("tool", "pytest", "ini_options")
_SPREAD = ("-n", "auto")
_STRICT = ("--strict-markers", "--strict-config")


def pytest_changes(data: Data, situation: Situation) -> Iterator[Change]:
    """Yield what pytest's table lacks.

    Where something runs the tests already in an environment that may lack pytest-xdist, its option
    is not made the default: that run would end in a usage error. CI's own command has it then.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    native = set(table(data, *_NATIVE)) - {"ini_options"}
    asked = Asked(section=Section.PYTEST, table=_NATIVE if native else _NESTED)
    options = table(data, *asked.table)
    spread = not runs_tests(situation)
    if other_runner(situation):
        return
    if not options:
        rows = _rows(situation, data) if spread else {}
        yield from asked.rows(rows, "the tests run on every core", "XDT001")
    elif spread and situation.lacks("XDT001.enabled") and not is_spread(options):
        yield _with_spread(asked, options.get("addopts"))


def _rows(situation: Situation, data: Data) -> dict[Keys, Value]:
    """Return the first table; what could fail tests that pass is for projects without any."""
    code = code_of(situation.project)
    tested = any(file.role is Role.TEST for file in situation.project.layout.files)
    rows: dict[Keys, Value] = {("addopts",): _SPREAD if tested else (*_SPREAD, *_STRICT)}
    if code.tests or not tested:
        rows["testpaths",] = code.tests or ("tests",)
    if not _is_installed(data):
        rows["pythonpath",] = code.roots or (".",)
    return rows


def _is_installed(data: Data) -> bool:
    """Return whether uv installs the project itself, so that tests can import it."""
    package = table(data, "tool", "uv").get("package")
    return package is True or (package is None and "build-system" in data)


def is_spread(options: Data) -> bool:
    """Return whether pytest's own options start several workers."""
    words = " ".join(strings(options.get("addopts"))).split()
    return any(word.startswith(("-n", "--numprocesses")) for word in words)


def _with_spread(asked: Asked, addopts: object) -> Change:
    why = "pytest-xdist spreads the tests over the cores"
    if isinstance(addopts, list):
        return asked.do(Op.ADD, ("addopts",), _SPREAD, why, "XDT001")
    joined = " ".join((*strings(addopts), *_SPREAD))
    return asked.do(Op.SET, ("addopts",), joined, why, "XDT001")
