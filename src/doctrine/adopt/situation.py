"""What is known of a project when it is brought to a configuration, and what is told from it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Set
from enum import StrEnum

from msgspec import Struct, field

from doctrine.documents import strings, table
from doctrine.model.project import DependencyKind, Project, Role
from doctrine.model.replacing import replace

NEWEST_MINOR = 14
OLDEST_MINOR = 11
"""Python 3.11 is the oldest version that still gets security fixes (until October 2027)."""
_OLDEST_BUILD = 8
"""The oldest Python 3 minor version that uv has builds of."""
_SYNTAX_FLOORS: Mapping[str, int] = {"pep695": 12, "pep701": 12, "pep750": 14, "pep758": 14}
"""The Python 3 minor version that a syntax needs, by the feature of a module that shows it."""
_NO_CODE = frozenset({"setup.py", "conftest.py", "noxfile.py"})
"""Modules at the root that do not make the root a folder of source."""
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})


class Platform(StrEnum):
    """Where CI runs."""

    GITHUB = "github"
    GITLAB = "gitlab"


class Situation(Struct, frozen=True, kw_only=True):
    """What is known of a project.

    Attributes:
        project: What a check would know of it.
        lacking: The checks that do not hold, as ``LNT001.gate``, conditions left out of account.
        shadows: The file that a tool reads in place of ``pyproject.toml``, by tool.
        platform: Where its CI runs or is to run.
        branches: What its main branch is called, or most likely is.
        versioned: Whether git looks after it.
        asked: Ids of the clauses that alone are to hold; None for all of them.
    """

    project: Project
    lacking: frozenset[str] = frozenset()
    shadows: Mapping[str, str] = field(default_factory=dict[str, str])
    platform: Platform = Platform.GITHUB
    branches: tuple[str, ...] = ("main", "master")
    versioned: bool = True
    asked: frozenset[str] | None = None

    def narrowed(self, clauses: frozenset[str]) -> Situation:
        """Return the situation of somebody who wants nothing but some clauses to hold."""
        lacking = frozenset(one for one in self.lacking if one.partition(".")[0] in clauses)
        return replace(self, lacking=lacking, asked=clauses)

    def wants(self, clauses: Iterable[str]) -> bool:
        """Return whether a change for the sake of some clauses is wanted."""
        return self.asked is None or not self.asked.isdisjoint(clauses)

    def lacks(self, *checks: str) -> bool:
        """Return whether one of some checks does not hold."""
        return not self.lacking.isdisjoint(checks)


class Code(Struct, frozen=True, kw_only=True):
    """Where a project keeps its code, as tools are told.

    Attributes:
        sources: Files and folders of its source; ``.`` where it lies at the root.
        tests: Folders of nothing but tests, beside the source.
        roots: Folders that its modules are imported from, other than the root.
        packages: Those of ``sources`` that are imported, scripts beside them left out.
        test_patterns: Patterns of the test files, as ruff matches them.
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    roots: tuple[str, ...]
    packages: tuple[str, ...]
    test_patterns: tuple[str, ...]

    @property
    def everything(self) -> tuple[str, ...]:
        """Source and tests, without what lies within another of them."""
        return (".",) if "." in self.sources else (*self.sources, *self.tests)


def code_of(project: Project) -> Code:
    """Return where a project keeps its code; what an empty one will most likely use."""
    layout = project.layout
    every = {one.path for one in layout.files}
    source_files = _paths(project, Role.SOURCE)
    test_files = _paths(project, Role.TEST)
    roots = tuple(root for root in layout.sources if root not in {"", "."})
    sources = _sources(source_files, roots) if source_files else (".",) if every else ("src",)
    tests = _test_folders(test_files, {*source_files, *roots})
    packages = tuple(one for one in sources if one in roots or f"{one}/__init__.py" in every)
    return Code(
        sources=sources,
        tests=tests,
        roots=roots,
        packages=packages or sources,
        test_patterns=_test_patterns(test_files, source_files, tests),
    )


def _paths(project: Project, role: Role) -> set[str]:
    return {one.path for one in project.layout.files if one.role is role}


def _test_folders(tests: set[str], sources: set[str]) -> tuple[str, ...]:
    """Return the folders at the root that hold tests and nothing of the source."""
    beside = {path.partition("/")[0] for path in tests if "/" in path}
    return tuple(sorted(beside - {path.partition("/")[0] for path in sources}))


