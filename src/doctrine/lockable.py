"""What has to be done for a project to have a lock. Pure.

uv locks what ``[project]`` names: without that table most versions of it refuse, and others lock nothing
that the project runs on.
"""

from __future__ import annotations

from doctrine.documents import table
from doctrine.model.project import TomlFile

_COMMAND = "`uv lock`"


def is_lockable(pyproject: TomlFile | None) -> bool:
    """Return whether uv has anything to lock.

    Args:
        pyproject: The project's ``pyproject.toml``.
    """
    if pyproject is None:
        return False
    return "project" in pyproject.data or "workspace" in table(pyproject.data, "tool", "uv")


def first_lock(pyproject: TomlFile | None) -> str:
    """Return what makes a lock where there is none, to be followed by ``makes one``.

    Args:
        pyproject: The project's ``pyproject.toml``.
    """
    if is_lockable(pyproject):
        return _COMMAND
    return f"{_COMMAND}, once [project] in pyproject.toml describes the project (`doctrine init`),"
