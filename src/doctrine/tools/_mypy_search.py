"""What the modules of each folder import, and which other folder has that.

A folder of scripts is a place that they import each other from, and so is a source folder, which tests
import from. A name that one folder alone has means the same wherever it is imported; one that several
have means something only beside them.
"""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from doctrine.model.project import Module
from doctrine.tools._mypy_modules import Naming

ROOT = ""


class Tree(Struct, frozen=True, kw_only=True):
    """A project as mypy sees it.

    Attributes:
        naming: What decides about names.
        paths: Its Python files, those that are not checked as well.
        modules: What is known of them.
    """

    naming: Naming
    paths: frozenset[str]
    modules: Sequence[Module]


class Search(Struct, frozen=True, kw_only=True):
    """Who has and who wants what.

    Attributes:
        names: What can be imported from each base.
        wanted: What the modules of each base import and neither it nor the standard library has.
        owners: The bases that have a name.
    """

    names: Mapping[str, frozenset[str]]
    wanted: Mapping[str, frozenset[str]]
    owners: Mapping[str, frozenset[str]]

    def needs(self, bases: Iterable[str]) -> frozenset[str]:
        """Return the other bases that some need, and these in turn.

        Args:
            bases: Those that are searched anyway.
        """
        known = frozenset(bases)
        pending, found = [*known], set[str]()
        while pending:
            for name in self.wanted.get(pending.pop(), ()):
                owners = self.owners.get(name, frozenset())
                if len(owners) == 1 and not owners <= found | known | {ROOT}:
                    found |= owners
                    pending += owners
        return frozenset(found)

    def misled(self, base: str, others: Iterable[str]) -> bool:
        """Return whether a base and others, searched together, would find what they do not mean.

        Args:
            base: The base.
            others: Those that are searched with it.
        """
        return any(self._finds(base, one) or self._finds(one, base) for one in others)

    def is_alone(self, base: str) -> bool:
        """Return whether a base stands in for modules of the standard library."""
        return base != ROOT and not self.names[base].isdisjoint(sys.stdlib_module_names)

    def _finds(self, base: str, other: str) -> bool:
        wanted = self.wanted.get(base, frozenset()) & self.names[other]
        return any(len(self.owners[name]) > 1 for name in wanted)


def search_of(bases: Iterable[str], tree: Tree) -> Search:
    """Return who has and who wants what.

    Args:
        bases: The folders that files are imported from.
        tree: The project.
    """
    names = _names(bases, tree.paths)
    owners: dict[str, set[str]] = defaultdict(set)
    for base, every in names.items():
        for name in every:
            owners[name].add(base)
    wanted: dict[str, set[str]] = defaultdict(set)
    for module in tree.modules:
        base = tree.naming.place(module.path).base
        tops = (one.module.partition(".")[0] for one in module.imports if not one.dots)
        wanted[base].update(tops)
    return Search(
        names={base: frozenset(every) for base, every in names.items()},
        owners={name: frozenset(of) for name, of in owners.items()},
        wanted={
            base: frozenset(every - names.get(base, set()) - sys.stdlib_module_names)
            for base, every in wanted.items()
        },
    )


def _names(bases: Iterable[str], paths: Iterable[str]) -> Mapping[str, set[str]]:
    """Return what can be imported from each base, whether it is checked or not."""
    found = {base: set[str]() for base in bases}
    for path in paths:
        folder, name = posixpath.split(path)
        inner = name.partition(".")[0]
        while True:
            if folder in found:
                found[folder].add(inner)
            if not folder:
                break
            folder, inner = posixpath.split(folder)
    return found
