"""Looking for the signs of facts in a project, each file once for all facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, Fact, Layout, Module, Role
from doctrine.project.facts.outcomes import SHOWN, unsettled
from doctrine.project.facts.signs import FactSigns, Group

_UNTELLING = re.compile(r"(?i)(?:^|/)\.(?:git)?keep$|swagger|(?<![a-z])redoc|api-description")
"""Files that say nothing of a project: placeholders, and the generated description of an API."""
_ASIDE: Mapping[str, Role] = {
    "benchmarks": Role.EXAMPLE,
    "doc": Role.DOCS,
    "docs": Role.DOCS,
    "examples": Role.EXAMPLE,
    "features": Role.TEST,
    "node_modules": Role.DOCS,
    "test": Role.TEST,
    "tests": Role.TEST,
}
_BESIDE_MODULES = frozenset({"unchecked-peer"})
"""Features that mean something only beside a module that is imported in the same file."""


class Index(Struct, frozen=True, kw_only=True):
    """A project's signs, ready to be looked up.

    Attributes:
        imports: First place of every imported dotted name and of what it is below, by role.
        features: First place of every feature, by role; ``module&feature`` included.
        definitions: First place of every defined name, by role.
        paths: Paths of the files that are there for source code, or for tests, by role.
        dependencies: First declaration by distribution.
        read: Number of files that could be parsed, by role.
        unread: Those that could not, by role.
    """

    imports: Mapping[Role, Mapping[str, list[Evidence]]]
    features: Mapping[Role, Mapping[str, list[Evidence]]]
    definitions: Mapping[Role, Mapping[str, Evidence]]
    paths: Mapping[Role, tuple[str, ...]]
    dependencies: Mapping[str, Evidence]
    read: Mapping[Role, int]
    unread: Mapping[Role, tuple[str, ...]]


def index(
    layout: Layout, modules: tuple[Module, ...], dependencies: tuple[Dependency, ...]
) -> Index:
    """Return the index of a project.

    Imports of the project's own packages do not count: a framework does not use itself.
    """
    own = _own_packages(layout)
    sound = {role: _of_role(modules, role, flawed=False) for role in Role}
    return Index(
        imports={
            role: _collected(ones, lambda one: _imports(one, own)) for role, ones in sound.items()
        },
        features={role: _collected(ones, _features) for role, ones in sound.items()},
        definitions={role: _definitions(ones) for role, ones in sound.items()},
        paths=_paths(layout),
        dependencies=_declared(dependencies),
        read={role: len(ones) for role, ones in sound.items()},
        unread={
            role: tuple(one.path for one in _of_role(modules, role, flawed=True)) for role in Role
        },
    )


def _paths(layout: Layout) -> Mapping[Role, tuple[str, ...]]:
    """Return the paths by what they are for, told from the folder where a file is no code."""
    found: dict[Role, list[str]] = {role: [] for role in Role}
    for file in layout.files:
        found[file.role].append(file.path)
    for path in layout.others:
        if _UNTELLING.search(path):
            continue
        folders = path.split("/")[:-1]
        found[next(filter(None, map(_ASIDE.get, folders)), Role.SOURCE)].append(path)
    return {role: tuple(paths) for role, paths in found.items()}


def _of_role(modules: tuple[Module, ...], role: Role, *, flawed: bool) -> list[Module]:
    return [one for one in modules if one.role is role and (one.flaw is not None) is flawed]


def _declared(dependencies: tuple[Dependency, ...]) -> Mapping[str, Evidence]:
    declared: dict[str, Evidence] = {}
    for dependency in dependencies:
        if dependency.name:
            declared.setdefault(dependency.name, dependency.place)
    return declared


def observed(signs: FactSigns, index: Index) -> Fact:
    """Return a fact as its signs have it."""
    first: list[Evidence] = []
    others: list[Evidence] = []
    for group in signs.groups:
        found = list(islice(_found(group, signs.role, index), SHOWN))
        if not found:
            return _unseen(signs, group, index)
        first.append(found[0])
        others += found[1:]
    return Fact(id=signs.id, value=True, evidence=(*first, *others)[:SHOWN])


def _unseen(signs: FactSigns, group: Group, index: Index) -> Fact:
    unread = index.unread[signs.role]
    if unread and (group.imports or group.features or group.definitions):
        detail = f"{len(unread)} files could not be read, and could hold a sign of it"
        return unsettled(signs.id, unread, detail)
    detail = signs.unseen or _looked_at(signs, group, index)
    mentioned = (
        Evidence(path=place.path, line=place.line, detail=f"{name} is declared, and not imported")
        for name in sorted(group.declared)
        if (place := index.dependencies.get(name)) is not None
    )
    evidence = (Evidence(path=".", line=0, detail=detail), *islice(mentioned, SHOWN - 1))
    return Fact(id=signs.id, value=None if signs.unseen else False, evidence=evidence)


def _looked_at(signs: FactSigns, group: Group, index: Index) -> str:
    kind = "test" if signs.role is Role.TEST else "source"
    features = sorted({feature for feature, _ in group.features})
    sought = sorted(group.imports) or features or list(group.globs)
    named = ", ".join(sought[:4]) + (", …" if len(sought) > len(sought[:4]) else "")
    what = "import of" if group.imports else "sign such as"
    besides = bool(group.imports) and bool(group.features or group.definitions)
    rest = ", and no other sign of it," if besides else ""
    return f"no {what} {named}{rest} in {files_in_words(index.read.get(signs.role, 0), kind)}"


def files_in_words(count: int, kind: str) -> str:
    """Return how many files of a kind there are: ``1 source file``."""
    return f"{count} {kind} file{'' if count == 1 else 's'}"


def _found(group: Group, role: Role, index: Index) -> Iterator[Evidence]:
    for name in sorted(group.imports):
        yield from index.imports[role].get(name, ())
    for feature, module in group.features:
        key = f"{module}&{feature}" if module else feature
        yield from index.features[role].get(key, ())
    yield from _defined(group, index.definitions[role])
    if group.files is not None:
        paths = filter(group.files.match, index.paths[role])
        yield from (Evidence(path=path, line=0, detail="the file exists") for path in paths)
    declared = sorted(group.dependencies & index.dependencies.keys())
    yield from (index.dependencies[name] for name in declared)


def _defined(group: Group, definitions: Mapping[str, Evidence]) -> Iterator[Evidence]:
    for name, place in definitions.items() if group.definitions else ():
        if any(pattern.search(name) for pattern in group.definitions):
            yield place


def _own_packages(layout: Layout) -> frozenset[str]:
    """Return the top-level packages below the project's import roots."""
    own: set[str] = set()
    for file in layout.files:
        if file.role is not Role.SOURCE:
            continue
        for source in layout.sources:
            prefix = "" if source in {"", "."} else f"{source}/"
            if file.path.startswith(prefix):
                own.add(file.path.removeprefix(prefix).partition("/")[0].removesuffix(".py"))
    return frozenset(own)


