"""Which files a type checker can judge although packages are missing.

A name of a package that is not there has no type, and that spreads: a condition narrows nothing, a
call that never returns seems to return, a decorator leaves the bare function behind. It reaches
each file that imports such a package, and each that imports such a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doctrine.model.project import Import, Layout, Module
from doctrine.tools._packages import is_within

_PACKAGE = "__init__"


def independent(
    modules: Iterable[Module],
    layout: Layout,
    missing: frozenset[str],
    lacking: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Return the paths of files that no missing package has part in.

    Args:
        modules: The project's Python files; one that cannot be parsed may import anything.
        layout: Where its import roots are.
        missing: Packages that are not there.
        lacking: Files that are known to need one of them.
    """
    known = {module.path: module for module in modules}
    roots = frozenset(layout.sources)
    paths = _by_name(known, roots)
    importers: dict[str, set[str]] = {}
    for path, module in known.items():
        for name in _names(module, roots):
            for imported in paths.get(name, ()):
                importers.setdefault(imported, set()).add(path)
    needy = (path for path, module in known.items() if _imports_any(module, missing))
    return frozenset(known.keys() - _spread({*lacking, *needy}, importers))


def _spread(start: set[str], importers: Mapping[str, set[str]]) -> set[str]:
    reached = set(start)
    waiting = list(start)
    while waiting:
        fresh = importers.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _imports_any(module: Module, missing: frozenset[str]) -> bool:
    return module.flaw is not None or any(
        not item.dots and is_within(item.dotted, missing) for item in module.imports
    )


def _by_name(known: Iterable[str], roots: frozenset[str]) -> Mapping[str, list[str]]:
    """Return the files of each dotted name that one of the import roots gives them."""
    found: dict[str, list[str]] = {}
    for path in known:
        for name in _dotted(path, roots):
            found.setdefault(name, []).append(path)
    return found


def _dotted(path: str, roots: frozenset[str]) -> Iterator[str]:
    """Yield the names a file can be imported by: from the project's root, and from each other."""
    parts = path.rpartition(".")[0].removesuffix(f"/{_PACKAGE}").split("/")
    for depth in range(len(parts)):
        if not depth or "/".join(parts[:depth]) in roots:
            yield ".".join(parts[depth:])


def _names(module: Module, roots: frozenset[str]) -> Iterator[str]:
    """Yield every dotted name that may be one of the files that a module imports."""
    bases = tuple(_dotted(module.path, roots))
    is_package = module.path.rpartition("/")[2].startswith(f"{_PACKAGE}.")
    for item in module.imports:
        if item.dots:
            yield from _relative(item, bases, item.dots - is_package)
            continue
        yield item.module
        yield item.dotted
        if not item.name:
            parts = item.module.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts)))


def _relative(item: Import, bases: tuple[str, ...], levels: int) -> Iterator[str]:
    for base in bases:
        parts = base.split(".")
        package = ".".join(parts[: len(parts) - levels])
        yield f"{package}.{item.module}".strip(".")
        yield f"{package}.{item.dotted if item.module else item.name}".strip(".")
