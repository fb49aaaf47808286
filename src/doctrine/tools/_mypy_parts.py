"""Which files mypy can check at a time, where two modules of one name keep it from checking all.

A folder of scripts is a place that they import each other from. Two of them go together only if that
changes nothing: none has a name that the other has, and nobody else imports a name of theirs, or
a module of the standard library that they would stand in for.
"""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

from msgspec import Struct, field

from doctrine.model.project import Module
from doctrine.model.replacing import replace
from doctrine.tools._mypy_modules import Naming, Place

_ROOT = ""


class Part(Struct, frozen=True, kw_only=True):
    """Files that mypy checks in one run.

    Attributes:
        files: They.
        explicit: Whether they are named by the folders between them and a base.
        base: A folder that becomes such a base, beside the root, which is one; empty if there is none.
    """

    files: tuple[str, ...]
    explicit: bool = False
    base: str = ""


class Tree(Struct, frozen=True, kw_only=True):
    """A project as mypy sees it.

    Attributes:
        naming: What decides about names.
        paths: Its Python files, those that are not checked as well.
        modules: What is known of them.
    """

    naming: Naming
    paths: frozenset[str]
    modules: Sequence[Module]


class _Unit(Struct, frozen=True, kw_only=True):
    """Files of one base, no two of which are the same module."""

    base: str
    files: tuple[str, ...]


class _Group(Struct):
    """Units that go together."""

    files: list[str] = field(default_factory=list[str])
    names: set[str] = field(default_factory=set[str])


def parts_of(files: Iterable[str], tree: Tree) -> tuple[Part, ...]:
    """Return the runs in which mypy can check files; one where it can check them together.

    Args:
        files: What is to be checked.
        tree: The project.
    """
    places = {path: tree.naming.place(path) for path in _without_stubbed(files)}
    odd = _odd(places)
    plain = {path: place for path, place in places.items() if not place.odd}
    rooted = _rooted(plain, tree)
    apart = {path: place for path, place in plain.items() if place.base not in rooted}
    return (
        *_named_by_folders(sorted(plain.keys() - apart.keys()), tree.naming, _ROOT),
        *(Part(files=tuple(sorted(one))) for one in _grouped([*_units(apart)], tree)),
        *chain.from_iterable(
            _named_by_folders(within, tree.naming, folder) for folder, within in odd.items()
        ),
    )


def _odd(places: Mapping[str, Place]) -> Mapping[str, Sequence[str]]:
    """Return the files in folders that nobody can import, by folder, all in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder, path in sorted((place.odd, path) for path, place in places.items() if place.odd):
        found[folder].append(path)
    return found


def _without_stubbed(files: Iterable[str]) -> tuple[str, ...]:
    """Leave out what has a stub beside it, which mypy reads in its place."""
    every = frozenset(files)
    return tuple(path for path in sorted(every) if f"{path}i" not in every)


def _named_by_folders(files: Sequence[str], naming: Naming, base: str) -> Iterator[Part]:
    """Yield the runs over files that are named by the folders below a base."""
    known = naming.explicit or frozenset()
    base = base.removeprefix(".")  # the root is a base in any case
    other = replace(naming, explicit=known | {_ROOT, base}, namespaces=True, known={})
    for unit in _units({path: other.place(path) for path in files}, whole=True):
        yield Part(files=unit.files, explicit=True, base=base)


def _units(places: Mapping[str, Place], *, whole: bool = False) -> Iterator[_Unit]:
    """Yield the files by base, those that would be one module apart.

    Args:
        places: What the files are taken for.
        whole: Whether the base makes no difference.
    """
    rounds: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path, place in sorted(places.items(), key=lambda one: (posixpath.dirname(one[0]), one)):
        base = _ROOT if whole else place.base
        free = (one for one in rounds[base] if place.module not in one)
        found = next(free, None)
        if found is None:
            rounds[base].append({place.module: path})
        else:
            found[place.module] = path
    for base, taken in sorted(rounds.items()):
        for one in taken:
            yield _Unit(base=base, files=tuple(sorted(one.values())))


def _rooted(places: Mapping[str, Place], tree: Tree) -> Set[str]:
    """Return the bases whose files somebody imports from the root, and the root, if there are some.

    Mypy would find them twice, by another name each time.
    """
    if tree.naming.explicit is not None:
        return frozenset()
    bases = {place.base for place in places.values()}.difference((_ROOT, ".."))
    tops = {base.partition("/")[0] for base in bases}
    imports = chain.from_iterable(module.imports for module in tree.modules)
    names = {one.dotted for one in imports if not one.dots and one.dotted.partition(".")[0] in tops}
    paths = places.keys() & {*chain.from_iterable(map(_files_of, names))}
    found = bases & {places[path].base for path in paths}
    return {*found, _ROOT} if found else found


def _files_of(dotted: str) -> Iterator[str]:
    """Yield the files that an import from the root may read."""
    path = ""
    for part in dotted.split("."):
        path = f"{path}/{part}" if path else part
        for end in (".py", ".pyi", "/__init__.py", "/__init__.pyi"):
            yield f"{path}{end}"


def _grouped(units: Sequence[_Unit], tree: Tree) -> Iterator[list[str]]:
    """Yield the files of units that go together."""
    if len(units) <= 1:
        yield from ([*unit.files] for unit in units)
        return
    names = _names(units, tree)
    importers = _importers(tree)
    groups: list[_Group] = []
    for unit in units:
        own = names[unit.base]
        if unit.base != _ROOT and any(_is_wanted(name, unit.base, importers) for name in own):
            yield [*unit.files]
        else:
            _put(groups, unit, own)
    yield from (group.files for group in groups)


def _put(groups: list[_Group], unit: _Unit, own: set[str]) -> None:
    """Put a unit with the first ones that have none of its names."""
    group = next((one for one in groups if own.isdisjoint(one.names)), None)
    if group is None:
        group = _Group()
        groups.append(group)
    group.files += unit.files
    group.names |= own


def _names(units: Iterable[_Unit], tree: Tree) -> Mapping[str, set[str]]:
    """Return what can be imported from each base, whether it is checked or not."""
    found: dict[str, set[str]] = {unit.base: set[str]() for unit in units}
    for path in tree.paths:
        folder, name = posixpath.split(path)
        inner = name.partition(".")[0]
        while True:
            if folder in found:
                found[folder].add(inner)
            if not folder:
                break
            folder, inner = posixpath.split(folder)
    return found


def _importers(tree: Tree) -> Mapping[str, set[str]]:
    """Return the bases of the modules that import each name."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in tree.modules:
        base = tree.naming.place(module.path).base
        for one in module.imports:
            if not one.dots:
                found[one.module.partition(".")[0]].add(base)
    return found


def _is_wanted(name: str, base: str, importers: Mapping[str, set[str]]) -> bool:
    """Return whether somebody outside of a base may import a name and get what the base has."""
    return name in sys.stdlib_module_names or bool(importers.get(name, set()) - {base})
