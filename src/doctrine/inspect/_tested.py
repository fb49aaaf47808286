"""What a project's tests show, ready to be matched with what asks for a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from doctrine.inspect._sightings import Spot
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Module, Project, Role, Sight

_ASSERTING = frozenset({"raises", "result", "fail", "pytest"})


class Seen(Struct, frozen=True, kw_only=True):
    """A sight and the file it is in."""

    path: str
    sight: Sight

    @property
    def spot(self) -> Spot:
        """Where it is."""
        return Spot(path=self.path, line=self.sight.line)

    @property
    def text(self) -> str:
        """The place as people write it."""
        return f"{self.path}:{self.sight.line}"


@dataclass(frozen=True)
class Tests:
    """The tests of a project.

    Attributes:
        project: The project.
    """

    project: Project

    @cached_property
    def files(self) -> tuple[Module, ...]:
        """The test files that could be read."""
        return tuple(
            one for one in self.project.modules if one.role is Role.TEST and one.flaw is None
        )

    @cached_property
    def doubt(self) -> str:
        """Why there may be tests that were not read; empty if all were."""
        flawed = [one for one in self.project.modules if one.role is Role.TEST and one.flaw]
        if flawed:
            return f"{flawed[0].path} could not be read ({flawed[0].flaw})"
        if self.project.layout.restricted:
            return "the tests may lie outside of the folder that is judged"
        return ""

    @property
    def count(self) -> str:
        """How many test files were read, for people."""
        number = len(self.files)
        return f"{number:,} test file{'' if number == 1 else 's'}"

    def of(self, name: str) -> tuple[Seen, ...]:
        """Return every place of a sight."""
        return self._by_name.get(name, ())

    def imported(self, path: str) -> frozenset[str]:
        """Return every part of the names that a test file imports."""
        return self._imported.get(path, frozenset())

    def taken_from(self, path: str, root: str) -> frozenset[str]:
        """Return the names that a test file imports out of a package."""
        module = self._by_path.get(path)
        return frozenset(
            item.bound
            for item in (module.imports if module is not None else ())
            if item.name and item.module.partition(".")[0] == root
        )

    def names(self, symbol: str) -> bool:
        """Return whether a test file imports something of that name."""
        return any(symbol in names for names in self._imported.values())

    def is_about(self, seen: Seen, subject: Seen) -> bool:
        """Return whether the test at a place has to do with a class or function of the project."""
        symbol = subject.sight.symbol
        if symbol in seen.sight.words or symbol in self.imported(seen.path):
            return True
        stem = subject.path.rpartition("/")[2].removesuffix(".py")
        return len(stem) > len("app") and stem in seen.path.rpartition("/")[2]

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Seen, ...]]:
        return _collected(self.files)

    @cached_property
    def _by_path(self) -> Mapping[str, Module]:
        return {one.path: one for one in self.files}

    @cached_property
    def _imported(self) -> Mapping[str, frozenset[str]]:
        return {
            one.path: frozenset(part for item in one.imports for part in item.dotted.split("."))
            for one in self.files
        }


def first_sight(project: Project, fact: str) -> Spot:
    """Return where a fact shows first, for a failure to be told; the project if nowhere."""
    known = project.facts.get(fact)
    if known is None or not known.evidence:
        return Spot(path=PROJECT_PATH)
    place = known.evidence[0]
    return Spot(path=place.path, line=place.line)


def asserts(seen: Seen) -> bool:
    """Return whether the definition around a place checks anything."""
    return any(word.startswith("assert") or word in _ASSERTING for word in seen.sight.words)


def in_sources(project: Project, name: str) -> tuple[Seen, ...]:
    """Return the places of a sight in source files, one for each symbol of a file."""
    found: dict[tuple[str, str], Seen] = {}
    for module in project.modules:
        for sight in module.sights if module.role is Role.SOURCE else ():
            if sight.name == name:
                key = sight.symbol or str(sight.line)
                found.setdefault((module.path, key), Seen(path=module.path, sight=sight))
    return tuple(found.values())


def within(inner: Iterable[Seen], outer: Iterable[Seen]) -> Iterator[Seen]:
    """Yield those of the first places that stand in a definition of the second."""
    around = {(one.path, one.sight.symbol) for one in outer}
    for one in inner:
        parts = one.sight.symbol.split(".")
        names = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
        if any((one.path, name) in around for name in names):
            yield one


def unit(seen: Seen) -> tuple[str, str]:
    """Return the function or method that a place is in, whatever is nested in that."""
    parts = seen.sight.symbol.split(".")
    return seen.path, ".".join(parts[: 2 if parts[0][:1].isupper() else 1])


def is_test(seen: Seen) -> bool:
    """Return whether a place is in a test, and not in a helper or fixture."""
    return unit(seen)[1].rpartition(".")[2].lower().startswith("test")


def listed(seen: Iterable[Seen], most: int = 3) -> str:
    """Return the first places for people, and how many more there are."""
    every = [f"{one.sight.symbol or one.sight.detail} ({one.text})" for one in seen]
    rest = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + rest


def _collected(modules: Iterable[Module]) -> Mapping[str, tuple[Seen, ...]]:
    found: dict[str, list[Seen]] = {}
    for module in modules:
        for sight in module.sights:
            found.setdefault(sight.name, []).append(Seen(path=module.path, sight=sight))
    return {name: tuple(places) for name, places in found.items()}
