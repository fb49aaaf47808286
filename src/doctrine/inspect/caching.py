"""Whether caches are those of the libraries that the guide names, and expensive work is cached.

``uncached-operation``: an operation that the project declares to be expensive is neither
decorated by a cache nor called through one. ``dictionary-cache``: a module's dictionary that is
asked first and filled later grows until the process dies. ``hand-made-disk-cache``: pickles, dbm
and shelve files that their own words call a cache. Other libraries' caches count, and are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doctrine.inspect._caches import DISK, MEMORY, Caches, Memo, Place, caches
from doctrine.inspect._inspector import gathering
from doctrine.inspect._sightings import (
    Reporter,
    Sighting,
    Spot,
    Undecided,
    reading,
    support,
)
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Project
from doctrine.model.run import Reading
from doctrine.model.stated import Declaration, OperationKind

_REPORT = Reporter(tool="caching")
_UNCACHED = "uncached-operation"
_UNBOUNDED = "unbounded-cache"
_TABLE = "dictionary-cache"
_MEMORY_ADVICE = "memory-cache-advice"
_FILE = "hand-made-disk-cache"
_DISK_ADVICE = "disk-cache-advice"

_FUNCTOOLS = frozenset({"functools.lru_cache", "functools.cache"})
_NAMED_MEMORY, _NAMED_DISK = "cachetools", "diskcache"

Notes = Mapping[str, Caches]


def _conclude(project: Project, notes: Notes) -> Reading:
    sightings = (
        *_operations(project, notes),
        *_unbounded(notes),
        *_in_memory(project, notes),
        *_on_disk(notes),
    )
    return reading(sightings, (PROJECT_PATH, *notes))


def _memos(notes: Notes) -> Iterator[tuple[Spot, Memo]]:
    for path, one in sorted(notes.items()):
        for memo in one.memos:
            yield Spot(path=path, line=memo.line), memo


def _operations(project: Project, notes: Notes) -> Iterator[Sighting]:
    declared = project.declarations[OperationKind.EXPENSIVE]
    for operation in declared:
        yield from _operation(operation, notes)
    if declared:
        return
    for spot, memo in _memos(notes):
        yield support(_UNCACHED, spot, f"{memo.library} keeps the results of {memo.function}()")
    places = [(path, place) for path, one in sorted(notes.items()) for place in _held(one)]
    for path, place in places:
        spot = Spot(path=path, line=place.line)
        yield support(_UNCACHED, spot, f"{place.what} caches here")
    if not places and not any(one.memos for one in notes.values()):
        reason = (
            "nothing is cached, and no repository says which operations are expensive: name them"
            " under tool.doctrine.expensive-operations, or confirm that there are none"
        )
        yield Undecided(rule=_UNCACHED, reason=reason)


def _held(one: Caches) -> tuple[Place, ...]:
    """Return the caches of a file that are no decorators, those that are made by hand included."""
    return (*one.libraries, *one.tables, *one.files)


def _operation(operation: Declaration, notes: Notes) -> Iterator[Sighting]:
    name = operation.qualname.rpartition(".")[2]
    spot = Spot(path=operation.path, line=operation.line)
    decorated = any(
        memo.function == name and operation.line <= memo.line <= operation.end_line
        for memo in (notes[operation.path].memos if operation.path in notes else ())
    )
    if decorated or any(name in one.through for one in notes.values()):
        how = "is decorated by a cache" if decorated else "is called through a cache"
        yield support(_UNCACHED, spot, f"{operation.qualname} {how}")
    elif not operation.line:
        reason = f"{operation.path} cannot be parsed, so nobody sees whether {name}() is cached"
        yield Undecided(rule=_UNCACHED, reason=reason)
    else:
        message = (
            f"{operation.qualname}() is declared to be expensive, and nothing caches it: decorate"
            " it with a bounded cache that expires"
        )
        yield _REPORT.finding(_UNCACHED, spot, message, Severity.WARNING)


def _unbounded(notes: Notes) -> Iterator[Sighting]:
    for spot, memo in _memos(notes):
        if not memo.bounded:
            message = f"the cache of {memo.function}() keeps every result for ever: bound its size"
            yield _REPORT.advice(_UNBOUNDED, spot, message)


def _in_memory(project: Project, notes: Notes) -> Iterator[Sighting]:
    seen = False
    for path, one in sorted(notes.items()):
        for table in one.tables:
            message = (
                f"{table.what} is a cache without bound or expiry: use a cachetools cache"
                " (TTLCache, LRUCache) in its place"
            )
            spot = Spot(path=path, line=table.line)
            yield _REPORT.finding(_TABLE, spot, message, Severity.WARNING)
        for library in one.libraries:
            if library.what in MEMORY:
                seen = True
                yield from _library(
                    Spot(path=path, line=library.line), library.what, _TABLE, _MEMORY_ADVICE
                )
        seen = seen or bool(one.tables)
    for spot, memo in _memos(notes):
        seen = seen or memo.library in _FUNCTOOLS
        yield from _memory_memo(project, spot, memo)
    if not seen:
        reason = "no cache in memory could be followed: confirm what holds it"
        yield Undecided(rule=_TABLE, reason=reason)


def _memory_memo(project: Project, spot: Spot, memo: Memo) -> Iterator[Sighting]:
    if memo.library in _FUNCTOOLS:
        yield support(_TABLE, spot, f"{memo.library} keeps the results of {memo.function}()")
        message = (
            f"{memo.library} caches {memo.function}(): a cachetools cache can expire as well, where"
            " results go stale"
        )
        yield _REPORT.advice(_MEMORY_ADVICE, spot, message)
    threads = project.facts.get("concurrent")
    if (
        memo.library in {"cachetools.cached", "cachetools.cachedmethod"}
        and not memo.locked
        and threads is not None
        and threads.value
    ):
        message = "cachetools caches are not safe for threads: give the decorator a lock"
        yield _REPORT.advice(_MEMORY_ADVICE, spot, message)


def _library(spot: Spot, library: str, rule: str, advice: str) -> Iterator[Sighting]:
    named = _NAMED_MEMORY if rule == _TABLE else _NAMED_DISK
    yield support(rule, spot, f"{library} holds a cache")
    if library != named:
        yield _REPORT.advice(advice, spot, f"{library} holds a cache; the guide names {named}")


def _on_disk(notes: Notes) -> Iterator[Sighting]:
    seen = False
    open_stores: list[str] = []
    for path, one in sorted(notes.items()):
        for file in one.files:
            seen = True
            message = (
                f"{file.what}() keeps a cache by hand: diskcache with JSONDisk is safe for several"
                " processes, and its entries expire"
            )
            spot = Spot(path=path, line=file.line)
            yield _REPORT.finding(_FILE, spot, message, Severity.WARNING)
        for library in one.libraries:
            if library.what in DISK:
                seen = True
                spot = Spot(path=path, line=library.line)
                yield from _library(spot, library.what, _FILE, _DISK_ADVICE)
        yield from _pickling(path, one)
        open_stores += (f"{path}:{store.line}" for store in one.stores)
    if open_stores or not seen:
        what = f"{open_stores[0]} keeps something in a file" if open_stores else "files are kept"
        reason = f"{what}, and nothing says that it is a cache: confirm what it is for"
        yield Undecided(rule=_FILE, reason=reason)


def _pickling(path: str, one: Caches) -> Iterator[Sighting]:
    for line in one.pickling:
        message = (
            "this diskcache keeps pickles, which run code when somebody else wrote them"
            " (CVE-2025-69872, which DEP005 is about; CCH003 is satisfied): pass"
            " disk=diskcache.JSONDisk, and keep its folder private"
        )
        yield _REPORT.advice(_DISK_ADVICE, Spot(path=path, line=line), message)


INSPECTOR = gathering(
    name="caching",
    rules=(_UNCACHED, _UNBOUNDED, _TABLE, _MEMORY_ADVICE, _FILE, _DISK_ADVICE),
    note=caches,
    conclude=_conclude,
)
