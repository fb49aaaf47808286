"""Feature flags: tested in both states, and asked through an interface of the project's own.

``flag-untested``: no test names the flag, or tests set it to one state only. A default that a
test does not set may be tested without saying so; that stays undecided. So does a flag with
variants, unless tests give it two of them. ``vendor-flag-call``: code that is no adapter asks a
vendor's library for a flag by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.inspect._flag_calls import NEUTRAL, PROVIDER, VENDORS
from doctrine.inspect._flag_notes import ENV, OWN, Flags, Use, flags
from doctrine.inspect._flag_tests import Setting, State, Tests, tests
from doctrine.inspect._flag_values import ANY_FLAG
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
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile

_REPORT = Reporter(tool="feature-flags")
_UNTESTED = "flag-untested"
_VENDOR = "vendor-flag-call"
_ADVICE = "flag-advice"


class _Noted(Struct, frozen=True, kw_only=True):
    """What one file shows: a source file of flags, a test file of their states."""

    source: Flags | None = None
    test: Tests | None = None


class _Flag(Struct, frozen=True, kw_only=True):
    """A flag, where the source first asks for it.

    Attributes:
        key: Its name.
        names: What a test may call it: its key, and the constant that holds it.
        spot: Where the source asks.
        provider: Whom it asks.
        many: Whether it has more values than on and off.
    """

    key: str
    names: frozenset[str]
    spot: Spot
    provider: str
    many: bool


def _note(parsed: ParsedFile, layout: Layout) -> _Noted | None:
    del layout
    match parsed.module.role:
        case Role.SOURCE:
            return _Noted(source=flags(parsed))
        case Role.TEST:
            return _Noted(test=tests(parsed))
        case _:
            return None


def _conclude(project: Project, notes: Mapping[str, _Noted]) -> Reading:
    del project
    noted = sorted(notes.items())
    sources = {path: one.source for path, one in noted if one.source is not None}
    tested = [(path, one.test) for path, one in noted if one.test is not None]
    known = _constants(sources.values())
    uses = [(path, use) for path, one in sources.items() for use in one.uses]
    sightings = (
        *_states(_inventory(uses, known), uses, known, tested),
        *_interface(sources, uses),
    )
    return reading(sightings, (PROJECT_PATH, *notes))


def _constants(sources: Iterable[Flags]) -> Mapping[str, str]:
    """Return the constants that mean the same wherever they are defined."""
    found: dict[str, set[str]] = {}
    for one in sources:
        for name, value in one.constants.items():
            found.setdefault(name, set()).add(value)
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}


def _key(use: Use, known: Mapping[str, str]) -> str:
    return use.key or known.get(use.constant, "")


def _inventory(uses: list[tuple[str, Use]], known: Mapping[str, str]) -> list[_Flag]:
    found: dict[str, _Flag] = {}
    many = {_key(use, known) for _, use in uses if use.many}
    for path, use in uses:
        key = _key(use, known)
        if key and key not in found:
            names = frozenset({key, use.constant} - {""})
            spot = Spot(path=path, line=use.line)
            found[key] = _Flag(
                key=key, names=names, spot=spot, provider=use.provider, many=key in many
            )
    return list(found.values())


def _states(
    inventory: list[_Flag],
    uses: list[tuple[str, Use]],
    known: Mapping[str, str],
    tested: list[tuple[str, Tests]],
) -> Iterator[Sighting]:
    settings = [(path, setting) for path, one in tested for setting in one.settings]
    strings = {text for _, one in tested for text in one.strings}
    patching = [one for _, one in settings if one.patches]
    for flag in inventory:
        blanket = _all_states(patching, flag)
        yield _state(flag, settings, strings, blanket, alone=len(inventory) == 1)
    if reason := _computed(uses, known):
        yield Undecided(rule=_UNTESTED, reason=reason)
    elif not inventory:
        reason = (
            "no call that asks for a flag by its name could be followed: confirm that tests have"
            " each flag on and off"
        )
        yield Undecided(rule=_UNTESTED, reason=reason)


def _computed(uses: list[tuple[str, Use]], known: Mapping[str, str]) -> str:
    """Return what to do about a flag whose name the source does not spell out; empty if none."""
    for path, use in uses:
        if not _key(use, known) and not use.handed_on:
            return (
                f"{path}:{use.line} computes the name of its flag: confirm that tests"
                " have each flag on and off"
            )
    return ""


def _state(
    flag: _Flag,
    settings: list[tuple[str, Setting]],
    strings: set[str],
    blanket: frozenset[State],
    *,
    alone: bool,
) -> Sighting:
    naming = [(path, one) for path, one in settings if flag.names & one.words]
    if flag.many:
        return _variants(flag, naming)
    states = _all_states((one for _, one in naming), flag)
    if len(states) == len(State):
        spot = Spot(path=naming[0][0], line=naming[0][1].line)
        return support(_UNTESTED, spot, f"tests have {flag.key} on and off")
    if len(states | blanket) == len(State):
        return _by_patches(flag, settings, alone=alone)
    named = bool(naming) or bool(flag.names & strings)
    if _may_be_tested(flag, states, named):
        reason = (
            f"tests name the flag {flag.key}, and do not show that it is on in one and off in"
            " another: confirm it"
        )
        return Undecided(rule=_UNTESTED, reason=reason)
    return _untested(flag, states | blanket)


def _variants(flag: _Flag, naming: list[tuple[str, Setting]]) -> Sighting:
    """Return whether tests give a flag two of its values; which others it has, nobody can see."""
    meant = {ANY_FLAG, *flag.names}
    given = {value for _, one in naming for name, value in one.values if name in meant}
    if len(given) > 1:
        spot = Spot(path=naming[0][0], line=naming[0][1].line)
        return support(_UNTESTED, spot, f"tests have {flag.key} with {len(given)} values")
    reason = (
        f"the flag {flag.key} ({flag.spot.text}) has variants, and no two of them are seen in tests:"
        " confirm that tests have each"
    )
    return Undecided(rule=_UNTESTED, reason=reason)


def _may_be_tested(flag: _Flag, states: frozenset[State], named: bool) -> bool:
    """Return whether tests may have a flag in both states without showing it."""
    if named and not states:
        return True
    return flag.provider != OWN and _may_be_default(flag, states, named)


def _may_be_default(flag: _Flag, states: frozenset[State], named: bool) -> bool:
    """Return whether the state that no test sets may be what an unset variable means."""
    return flag.provider == ENV and named and not states - {State.ON}


def _by_patches(flag: _Flag, settings: list[tuple[str, Setting]], *, alone: bool) -> Sighting:
    where = next(((path, one) for path, one in settings if one.patches), None)
    if alone and where is not None:
        spot = Spot(path=where[0], line=where[1].line)
        return support(_UNTESTED, spot, f"tests have {flag.key} on and off")
    reason = (
        "tests replace the call that asks for flags without saying for which flag: confirm that"
        f" {flag.key} is on in one test and off in another"
    )
    return Undecided(rule=_UNTESTED, reason=reason)


def _untested(flag: _Flag, states: frozenset[State]) -> Sighting:
    lacking = " or ".join(state for state in State if state not in states)
    message = (
        f"no test has the flag {flag.key} {lacking}: parametrise its tests over both states"
        ' (`@pytest.mark.parametrize("enabled", [True, False])`)'
    )
    return _REPORT.finding(_UNTESTED, flag.spot, message, symbol=flag.key)


def _all_states(settings: Iterable[Setting], flag: _Flag) -> frozenset[State]:
    return frozenset(state for one in settings for state in one.states_of(flag.names))


def _interface(sources: Mapping[str, Flags], uses: list[tuple[str, Use]]) -> Iterator[Sighting]:
    yield from _lotteries(sources)
    vendors = [(path, use) for path, use in uses if use.provider in VENDORS]
    if not vendors:
        yield from _no_vendor(sources, uses)
        return
    asking: dict[str, Use] = {}
    for path, use in vendors:
        if not use.handed_on and not _is_adapter(path, sources[path]):
            asking.setdefault(path, use)
    for path, use in asking.items():
        message = (
            f"{use.provider} is asked for {use.key or 'a flag'} here by name: ask an interface of"
            " the project's own, and let one adapter import the vendor's library"
        )
        yield _REPORT.finding(_VENDOR, Spot(path=path, line=use.line), message, Severity.WARNING)
    yield from _adapters(sources, vendors, asking)


def _lotteries(sources: Mapping[str, Flags]) -> Iterator[Sighting]:
    for path, one in sources.items():
        if one.lottery:
            message = (
                "a user who is drawn by lot changes sides at every request: compute the bucket"
                " from a hash of flag and user (hashlib)"
            )
            yield _REPORT.advice(_ADVICE, Spot(path=path, line=one.lottery), message)


def _is_adapter(path: str, one: Flags) -> bool:
    module = path.rpartition("/")[2].removesuffix(".py")
    return bool(one.provider) or bool(PROVIDER.search(module))


def _adapters(
    sources: Mapping[str, Flags], vendors: list[tuple[str, Use]], asking: Mapping[str, Use]
) -> Iterator[Sighting]:
    for path, use in dict(reversed(vendors)).items():
        if path in asking:
            continue
        spot = Spot(path=path, line=use.line)
        yield support(_VENDOR, spot, f"an adapter asks {use.provider}")
        if not sources[path].abstract:
            message = "let the adapter implement a protocol, so that another can take its place"
            yield _REPORT.advice(_ADVICE, spot, message)


def _no_vendor(sources: Mapping[str, Flags], uses: list[tuple[str, Use]]) -> Iterator[Sighting]:
    yield from _interfaces_asked(uses)
    providers = [(path, one.provider) for path, one in sources.items() if one.provider]
    for path, line in providers:
        spot = Spot(path=path, line=line)
        yield support(_VENDOR, spot, "the project hands out flags itself")
    reading_environment = sorted({path for path, use in uses if use.provider == ENV})
    if len(reading_environment) == 1:
        yield support(_VENDOR, Spot(path=reading_environment[0]), "one module reads the variables")
    elif reading_environment:
        yield _unclear(f"FEATURE_ variables are read in {len(reading_environment)} modules")
    elif not uses and not providers:
        yield _unclear("no call that asks for a flag could be followed")


def _interfaces_asked(uses: list[tuple[str, Use]]) -> Iterator[Sighting]:
    neutral = [(path, use) for path, use in uses if use.provider in NEUTRAL]
    own = [(path, use) for path, use in uses if use.provider == OWN]
    for path, use in (*neutral, *own):
        whose = "OpenFeature" if use.provider in NEUTRAL else "an interface of the project's own"
        yield support(_VENDOR, Spot(path=path, line=use.line), f"{whose} is asked")


def _unclear(what: str) -> Sighting:
    return Undecided(rule=_VENDOR, reason=f"{what}: confirm how flags are asked for")


INSPECTOR = gathering(
    name="feature-flags", rules=(_UNTESTED, _VENDOR, _ADVICE), note=_note, conclude=_conclude
)
