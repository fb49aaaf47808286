"""The projects inside of a repository: members of its uv workspace, or all where the root is none."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from doctrine.documents import parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.model.project import TomlFile
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.roles import is_aside

_FILE = "pyproject.toml"
_LIMIT = 1024 * 1024
_SETUP = frozenset({"setup.py", "setup.cfg"})
_TESTS = frozenset({"test", "tests", "fixtures", "templates"})


def workspace_folders(data: Mapping[str, object], paths: tuple[str, ...]) -> Iterator[str]:
    """Yield the folders of the members that the root of a uv workspace names.

    Args:
        data: Tables of the root's ``pyproject.toml``.
        paths: POSIX paths of the repository's files.
    """
    workspace = table(data, "tool", "uv", "workspace")
    members = tuple(map(_normal, strings(workspace.get("members"))))
    excluded = tuple(map(_normal, strings(workspace.get("exclude"))))
    for folder in _projects(paths) if members else ():
        if _matches(folder, members) and not _matches(folder, excluded):
            yield folder


def read_members(
    root: str, pyproject: TomlFile | None, paths: tuple[str, ...]
) -> tuple[TomlFile, ...]:
    """Return the ``pyproject.toml`` of each project that the repository consists of.

    Where the root describes no project of its own, that is every one below it, those aside that are
    there for tests, examples or documentation. What is no TOML is left out: its tools say so.

    Args:
        root: Absolute path of the repository's root.
        pyproject: The file at the root.
        paths: POSIX paths of the repository's files, relative to the root.
    """
    data: Mapping[str, object] = pyproject.data if pyproject else {}
    shown = (folder for folder in _gathered(data, paths) if not _is_aside(folder))
    read = (_read(root, f"{folder}/{_FILE}") for folder in shown)
    return tuple(one for one in read if one is not None and _describes_one(one.data))


def _gathered(data: Mapping[str, object], paths: tuple[str, ...]) -> tuple[str, ...]:
    if "workspace" in table(data, "tool", "uv"):
        return tuple(workspace_folders(data, paths))
    is_one = _describes_one(data) or not _SETUP.isdisjoint(paths)
    return () if is_one else tuple(_projects(paths))


def _projects(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        folder, _, base = path.rpartition("/")
        if base == _FILE and folder:
            yield folder


def _describes_one(data: Mapping[str, object]) -> bool:
    metadata = table(data, "tool", "flit", "metadata")
    return bool(table(data, "project") or table(data, "tool", "poetry") or metadata)


def _is_aside(folder: str) -> bool:
    parts = folder.split("/")
    return any(is_aside(one) or one in _TESTS or one[0] in ".{" for one in parts)


def _read(root: str, path: str) -> TomlFile | None:
    try:
        content = read_regular(f"{root}/{path}", _LIMIT).decode("utf-8", "replace")
        return parse_toml(path, content)
    except (CannotReadError, ConfigError):
        return None


def _normal(folder: str) -> str:
    """Return a folder as paths below the root are written; empty when it leaves the root."""
    pure = PurePosixPath(folder.replace("\\", "/"))
    return "" if pure.is_absolute() or ".." in pure.parts else pure.as_posix()


def _matches(folder: str, patterns: tuple[str, ...]) -> bool:
    """Match glob patterns whose ``*`` stays within one folder."""
    depth = folder.count("/")
    return any(
        ("**" in pattern or pattern.count("/") == depth) and fnmatch.fnmatchcase(folder, pattern)
        for pattern in patterns
    )
