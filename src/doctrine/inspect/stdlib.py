"""Imports of modules that left the standard library.

``removed-module``: a Python version the project admits no longer has the module.
``removed-module-below-floor`` (advice): every admitted version still has it, because
``requires-python`` ends below the removal. ``backport``: a distribution brings it back under its
own name, so that it works and is not yet left behind; one that is declared and imported nowhere
keeps it alive as well. Where a successor does the same under another name, the finding has a
repair; where what takes a name's place is not quite the same, it says what to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from doctrine.inspect._inspector import gathering
from doctrine.inspect._module_repairs import module_repairs
from doctrine.inspect._module_uses import Place, attributes_used
from doctrine.inspect._paths import is_material
from doctrine.inspect._removed_modules import BACKPORTS, REMOVALS, Removal, removal_of
from doctrine.inspect._removed_names import KNOWN_MODULES, instead_of
from doctrine.model.observation import Evidence, Finding, Fix, Location, Severity, Support
from doctrine.model.project import DependencyKind, Import, Layout, Module, Project, Role
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile

_NAME = "stdlib"
_GONE = "removed-module"
_STILL_THERE = "removed-module-below-floor"
_BACKPORT = "backport"


class _Surroundings(Struct, frozen=True, kw_only=True):
    """What decides whether an import works.

    Attributes:
        minors: Admitted 3.x versions; empty when nothing says, which admits all.
        declared: Normalised distributions that are installed with the project.
        built_with: Those its build has at hand.
        own: Top-level modules of the project.
        beside: Modules a script finds in its own folder, by folder.
    """

    minors: tuple[int, ...]
    declared: frozenset[str]
    built_with: frozenset[str]
    own: frozenset[str]
    beside: Mapping[str, frozenset[str]]


class Noted(Struct, frozen=True):
    """What is remembered of a file, by the place of an imported name.

    Attributes:
        repairs: What moves the import to a successor.
        used: Dotted names that are used of a module that is imported by itself.
    """

    repairs: Mapping[Place, Fix]
    used: Mapping[Place, tuple[str, ...]]


_NOTHING = Noted({}, {})


def _note(parsed: ParsedFile, layout: Layout) -> Noted | None:
    del layout
    if not any(one.module in KNOWN_MODULES for one in parsed.module.imports):
        return None
    return Noted(module_repairs(parsed), dict(attributes_used(parsed, KNOWN_MODULES)))


def _conclude(project: Project, notes: Mapping[str, Noted]) -> Reading:
    surroundings = _surroundings(project)
    findings: list[Finding] = []
    supports: list[Support] = []
    for module in project.modules:
        noted = notes.get(module.path, _NOTHING)
        for sighting in _in_module(module, surroundings, noted):
            if isinstance(sighting, Finding):
                findings.append(sighting)
            else:
                supports.append(sighting)
    told = frozenset(finding.symbol for finding in findings)
    findings.extend(_declared_backports(project, told))
    return Reading(
        findings=tuple(findings),
        supports=tuple(supports),
        analysed=frozenset(module.path for module in project.modules if module.flaw is None),
        unread={
            module.path: module.flaw_detail or module.flaw.value
            for module in project.modules
            if module.flaw is not None
        },
    )


def _surroundings(project: Project) -> _Surroundings:
    build = frozenset(
        dependency.name
        for dependency in project.dependencies
        if dependency.kind is DependencyKind.BUILD
    )
    declared = frozenset(
        dependency.name
        for dependency in project.dependencies
        if dependency.kind is not DependencyKind.BUILD
    )
    return _Surroundings(
        minors=project.layout.target.minors,
        declared=declared,
        built_with=build,
        own=frozenset(_own_modules(project.layout)),
        beside=_beside(project.layout),
    )


def _own_modules(layout: Layout) -> Iterator[str]:
    roots = [PurePosixPath(source) for source in layout.sources]
    for file in layout.files:
        path = PurePosixPath(file.path)
        for root in roots:
            if path.is_relative_to(root):
                first = path.relative_to(root).parts[0]
                yield PurePosixPath(first).stem if first == path.name else first


def _beside(layout: Layout) -> Mapping[str, frozenset[str]]:
    """Return the modules in each folder that is no package: a script there finds them first."""
    folders: dict[str, set[str]] = {}
    for file in layout.files:
        path = PurePosixPath(file.path)
        folders.setdefault(str(path.parent), set()).add(path.stem)
    return {
        folder: frozenset(stems) for folder, stems in folders.items() if "__init__" not in stems
    }


def _in_module(
    module: Module, surroundings: _Surroundings, noted: Noted
) -> Iterator[Finding | Support]:
    for imported in module.imports:
        reached = removal_of(imported.module, imported.name) if not imported.dots else None
        if reached is not None:
            sighting = _judged(module, imported, *reached, surroundings)
            if isinstance(sighting, Finding):
                sighting = _mendable(sighting, imported, noted)
            yield sighting


def _mendable(finding: Finding, imported: Import, noted: Noted) -> Finding:
    """Return a finding with its repair, or with what to write where there is none."""
    place = (finding.location.line, finding.location.column)
    fix = noted.repairs.get(place)
    itself = (imported.dotted,) if imported.name else ()
    names = noted.used.get(place) or itself
    if fix is None and (told := instead_of(names)):
        return replace(finding, message=f"{finding.message}; {told}")
    return replace(finding, fix=fix)


def _judged(
    module: Module, imported: Import, name: str, removal: Removal, surroundings: _Surroundings
) -> Finding | Support:
    place = imported.location
    excuse = _excuse(module, imported, name, surroundings)
    if excuse:
        detail = f"{name}: {excuse}"
        evidence = Evidence(path=place.path, line=place.line, detail=detail)
        return Support(rule=_GONE, evidence=evidence)
    rule, severity, message = _verdict(place.path, name, removal, surroundings)
    return Finding(
        tool=_NAME, rule=rule, message=message, location=place, severity=severity, symbol=name
    )


def _excuse(module: Module, imported: Import, name: str, surroundings: _Surroundings) -> str:
    """Return why an import does not make the project depend on a module; empty if it does."""
    if module.role is Role.TEST and is_material(module.path):
        return "in material that tests work on, which is nothing the project imports"
    if imported.guarded:
        return "imported under a guard, so that its absence is provided for"
    top = name.partition(".")[0]
    folder = str(PurePosixPath(module.path).parent)
    if top == name and (top in surroundings.own or top in surroundings.beside.get(folder, ())):
        return "a module of the project itself"
    return ""


def _verdict(
    path: str, name: str, removal: Removal, surroundings: _Surroundings
) -> tuple[str, Severity, str]:
    gone = f"`{name}` left the standard library in Python 3.{removal.minor}"
    backport = _backport(path, removal, surroundings)
    if backport:
        message = f"{gone}; {backport} brings it back, {removal.instead} would replace it"
        return _BACKPORT, Severity.WARNING, message
    minors = surroundings.minors
    if minors and max(minors) < removal.minor:
        message = f"{gone}, after every version this project admits; use {removal.instead}"
        return _STILL_THERE, Severity.INFO, message
    return _GONE, Severity.ERROR, f"{gone}; use {removal.instead}"


def _declared_backports(project: Project, told: frozenset[str]) -> Iterator[Finding]:
    """Yield the declared distributions that only bring a removed module back.

    In a requirements file the entry may be a pin of what something else needs: advice.

    Args:
        project: Its dependencies.
        told: The modules whose imports are findings already, which name the distribution.
    """
    for dependency in project.dependencies:
        brought = BACKPORTS.get(dependency.name)
        if not brought or brought & told or dependency.kind is DependencyKind.BUILD:
            continue
        path = dependency.place.path
        pinned = dependency.kind is DependencyKind.FOREIGN and path.endswith((".txt", ".in"))
        modules = " and ".join(f"`{name}`" for name in sorted(brought))
        instead = "; or ".join(dict.fromkeys(REMOVALS[name].instead for name in sorted(brought)))
        message = (
            f"{dependency.name} only brings {modules} back, which Python has removed: move to "
            f"{instead}, and drop the dependency"
        )
        yield Finding(
            tool=_NAME,
            rule=_BACKPORT,
            message=message,
            location=Location.point(path, max(dependency.place.line, 1)),
            severity=Severity.INFO if pinned else Severity.WARNING,
            symbol=dependency.name,
        )


def _backport(path: str, removal: Removal, surroundings: _Surroundings) -> str:
    at_hand = surroundings.declared
    if PurePosixPath(path).name == "setup.py":  # runs where the build requirements are
        at_hand = at_hand | surroundings.built_with
    return next((name for name in removal.backports if name in at_hand), "")


INSPECTOR = gathering(
    name=_NAME, rules=(_GONE, _STILL_THERE, _BACKPORT), note=_note, conclude=_conclude
)