def _collected(
    modules: list[Module], signs: Callable[[Module], Iterator[tuple[str, int, str]]]
) -> Mapping[str, list[Evidence]]:
    result: dict[str, list[Evidence]] = {}
    for module in modules:
        once: set[str] = set()
        for name, line, detail in signs(module):
            places = result.setdefault(name, [])
            if name not in once and len(places) < SHOWN:
                places.append(Evidence(path=module.path, line=line, detail=detail))
            once.add(name)
    return result


def _imports(module: Module, own: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    for item in module.imports:
        if item.dots or item.typing_only or item.module.partition(".")[0] in own:
            continue
        detail = f"imports {item.dotted}"
        parts = item.dotted.split(".")
        for length in range(1, len(parts) + 1):
            yield ".".join(parts[:length]), item.location.line, detail


def _features(module: Module) -> Iterator[tuple[str, int, str]]:
    roots = sorted({item.module.partition(".")[0] for item in module.imports})
    for feature, line in module.feature_lines:
        shown = feature.removeprefix("call:") + ("()" if feature.startswith("call:") else "")
        yield feature, line, shown
        if feature.startswith("call:") or feature in _BESIDE_MODULES:
            yield from ((f"{root}&{feature}", line, shown) for root in roots)
    yield from ((f"sight:{one.name}", one.line, one.detail) for one in module.sights)


def _definitions(modules: list[Module]) -> Mapping[str, Evidence]:
    result: dict[str, Evidence] = {}
    for module in modules:
        for one in module.definitions:
            name = one.qualname.rpartition(".")[2]
            if name not in result:
                result[name] = Evidence(
                    path=module.path, line=one.line, detail=f"defines {one.qualname}"
                )
    return result
