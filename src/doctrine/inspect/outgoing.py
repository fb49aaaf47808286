"""Whether calls to other people's services are rate limited, and cut off while a service is down.

``outgoing-unlimited`` and ``outgoing-unprotected``: a program calls a public address that its
source names, and nothing in it limits or guards calls. Where the address is configuration, or a
vendor's library does the calling, the peer may be the project's own or the library may do it:
that stays undecided. ``breaker-on-coroutine``: pybreaker's decorator sees no failure of an
``async def``, so that the breaker never opens. ``breaker-unnamed``, ``breaker-patience`` and
``breaker-state`` (advice): trips that nobody hears, a breaker that is slow to open, and one that
several processes keep for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from doctrine.inspect._deployment import mentions, several_workers
from doctrine.inspect._import_graph import ImportGraph, import_graph
from doctrine.inspect._inspector import gathering
from doctrine.inspect._outgoing import (
    BREAKERS,
    LIMITERS,
    Guarded,
    Outgoing,
    Site,
    outgoing,
)
from doctrine.inspect._sightings import (
    Reporter,
    Sighting,
    Spot,
    Undecided,
    reading,
    support,
)
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Import, Module, Project, Role
from doctrine.model.replacing import replace
from doctrine.model.run import Reading

_REPORT = Reporter(tool="outgoing")
_UNLIMITED = "outgoing-unlimited"
_LIMITER_ADVICE = "limiter-advice"
_UNPROTECTED = "outgoing-unprotected"
_ON_COROUTINE = "breaker-on-coroutine"
_BREAKER_ADVICE = "breaker-advice"
_UNNAMED = "breaker-unnamed"
_PATIENCE = "breaker-patience"
_STATE = "breaker-state"

_OWN_LIMITER = re.compile(r"(?i)rate_?limit|token_?bucket|leaky_?bucket|throttl")
_OWN_BREAKER = re.compile(r"(?i)circuit_?breaker")
_NO_OWN = re.compile(r"(?i)(?:error|exception|exceeded|config|settings|response|handler)$")
_INBOUND = re.compile(
    r"(?i)middleware|(?:login|sign_?up)_?(?:rate|throttl)|(?:by|per)_?(?:ip|user)(?![a-z])|RateThrottle$"
)
"""Limiters by hand that are named after whom they keep out."""
_SERVES = re.compile(
    r"(?:fastapi|flask|starlette|litestar|ninja|falcon|sanic|quart|rest_framework|aiohttp\.web"
    r"|django\.(?:http|views|shortcuts|utils\.deprecation|utils\.decorators))(?:\.|$)"
)
"""What a module imports that answers requests: a limiter there is asked before they are answered."""
_GUARD = re.compile(r"(?i)breaker|\bcircuit")
_MESH = re.compile(r"\boutlierDetection\b|\boutlier_detection\b|\bmax_pending_requests\b")

Notes = Mapping[str, Outgoing]


def _conclude(project: Project, notes: Notes) -> Reading:
    graph = import_graph(project)
    sightings = (*_limits(project, notes, graph), *_breaks(project, notes, graph))
    return reading(sightings, (PROJECT_PATH, *notes))


def _sites(notes: Notes) -> list[tuple[str, Site]]:
    return [(path, site) for path, one in sorted(notes.items()) for site in one.sites]


def _limits(project: Project, notes: Notes, graph: ImportGraph) -> Iterator[Sighting]:
    yield from _stale(notes)
    callers = _callers(notes)
    limiting = {
        path: one.limiter
        for path, one in sorted(notes.items())
        if one.limiter is not None and _is_near(path, callers, graph)
    }
    yield from _limited(limiting)
    # One part of a program that keeps to a rate says nothing of the others.
    near = set(limiting)
    open_sites = [(path, site) for path, site in _sites(notes) if not _is_near(path, near, graph)]
    if limiting and not open_sites:
        yield from _partly(_UNLIMITED, limiting, notes, lambda site: site.limited)
        return
    own = _own(_without_inbound(project, callers), _OWN_LIMITER, callers, graph)
    yield from _unlimited(open_sites) if own is None else _limited_by_hand(own)


def _partly(
    rule: str,
    used: Mapping[str, tuple[int, str]],
    notes: Notes,
    sees_to: Callable[[Site], bool],
) -> Iterator[Sighting]:
    """Yield the files in which some calls are seen to, each by itself, and others are not."""
    for path, (_, library) in used.items():
        sites = notes[path].sites
        others = [site for site in sites if not sees_to(site)]
        if not others or len(others) == len(sites):
            continue
        first = others[0]
        yield Undecided(
            rule=rule,
            reason=(
                f"{library} is seen around {len(sites) - len(others)} of {len(sites)} calls in {path},"
                f" and not around {first.name} at line {first.line}: confirm that it covers all"
            ),
        )


def _limited(limiting: Mapping[str, tuple[int, str]]) -> Iterator[Sighting]:
    for path, (line, library) in limiting.items():
        spot = Spot(path=path, line=line)
        yield support(_UNLIMITED, spot, f"{library} limits calls here")
        if library not in LIMITERS:
            message = f"{library} limits the calls; the guide names limits and pyrate-limiter"
            yield _REPORT.advice(_LIMITER_ADVICE, spot, message)


def _limited_by_hand(own: Spot) -> Iterator[Sighting]:
    yield support(_UNLIMITED, own, "a limiter of the project's own")
    reason = f"{own.text} looks like a limiter of the project's own: confirm that it is asked"
    yield Undecided(rule=_UNLIMITED, reason=f"{reason} before calls go out")


def _callers(notes: Notes) -> set[str]:
    return {path for path, one in notes.items() if one.sites}


def _is_near(path: str, callers: set[str], graph: ImportGraph) -> bool:
    """Return whether a file calls, or is one import away from a file that does."""
    return path in callers or not callers.isdisjoint(graph.neighbours(path))


def _stale(notes: Notes) -> Iterator[Sighting]:
    for path, one in sorted(notes.items()):
        if one.stale:
            message = (
                "pyrate-limiter 4 has no Limiter.ratelimit(), and takes several rates as one list:"
                " use try_acquire(), try_acquire_async() or as_decorator()"
            )
            yield _REPORT.advice(_LIMITER_ADVICE, Spot(path=path, line=one.stale), message)


def _unlimited(sites: list[tuple[str, Site]]) -> Iterator[Sighting]:
    for path, (site, count) in _worst(sites).items():
        message = (
            f"{site.name}() calls {site.host}{_more(count)}, and nothing limits how often: ask a"
            " limiter of limits or pyrate-limiter before each call"
        )
        yield _REPORT.finding(
            _UNLIMITED, Spot(path=path, line=site.line), message, Severity.WARNING
        )
    yield Undecided(rule=_UNLIMITED, reason=_open(sites, "whether a quota has to be kept"))


def _worst(sites: list[tuple[str, Site]]) -> Mapping[str, tuple[Site, int]]:
    """Return the first call of each file that goes to a known public address, and their number."""
    found: dict[str, tuple[Site, int]] = {}
    for path, site in sites:
        if site.host and site.repeated:
            first, count = found.get(path, (site, 0))
            found[path] = (first, count + 1)
    return found


def _more(count: int) -> str:
    return f" ({count} such calls in this file)" if count > 1 else ""


def _open(sites: list[tuple[str, Site]], wanted: str) -> str:
    if not sites:
        return (
            "a client library is imported, and no call of it could be followed: confirm what is"
            f" called and {wanted}"
        )
    path, site = sites[0]
    count = "1 call goes" if len(sites) == 1 else f"{len(sites)} calls go"
    return (
        f"{count} out ({site.name} at {path}:{site.line} the first), and the source does not say"
        f" that they go to other people's services again and again: confirm {wanted}"
    )


def _own(
    modules: Iterable[Module], pattern: re.Pattern[str], callers: set[str], graph: ImportGraph
) -> Spot | None:
    """Return a definition that does by hand what a library is asked for."""
    near = callers | {other for path in callers for other in graph.neighbours(path)}
    for module in modules:
        if module.role is not Role.SOURCE or module.path not in near:
            continue
        for one in module.definitions:
            name = one.qualname.rpartition(".")[2]
            if pattern.search(name) and not _NO_OWN.search(name):
                return Spot(path=module.path, line=one.line)
    return None


def _without_inbound(project: Project, callers: set[str]) -> Iterator[Module]:
    """Yield the modules without the definitions that limit what comes in."""
    for module in project.modules:
        serves = module.path not in callers and any(
            _SERVES.match(item.dotted) for item in module.imports if not item.dots
        )
        kept = (one for one in module.definitions if not _INBOUND.search(one.qualname))
        yield replace(module, definitions=() if serves else tuple(kept))


def _breaks(project: Project, notes: Notes, graph: ImportGraph) -> Iterator[Sighting]:
    yield from _on_coroutines(project, notes, graph)
    yield from _breaker_advice(notes)
    yield from _state(project, notes)
    callers = _callers(notes)
    used = {
        path: note.breaker_use
        for path, note in sorted(notes.items())
        if note.breaker_use is not None and _is_near(path, callers, graph)
    }
    for path, (line, library) in used.items():
        spot = Spot(path=path, line=line)
        yield support(_UNPROTECTED, spot, f"{library} guards calls here")
        if library not in BREAKERS:
            message = f"{library} breaks the circuit; the guide names pybreaker and aiobreaker"
            yield _REPORT.advice(_BREAKER_ADVICE, spot, message)
    open_sites = _open_sites(notes, set(used), graph)
    if used and not open_sites:
        breakers = _named_breakers(notes)
        yield from _partly(
            _UNPROTECTED, used, notes, lambda site: site.broken or _protected(site, breakers)
        )
        return
    doubt = _guarded_elsewhere(project, callers, graph)
    if doubt:
        yield Undecided(rule=_UNPROTECTED, reason=doubt)
        return
    yield from _unprotected(open_sites)


def _named_breakers(notes: Notes) -> set[str]:
    return {one.name for note in notes.values() for one in note.breakers if one.name}


def _open_sites(notes: Notes, guarding: set[str], graph: ImportGraph) -> list[tuple[str, Site]]:
    """Return the calls that neither a breaker around them nor one in a near file guards."""
    breakers = _named_breakers(notes)
    return [
        (path, site)
        for path, site in _sites(notes)
        if not _protected(site, breakers) and not _is_near(path, guarding, graph)
    ]


def _unprotected(sites: list[tuple[str, Site]]) -> Iterator[Sighting]:
    for path, (site, count) in _worst(sites).items():
        message = (
            f"{site.name}() calls {site.host}{_more(count)} without a circuit breaker: decorate"
            " the function with a pybreaker.CircuitBreaker (aiobreaker for coroutines)"
        )
        yield _REPORT.finding(
            _UNPROTECTED, Spot(path=path, line=site.line), message, Severity.WARNING
        )
    yield Undecided(rule=_UNPROTECTED, reason=_open(sites, "that a breaker surrounds them"))


def _protected(site: Site, breakers: set[str]) -> bool:
    return any(
        _GUARD.search(guard) or not breakers.isdisjoint(re.findall(r"\w+", guard))
        for guard in site.guards
    )


def _guarded_elsewhere(project: Project, callers: set[str], graph: ImportGraph) -> str:
    own = _own(project.modules, _OWN_BREAKER, callers, graph)
    if own is not None:
        return f"{own.text} looks like a breaker of the project's own: confirm that calls use it"
    mesh = next(mentions(project, _MESH), None)
    if mesh is not None:
        return f"{mesh[0].text} lets the mesh break circuits: confirm that it covers every peer"
    return ""


def _on_coroutines(project: Project, notes: Notes, graph: ImportGraph) -> Iterator[Sighting]:
    makers = {
        (path, one.name): one.library for path, note in notes.items() for one in note.breakers
    }
    imported = {module.path: module.imports for module in project.modules}
    for path, note in sorted(notes.items()):
        imports = imported.get(path, ()) if note.guarded else ()
        handed = _handed(path, imports, makers, graph)
        for one in note.guarded:
            library = one.library or handed.get(one.decorator.partition("(")[0], "")
            if library == "pybreaker" and "call_async" not in one.decorator:
                yield _hazard(path, one)


def _handed(
    path: str,
    imports: tuple[Import, ...],
    makers: Mapping[tuple[str, str], str],
    graph: ImportGraph,
) -> Mapping[str, str]:
    """Return the libraries of the breakers that a file imports from others, by what they are here."""
    return {
        item.bound: makers.get((graph.resolve(item, path), item.name), "")
        for item in imports
        if item.name
    }


def _hazard(path: str, one: Guarded) -> Sighting:
    message = (
        f"pybreaker's decorator counts no failure of the coroutine {one.coroutine}(), so the"
        " breaker never opens: use aiobreaker"
    )
    return _REPORT.finding(_ON_COROUTINE, Spot(path=path, line=one.line), message)


def _breaker_advice(notes: Notes) -> Iterator[Sighting]:
    for path, note in sorted(notes.items()):
        for one in note.breakers:
            spot = Spot(path=path, line=one.line)
            if one.seconds:
                message = (
                    "aiobreaker adds timeout_duration to a time: give it a timedelta, or the first"
                    " trip raises TypeError"
                )
                yield _REPORT.advice(_BREAKER_ADVICE, spot, message)
            if not one.settings & {"listeners", "name"}:
                message = "give the breaker a name and a listener, so that its trips are seen"
                yield _REPORT.advice(_UNNAMED, spot, message)
            if one.patience:
                message = f"{one.patience} lets a service that is down be called for long: fail_max=5 and reset_timeout=60 are usual"
                yield _REPORT.advice(_PATIENCE, spot, message)


def _state(project: Project, notes: Notes) -> Iterator[Sighting]:
    """Yield breakers that keep their state in a process, where there is more than one."""
    kept = [
        Spot(path=path, line=one.line)
        for path, note in sorted(notes.items())
        for one in note.breakers
        if "state_storage" not in one.settings
    ]
    several = next(several_workers(project), None) if kept else None
    if several is None:
        return
    message = (
        f"{several.text} starts several workers, and each opens a breaker of its own: keep the"
        " state in Redis (state_storage)"
    )
    yield from (_REPORT.advice(_STATE, spot, message) for spot in kept)


INSPECTOR = gathering(
    name="outgoing",
    rules=(
        _UNLIMITED,
        _LIMITER_ADVICE,
        _UNPROTECTED,
        _ON_COROUTINE,
        _BREAKER_ADVICE,
        _UNNAMED,
        _PATIENCE,
        _STATE,
    ),
    note=outgoing,
    conclude=_conclude,
)
