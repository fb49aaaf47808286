"""Whether Dependabot is configured to update Python dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from doctrine.documents import table, tables, text
from doctrine.inspect._renovate import Bot
from doctrine.model.project import Project

FILES = (".github/dependabot.yml", ".github/dependabot.yaml")
_PYTHON = frozenset({"uv", "pip"})


class YamlError(ValueError):
    """The text is not YAML."""


def parse_yaml(source: str) -> object:
    """Return the value of a YAML document.

    Raises:
        YamlError: It is not YAML, or its values cannot be built.
    """
    try:
        value: object = yaml.safe_load(source)
    except RecursionError as error:
        message = "its values are nested too deeply"
        raise YamlError(message) from error
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
        # beside its own errors, the loader lets those of int(), date() and hashing through
        message = " ".join(str(error).split())
        raise YamlError(message) from error
    return value


def dependabot_bots(project: Project) -> Iterator[Bot]:
    """Yield Dependabot's configuration files that could be read."""
    for path in FILES:
        if path in project.texts:
            yield _from_text(path, project.texts[path])


def _from_text(path: str, source: str) -> Bot:
    try:
        updates = tables(table(parse_yaml(source)).get("updates"))
    except YamlError as error:
        return Bot(path=path, problem=f"it is not YAML: {error}", broken=True)
    python = tuple(update for update in updates if _ecosystem(update) in _PYTHON)
    if not python:
        named = ", ".join(sorted({_ecosystem(update) for update in updates} - {""}))
        return Bot(path=path, problem=f"it updates {named or 'nothing'}, not Python packages")
    if all(update.get("open-pull-requests-limit") == 0 for update in python):
        return Bot(path=path, problem="`open-pull-requests-limit: 0` stops version updates")
    return Bot(path=path)


def _ecosystem(update: Mapping[str, object]) -> str:
    return text(update.get("package-ecosystem"))
