"""Which version of a tool a project has settled on, wherever it says so.

A newer ruff has more rules and formats more kinds of code, and a newer mypy infers more: what
another version reports is not what the project's own would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doctrine.documents import tables, text
from doctrine.model.names import normalised
from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, Lock

HOOKS = ".pre-commit-config.yaml"
_MIRRORS = {
    "ruff-pre-commit": "ruff",
    "mirrors-mypy": "mypy",
    "pyright-python": "pyright",
    "vulture": "vulture",
}
"""Distribution by the last part of a hook repository's address; the tag is its version."""
_REPOSITORY = re.compile(r"^\s*-?\s*repo:\s*['\"]?\S*?/(?P<name>[\w.-]+?)(?:\.git)?/?['\"]?\s*$")
_REVISION = re.compile(
    # `pre-commit autoupdate --freeze` writes the commit, and the tag behind it.
    r"^\s*-?\s*rev:\s*(?:['\"]?[0-9a-f]{40}['\"]?\s+#\s*(?:frozen:\s*)?v?(?P<frozen>\d[\w.]*)\s*"
    r"|['\"]?v?(?P<version>\d+\.[\w.]*)['\"]?\s*(?:#.*)?)$"
)


def read_pins(
    dependencies: Iterable[Dependency], lock: Lock | None, texts: Mapping[str, str]
) -> Mapping[str, Evidence]:
    """Return the version each distribution is pinned to.

    Args:
        dependencies: Declared requirements; those with one exact version are pins.
        lock: The lock file, which wins over everything else.
        texts: Configuration files; the hooks' revisions are pins of what they bring.

    Returns:
        By normalised distribution name, the place with the version as its detail.
    """
    return {
        **dict(from_hooks(texts.get(HOOKS, ""))),
        **dict(from_dependencies(dependencies)),
        **dict(from_lock(lock)),
    }


def from_lock(lock: Lock | None) -> Iterator[tuple[str, Evidence]]:
    """Yield what a lock file holds."""
    if lock is None or lock.data is None:
        return
    for package in tables(lock.data.get("package")):
        if version := text(package.get("version")):
            place = Evidence(path=lock.path, line=0, detail=version)
            yield normalised(text(package.get("name"))), place


def from_dependencies(dependencies: Iterable[Dependency]) -> Iterator[tuple[str, Evidence]]:
    """Yield the requirements with one exact version."""
    for dependency in dependencies:
        version = exact(dependency.specifier)
        if version and dependency.name:
            place = dependency.place
            yield dependency.name, Evidence(path=place.path, line=place.line, detail=version)


def exact(specifier: str) -> str:
    """Return the version of ``==1.2.3``, or an empty string."""
    # Not at the top: a run that reuses everything takes from here what hooks pin, and no more.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        parts = list(SpecifierSet(specifier))
    except InvalidSpecifier:
        return ""
    exact = [part.version for part in parts if part.operator in {"==", "==="}]
    return exact[0] if len(exact) == 1 and not exact[0].endswith(".*") else ""


def from_hooks(source: str) -> Iterator[tuple[str, Evidence]]:
    """Yield the revisions of the hooks that bring a tool, from pre-commit's configuration."""
    name = ""
    for number, line in enumerate(source.splitlines(), start=1):
        if repository := _REPOSITORY.match(line):
            name = _MIRRORS.get(repository["name"].lower(), "")
        elif name and (revision := _REVISION.match(line)):
            yield (
                name,
                Evidence(path=HOOKS, line=number, detail=revision["frozen"] or revision["version"]),
            )
