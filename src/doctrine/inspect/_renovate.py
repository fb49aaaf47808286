"""Where Renovate is configured, and whether that lets it update Python dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import strings, table, tables
from doctrine.inspect._json5 import JsonError, parse_json
from doctrine.model.project import Project

FILES = (
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
)
_PACKAGE_JSON = "package.json"
_MANAGER = "pep621"
"""Renovate's manager for ``pyproject.toml``; it updates ``uv.lock`` as well."""

_NONE = frozenset[str]()
_ANY_NAME = frozenset({"*", "**", "/.*/", ".*"})
_ALL: Mapping[str, frozenset[str]] = {
    "matchManagers": frozenset({_MANAGER}),
    "matchCategories": frozenset({"python"}),
    "matchDatasources": frozenset({"pypi"}),
    "matchPackageNames": _ANY_NAME,
    "matchPackagePatterns": _ANY_NAME,
    "matchDepNames": _ANY_NAME,
    "matchDepPatterns": _ANY_NAME,
}
"""What makes a condition of a package rule hold for every Python package."""


class Bot(Struct, frozen=True, kw_only=True):
    """A configured update bot.

    Attributes:
        path: Its configuration file.
        problem: Why it does nothing for Python dependencies; empty when it does.
        broken: True when the file cannot be used at all, so that there is no bot.
        doubt: What it leaves out, where it keeps some of the project's requirements current.
    """

    path: str
    problem: str = ""
    broken: bool = False
    doubt: str = ""


def renovate_bots(project: Project) -> Iterator[Bot]:
    """Yield Renovate's configuration files that could be read."""
    for path in FILES:
        if path in project.texts:
            yield _from_text(path, project.texts[path])
    if _PACKAGE_JSON in project.texts:
        yield from _from_package(project.texts[_PACKAGE_JSON])


def _from_text(path: str, source: str) -> Bot:
    try:
        value = parse_json(source)
    except JsonError as error:
        return Bot(path=path, problem=f"it is not JSON: {error}", broken=True)
    settings = table(value)
    if not isinstance(value, dict):
        return Bot(path=path, problem="it is not a JSON object", broken=True)
    return _judged(path, settings)


def _from_package(source: str) -> Iterator[Bot]:
    try:
        package = table(parse_json(source))
    except JsonError:
        return
    if isinstance(package.get("renovate"), dict):
        yield _judged(_PACKAGE_JSON, table(package, "renovate"))


def _judged(path: str, settings: Mapping[str, object]) -> Bot:
    if settings.get("enabled") is False:
        return Bot(path=path, problem="`enabled` is false", broken=True)
    managers = strings(settings.get("enabledManagers"))
    if managers and _MANAGER not in managers:
        return Bot(path=path, problem=f"`enabledManagers` leaves out {_MANAGER}")
    if table(settings, _MANAGER).get("enabled") is False:
        return Bot(path=path, problem=f"the manager {_MANAGER} is disabled")
    if _is_switched_off(tables(settings.get("packageRules"))):
        return Bot(path=path, problem="a package rule disables all Python packages")
    return Bot(path=path)


def _is_switched_off(rules: tuple[Mapping[str, object], ...]) -> bool:
    """Tell whether a package rule disables all Python packages, and no later one enables any."""
    off = False
    for rule in rules:
        off = rule.get("enabled") is not True and (off or _switches_off(rule))
    return off


def _switches_off(rule: Mapping[str, object]) -> bool:
    """Tell whether a package rule disables all Python packages, not some of them."""
    narrowing = [key for key in rule if key.startswith(("match", "exclude"))]
    everything = all(_ALL.get(key, _NONE) & {*strings(rule[key])} for key in narrowing)
    return rule.get("enabled") is False and bool(narrowing) and everything
