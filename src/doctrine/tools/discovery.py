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


def tool_names() -> tuple[str, ...]:
    """Return the module name of every tool, without importing any, sorted."""
    return tuple(
        sorted(
            found.name
            for found in pkgutil.iter_modules(doctrine.tools.__path__)
            if not found.name.startswith("_") and found.name != __name__.rpartition(".")[2]
        )
    )


def tools(names: Iterable[str] | None = None) -> tuple[Tool, ...]:
    """Return tools, sorted by name.

    Args:
        names: Module names to import; all of them if None.

    Raises:
        RegistryError: A module defines no ``TOOL``, or two tools share a name.
    """
    package = doctrine.tools.__name__
    chosen = tool_names() if names is None else names
    return sorted_tools(_tool(f"{package}.{name}") for name in chosen)


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
