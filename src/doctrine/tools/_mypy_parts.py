"""Which files mypy can check at a time, where two modules of one name keep it from checking all.

Two folders go together only if that changes nothing: none has a name that the other has, and neither
finds in the other what it does not mean.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

from msgspec import Struct, field

from doctrine.model.replacing import replace
from doctrine.tools._mypy_modules import Naming, Place
from doctrine.tools._mypy_search import ROOT, Search, Tree, search_of


class Part(Struct, frozen=True, kw_only=True):
    """Files that mypy checks in one run.

    Attributes:
        files: They.
        explicit: Whether they are named by the folders between them and a base: the project's
            root, or one of ``search``.
        search: Folders to import from beside the root and those of the files.
    """

    files: tuple[str, ...]
    explicit: bool = False
    search: tuple[str, ...] = ()


class _Unit(Struct, frozen=True, kw_only=True):
    """Files of one base, no two of which are the same module."""

    base: str
    files: tuple[str, ...]


class _Group(Struct):
    """Units that go together."""

    bases: list[str] = field(default_factory=list[str])
    files: list[str] = field(default_factory=list[str])
    names: set[str] = field(default_factory=set[str])


def parts_of(files: Iterable[str], tree: Tree) -> tuple[Part, ...]:
    """Return the runs in which mypy can check files; none where it can check them together.

    Args:
        files: What is to be checked.
        tree: The project.
    """
    places = {path: tree.naming.place(path) for path in _without_stubbed(files)}
    odd = _odd(places)
    plain = {path: place for path, place in places.items() if not place.odd}
    rooted = _rooted(plain, tree)
    if not (odd or rooted or _is_clashing(plain.values())):
        return ()
    search = search_of({place.base for place in places.values()} | {ROOT}, tree)
    apart = _outside(rooted, plain)
    more = _sorted(search.needs(rooted) - rooted)
    return (
        *_named_by_folders(sorted(plain.keys() - apart.keys()), tree.naming, more),
        *_grouped([*_units(apart)], search),
        *chain.from_iterable(_in_odd(folder, one, tree, search) for folder, one in odd.items()),
    )


def _outside(bases: Set[str], places: Mapping[str, Place]) -> Mapping[str, Place]:
    return {path: place for path, place in places.items() if place.base not in bases}


def _is_clashing(places: Collection[Place]) -> bool:
    return len({place.module for place in places}) < len(places)


def _without_stubbed(files: Iterable[str]) -> tuple[str, ...]:
    """Leave out what has a stub beside it, which mypy reads in its place."""
    every = frozenset(files)
    return tuple(path for path in sorted(every) if f"{path}i" not in every)


def _odd(places: Mapping[str, Place]) -> Mapping[str, Sequence[str]]:
    """Return the files in folders that nobody can import, by folder, all in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder, path in sorted((place.odd, path) for path, place in places.items() if place.odd):
        found[folder].append(path)
    return found


def _in_odd(folder: str, files: Sequence[str], tree: Tree, search: Search) -> Iterator[Part]:
    """Yield the runs over the files in a folder that nobody can import, as if it were a base."""
    base = folder.removeprefix(".")  # the root is a base in any case
    more = _sorted(search.needs((base,)) - {base})
    return _named_by_folders(files, tree.naming, (base, *more) if base else more)


def _named_by_folders(
    files: Sequence[str], naming: Naming, search: tuple[str, ...]
) -> Iterator[Part]:
    """Yield the runs over files that are named by the folders below a base."""
    known = naming.explicit or frozenset()
    other = replace(naming, explicit=known | {ROOT, *search}, namespaces=True, known={})
    places = {path: replace(other.place(path), base=ROOT) for path in files}
    for one in _units(places):
        yield Part(files=one.files, explicit=True, search=search)


def _units(places: Mapping[str, Place]) -> Iterator[_Unit]:
    """Yield the files by base, those that would be one module apart."""
    rounds: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path, place in sorted(places.items(), key=lambda one: (posixpath.dirname(one[0]), one)):
        free = (one for one in rounds[place.base] if place.module not in one)
        found = next(free, None)
        if found is None:
            rounds[place.base].append({place.module: path})
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
    bases = {place.base for place in places.values()}.difference((ROOT, ".."))
    tops = {base.partition("/")[0] for base in bases}
    imports = chain.from_iterable(module.imports for module in tree.modules)
    names = {one.dotted for one in imports if not one.dots and one.dotted.partition(".")[0] in tops}
    paths = places.keys() & {*chain.from_iterable(map(_files_of, names))}
    found = bases & {places[path].base for path in paths}
    return {*found, ROOT} if found else found


def _files_of(dotted: str) -> Iterator[str]:
    """Yield the files that an import from the root may read."""
    path = ""
    for part in dotted.split("."):
        path = f"{path}/{part}" if path else part
        for end in (".py", ".pyi", "/__init__.py", "/__init__.pyi"):
            yield f"{path}{end}"


def _grouped(units: Sequence[_Unit], search: Search) -> Iterator[Part]:
    """Yield the runs over units that go together."""
    groups: list[_Group] = []
    for unit in units:
        alone = search.is_alone(unit.base)
        fitting = (one for one in groups if not alone and _fits(unit.base, one, search))
        group = next(fitting, None)
        if group is None:
            group = _Group()
            groups.append(group)
        group.bases.append(unit.base)
        group.files += unit.files
        group.names |= search.names[unit.base]
    for group in groups:
        more = search.needs(group.bases).difference(group.bases)
        yield Part(files=tuple(sorted(group.files)), search=_sorted(more))


def _fits(base: str, group: _Group, search: Search) -> bool:
    """Return whether the files of a base can be checked with others."""
    return (
        search.names[base].isdisjoint(group.names)
        and not search.misled(base, group.bases)
        and not any(map(search.is_alone, group.bases))
    )


def _sorted(bases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(bases))
