"""Versions of one tool that the lock, the hooks and CI do not agree on. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from doctrine.model.diagnosis import Symptom, Weight
from doctrine.model.observation import Evidence
from doctrine.model.project import Command, Project
from doctrine.project.pins import HOOKS, exact, from_dependencies, from_hooks, from_lock
from doctrine.project.requirements import requirements_to_install

TOOLS = ("coverage", "mypy", "pyright", "pytest", "radon", "ruff", "semgrep", "vulture")
"""Distributions whose version changes what is found."""


def disagreements(project: Project) -> Iterator[Symptom]:
    """Yield a symptom for each tool that is pinned to different versions.

    Args:
        project: Its lock, requirements, hooks and CI.
    """
    sources = tuple(_sources(project))
    for name in TOOLS:
        pins = [(label, pins[name]) for label, pins in sources if name in pins]
        versions = {_release(place.detail) for _, place in pins}
        if len(versions) < 2:  # noqa: PLR2004 - two opinions make a disagreement
            continue
        told = ", ".join(f"{place.detail} in {label}" for label, place in pins)
        first = pins[0][1].detail
        yield Symptom(
            topic="versions",
            weight=Weight.TROUBLE,
            message=f"{name} is {told}: what one of them passes, another may fail",
            remedy=f"use one version everywhere, such as {first}; hooks that run "
            f"`uv run {name}` take the locked one",
            places=tuple(
                Evidence(path=place.path, line=place.line, detail=f"{name} {place.detail}")
                for _, place in pins
            ),
        )


def _sources(project: Project) -> Iterator[tuple[str, Mapping[str, Evidence]]]:
    yield "the lock", dict(from_lock(project.lock))
    yield "the requirements", dict(from_dependencies(project.dependencies))
    yield "the hooks", dict(from_hooks(project.texts.get(HOOKS, "")))
    yield "CI", dict(_from_commands(project.automation.commands))


def _from_commands(commands: tuple[Command, ...]) -> Iterator[tuple[str, Evidence]]:
    """Yield what ``pip install ruff==1.2`` and ``uv tool install ruff@1.2`` in CI pin."""
    for command in reversed(commands):
        for requirement in requirements_to_install(command.argv):
            if version := exact(str(requirement.specifier)):
                name, place = canonicalize_name(requirement.name), command.place
                yield name, Evidence(path=place.path, line=place.line, detail=version)


def _release(version: str) -> tuple[int, ...] | str:
    try:
        return Version(version).release
    except InvalidVersion:
        return version