def _sources(paths: set[str], roots: tuple[str, ...]) -> tuple[str, ...]:
    outside = {path for path in paths if not path.startswith(tuple(f"{one}/" for one in roots))}
    if any("/" not in path and path not in _NO_CODE for path in outside):
        return (".",)
    return (*roots, *sorted({path.partition("/")[0] for path in outside if "/" in path}))


def _test_patterns(tests: set[str], sources: set[str], folders: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns that match every test file, and no file of the source."""
    mixed = {above for path in sources for above in _folders_above(path)}
    named = _TEST_FOLDERS - {posixpath.basename(folder) for folder in mixed}
    within = tuple(f"{folder}/" for folder in folders)
    rest = (path for path in sorted(tests) if not path.startswith(within))
    patterns = (
        *(f"{folder}**" for folder in within),
        *(_test_pattern(path, named, mixed) for path in rest),
    )
    return tuple(dict.fromkeys(patterns)) or ("tests/**",)


def _test_pattern(path: str, named: Set[str], mixed: Set[str]) -> str:
    """Return the widest pattern that matches a test file and nothing of the source.

    Args:
        path: The test file.
        named: Names of folders that hold nothing but tests, wherever they lie.
        mixed: Folders that hold source, in themselves or in a folder within.
    """
    name = next((one for one in path.split("/")[:-1] if one in named), "")
    if name:
        return f"**/{name}/**"
    pure = next((folder for folder in _folders_above(path) if folder not in mixed), "")
    return f"{pure}/**" if pure else path


def _folders_above(path: str) -> tuple[str, ...]:
    """Return the folders that a file lies in, the outermost first."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[:length]) for length in range(1, len(parts) + 1))


def clashing_modules(project: Project, folders: Iterable[str]) -> bool:
    """Return whether two files in folders without packages have the same module name.

    mypy refuses to look at anything then (``Duplicate module named``).
    """
    packages = {
        posixpath.dirname(file.path)
        for file in project.layout.files
        if posixpath.basename(file.path) == "__init__.py"
    }
    wanted = tuple(f"{one}/" for one in folders if one != ".")
    seen: set[str] = set()
    for file in project.layout.files:
        folder, name = posixpath.split(file.path)
        if (wanted and not file.path.startswith(wanted)) or folder in packages:
            continue
        if name in seen:
            return True
        seen.add(name)
    return False


def floor_text(project: Project, oldest: int) -> str:
    """Return the oldest Python of a project for a tool, as ``3.11``.

    Args:
        project: The project.
        oldest: The oldest Python 3 minor version that the tool knows.
    """
    major, minor = floor_of(project)
    return f"{major}.{max(minor, oldest)}"


def floor_of(project: Project) -> tuple[int, int]:
    """Return the oldest Python of a project: as promised, else what its syntax allows."""
    if project.layout.target.floor is not None:
        return project.layout.target.floor
    needed = {
        minor
        for module in project.modules
        for feature, minor in _SYNTAX_FLOORS.items()
        if feature in module.features
    }
    return (3, max({OLDEST_MINOR, *needed}))


def minors_of(project: Project) -> tuple[int, ...]:
    """Return the Python 3 minor versions that a project admits; those it will, without a promise.

    Versions that nothing can install any more are left out.
    """
    target = project.layout.target
    if target.minors:
        return tuple(one for one in target.minors if one >= _OLDEST_BUILD) or target.minors[-1:]
    return tuple(range(floor_of(project)[1], NEWEST_MINOR + 1))


class Declared(Struct, frozen=True, kw_only=True):
    """Where a distribution is declared so that uv can install it.

    Attributes:
        extras: Extras that have it.
        groups: Dependency groups that have it.
        always: Whether it comes with the project itself.
    """

    extras: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    always: bool = False


def declared(project: Project, name: str) -> Declared | None:
    """Return where ``pyproject.toml`` declares a distribution; None where it does not."""
    found = {kind: set[str]() for kind in DependencyKind}
    for one in project.dependencies:
        if one.name == name and one.place.path == "pyproject.toml":
            found[one.kind].add(one.group)
    where = Declared(
        extras=frozenset(found[DependencyKind.OPTIONAL]),
        groups=frozenset(found[DependencyKind.GROUP]),
        always=bool(found[DependencyKind.RUNTIME]),
    )
    return None if where == Declared() else where


def default_groups(data: Mapping[str, object]) -> tuple[str, ...] | None:
    """Return the dependency groups that uv installs unasked; None where it is all of them."""
    value = table(data, "tool", "uv").get("default-groups", ["dev"])
    return None if value == "all" else strings(value)
