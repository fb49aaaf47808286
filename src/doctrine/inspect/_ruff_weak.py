"""Does the project's ruff configuration switch off what makes ruff a linter at all?"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from doctrine.documents import strings
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._ruff_files import Governed, RuffFile, governed
from doctrine.inspect._sightings import Reporter, Sighting, Spot, undecided
from doctrine.model.made import MOST
from doctrine.model.observation import Severity
from doctrine.model.project import Project
from doctrine.model.replacing import replace

WEAKENED = "ruff-weakened"
BASIC = frozenset({"ALL", "E", "F", "E4", "E7", "E9", "F4", "F5", "F6", "F7", "F8", "F9"})
"""Selectors that take out whole families of what ruff has always checked by default."""
_EVERYTHING = ""
"""What is lost where nothing is selected."""
_EXCEPTIONS = "per-file-ignores"
_SECTIONS = ((), ("lint",))


class _Fault(Struct, frozen=True, kw_only=True):
    """A setting that takes rules from source files.

    Attributes:
        kind: What is lost; the same loss by several settings adds up.
        spot: Where it stands.
        message: What is wrong, and how it is mended.
        severity: What it is where most of the source loses it.
        paths: The source files that lose it, relative to the root.
    """

    kind: str
    spot: Spot
    message: str
    severity: Severity
    paths: frozenset[str]


class _Nearer(Struct, frozen=True, kw_only=True):
    """What the files say that extend another one, and that counts in the place of its settings.

    Attributes:
        selects: Whether one of them has rules of its own: of what is selected and ignored in the
            other one, nothing is left.
        excepts: Whether one of them has ``per-file-ignores``.
        selected: Selectors that are added, also to what the other one ignores.
    """

    selects: bool = False
    excepts: bool = False
    selected: frozenset[str] = frozenset()

    def beside(self, config: RuffFile) -> _Nearer:
        """Return what this and another file say."""
        settings = [config.table(*section) for section in _SECTIONS]
        added = (name for one in settings for name in strings(one.get("extend-select")))
        return _Nearer(
            selects=self.selects or any("select" in one for one in settings),
            excepts=self.excepts or any(_EXCEPTIONS in one for one in settings),
            selected=self.selected.union(added),
        )


def ruff_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what hollows out the linter's configuration, that of single folders included."""
    faults: dict[tuple[Spot, str], _Fault] = {}
    total = 0
    for one in governed(project):
        total = one.total
        if isinstance(one.chain, Unknown):
            yield from undecided((WEAKENED,), one.chain.reason)
            continue
        for fault in _hollow(one.chain, one):
            # What several folders extend is one setting, that does all of it.
            known = faults.setdefault((fault.spot, fault.kind), fault)
            faults[fault.spot, fault.kind] = replace(known, paths=known.paths | fault.paths)
    lost = _lost(faults.values())
    for fault in faults.values():
        most = len(lost[fault.kind]) >= MOST * total
        severity = fault.severity if most else Severity.INFO
        yield report.finding(WEAKENED, fault.spot, fault.message, severity, symbol=fault.kind)


def _lost(faults: Collection[_Fault]) -> dict[str, frozenset[str]]:
    """Return which files lose what, by whatever settings: also by one that takes more than that."""
    return {
        kind: frozenset().union(*(one.paths for one in faults if _covers(one.kind, kind)))
        for kind in {one.kind for one in faults}
    }


def _covers(kind: str, other: str) -> bool:
    """Return whether whoever loses the one has lost the other."""
    return kind in {_EVERYTHING, "ALL"} or (other != _EVERYTHING and other.startswith(kind))


def _hollow(chain: Iterable[RuffFile], one: Governed) -> Iterator[_Fault]:
    nearer = _Nearer()
    for config in chain:
        for section in _SECTIONS:
            yield from _selection(config, section, one, nearer)
            yield from _ignored(config, section, one, nearer)
            yield from _per_file(config, section, one, nearer)
        nearer = nearer.beside(config)


def _selection(
    config: RuffFile, section: tuple[str, ...], one: Governed, nearer: _Nearer
) -> Iterator[_Fault]:
    settings = config.table(*section)
    selected = strings(settings.get("extend-select")) or nearer.selected or nearer.selects
    if settings.get("select") == [] and not selected:
        yield _Fault(
            kind=_EVERYTHING,
            spot=config.spot(*section, "select"),
            message="`select = []` leaves ruff without a single rule: name the families to check",
            severity=Severity.ERROR,
            paths=one.whole(one.paths),
        )


def _ignored(
    config: RuffFile, section: tuple[str, ...], one: Governed, nearer: _Nearer
) -> Iterator[_Fault]:
    settings = config.table(*section)
    for key in ("ignore", "extend-ignore") if not nearer.selects else ():
        for selector in filter(_is_family, strings(settings.get(key))):
            if any(_covers(again, selector) for again in nearer.selected):
                continue
            yield _Fault(
                kind=selector,
                spot=config.spot(*section, key, value=selector),
                message=f"`{key}` takes out the whole family {selector}: name the single rules "
                "that do not fit, each with its reason",
                severity=_weight(selector),
                paths=one.whole(one.paths),
            )


def _is_family(selector: str) -> bool:
    return selector in BASIC or selector.isalpha()


def _weight(selector: str) -> Severity:
    return Severity.ERROR if selector in BASIC else Severity.INFO


def _per_file(
    config: RuffFile, section: tuple[str, ...], one: Governed, nearer: _Nearer
) -> Iterator[_Fault]:
    for key in ("extend-per-file-ignores", *(() if nearer.excepts else (_EXCEPTIONS,))):
        for pattern, value in config.table(*section, key).items():
            selectors = [name for name in strings(value) if _is_family(name)]
            reached = _reached(pattern, one) if selectors else ()
            for selector in selectors if reached else ():
                yield _Fault(
                    kind=selector,
                    spot=config.spot(*section, key, pattern),
                    message=f"`{key}` takes {selector} out of {len(reached) / one.total:.0%} of "
                    f"the source files ({pattern!r}): name single rules, or single files",
                    severity=_weight(selector),
                    paths=one.whole(reached),
                )


def _reached(pattern: str, one: Governed) -> tuple[str, ...]:
    """Return the source files that a pattern matches, as ruff does: path or name."""
    if pattern.startswith("!"):
        return ()
    whole = pattern.removeprefix("./").replace("**/", "*").replace("**", "*")
    return tuple(
        path
        for path in one.paths
        if fnmatch.fnmatchcase(path, whole) or fnmatch.fnmatchcase(path.rpartition("/")[2], whole)
    )
