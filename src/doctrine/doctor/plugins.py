"""Plugins of mypy that are nowhere to be imported from. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from doctrine.doctor.surroundings import filled_by, is_described, made_by
from doctrine.documents import table
from doctrine.model.diagnosis import Symptom, Weight
from doctrine.model.project import Dependency, DependencyKind, Environment, Project
from doctrine.mypy_plugins import brought_by
from doctrine.tools._mypy_config import find_config, plugins_of

_ASKED: Mapping[DependencyKind, str] = {
    DependencyKind.GROUP: "group",
    DependencyKind.OPTIONAL: "extra",
}
"""What has to be asked for, and the option of `uv sync` that asks; it reads no other list."""
_STOPS = "so mypy stops, and TYP001 is an error that no baseline accepts"


def plugin_symptoms(project: Project) -> Iterator[Symptom]:
    """Yield the plugins that mypy's configuration names and the environment does not have.

    Args:
        project: With its environment and what it declares.
    """
    config = find_config(project.layout)
    brings: dict[str, list[str]] = {}
    for plugin in plugins_of(config):
        if brought := brought_by(plugin):
            brings.setdefault(brought, []).append(plugin)
    for brought, plugins in brings.items():
        named = f"the plugin{'s' * (len(plugins) > 1)} {', '.join(plugins)}"
        if lack := _lack(project.layout.environment, brought):
            yield _symptom(project, brought, f"{config.path} names {named}, which {lack}")


def _lack(environment: Environment | None, brought: str) -> str:
    """Return who brings plugins, and why mypy cannot import them; empty where it can."""
    if environment is None:
        return f"{brought} brings: there is no environment to import from, {_STOPS}"
    if brought not in environment.packages:
        return f"{brought} brings: {environment.label} lacks it, {_STOPS}"
    if "mypy" not in environment.packages:
        return f"{brought} brings: {environment.label} has that and no mypy, and another does not see it"
    return ""


def _symptom(project: Project, brought: str, message: str) -> Symptom:
    environment = project.layout.environment
    wanted = "mypy" if environment is not None and brought in environment.packages else brought
    places = tuple(one.place for one in project.dependencies if one.name == brought)
    return Symptom(
        topic="plugins",
        weight=Weight.TROUBLE,
        message=message,
        remedy=_remedy(project, wanted),
        places=places[:1],
    )


def _remedy(project: Project, wanted: str) -> str:
    """Return what brings a distribution into the environment."""
    declared = tuple(one for one in project.dependencies if one.name == wanted)
    if not is_described(project):
        return _by_lists(project, wanted, declared=bool(declared))
    if any(_is_unasked(one, project) for one in declared):
        return made_by(project)
    for kind, option in _ASKED.items():
        if asked := next((one.group for one in declared if one.kind is kind), ""):
            return f"uv sync --{option} {shlex.quote(asked)}"
    return f"uv add --dev {wanted}"


def _is_unasked(dependency: Dependency, project: Project) -> bool:
    """Return whether `uv sync` installs something as it is, for sure."""
    pyproject = project.layout.pyproject
    settings = table(pyproject.data if pyproject else None, "tool", "uv")
    grouped = dependency.kind is DependencyKind.GROUP and "default-groups" not in settings
    return dependency.kind is DependencyKind.RUNTIME or (grouped and dependency.group == "dev")


def _by_lists(project: Project, wanted: str, *, declared: bool) -> str:
    """Return what to do where pip installs from lists."""
    if project.layout.environment is None:
        more = "" if declared else f", and {wanted} into one of the lists"
        return f"{made_by(project)}{more}"
    if declared:
        return filled_by(project)
    return f"uv pip install {wanted}, and name it in the list that the tools are installed from"
