"""Which function of the project a call in another of its files means."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._import_graph import ImportGraph, import_graph
from doctrine.model.project import Import, Module, Project
from doctrine.syntax.places import text_of

_HOPS = 3
"""Files that hand a name on; a package's ``__init__.py`` is one."""


class Callee(Struct, frozen=True, kw_only=True):
    """What is called, as a file writes it.

    Attributes:
        bound: The first name (``util`` in ``util.draw``).
        rest: What follows it, without the dot; empty if nothing does.
    """

    bound: str
    rest: str = ""

    @property
    def written(self) -> str:
        """The whole name."""
        return f"{self.bound}.{self.rest}" if self.rest else self.bound


class Function(Struct, frozen=True, kw_only=True):
    """A function of a module of the project.

    Attributes:
        path: Where.
        name: Its name there.
    """

    path: str
    name: str


def callee_of(call: Node) -> Callee | None:
    """Return what a call calls; None where that is more than names and dots."""
    called = call.child_by_field_name("function")
    inner = called
    while inner is not None and inner.type == "attribute":
        inner = inner.child_by_field_name("object")
    if called is None or inner is None or inner.type != "identifier":
        return None
    bound, _, rest = "".join(text_of(called).split()).partition(".")
    return Callee(bound=bound, rest=rest)


class Reach:
    """Follows calls from file to file."""

    def __init__(self, project: Project) -> None:
        """Draw the project's import graph."""
        self._graph: ImportGraph = import_graph(project)
        self._modules: Mapping[str, Module] = {one.path: one for one in project.modules}

    def function(self, path: str, callee: Callee) -> Function | None:
        """Return the function that a call means, defined there or not; None where nobody can tell.

        Args:
            path: The file that calls.
            callee: What it calls.
        """
        item = self._bound(path, callee.bound)
        if item is None:
            return None if callee.rest else Function(path=path, name=callee.bound)
        found = self._imported(path, item, callee)
        for _ in range(_HOPS):
            item = self._bound(found.path, found.name) if found is not None else None
            if found is None or item is None:
                break
            found = self._imported(found.path, item, Callee(bound=found.name))
        return found

    def _bound(self, path: str, name: str) -> Import | None:
        imports = self._modules[path].imports if path in self._modules else ()
        found = [one for one in imports if one.bound == name and not one.typing_only]
        return found[0] if len(found) == 1 else None

    def _imported(self, path: str, item: Import, callee: Callee) -> Function | None:
        if not item.name:
            dotted = f"{item.module if item.renamed else callee.bound}.{callee.rest}"
            home, _, name = dotted.rpartition(".")
            target = self._graph.names.get(home, "")
        elif callee.rest:
            target, name = self._graph.resolve(item, path), callee.rest
        else:
            target, name = self._graph.resolve(item, path), item.name
        return Function(path=target, name=name) if target and "." not in name else None
