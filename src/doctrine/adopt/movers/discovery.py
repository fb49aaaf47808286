"""Movers are found by being modules of this package; nothing registers them."""

from __future__ import annotations

import importlib
import pkgutil

import doctrine.adopt.movers
from doctrine.adopt.movers._move import Mover
from doctrine.errors import RegistryError


def movers() -> tuple[Mover, ...]:
    """Return every mover in the order in which they work.

    Raises:
        RegistryError: A public module of the package defines no mover.
    """
    names = (one.name for one in pkgutil.iter_modules(doctrine.adopt.movers.__path__))
    public = (one for one in names if not one.startswith("_") and one != "discovery")
    return tuple(sorted(map(_mover_of, public), key=lambda one: (one.order, one.name)))


def _mover_of(name: str) -> Mover:
    module = importlib.import_module(f"{doctrine.adopt.movers.__name__}.{name}")
    mover = getattr(module, "MOVER", None)
    if not isinstance(mover, Mover):
        raise RegistryError(f"{module.__name__} defines no MOVER")
    return mover
