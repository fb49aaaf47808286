"""Does the project's ruff configuration switch off what makes ruff a linter at all?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator

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


def ruff_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what hollows out the linter's configuration, that of single folders included."""
    faults: dict[tuple[Spot, str], _Fault] = {}
    total = 0
    for one in governed(project):
        total = one.total
        if isinstance(one.chain, Unknown):
            yield from undecided((WEAKENED,), one.chain.reason)
            continue
        for fault in (fault for config in one.chain for fault in _hollow(config, one)):
            # What several folders extend is one setting, that does all of it.
            known = faults.setdefault((fault.spot, fault.kind), fault)
            faults[fault.spot, fault.kind] = replace(known, paths=known.paths | fault.paths)
    lost = _lost(faults.values())
    for fault in faults.values():
        most = len(lost[fault.kind]) >= MOST * total
        severity = fault.severity if most else Severity.INFO
        yield report.finding(WEAKENED, fault.spot, fault.message, severity, symbol=fault.kind)


def _lost(faults: Iterable[_Fault]) -> dict[str, frozenset[str]]:
    """Return which files lose what, by whatever settings."""
    lost: dict[str, frozenset[str]] = {}
    for fault in faults:
        lost[fault.kind] = lost.get(fault.kind, frozenset()) | fault.paths
    return lost


def _hollow(config: RuffFile, one: Governed) -> Iterator[_Fault]:
    for section in ((), ("lint",)):
        yield from _selection(config, section, one)
        yield from _ignored(config, section, one)
        yield from _per_file(config, section, one)


def _selection(config: RuffFile, section: tuple[str, ...], one: Governed) -> Iterator[_Fault]:
    settings = config.table(*section)
    if settings.get("select") == [] and not strings(settings.get("extend-select")):
        yield _Fault(
            kind="",
            spot=config.spot(*section, "select"),
            message="`select = []` leaves ruff without a single rule: name the families to check",
            severity=Severity.ERROR,
            paths=one.whole(one.paths),
        )


def _ignored(config: RuffFile, section: tuple[str, ...], one: Governed) -> Iterator[_Fault]:
    settings = config.table(*section)
    for key in ("ignore", "extend-ignore"):
        for selector in filter(_is_family, strings(settings.get(key))):
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


def _per_file(config: RuffFile, section: tuple[str, ...], one: Governed) -> Iterator[_Fault]:
    for key in ("per-file-ignores", "extend-per-file-ignores"):
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
