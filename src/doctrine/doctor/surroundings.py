"""The environment and the interpreters that a check would work with. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from doctrine.drift import pinned_otherwise
from doctrine.model.diagnosis import Station, Symptom, Weight
from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind, Environment, Project
from doctrine.model.run import Origin
from doctrine.project.install import tested_minors
from doctrine.syntax.newest import needed

_PRIVATE = "or doctrine check --install, which leaves the project untouched"
_LISTS = (".txt", ".in")
Pythons = tuple[tuple[tuple[int, int], str], ...]


def environment_symptoms(project: Project) -> Iterator[Symptom]:
    """Yield what is the matter with the environment that types and tests are judged in.

    Args:
        project: With its environment, if one was found.
    """
    layout = project.layout
    if layout.environment is None:
        if project.dependencies:
            yield Symptom(
                topic="environment",
                weight=Weight.TROUBLE,
                message="no environment of the project was found, so imports of other packages "
                "cannot be followed: what rests on their types will be unverified, and tests "
                "cannot run",
                remedy=made_by(project),
            )
        return
    yield from _unfit(layout.environment, project)


def made_by(project: Project) -> str:
    """Return the command that makes a project's environment.

    Args:
        project: With what it declares.
    """
    if project.lock is not None:
        return f"uv sync --locked, {_PRIVATE}"
    if is_described(project):
        return f"uv sync, {_PRIVATE}"
    if lists := lists_of(project):
        return f"{_fresh(project)} && uv pip install {lists}, {_PRIVATE}"
    return "doctrine check --install, or doctrine check --python PATH/TO/ITS/python"


def filled_by(project: Project) -> str:
    """Return the command that brings an environment to what a project declares.

    Args:
        project: With its environment, if it has one.
    """
    if project.layout.environment is None:
        return made_by(project)
    lists = "" if is_described(project) or project.lock is not None else lists_of(project)
    return f"uv pip install {lists}" if lists else "uv sync"


def is_described(project: Project) -> bool:
    """Return whether ``pyproject.toml`` describes a project, so that uv can make its environment.

    Args:
        project: The project.
    """
    pyproject = project.layout.pyproject
    return pyproject is not None and "project" in pyproject.data


def _fresh(project: Project) -> str:
    """Return the command that makes an environment of a Python that CI tests on, if one is known."""
    if project.layout.target.minors:
        return "uv venv"
    minors = tested_minors(one.detail for one in project.automation.pythons)
    return f"uv venv --python 3.{minors[0]}" if minors else "uv venv"


def lists_of(project: Project) -> str:
    """Return the lists of requirements that a project is installed from, as pip's options.

    What pip-compile made of another list stands for it.

    Args:
        project: With what it declares.
    """
    paths = {one.place.path for one in project.dependencies if one.place.path.endswith(_LISTS)}
    chosen = (one for one in paths if f"{one.removesuffix('.in')}.txt" not in paths)
    ordered = sorted(chosen, key=lambda one: (len(one), one))
    return " ".join(f"-r {shlex.quote(one)}" for one in ordered)


def _unfit(environment: Environment, project: Project) -> Iterator[Symptom]:
    target = project.layout.target
    if environment.version is None or not target.minors:
        return
    minor = environment.version[1]
    if environment.version[0] == 3 and minor in target.minors:  # noqa: PLR2004 - Python 3
        return
    yield Symptom(
        topic="environment",
        weight=Weight.TROUBLE,
        message=f"{environment.label} has Python 3.{minor}, which `requires-python = "
        f'"{target.specifier}"` does not admit',
        remedy=f"uv venv --python 3.{target.minors[-1]} && uv sync",
        places=target.evidence[:1],
    )


def grammar_symptoms(project: Project, pythons: Pythons) -> Iterator[Symptom]:
    """Yield where syntax is newer than every interpreter that would have to parse it.

    Args:
        project: With its parsed files.
        pythons: Interpreters at hand, newest first.
    """
    newest = needed(project.modules)
    if newest is None:
        return
    minor = int(newest.detail.partition(".")[2])
    if any(version >= (3, minor) for version, _ in pythons):
        return
    best = max((version for version, _ in pythons), default=None)
    at_hand = f"the newest at hand is {best[0]}.{best[1]}" if best else "none is at hand"
    yield Symptom(
        topic="interpreters",
        weight=Weight.TROUBLE,
        message=f"radon and vulture parse with an interpreter, and syntax of Python "
        f"{newest.detail} stands here; {at_hand}, so they will give up the files that need more",
        remedy=f"uv python install {newest.detail}, or put a python{newest.detail} on PATH",
        places=(newest,),
    )


def tool_symptoms(project: Project, stations: tuple[Station, ...]) -> Iterator[Symptom]:
    """Yield tools that are missing, or of another version than the project's.

    Args:
        project: With its pins.
        stations: Every tool.
    """
    for station in stations:
        if station.origin is None:
            yield Symptom(
                topic="tools",
                weight=Weight.TROUBLE,
                message=f"{station.name} is nowhere to be found; its clauses will be in error",
                remedy="reinstall doctrine-check, which brings it",
            )
    others = tuple(_other_versions(project, stations))
    if others:
        yield Symptom(
            topic="tools",
            weight=Weight.TROUBLE,
            message="doctrine's own copies would run where the project pins other versions, whose "
            "findings may differ: what they find will be unverified",
            remedy=filled_by(project),
            places=others,
        )


def _other_versions(project: Project, stations: tuple[Station, ...]) -> Iterator[Evidence]:
    for station in stations:
        if station.origin is None or station.origin is Origin.PROJECT or not station.configured:
            continue
        pin = pinned_otherwise(station.distribution, station.version, project.pins)
        if pin is not None:
            told = f"{station.name} {station.version}, where {pin.detail} is pinned"
            yield Evidence(path=pin.path, line=pin.line, detail=told)


def gate_symptoms(project: Project) -> Iterator[Symptom]:
    """Yield where nobody would notice what a check finds.

    Args:
        project: With its CI and hooks.
    """
    automation = project.automation
    if not automation.has_ci:
        yield Symptom(
            topic="gates",
            weight=Weight.NOTE,
            message="no CI configuration was found: clauses that ask for a gate will fail",
            remedy="doctrine init writes one",
        )
    for path, why in automation.unread.items():
        yield Symptom(
            topic="gates",
            weight=Weight.TROUBLE,
            message=f"{path} could not be followed: {why}",
            remedy="gates in it count as absent: mend it, or run the tools where they can be seen",
            places=(Evidence(path=path, line=0, detail=why),),
        )
    toothless = [
        one
        for one in automation.commands
        if one.kind is CommandKind.CI and not one.can_fail and one.argv[:1] == ("doctrine",)
    ]
    for command in toothless:
        yield Symptom(
            topic="gates",
            weight=Weight.NOTE,
            message=f"doctrine runs here and cannot fail the run: {command.why_not}",
            remedy="let its exit code count",
            places=(command.place,),
        )
