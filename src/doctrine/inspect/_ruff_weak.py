"""Does the project's ruff configuration switch off what makes ruff a linter at all?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from doctrine.documents import strings
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._ruff_files import Governed, RuffFile, governed
from doctrine.inspect._sightings import Reporter, Sighting, undecided
from doctrine.model.observation import Severity
from doctrine.model.project import Project

WEAKENED = "ruff-weakened"
BASIC = frozenset({"ALL", "E", "F", "E4", "E7", "E9", "F4", "F5", "F6", "F7", "F8", "F9"})
"""Selectors that take out whole families of what ruff has always checked by default."""


def ruff_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what hollows out the linter's configuration, that of single folders included."""
    known: set[str] = set()
    for one in governed(project):
        if isinstance(one.chain, Unknown):
            yield from undecided((WEAKENED,), one.chain.reason)
            continue
        for config in one.chain:
            if config.file.path not in known:
                yield from _hollow(config, one, report)
            known.add(config.file.path)


def _hollow(config: RuffFile, one: Governed, report: Reporter) -> Iterator[Sighting]:
    for section in ((), ("lint",)):
        yield from _selection(config, section, one, report)
        yield from _ignored(config, section, one, report)
        yield from _per_file(config, section, one, report)


def _selection(
    config: RuffFile, section: tuple[str, ...], one: Governed, report: Reporter
) -> Iterator[Sighting]:
    settings = config.table(*section)
    if settings.get("select") == [] and not strings(settings.get("extend-select")):
        message = "`select = []` leaves ruff without a single rule: name the families to check"
        severity = Severity.ERROR if one.is_most else Severity.INFO
        yield report.finding(WEAKENED, config.spot(*section, "select"), message, severity)


def _ignored(
    config: RuffFile, section: tuple[str, ...], one: Governed, report: Reporter
) -> Iterator[Sighting]:
    settings = config.table(*section)
    for key in ("ignore", "extend-ignore"):
        for selector in strings(settings.get(key)):
            if _is_family(selector):
                spot = config.spot(*section, key, value=selector)
                message = (
                    f"`{key}` takes out the whole family {selector}: name the single rules that "
                    "do not fit, each with its reason"
                )
                severity = _weight(selector) if one.is_most else Severity.INFO
                yield report.finding(WEAKENED, spot, message, severity, symbol=selector)


def _is_family(selector: str) -> bool:
    return selector in BASIC or selector.isalpha()


def _weight(selector: str) -> Severity:
    return Severity.ERROR if selector in BASIC else Severity.INFO


def _per_file(
    config: RuffFile, section: tuple[str, ...], one: Governed, report: Reporter
) -> Iterator[Sighting]:
    for key in ("per-file-ignores", "extend-per-file-ignores"):
        for pattern, value in config.table(*section, key).items():
            selectors = [name for name in strings(value) if _is_family(name)]
            reached = _reached(pattern, one) if selectors else 0.0
            for selector in selectors if reached else ():
                basic = selector in BASIC and reached >= 0.5  # noqa: PLR2004 - half of the source
                message = (
                    f"`{key}` takes {selector} out of {reached:.0%} of the source files "
                    f"({pattern!r}): name single rules, or single files"
                )
                spot = config.spot(*section, key, pattern)
                severity = Severity.ERROR if basic else Severity.INFO
                yield report.finding(WEAKENED, spot, message, severity, symbol=selector)


def _reached(pattern: str, one: Governed) -> float:
    """Return the share of source files that a pattern matches, as ruff does: path or name."""
    if not one.paths or pattern.startswith("!"):
        return 0.0
    whole = pattern.removeprefix("./").replace("**/", "*").replace("**", "*")
    hits = sum(
        fnmatch.fnmatchcase(path, whole) or fnmatch.fnmatchcase(path.rpartition("/")[2], whole)
        for path in one.paths
    )
    return hits / one.total
