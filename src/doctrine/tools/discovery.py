"""Finds the tools: every module here that does not start with an underscore is one."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

import doctrine.tools
from doctrine.errors import RegistryError
from doctrine.model.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Iterable


def tools() -> tuple[Tool, ...]:
    """Return every tool, sorted by name.

    Raises:
        RegistryError: A module defines no ``TOOL``, or two tools share a name.
    """
    package = doctrine.tools
    names = (
        f"{package.__name__}.{found.name}"
        for found in pkgutil.iter_modules(package.__path__)
        if not found.name.startswith("_")
    )
    return sorted_tools(_tool(name) for name in names if name != __name__)


def sorted_tools(found: Iterable[Tool]) -> tuple[Tool, ...]:
    """Return the tools by name.

    Raises:
        RegistryError: Two of them share a name.
    """
    by_name: dict[str, Tool] = {}
    for tool in found:
        if by_name.setdefault(tool.name, tool) is not tool:
            message = f"two tools are named {tool.name!r}"
            raise RegistryError(message)
    return tuple(by_name[name] for name in sorted(by_name))


def _tool(name: str) -> Tool:
    """Return the value that a module promises to define."""
    tool: object = getattr(import_module(name), "TOOL", None)
    if not isinstance(tool, Tool):
        message = f"{name} defines no TOOL"
        raise RegistryError(message)
    return tool
