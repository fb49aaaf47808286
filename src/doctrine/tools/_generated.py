"""Modules that the project's own build writes, so that no checkout has them.

A version file of setuptools-scm or hatch-vcs is kept out of git, and a module in C, Cython or Rust is
there once it is compiled. A type checker that reads the sources alone misses them, which says nothing
about the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.documents import table, tables, text
from doctrine.model.project import Layout

_FILES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("setuptools_scm",), "write_to"),
    (("setuptools_scm",), "version_file"),
    (("hatch", "build", "hooks", "vcs"), "version-file"),
    (("hatch", "build", "targets", "wheel", "hooks", "vcs"), "version-file"),
    (("pdm", "version"), "write_to"),
)
_EXTENSIONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("setuptools-rust",), "ext-modules", "target"),
    (("setuptools",), "ext-modules", "name"),
)
_CYTHON = ".pyx"
_MODULES: tuple[tuple[tuple[str, ...], str], ...] = ((("maturin",), "module-name"),)


def generated(layout: Layout) -> frozenset[str]:
    """Return the dotted names of modules that a build of the project writes.

    They are named from the project's root and from each import root, whether they exist or not.
    """
    return frozenset(_names(layout))


def _names(layout: Layout) -> Iterator[str]:
    data = layout.pyproject.data if layout.pyproject else None
    for keys, name in _MODULES:
        yield from filter(None, (text(table(data, "tool", *keys).get(name)),))
    for keys, name, key in _EXTENSIONS:
        entries = tables(table(data, "tool", *keys).get(name))
        yield from filter(None, (text(one.get(key)) for one in entries))
    for path in layout.others:
        if path.endswith(_CYTHON):
            yield from _from_roots(path.removesuffix(_CYTHON), layout)
    for keys, name in _FILES:
        path = text(table(data, "tool", *keys).get(name)).removeprefix("./")
        if path.endswith(".py"):
            yield from _from_roots(path.removesuffix(".py"), layout)


def _from_roots(path: str, layout: Layout) -> Iterator[str]:
    for root in ("", *(f"{root}/" for root in layout.sources if root != ".")):
        if path.startswith(root):
            yield path[len(root) :].replace("/", ".")


def absolute(module: str, path: str) -> str:
    """Return what a relative import of a file means, named from the project's root.

    Args:
        module: Dotted name as written, ``._version``; an absolute one is returned as it is.
        path: File that imports it.
    """
    name = module.lstrip(".")
    dots = len(module) - len(name)
    if not dots:
        return module
    folders = path.split("/")[:-1]
    return ".".join((*folders[: len(folders) - dots + 1], *filter(None, (name,))))
