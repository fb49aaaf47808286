"""Do the tests run on the Python versions and systems that the project promises?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._sightings import (
    Reporter,
    Sighting,
    Spot,
    Undecided,
    reading,
    support,
)
from doctrine.model.observation import PROJECT_PATH, Evidence, Severity
from doctrine.model.project import Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="compatibility")
_VERSION = re.compile(r"(?:c?python[ -]?|py)?3\.?(?P<minor>\d{1,2})(?![\d])", re.IGNORECASE)
_NEWEST = frozenset({"3", "3.x", ">=3"})


def _inspect(project: Project) -> Reading:
    sightings = (*_pythons(project), *_systems(project))
    return reading(sightings, _analysed(project))


def _analysed(project: Project) -> Iterator[str]:
    yield PROJECT_PATH
    yield from project.automation.files
    if project.layout.pyproject:
        yield project.layout.pyproject.path


def _pythons(project: Project) -> Iterator[Sighting]:
    target = project.layout.target
    if len(target.minors) == 1:
        spot = _first(target.evidence)
        yield support("single-python", spot, f"only Python 3.{target.minors[0]} is promised")
        return
    tested = _tested_minors(project)
    yield from _several(project, tested)
    if tested:
        yield from _floor(project, tested)
        yield from _newest(project, tested)


def _tested_minors(project: Project) -> frozenset[int]:
    """Return the 3.x minor versions that the tests run on, CPython's only."""
    found: set[int] = set()
    for version in project.automation.pythons:
        word = version.detail.strip().strip("'\"")
        if word.lower() in _NEWEST:
            found.update(project.layout.target.minors[-1:])
        elif match := _VERSION.match(word):
            found.add(int(match["minor"]))
    return frozenset(found)


def _several(project: Project, tested: frozenset[int]) -> Iterator[Sighting]:
    rule = "single-python"
    pythons = project.automation.pythons
    if len(tested) > 1:
        shown = ", ".join(f"3.{minor}" for minor in sorted(tested))
        yield support(rule, _first(pythons), f"the tests run on Python {shown}")
        return
    if reason := _doubt(project):
        yield Undecided(rule=rule, reason=reason)
        return
    only = "".join(f"3.{minor}" for minor in tested)
    found = f"the tests run on Python {only} only" if only else "no CI job tests a Python version"
    message = (
        f"{found}: let CI run them on every version the project admits, with a matrix over "
        "`python-version`"
    )
    yield _REPORT.finding(rule, _first(pythons), message, Severity.WARNING)


def _floor(project: Project, tested: frozenset[int]) -> Iterator[Sighting]:
    rule, target = "floor-untested", project.layout.target
    if target.floor is None:
        return
    if target.floor[1] in tested:
        yield support(rule, _first(project.automation.pythons), f"{target.text} is tested")
    elif reason := _doubt(project):
        yield Undecided(rule=rule, reason=reason)
    else:
        message = (
            f"the project promises Python {target.text} (requires-python {target.specifier!r}), "
            "but no test runs on it: add it to the matrix or raise the lower bound"
        )
        yield _REPORT.finding(rule, _first(project.automation.pythons), message, Severity.WARNING)


def _newest(project: Project, tested: frozenset[int]) -> Iterator[Sighting]:
    newest = max(project.layout.target.minors, default=0)
    if newest and newest not in tested and not project.automation.computed:
        message = f"Python 3.{newest} is admitted but never tested: add it to the matrix"
        yield _REPORT.advice("newest-untested", _first(project.automation.pythons), message)


def _systems(project: Project) -> Iterator[Sighting]:
    rule = "single-system"
    diverse = project.facts.get("several-systems")
    if diverse is not None and diverse.value is False:
        return
    families = sorted({system.detail for system in project.automation.systems})
    where = _first(project.automation.systems)
    if len(families) > 1:
        yield support(rule, where, f"the tests run on {', '.join(families)}")
    elif reason := _doubt(project):
        yield Undecided(rule=rule, reason=reason)
    else:
        found = f"the tests run on {families[0]} only" if families else "no CI job runs the tests"
        message = f"{found}: run them on every system the project is meant for (`runs-on` matrix)"
        yield _REPORT.finding(rule, where, message, Severity.WARNING)


def _doubt(project: Project) -> str:
    """Return what could still change the answer; empty if nothing can."""
    for path, reason in sorted(project.automation.unread.items()):
        return f"{path} could not be followed ({reason}), and it may run more tests"
    for path, reason in sorted(project.automation.computed.items()):
        return f"{path} may run the tests on more of them ({reason})"
    unknown = (*project.automation.pythons, *project.automation.systems)
    for evidence in unknown:
        if "$" in evidence.detail or not evidence.detail.strip():
            return f"{evidence.path}:{evidence.line} computes the matrix at run time"
    for place in project.automation.tolerated:
        return (
            f"tests run on {place.detail} as well ({place.path}:{place.line}), and nothing fails where"
            " they do: let their failure fail the run, or confirm that somebody looks"
        )
    return ""


def _first(evidence: tuple[Evidence, ...]) -> Spot:
    if not evidence:
        return Spot(path=PROJECT_PATH)
    return Spot(path=evidence[0].path, line=evidence[0].line)


INSPECTOR = ProjectInspector(
    name="compatibility",
    rules=("single-python", "floor-untested", "newest-untested", "single-system"),
    inspect=_inspect,
)
