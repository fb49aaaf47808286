"""Plugins of mypy that are nowhere to be imported from. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.doctor.surroundings import filled_by, made_by
from doctrine.model.diagnosis import Symptom, Weight
from doctrine.model.project import Dependency, DependencyKind, Project
from doctrine.mypy_plugins import brought_by
from doctrine.tools._mypy_config import find_config, plugins_of

_STOPS = "so mypy stops, and TYP001 is an error that no baseline accepts"


def plugin_symptoms(project: Project) -> Iterator[Symptom]:
    """Yield the plugins that mypy's configuration names and the environment does not have.

    Args:
        project: With its environment and what it declares.
    """
    config = find_config(project.layout)
    environment = project.layout.environment
    for plugin in plugins_of(config):
        brought = brought_by(plugin)
        if not brought:
            continue
        named = f"{config.path} names the plugin {plugin}, which {brought} brings"
        if environment is None:
            lack = f"there is no environment to import it from, {_STOPS}"
        elif brought not in environment.packages:
            lack = f"{environment.label} lacks it, {_STOPS}"
        elif "mypy" not in environment.packages:
            lack = f"{environment.label} has that and no mypy, and another mypy does not see it"
        else:
            continue
        places = tuple(one for one in project.dependencies if one.name == brought)
        yield Symptom(
            topic="plugins",
            weight=Weight.TROUBLE,
            message=f"{named}: {lack}",
            remedy=_remedy(project, brought, places),
            places=tuple(one.place for one in places[:1]),
        )


def _remedy(project: Project, brought: str, places: tuple[Dependency, ...]) -> str:
    environment = project.layout.environment
    wanted = "mypy" if environment is not None and brought in environment.packages else brought
    pyproject = project.layout.pyproject
    if pyproject is None or "project" not in pyproject.data:
        return _by_lists(project, wanted, declared=bool(places))
    group = next((one.group for one in places if one.kind is DependencyKind.GROUP), "")
    if wanted != brought or not places:
        return f"uv add --dev {wanted}"
    return f"uv sync --group {group}" if group not in {"", "dev"} else made_by(project)


def _by_lists(project: Project, wanted: str, *, declared: bool) -> str:
    """Return what to do where pip installs from lists."""
    if project.layout.environment is None:
        more = "" if declared else f", and {wanted} into one of the lists"
        return f"{made_by(project)}{more}"
    if declared:
        return filled_by(project)
    return f"uv pip install {wanted}, and name it in the list that the tools are installed from"
