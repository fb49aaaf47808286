"""``[dependency-groups]``: the tools that the guide asks, each with a lower and an upper bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doctrine.adopt.changes import Asked, Change, Op
from doctrine.adopt.edits import Left, Section
from doctrine.adopt.gates import gates_of, other_runner, tests_wanted
from doctrine.adopt.plugins import plugin_requirements
from doctrine.adopt.project import is_managed
from doctrine.adopt.situation import Situation, declared, floor_of
from doctrine.adopt.tables import Data
from doctrine.documents import table

_ASKED = Asked(section=Section.DEPENDENCIES, table=("dependency-groups",))
GROUP = "dev"
TEST_TOOLS = ("pytest", "pytest-cov", "pytest-xdist")
BOUNDS: Mapping[str, str] = {
    "hypothesis": ">=6.100,<7",
    "mypy": ">=1.15,<3",
    "pyright": ">=1.1.400,<2",
    "pytest": ">=8.4,<10",
    "pytest-cov": ">=6,<8",
    "pytest-xdist": ">=3.6,<4",
    "ruff": ">=0.14,<1",
    "vulture": ">=2.14,<3",
    "xenon": ">=0.9.3,<1",
}
"""Versions that were seen to work together with the configuration that is written here."""
_OLDER: Mapping[str, str] = {
    "hypothesis": ">=6.79,<7",
    "mypy": ">=1.4,<3",
    "pytest": ">=7.4,<10",
    "pytest-cov": ">=4.1,<8",
    "pytest-xdist": ">=3.5,<4",
    "vulture": ">=2.9,<3",
}
"""The same for projects that promise a Python older than 3.9, on which newer ones do not run."""
_OLD_FLOOR = (3, 9)
_TOOLS_FLOOR = (3, 7)
"""The oldest Python that a version of each tool runs on."""
_SETTINGS = Asked(section=Section.DEPENDENCIES, table=("tool", "uv", "dependency-groups"))
_ASKING: Mapping[str, tuple[str, ...]] = {
    "hypothesis": ("FUZ001",),
    "mypy": ("TYP001",),
    "pyright": ("TYP002",),
    "pytest": ("COV001",),
    "pytest-cov": ("COV001",),
    "pytest-xdist": ("XDT001",),
    "ruff": ("FMT001", "LNT001"),
    "vulture": ("DED001",),
    "xenon": ("CPX001",),
}
_FORKS: Mapping[str, tuple[str, ...]] = {"pyright": ("basedpyright",)}


def dependency_changes(data: Data, situation: Situation) -> Iterator[Change | Left]:
    """Yield the tools that nothing in ``pyproject.toml`` declares yet.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    missing = tuple(one for one in sorted({*_wanted(data, situation)}) if not _has(situation, one))
    there = isinstance(table(data, "dependency-groups").get(GROUP), list)
    if missing:
        clauses = tuple(sorted({clause for one in missing for clause in _ASKING[one]} | {"DEP004"}))
        bounds = {**BOUNDS, **(_OLDER if floor_of(situation.project) < _OLD_FLOOR else {})}
        items = tuple(f"{one}{bounds[one]}" for one in missing)
        why = f"the tools that the guide asks: {', '.join(missing)}"
        yield _ASKED.do(Op.ADD if there else Op.SET, (GROUP,), items, why, *clauses)
        yield from _bounded(data, situation, clauses)
    yield from _plugins(data, situation, there=there or bool(missing))


def _plugins(data: Data, situation: Situation, *, there: bool) -> Iterator[Change | Left]:
    """Yield what brings mypy's plugins, where uv is what installs mypy."""
    if not is_managed(data):
        return
    for one in plugin_requirements(data, situation):
        if isinstance(one, Left):
            yield one
            continue
        why = f"mypy stops without its plugin {one.plugin}"
        op = Op.ADD if there else Op.SET
        yield _ASKED.do(op, (GROUP,), (one.requirement,), why, "DEP004", "TYP001")
        there = True


def _bounded(data: Data, situation: Situation, clauses: Iterable[str]) -> Iterator[Change]:
    """Yield that the tools are asked for only on the Pythons that a version of each runs on."""
    settings = table(data, *_SETTINGS.table, GROUP)
    if floor_of(situation.project) < _TOOLS_FLOOR and "requires-python" not in settings:
        major, minor = _TOOLS_FLOOR
        bound = {"requires-python": f">={major}.{minor}"}
        said = "the project promises a Python that no version of the tools runs on, and uv could lock nothing"
        yield _SETTINGS.do(Op.SET, (GROUP,), bound, said, *clauses)


def _has(situation: Situation, name: str) -> bool:
    names = (name, *_FORKS.get(name, ()))
    return any(declared(situation.project, one) is not None for one in names)


def _wanted(data: Data, situation: Situation) -> Iterator[str]:
    for gate in gates_of(situation, data):
        yield from gate.distributions
    foreign = bool(other_runner(situation))
    for name, clauses in _ASKING.items():
        if foreign and name in TEST_TOOLS:
            continue
        if any(situation.lacks(f"{clause}.declared") for clause in clauses):
            yield name
    if tests_wanted(situation):
        yield from TEST_TOOLS
