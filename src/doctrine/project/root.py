"""Which folder is the project, and what it is called: all that is known before looking at files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from doctrine.documents import table, text
from doctrine.errors import UsageError
from doctrine.model.project import TomlFile
from doctrine.project.listing import PYTHON_SUFFIXES


def resolve_root(*paths: str) -> tuple[str, tuple[str, ...]]:
    """Find the project that paths lie in.

    The root is the nearest folder, from the path upwards, that holds a ``pyproject.toml`` or a
    ``.git``; without any, the folder itself.

    Args:
        paths: Folders or Python files; none means the current folder.

    Returns:
        The absolute root, and the paths below it that the check is restricted to; none when
        the root itself was named.

    Raises:
        UsageError: A path does not exist, cannot be read, is a file that is not Python, or
            lies in another project than the first.
    """
    found = [_resolve(path) for path in paths or (".",)]
    root = found[0][0]
    for path, (other, _) in zip(paths, found, strict=False):
        if other != root:
            message = f"{_shown(path)} belongs to another project than {_shown(paths[0])}"
            raise UsageError(message, hint="check one project at a time")
    inside = tuple(dict.fromkeys(inside for _, inside in found))
    return root, () if "" in inside else inside


def _resolve(path: str) -> tuple[str, str]:
    """Return the root for one path, and the path relative to it (empty for the root)."""
    place = _existing(path)
    if place.is_dir():
        _check_listable(place, path)
        start = place
    elif place.name.endswith(PYTHON_SUFFIXES) and place.is_file():
        start = place.parent
    else:
        message = f"{_shown(path)} is not a folder or Python file"
        raise UsageError(message, hint="name the project's folder")
    root = next((folder for folder in (start, *start.parents) if _is_root(folder)), start)
    inside = place.relative_to(root).as_posix()
    return str(root), "" if inside == "." else inside


def _existing(path: str) -> Path:
    try:
        place = Path(path or ".").resolve(strict=True)
        place.stat()
    except FileNotFoundError as error:
        raise UsageError(f"{_shown(path)} does not exist", hint="name a folder") from error
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
        message = f"{_shown(path)} cannot be used: {reason.replace(chr(0), '?')}"
        raise UsageError(message, hint="name a folder that can be read") from error
    return place


def _check_listable(folder: Path, path: str) -> None:
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        message = f"{_shown(path)} cannot be read: {error.strerror}"
        raise UsageError(message, hint="name a folder that can be read") from error


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace") if path else "."


def _is_root(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in ("pyproject.toml", ".git"))


def name_of(root: str, pyproject: TomlFile | None) -> str:
    """Return what a project calls itself, or what its folder is called."""
    data: Mapping[str, object] = pyproject.data if pyproject else {}
    named = text(table(data, "project").get("name"))
    named = named or text(table(data, "tool", "poetry").get("name"))
    return named or _shown(Path(root).name) or "project"
