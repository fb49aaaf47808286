"""Whether Dependabot is configured to update Python dependencies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct

from doctrine.documents import strings, table, tables, text
from doctrine.inspect._renovate import Bot
from doctrine.model.project import DependencyKind, Project

FILES = (".github/dependabot.yml", ".github/dependabot.yaml")
_VERSION = 2
_PYTHON = frozenset({"uv", "pip"})


class YamlError(ValueError):
    """The text is not YAML."""


def parse_yaml(source: str) -> object:
    """Return the value of a YAML document.

    Raises:
        YamlError: It is not YAML, or its values cannot be built.
    """
    import yaml

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
            yield _from_text(path, project.texts[path], _folders(project))


class _Folders(Struct, frozen=True, kw_only=True):
    """Where the project says what it depends on.

    Attributes:
        own: Folders of its own requirements, the root among them.
        others: Folders of requirements files beside them; for its tools, its tests, or a server.
    """

    own: frozenset[str]
    others: frozenset[str]


def _folders(project: Project) -> _Folders:
    """Return the folders; requirements files count as its own where nothing else does."""
    places = {
        (dependency.kind is not DependencyKind.FOREIGN, dependency.place.path)
        for dependency in project.dependencies
    }
    everything = {path for _, path in places}
    own = {path for is_own, path in places if is_own} or everything
    return _Folders(
        own=frozenset(map(posixpath.dirname, own)) | {""},
        others=frozenset(map(posixpath.dirname, everything - own)),
    )


def _from_text(path: str, source: str, folders: _Folders) -> Bot:
    try:
        settings = table(parse_yaml(source))
    except YamlError as error:
        return Bot(path=path, problem=f"it is not YAML: {error}", broken=True)
    updates = tables(settings.get("updates"))
    if updates and settings.get("version") != _VERSION:
        return Bot(path=path, problem=f"it has no `version: {_VERSION}`", broken=True)
    problem = _problem(updates, folders.own)
    beside = problem and folders.others and not _problem(updates, folders.others)
    doubt = "it looks after requirements files, and leaves out the project's own" if beside else ""
    return Bot(path=path, problem=problem, doubt=doubt)


def _problem(updates: tuple[Mapping[str, object], ...], folders: frozenset[str]) -> str:
    """Say why entries do not keep the Python packages of some folders current; empty if they do."""
    python = [update for update in updates if _ecosystem(update) in _PYTHON]
    if not python:
        named = ", ".join(sorted({*map(_ecosystem, updates)} - {""})) or "nothing"
        return f"it updates {named}, not Python packages"
    about = [update for update in python if _covers(update, folders)]
    if not about:
        return "its `directory` leaves out where the project's dependencies are"
    return _idle(about)


def _idle(about: list[Mapping[str, object]]) -> str:
    """Say why entries that look in the right place update nothing; empty if one does."""
    if all(update.get("open-pull-requests-limit") == 0 for update in about):
        return "`open-pull-requests-limit: 0` stops version updates"
    if all(map(_ignores_everything, about)):
        return "`ignore` leaves out every package"
    return ""


def _ignores_everything(update: Mapping[str, object]) -> bool:
    return any(map(_is_everything, tables(update.get("ignore"))))


def _is_everything(ignored: Mapping[str, object]) -> bool:
    """Tell whether a rule of `ignore` is about every update of every package."""
    narrower = strings(ignored.get("versions")) or strings(ignored.get("update-types"))
    return text(ignored.get("dependency-name")) == "*" and not narrower


def _covers(update: Mapping[str, object], folders: frozenset[str]) -> bool:
    """Tell whether an entry is about one of some folders; one that names none is about the root."""
    named = (*strings(update.get("directory")), *strings(update.get("directories"))) or ("/",)
    patterns = tuple(
        posixpath.normpath(f"/{one.strip('/')}").replace("/**", "") or "/" for one in named
    )
    return any(fnmatchcase(f"/{folder}", pattern) for folder in folders for pattern in patterns)


def _ecosystem(update: Mapping[str, object]) -> str:
    return text(update.get("package-ecosystem"))
