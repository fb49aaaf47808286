"""What alone shows, without resolving anything, that a ``uv.lock`` is older than the project.

The lock repeats what ``pyproject.toml`` said when it was made. Where the two differ the lock is
stale; where they agree, only uv can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.version import InvalidVersion, Version

from doctrine.documents import line_of, strings, table, tables, text
from doctrine.inspect._sightings import Reporter, Sighting, Spot
from doctrine.model.project import DependencyKind, Lock, Project, TomlFile

_RULE = "lock-outdated"
_LOCAL = frozenset({"editable", "virtual", "directory"})
_DECLARED = frozenset({DependencyKind.RUNTIME, DependencyKind.OPTIONAL, DependencyKind.GROUP})
_PYPROJECT = "pyproject.toml"


def fit_sightings(
    project: Project, lock: Lock, data: Mapping[str, object], report: Reporter
) -> Iterator[Sighting]:
    """Yield where the lock and the project it was made for have parted.

    Args:
        project: The project.
        lock: Its lock file.
        data: What the lock says.
        report: Writes the findings.
    """
    pyproject = project.layout.pyproject
    if pyproject is None or lock.path.startswith("../"):
        return
    for index, package in enumerate(tables(data.get("package"))):
        source = table(package, "source")
        if not any(text(source.get(kind)) == "." for kind in _LOCAL):
            continue
        located = TomlFile(path=lock.path, data=data, text=lock.text)
        spot = Spot(path=lock.path, line=line_of(located, ("package", str(index), "name")))
        # Only the oldest locks, which have no revision, may leave the requirements unrecorded.
        recorded = "metadata" in package or "revision" in data
        names = _names(project, package) if recorded else ()
        for what in (*_version(pyproject, package), *names):
            message = f"{what}: run `uv lock` and commit {lock.path}"
            yield report.finding(_RULE, spot, message)


def _version(pyproject: TomlFile, package: Mapping[str, object]) -> Iterator[str]:
    locked = text(package.get("version"))
    declared = text(table(pyproject.data, "project").get("version"))
    if locked and declared and _parsed(locked) != _parsed(declared):
        name = text(package.get("name"))
        yield f"the lock is that of {name} {locked}, {pyproject.path} says {declared}"


def _parsed(version: str) -> Version | str:
    try:
        return Version(version)
    except InvalidVersion:
        return version


def _names(project: Project, package: Mapping[str, object]) -> Iterator[str]:
    """Say which declared requirements the lock has never heard of."""
    metadata = table(package, "metadata")
    groups = table(metadata, "requires-dev")
    recorded = {
        text(requirement.get("name"))
        for entries in (metadata.get("requires-dist"), *groups.values())
        for requirement in tables(entries)
    }
    declared = {
        one.name
        for one in project.dependencies
        if one.name and one.kind in _DECLARED and one.place.path == _PYPROJECT
    }
    unknown = sorted(declared - recorded - _own_names(project, package))
    if unknown:
        yield f"the lock does not know of {', '.join(unknown[:5])}"


def _own_names(project: Project, package: Mapping[str, object]) -> frozenset[str]:
    """Return what is declared and never recorded: the project itself, and what is left out."""
    pyproject = project.layout.pyproject
    uv = table(pyproject.data if pyproject else None, "tool", "uv")
    return frozenset({text(package.get("name")), *strings(uv.get("exclude-dependencies"))})
