"""The ``uv.lock`` of a project, or of the workspace that it is a member of."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from doctrine.documents import parse_toml, strings, table, tables, text
from doctrine.errors import ConfigError
from doctrine.model.project import Layout, Lock
from doctrine.project.reading import CannotReadError, read_regular

NAME = "uv.lock"

_LOCK_LIMIT = 64 * 1024 * 1024
_PYPROJECT_LIMIT = 8 * 1024 * 1024


def read_lock(layout: Layout) -> Lock | None:
    """Return the lock file that governs a project; None when there is none.

    Args:
        layout: The project. A member of a uv workspace shares the lock of the workspace's
            root, whose path then begins with ``..``.
    """
    root = layout.root
    folder: str | None = root
    if not os.path.lexists(f"{root}/{NAME}"):
        folder = workspace_root(root)
    if folder is None or not os.path.lexists(f"{folder}/{NAME}"):
        return None
    path = os.path.relpath(f"{folder}/{NAME}", root).replace(os.sep, "/")
    try:
        return lock_of(path, read_regular(f"{folder}/{NAME}", _LOCK_LIMIT))
    except CannotReadError as error:
        return Lock(path=path, data=None, problem=f"it cannot be read: {error}")


def lock_of(path: str, content: bytes) -> Lock:
    """Return what a lock file says, or why nothing of it can be believed.

    Args:
        path: What to call it.
        content: What it holds.
    """
    try:
        written = content.decode("utf-8")
    except UnicodeDecodeError:
        return Lock(path=path, data=None, problem="it is not UTF-8")
    try:
        data = parse_toml(path, written).data
    except ConfigError as error:
        return Lock(path=path, data=None, problem=error.reason, text=written)
    if problem := next(_misshapen(data), ""):
        return Lock(path=path, data=None, problem=problem, text=written)
    return Lock(path=path, data=data, text=written)


def _misshapen(data: Mapping[str, object]) -> Iterator[str]:
    """Yield what no uv would write: of such a lock nothing can be believed."""
    if problem := _wrong_version(data.get("version")):
        yield problem
    packages = data.get("package", [])
    known = tables(packages)
    if not isinstance(packages, list) or len(known) < len(cast("list[object]", packages)):
        yield "`package` is no array of tables"
    if "distribution" in data:
        yield "its packages are written as uv wrote them before its format was stable"
    for package in known:
        if not text(package.get("name")) or not table(package, "source"):
            name = text(package.get("name")) or "a package"
            yield f"it does not say where {name} comes from"


def _wrong_version(version: object) -> str:
    """Return what is the matter with the version of a lock's format; empty if nothing is."""
    if not isinstance(version, int) or isinstance(version, bool):
        return "it has no format version"
    return f"there is no format version {version}" if version < 1 else ""


def workspace_root(root: str) -> str | None:
    """Return the root of the uv workspace that a project is a member of, if it is one.

    Args:
        root: Absolute project root.
    """
    for folder in Path(root).parents:
        if _claims(folder, root):
            return str(folder)
        if os.path.lexists(folder / ".git"):
            return None
    return None


def _claims(folder: Path, root: str) -> bool:
    """Whether a folder's ``pyproject.toml`` counts the project among its members."""
    try:
        content = read_regular(str(folder / "pyproject.toml"), _PYPROJECT_LIMIT)
        data = parse_toml("pyproject.toml", content.decode("utf-8")).data
    except (CannotReadError, UnicodeDecodeError, ConfigError):
        return False
    workspace = table(data, "tool", "uv", "workspace")
    inside = Path(root).relative_to(folder).as_posix()
    return _matches(inside, strings(workspace.get("members"))) and not _matches(
        inside, strings(workspace.get("exclude"))
    )


def _matches(folder: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(folder, pattern.strip("/")) for pattern in patterns)
