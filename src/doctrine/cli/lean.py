"""Imports libraries without what they only use if it is there, and doctrine never does.

``asyncio`` imports ``ssl`` for connections that doctrine does not open, and msgspec
``typing_extensions`` for interpreters older than the oldest that doctrine runs on. Both do without;
together they are a tenth of what a start costs. Afterwards, both can be imported as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


def import_msgspec() -> None:
    """Import what every command's values are made of."""
    with without("typing_extensions"):
        import_module("msgspec")


def import_asyncio() -> None:
    """Import what runs tools: the third part of a start, for which who starts none has no use."""
    with without("ssl"):
        import_module("asyncio")


@contextmanager
def without(*names: str) -> Generator[None]:
    """Let imports of some modules fail, unless they are there already.

    Only before there are threads: another one would miss them as well.

    Args:
        names: Modules that whoever is imported meanwhile does without.
    """
    absent = [name for name in names if name not in sys.modules]
    # None is how the import system says that there is no such module.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            if modules.get(name, sys) is None:
                del modules[name]
