"""Inspectors are found by being modules of this package; nothing registers them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

import doctrine.inspect
from doctrine.errors import RegistryError
from doctrine.inspect._inspector import FileInspector, GatheringInspector, ProjectInspector

Inspector = ProjectInspector | FileInspector | GatheringInspector


def inspectors() -> tuple[Inspector, ...]:
    """Return every inspector, sorted by name.

    Raises:
        RegistryError: A public module of the package defines no inspector, or two share a name.
    """
    return by_name(_inspector_of(module) for module in _public_modules())


def by_name(found: Iterable[Inspector]) -> tuple[Inspector, ...]:
    """Return inspectors sorted by name.

    Raises:
        RegistryError: Two of them share a name, so that a report could not tell them apart.
    """
    named: dict[str, Inspector] = {}
    for inspector in found:
        if inspector.name in named:
            message = f"two inspectors are called {inspector.name!r}"
            raise RegistryError(message)
        named[inspector.name] = inspector
    return tuple(named[name] for name in sorted(named))


def _public_modules() -> tuple[str, ...]:
    own = __name__.rpartition(".")[2]
    names = (found.name for found in pkgutil.iter_modules(doctrine.inspect.__path__))
    return tuple(name for name in names if name != own and not name.startswith("_"))


def _inspector_of(module: str) -> Inspector:
    loaded = importlib.import_module(f"{doctrine.inspect.__name__}.{module}")
    inspector: object = getattr(loaded, "INSPECTOR", None)
    if not isinstance(inspector, Inspector):
        message = f"the module {loaded.__name__} defines no INSPECTOR"
        raise RegistryError(message)
    return inspector
