"""Settings of coverage that keep the code it should measure out of the figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from doctrine.expressions import ENDLESS, EndlessError, Expression
from doctrine.inspect._covered import SHIPPED, UNKNOWABLE, reaches
from doctrine.inspect._covered_option import measured_elsewhere
from doctrine.inspect._hidden_files import by_coverage, hidden
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._sightings import Reporter, Sighting, Spot, undecided
from doctrine.inspect._tool_settings import Found, setting, words_of
from doctrine.model.observation import Severity
from doctrine.model.project import Project, Role

OFF, HIDES = "coverage-off", "coverage-hides"
_MEASURED = SHIPPED | {Role.TEST}
_PLAIN = ("    total = compute(first, second)", "def work(value: int) -> int:", "class Worker:")
"""Lines that no exclusion is meant for."""


def coverage_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what switches coverage off, or hides the project from it."""
    yield from _switched_off(project, report)
    yield from measured_elsewhere(project, report, HIDES)
    for key, look in (
        ("run.omit", _omitted), ("report.omit", _omitted), ("run.source", _elsewhere),
        ("report.exclude_lines", _excluded), ("report.exclude_also", _excluded),
    ):  # fmt: skip
        found = setting(project, "coverage", key)
        if isinstance(found, Unknown):
            yield from undecided((HIDES,), f"coverage's configuration: {found.reason}")
        elif found is not None:
            yield from look(project, report, found, key.partition(".")[2])


def _switched_off(project: Project, report: Reporter) -> Iterator[Sighting]:
    found = setting(project, "pytest", "addopts")
    if not isinstance(found, Found):
        return
    words = words_of(found.value)
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    off = next((one for one in ("--no-cov", "-pno:cov") if one in words), "")
    off = off or ("-p no:cov" if "-p no:cov" in pairs else "")
    if off:
        message = f"`{off}` among pytest's addopts switches coverage off in every run: remove it"
        yield report.finding(OFF, _spot(found), message, symbol=off)


def _omitted(project: Project, report: Reporter, found: Found, key: str) -> Iterator[Sighting]:
    try:
        lost = hidden(project.layout, by_coverage(words_of(found.value)))
    except EndlessError:
        yield from undecided((HIDES,), f"{_where(found)}: `{key}` has {ENDLESS}")
        return
    if lost is not None:
        message = f"`{key}` keeps {lost.text} from being measured: measure what is shipped"
        yield report.finding(HIDES, _spot(found), message, lost.severity, symbol=key)


def _elsewhere(project: Project, report: Reporter, found: Found, key: str) -> Iterator[Sighting]:
    """Yield a finding when nothing that is to be measured is there."""
    named = words_of(found.value)
    if not named or any(UNKNOWABLE.search(one) for one in named):
        return
    missing = [one for one in named if not reaches(project, one, _MEASURED)]
    if not any(reaches(project, one) for one in named):
        missing = list(named)
    if not missing:
        return
    severity = Severity.ERROR if len(missing) == len(named) else Severity.INFO
    message = (
        f"`{key}` names {', '.join(missing)}, where no source of the project is, so that it is not "
        "measured: name the source folder or the package"
    )
    yield report.finding(HIDES, _spot(found), message, severity, symbol=key)


def _excluded(project: Project, report: Reporter, found: Found, key: str) -> Iterator[Sighting]:
    del project
    lines = found.value.splitlines() if isinstance(found.value, str) else words_of(found.value)
    for expression in filter(None, map(str.strip, lines)):
        try:
            hit = _hits(expression)
        except EndlessError:
            yield from undecided((HIDES,), f"{_where(found)}: `{key}` has {ENDLESS}")
            continue
        if hit:
            message = (
                f"`{key}` has {expression!r}, which excludes lines such as `{hit.strip()}`: only "
                "exclude what cannot be tested"
            )
            yield report.finding(HIDES, _spot(found), message, symbol=expression)


def _hits(expression: str) -> str:
    try:
        compiled = Expression(expression)
    except re.error:  # coverage refuses it, and says so
        return ""
    return next((line for line in _PLAIN if compiled.matches(line)), "")


def _where(found: Found) -> str:
    return f"{found.place.path}:{found.place.line}"


def _spot(found: Found) -> Spot:
    return Spot(path=found.place.path, line=found.place.line)
