"""Are dependencies locked with hashes, committed, and constrained in ``pyproject.toml``?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, strings, table, tables, text
from doctrine.inspect._constraints import has_upper_bound, is_constrained, is_pinned
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._lock import lock_sightings
from doctrine.inspect._locked_bounds import bounded
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, reading, support
from doctrine.model.observation import PROJECT_PATH, Finding
from doctrine.model.project import Dependency, DependencyKind, Layout, Project, TomlFile
from doctrine.model.replacing import replace
from doctrine.model.run import Reading

_REPORT = Reporter(tool="dependencies")
_PYPROJECT = "pyproject.toml"
_LEGACY = ("setup.py", "setup.cfg")
_BUILD_GROUP = "setup"


class _Sources(Struct, frozen=True, kw_only=True):
    """What ``[tool.uv]`` adds to requirements.

    Attributes:
        local: Names that come from the workspace or a folder, or are the project itself.
        direct: Names that come from a URL or a repository.
        constrained: Names that ``constraint-dependencies`` and ``override-dependencies`` limit.
    """

    local: frozenset[str]
    direct: frozenset[str]
    constrained: frozenset[str]


def _inspect(project: Project) -> Reading:
    pyproject = project.layout.pyproject
    files = (*((pyproject,) if pyproject else ()), *project.layout.members)
    sightings = [*lock_sightings(project, _REPORT)]
    for file in files:
        sightings += (*_dynamic(file), *_references(file))
    sources = _sources(pyproject, project.layout)
    if _is_described_elsewhere(pyproject):
        sightings += _legacy(project, sources)
    known = {one.path: _with_own(sources, one, project.layout) for one in project.layout.members}
    for dependency in project.dependencies:
        if _counts(dependency):
            its = known.get(dependency.place.path, sources)
            sightings += (
                _mendable(one, dependency, project, files) for one in _requirement(dependency, its)
            )
    return reading(sightings, _analysed(project, files))


def _analysed(project: Project, files: tuple[TomlFile, ...]) -> Iterator[str]:
    yield PROJECT_PATH
    yield from (file.path for file in files)
    if project.lock:
        yield project.lock.path
    yield from (path for path in _LEGACY if path in project.texts)


def _is_described_elsewhere(pyproject: TomlFile | None) -> bool:
    """Tell whether the requirements of a distribution come from setuptools' own files."""
    described = table(pyproject.data if pyproject else None, "project")
    if not described:
        return not table(pyproject.data if pyproject else None, "tool", "poetry")
    return bool({"dependencies", "optional-dependencies"} & set(strings(described.get("dynamic"))))


def _is_metadata(dependency: Dependency) -> bool:
    return dependency.place.path in _LEGACY and dependency.group != _BUILD_GROUP


def _legacy(project: Project, sources: _Sources) -> Iterator[Sighting]:
    """Judge the requirements in `setup.py` and `setup.cfg`: the project has no others."""
    found = [one for one in project.dependencies if _is_metadata(one)]
    for path in _LEGACY:
        if reason := project.unread.get(path) or ("" if found else _hidden(project, path)):
            yield Undecided(rule="unconstrained", reason=f"{path} could not be read: {reason}")
    for dependency in found:
        if dependency.problem:
            place = dependency.place
            reason = f"{place.path}:{place.line}: {dependency.raw}: {dependency.problem}"
            yield Undecided(rule="unconstrained", reason=reason)
        else:
            yield from _requirement(dependency, sources)


def _hidden(project: Project, path: str) -> str:
    """Return why a script may require what it does not show; empty if it shows all."""
    return "its arguments are built by code" if "**" in project.texts.get(path, "") else ""


def _counts(dependency: Dependency) -> bool:
    """Leave requirements in files of their own to the clause that forbids those files."""
    return dependency.place.path.rpartition("/")[2] == _PYPROJECT


def _dynamic(pyproject: TomlFile) -> Iterator[Sighting]:
    """Say that requirements computed at build time cannot be judged from here."""
    hidden = {"dependencies", "optional-dependencies"} & set(
        strings(table(pyproject.data, "project").get("dynamic"))
    )
    if hidden:
        reason = (
            f"{' and '.join(sorted(hidden))} are declared dynamic in {pyproject.path}, so they "
            "are not in pyproject.toml: write them there"
        )
        yield Undecided(rule="unconstrained", reason=reason)


def _with_own(sources: _Sources, member: TomlFile, layout: Layout) -> _Sources:
    """Return what holds for a member: what the root of the workspace says, and its own tables."""
    own = _sources(member, layout)
    return _Sources(
        local=sources.local | own.local,
        direct=sources.direct | own.direct,
        constrained=sources.constrained | own.constrained,
    )


def _sources(pyproject: TomlFile | None, layout: Layout) -> _Sources:
    members = (text(table(one.data, "project").get("name")) for one in layout.members)
    local, direct = {_normal(layout.name), *map(_normal, members)}, set[str]()
    uv = table(pyproject.data if pyproject else None, "tool", "uv")
    for key, value in table(uv, "sources").items():
        for source in _source_tables(value):
            if {"workspace", "path"} & set(source):
                local.add(_normal(key))
            if {"git", "url"} & set(source):
                direct.add(_normal(key))
    limits = (
        *strings(uv.get("constraint-dependencies")),
        *strings(uv.get("override-dependencies")),
    )
    constrained = frozenset(_normal(re.split(r"[\s\[<>=!~;@]", limit)[0]) for limit in limits)
    return _Sources(local=frozenset(local), direct=frozenset(direct), constrained=constrained)


