"""Can mypy tell files of one name apart by the folders that they lie in?"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping

from doctrine.adopt.situation import Code
from doctrine.adopt.tables import Data
from doctrine.documents import table
from doctrine.model.project import Module, Project
from doctrine.tools._commands import below, existing
from doctrine.tools._mypy_config import named_files
from doctrine.tools._mypy_parts import parts_of
from doctrine.tools._mypy_second import tree_of


def told_apart(project: Project, code: Code) -> bool:
    """Return whether every file has a module name of its own under ``explicit_package_bases``.

    Each folder up to the root, or to a folder that modules are imported from, is part of the name then,
    with ``__init__.py`` or without. That is no help where a folder's name is no identifier, and it would
    be wrong where a script imports another one that lies beside it.

    Args:
        project: The project.
        code: Where it keeps its code.
    """
    bases = {"", *code.roots}
    within = tuple(f"{one}/" for one in code.everything if one != ".")
    names: set[str] = set()
    for file in project.layout.files:
        if within and not file.path.startswith(within):
            continue
        name = _name(file.path, bases)
        if not name or name in names:
            return False
        names.add(name)
    beside = _beside(project)
    return not any(_imports_beside(one, beside, bases) for one in project.modules)


def stops_mypy(project: Project, data: Data) -> bool:
    """Return whether mypy stops at the names of modules when it is run as it is configured.

    Args:
        project: The project.
        data: Content of ``pyproject.toml``, as it will be.
    """
    mypy = table(data, "tool", "mypy")
    if any(mypy.get(key) for key in ("exclude", "modules", "packages")):
        return False  # whoever chooses among the modules knows
    named = named_files(mypy)
    wanted = existing(named, project.layout) if named else (".",)
    files = [file.path for file in project.layout.files if below(file.path, wanted)]
    return bool(parts_of(files, tree_of(mypy, project.layout, project.modules)))


def _name(path: str, bases: Iterable[str]) -> str:
    """Return the module name of a file; empty where a folder's name cannot be part of one."""
    above = [one for one in bases if one and path.startswith(f"{one}/")]
    inner = path[len(max(above, key=len)) + 1 :] if above else path
    parts = posixpath.splitext(inner)[0].split("/")
    return ".".join(parts) if all(one.isidentifier() for one in parts[:-1]) else ""


def _imports_beside(module: Module, beside: Mapping[str, set[str]], bases: Iterable[str]) -> bool:
    """Return whether a module imports one beside it by its bare name, as scripts do."""
    folder = posixpath.dirname(module.path)
    if folder in bases:
        return False
    names = beside[folder]
    return any(not one.dots and one.module.partition(".")[0] in names for one in module.imports)


def _beside(project: Project) -> Mapping[str, set[str]]:
    """Return the names that a script in each folder could import from that folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in project.layout.files:
        path = posixpath.splitext(file.path)[0]
        while path:
            path, _, name = path.rpartition("/")
            found[path].add(name)
    return found
