"""Puts a diagnosis together from what discovery and planning say. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from doctrine.doctor.plugins import plugin_symptoms
from doctrine.doctor.shadows import shadowed
from doctrine.doctor.surroundings import (
    Pythons,
    environment_symptoms,
    gate_symptoms,
    grammar_symptoms,
    tool_symptoms,
)
from doctrine.doctor.versions import disagreements
from doctrine.model.diagnosis import Diagnosis, Station, Symptom, Weight
from doctrine.model.observation import Evidence
from doctrine.model.project import Project
from doctrine.model.run import Covers
from doctrine.model.tool import Located, Tool
from doctrine.plan import Step

_PACE = 100_000
"""Lines that the cost of a tool is about."""
_START_UP = 0.3
"""Seconds that any tool takes, however small the project; measured with ruff and radon."""


class Planned(Struct, frozen=True, kw_only=True):
    """What was decided about one tool.

    Attributes:
        tool: The adapter.
        located: Where it is; None when it is nowhere.
        step: What would run; None when it would not.
        idle: Why it would not run.
    """

    tool: Tool
    located: Located | None
    step: Step | None
    idle: str = ""


def diagnose(
    project: Project, planned: Iterable[Planned], pythons: Pythons, *, jobs: int
) -> Diagnosis:
    """Return everything there is to say of a project before a check.

    Args:
        project: Discovered and parsed.
        planned: Every tool.
        pythons: Interpreters at hand, newest first.
        jobs: Tools at a time.
    """
    layout = project.layout
    lines = sum(module.lines for module in project.modules)
    stations = tuple(
        sorted(
            (_station(one, lines, pythons, project) for one in planned), key=lambda one: one.name
        )
    )
    symptoms = (
        *environment_symptoms(project),
        *plugin_symptoms(project),
        *tool_symptoms(project, stations),
        *grammar_symptoms(project, pythons),
        *disagreements(project),
        *shadowed(project),
        *gate_symptoms(project),
        *_unread(project),
    )
    return Diagnosis(
        root=layout.root,
        name=layout.name,
        target=layout.target.text,
        files=len(layout.files),
        lines=lines,
        environment=layout.environment,
        stations=stations,
        jobs=jobs,
        seconds=_together([one.seconds for one in stations if not one.idle], jobs),
        symptoms=tuple(sorted(symptoms, key=_order)),
    )


def _order(symptom: Symptom) -> tuple[bool, str, str]:
    return symptom.weight is not Weight.TROUBLE, symptom.topic, symptom.message


def _together(seconds: list[float], jobs: int) -> float:
    """Return the lower bound of the whole: the slowest alone, or all of them over the lanes."""
    return max(max(seconds, default=0.0), sum(seconds) / max(1, jobs))


def _station(planned: Planned, lines: int, pythons: Pythons, project: Project) -> Station:
    tool, located, step = planned.tool, planned.located, planned.step
    if located is None:
        return Station(
            name=tool.name,
            distribution=tool.distribution,
            configured=tool.covers is Covers.CONFIGURED,
            version="",
            origin=None,
            path="",
            parser="",
            idle="it is not installed",
        )
    commands = tuple(one.argv for one in step.invocations) if step else ()
    return Station(
        name=tool.name,
        distribution=tool.distribution,
        configured=tool.covers is Covers.CONFIGURED,
        version=located.version,
        origin=located.origin,
        path=located.command[0],
        parser=_parser(tool, located, commands, pythons, project),
        commands=commands,
        seconds=round(_START_UP + tool.cost * lines / _PACE, 1) if step else 0.0,
        idle=planned.idle,
    )


def _parser(
    tool: Tool,
    located: Located,
    commands: tuple[tuple[str, ...], ...],
    pythons: Pythons,
    project: Project,
) -> str:
    if tool.covers is Covers.PROJECT:
        return ""
    if tool.own_parser:
        return "its own"
    versions = {path: version for version, path in pythons}
    environment = project.layout.environment
    if environment is not None and environment.version:
        versions.setdefault(environment.python, environment.version)
    started = next((argv[0] for argv in commands if argv and argv[0] in versions), located.python)
    version = versions.get(started)
    return f"Python {version[0]}.{version[1]}" if version else started


def _unread(project: Project) -> Iterable[Symptom]:
    for module in project.modules:
        if module.flaw is not None:
            line = module.flaw_location.line if module.flaw_location else 0
            yield Symptom(
                topic="sources",
                weight=Weight.TROUBLE,
                message=f"{module.path}: {module.flaw}: {module.flaw_detail}",
                remedy="mend it, or leave it out with `exclude` under [tool.doctrine]",
                places=(Evidence(path=module.path, line=line, detail=module.flaw_detail),),
            )
