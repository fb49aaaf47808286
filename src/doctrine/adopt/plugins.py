"""What brings the plugins that mypy's configuration names, where the group with mypy lacks it.

A workflow may install it by hand, or from a list that no uv reads: mypy as the lock has it would stop
there. The bounds go by what is installed today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from doctrine.adopt.edits import Left, Section
from doctrine.adopt.situation import Situation, declared
from doctrine.adopt.tables import Data
from doctrine.documents import table
from doctrine.mypy_plugins import WITH, brought_by
from doctrine.project.requirements import requirements_to_install
from doctrine.tools._mypy_config import MypyConfig, plugins_of

_BOUNDS: Mapping[str, str] = {
    "django-stubs": ">=5.1,<7",
    "djangorestframework-stubs": ">=3.15,<4",
    "mypy-zope": ">=1.0.9,<2",
}
"""Versions that work with the mypy that is asked for, of what nothing but mypy needs."""


class Brought(Struct, frozen=True, kw_only=True):
    """What a plugin needs.

    Attributes:
        plugin: As it is configured.
        requirement: What brings it, bounded.
    """

    plugin: str
    requirement: str


def plugin_requirements(data: Data, situation: Situation) -> Iterator[Brought | Left]:
    """Yield what brings plugins and is declared nowhere that uv looks.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    config = MypyConfig(options=table(data, "tool", "mypy"))
    wanted: dict[str, str] = {}
    for plugin in plugins_of(config):
        wanted.setdefault(brought_by(plugin), plugin)
    for name, plugin in wanted.items():
        if not name or any(_has(situation, one) for one in (name, *WITH.get(name, ()))):
            continue
        bounds = _installed(situation, name) or _BOUNDS.get(name, "")
        if bounds:
            yield Brought(plugin=plugin, requirement=f"{name}{bounds}")
        else:
            text = f"mypy stops without its plugin {plugin}, and nothing asks for {name}, which brings it"
            yield Left(section=Section.DEPENDENCIES, text=text, hint=f"`uv add --dev {name}`")


def _has(situation: Situation, name: str) -> bool:
    return declared(situation.project, name) is not None


def _installed(situation: Situation, name: str) -> str:
    """Return the bounds of a distribution that a list or a workflow brings; empty without any."""
    project = situation.project
    listed = (one.specifier for one in project.dependencies if one.name == name)
    named = (
        str(one.specifier)
        for command in project.automation.commands
        for one in requirements_to_install(command.argv)
        if canonicalize_name(one.name) == name
    )
    ranges = (_bounded(one) for one in (*listed, *named))
    return next((one for one in ranges if one), "")


def _bounded(specifier: str) -> str:
    """Return the range of a pinned version up to its next major one; what has both ends as it is."""
    if ">" in specifier and "<" in specifier:
        return specifier
    for prefix in ("===", "==", ">=", "~="):
        if specifier.startswith(prefix):
            try:
                version = Version(specifier.removeprefix(prefix).removesuffix(".*"))
            except InvalidVersion:
                return ""
            return f">={version.public},<{version.major + 1}"
    return ""
