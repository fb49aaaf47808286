"""The configuration files of ruff, and for which source files each of them decides.

Ruff takes the nearest one above a file, and nothing of those above that one, unless it extends them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, table, text
from doctrine.errors import ConfigError
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._sightings import Spot
from doctrine.model.project import Project, Role, TomlFile

_NAMES = (".ruff.toml", "ruff.toml")
"""In the order in which ruff looks for them; ``pyproject.toml`` comes behind."""
_PYPROJECT = "pyproject.toml"
_MOST_BASES = 5


class RuffFile(Struct, frozen=True, kw_only=True):
    """One configuration file; ``keys`` is where ruff's table is in it."""

    file: TomlFile
    keys: tuple[str, ...]

    def table(self, *keys: str) -> Mapping[str, object]:
        """Return a table of it; empty where there is none."""
        return table(self.file.data, *self.keys, *keys)

    def spot(self, *keys: str, value: str = "") -> Spot:
        """Return where a key stands."""
        return Spot(path=self.file.path, line=line_of(self.file, (*self.keys, *keys), value))


class Governed(Struct, frozen=True, kw_only=True):
    """The source files for which one configuration decides.

    Attributes:
        folder: Where it lies, relative to the root; empty for the root.
        chain: The file that wins, and those that it extends; or why nobody knows.
        paths: The source files, relative to the folder.
        total: How many source files the project has.
    """

    folder: str
    chain: tuple[RuffFile, ...] | Unknown
    paths: tuple[str, ...]
    total: int

    def whole(self, paths: Iterable[str]) -> frozenset[str]:
        """Return files of it, relative to the root.

        Args:
            paths: Some of its files, relative to the folder.
        """
        return frozenset(f"{self.folder}/{path}" if self.folder else path for path in paths)


def governed(project: Project) -> Iterator[Governed]:
    """Yield the configuration of the root, and each below that decides for a source file."""
    sources = [file.path for file in project.layout.files if file.role is Role.SOURCE]
    yield Governed(
        folder="",
        chain=_chain(project, _in_root(project)),
        paths=tuple(sources),
        total=len(sources),
    )
    below = _below(project)
    found: dict[str, list[str]] = {}
    for path in sources if below else ():
        folder = next((one for one in _above(path) if one in below), "")
        if folder:
            found.setdefault(folder, []).append(path[len(folder) + 1 :])
    for folder, paths in sorted(found.items()):
        chain = _chain(project, below[folder])
        yield Governed(folder=folder, chain=chain, paths=tuple(paths), total=len(sources))


def _in_root(project: Project) -> str:
    for path in _NAMES:
        if path in project.texts or path in project.unread or path in project.layout.others:
            return path
    return _PYPROJECT


def _below(project: Project) -> Mapping[str, str]:
    """Return the configuration files below the root by their folders."""
    found: dict[str, list[str]] = {}
    for path in project.layout.others:
        folder, _, name = path.rpartition("/")
        if folder and (name in _NAMES or (name == _PYPROJECT and _configures_ruff(project, path))):
            found.setdefault(folder, []).append(name)
    order = (*_NAMES, _PYPROJECT).index
    return {folder: f"{folder}/{min(names, key=order)}" for folder, names in found.items()}


def _configures_ruff(project: Project, path: str) -> bool:
    """Return whether ruff takes a ``pyproject.toml``; so it does where nobody can tell."""
    if path in project.unread:
        return True
    source = project.texts.get(path, "")
    if "ruff" not in source:
        return False
    try:
        return "ruff" in table(parse_toml(path, source).data, "tool")
    except ConfigError:
        return True


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _chain(project: Project, first: str) -> tuple[RuffFile, ...] | Unknown:
    """Return the configuration that wins, and the files it extends."""
    try:
        chain: list[RuffFile] = []
        path = first
        while path and len(chain) < _MOST_BASES:
            found = _named(project, path)
            if found is None:
                break
            chain.append(found)
            base = text(found.table().get("extend"))
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), base)) if base else ""
        if path and len(chain) == _MOST_BASES:
            return Unknown(reason=f"ruff's configuration extends more than {_MOST_BASES - 1} files")
    except (ConfigError, LookupError) as error:
        return Unknown(reason=f"ruff's configuration cannot be read: {error}")
    return tuple(chain)


def _named(project: Project, path: str) -> RuffFile | None:
    own = project.layout.pyproject
    keys = ("tool", "ruff") if posixpath.basename(path) == _PYPROJECT else ()
    if path == _PYPROJECT:
        return RuffFile(file=own, keys=keys) if own else None
    if path not in project.texts:
        message = f"{path}: {project.unread.get(path, 'its content is not known')}"
        raise LookupError(message)
    return RuffFile(file=parse_toml(path, project.texts[path]), keys=keys)