def _source_tables(value: object) -> tuple[Mapping[str, object], ...]:
    return tables(value) or tables([value])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _references(pyproject: TomlFile) -> Iterator[Sighting]:
    """Judge ``[tool.uv.sources]``: a branch moves under the project's feet."""
    for name, value in table(pyproject.data, "tool", "uv", "sources").items():
        for source in _source_tables(value):
            unpinned = text(source.get("git")) and not (source.get("rev") or source.get("tag"))
            address = text(source.get("url"))
            if not unpinned and not (address and not is_pinned(address)):
                continue
            remedy = "add `rev` or `tag`" if unpinned else "add `#sha256=…` to the URL"
            line = line_of(pyproject, ("tool", "uv", "sources", name))
            message = f"the source of {name} is not fixed to one content: {remedy}"
            spot = Spot(path=pyproject.path, line=line)
            yield _REPORT.finding("unpinned-reference", spot, message, symbol=name)


def _requirement(dependency: Dependency, sources: _Sources) -> Iterator[Sighting]:
    spot = Spot(path=dependency.place.path, line=dependency.place.line)
    if dependency.problem or not dependency.name:
        problem = dependency.problem or "it names no distribution"
        mend = "" if ";" in problem or ": " in problem else "; write `name>=1.2,<2`"
        message = f"{dependency.raw!r} is no valid requirement: {problem}{mend}"
        yield _REPORT.finding("invalid-requirement", spot, message)
    elif dependency.url:
        yield from _direct(dependency, spot)
    elif dependency.name not in sources.local and dependency.name not in sources.direct:
        yield from _versions(dependency, spot, sources)


def _mendable(
    sighting: Sighting, dependency: Dependency, project: Project, files: tuple[TomlFile, ...]
) -> Sighting:
    """Return a requirement without a version with what the lock would have it say."""
    if not isinstance(sighting, Finding) or sighting.rule != "unconstrained":
        return sighting
    library = project.facts.get("library")
    fix = bounded(
        dependency,
        next((file for file in files if file.path == dependency.place.path), None),
        project.lock,
        library=library is None or library.value is not False,
    )
    return replace(sighting, fix=fix)


def _direct(dependency: Dependency, spot: Spot) -> Iterator[Sighting]:
    if is_pinned(dependency.url):
        yield support("unpinned-reference", spot, f"{dependency.name} is fixed by its address")
        return
    message = (
        f"{dependency.name} is taken from {dependency.url}, whose content may change: name a "
        "commit (`@<commit>`) or the file's hash (`#sha256=…`)"
    )
    yield _REPORT.finding("unpinned-reference", spot, message, symbol=dependency.name)


def _versions(dependency: Dependency, spot: Spot, sources: _Sources) -> Iterator[Sighting]:
    name, specifier = dependency.name, dependency.specifier
    if is_constrained(specifier) or name in sources.constrained:
        if specifier and not has_upper_bound(specifier):
            message = f"{name}{specifier} has no upper bound: add one (`,<next-major`)"
            yield _REPORT.advice("no-upper-bound", spot, message, symbol=name)
        return
    if dependency.kind is DependencyKind.BUILD:
        message = f"the build takes any version of {name}: write `{name}>=<version>`"
        yield _REPORT.advice("build-unconstrained", spot, message, symbol=name)
        return
    remedy = f"write the lowest version that works, `{name}>=<version>`{_command(dependency)}"
    written = "" if dependency.raw.strip() == name else f" (`{dependency.raw.strip()}`)"
    message = f"{name} may be installed in any version{written}: {remedy}"
    yield _REPORT.finding("unconstrained", spot, message, symbol=name)


_FLAGS = {DependencyKind.OPTIONAL: "--optional", DependencyKind.GROUP: "--group"}


def _command(dependency: Dependency) -> str:
    """Return the command that writes a version where the requirement stands; uv adds none by itself.

    ``uv add NAME`` leaves a requirement without a version as it is (uv 0.13.9), and without the flag it
    would become one of the project itself.
    """
    if dependency.kind is DependencyKind.FOREIGN or dependency.raw.strip() != dependency.name:
        return ""  # it has extras or markers that would have to be written, too
    where = _FLAGS.get(dependency.kind)
    folder = dependency.place.path.rpartition("/")[0]
    inside = f"--project {folder} " if folder else ""
    flags = inside + (f"{where} {dependency.group} " if where else "")
    return f", as `uv add {flags}'{dependency.name}>=<version>'` does"


INSPECTOR = ProjectInspector(
    name="dependencies",
    rules=(
        "lock-missing",
        "lock-not-committed",
        "lock-unreadable",
        "lock-without-hash",
        "lock-outdated",
        "unconstrained",
        "invalid-requirement",
        "unpinned-reference",
        "no-upper-bound",
        "build-unconstrained",
    ),
    inspect=_inspect,
)
