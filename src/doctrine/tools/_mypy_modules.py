"""Which module mypy takes a file for, and from which folder that is imported.

Its rules: a folder with an ``__init__`` is part of the name, and so is every folder up to an explicit
base; a folder whose name is no identifier ends the name. Folders are relative to the project's root,
which is empty.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from msgspec import Struct, field

_ABOVE = ".."
_STUBS = "-stubs"


class Place(Struct, frozen=True, kw_only=True):
    """What mypy takes a file for.

    Attributes:
        module: The dotted name.
        base: The folder that it is imported from.
        odd: A folder around it with an ``__init__`` whose name is no identifier, so that mypy stops;
            the root is ``.``. Empty if there is none.
    """

    module: str
    base: str
    odd: str = ""


_OUTSIDE = Place(module="", base=_ABOVE)


class Naming(Struct, frozen=True, kw_only=True):
    """What decides about names.

    Attributes:
        root: Name of the project's folder.
        packages: Folders with an ``__init__``.
        explicit: Folders that ``explicit_package_bases`` makes bases; None where that is off.
        namespaces: Whether folders without ``__init__`` are part of names, below such a base.
    """

    root: str
    packages: frozenset[str]
    explicit: frozenset[str] | None = None
    namespaces: bool = True
    known: dict[str, Place | None] = field(default_factory=dict[str, "Place | None"])

    def place(self, path: str) -> Place:
        """Return what a file is taken for."""
        folder, name = posixpath.split(path)
        around = self._of(folder)
        stem = name.removesuffix(".pyi").removesuffix(".py")
        if stem == "__init__":
            return around
        return _below(around, stem)

    def _of(self, folder: str) -> Place:
        return self._within(folder) or Place(module="", base=folder)

    def _within(self, folder: str) -> Place | None:
        """Return the package that a folder is; None where it is none for sure."""
        if folder not in self.known:
            self.known[folder] = self._looked_up(folder)
        return self.known[folder]

    def _looked_up(self, folder: str) -> Place | None:
        if self.explicit is not None and folder in self.explicit:
            return Place(module="", base=folder)
        parent, name = posixpath.split(folder) if folder else (_ABOVE, self.root)
        name = name.removesuffix(_STUBS)
        if folder in self.packages and not name.isidentifier():
            return Place(module="", base=folder, odd=folder or ".")
        around = self._around(folder, parent, name)
        return None if around is None else _below(around, name)

    def _around(self, folder: str, parent: str, name: str) -> Place | None:
        """Return the package that a folder lies in; None where that makes it none for sure."""
        if folder in self.packages:
            return _OUTSIDE if parent == _ABOVE else self._of(parent)
        is_part = folder and name.isidentifier() and self.namespaces
        return self._within(parent) if is_part else None


def packages_in(paths: Iterable[str]) -> frozenset[str]:
    """Return the folders with an ``__init__``.

    Args:
        paths: The project's Python files.
    """
    split = map(posixpath.split, paths)
    return frozenset(folder for folder, name in split if name in {"__init__.py", "__init__.pyi"})


def _below(around: Place, name: str) -> Place:
    module = f"{around.module}.{name}" if around.module else name
    return Place(module=module, base=around.base, odd=around.odd)
