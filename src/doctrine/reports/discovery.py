"""Finds the report formats: every public module here that defines ``FORMAT`` is one.

What a format needs to render is imported when it renders: naming the formats costs nothing.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

import doctrine.reports
from doctrine.errors import RegistryError
from doctrine.reports._format import Format


def formats() -> Mapping[str, Format]:
    """Return every format by its name, in the order of the names.

    Raises:
        RegistryError: A module defines no ``FORMAT``, or two formats share a name.
    """
    package = doctrine.reports
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if module.name == __name__ or module.name.rpartition(".")[2].startswith("_"):
            continue
        form = _format(module.name)
        if found.setdefault(form.name, form) is not form:
            message = f"two report formats are named {form.name!r}"
            raise RegistryError(message)
    return {name: found[name] for name in sorted(found)}


def _format(name: str) -> Format:
    """Return the value that a module promises to define."""
    form: object = getattr(import_module(name), "FORMAT", None)
    if not isinstance(form, Format):
        message = f"{name} defines no FORMAT"
        raise RegistryError(message)
    return form
