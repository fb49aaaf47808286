"""Which imports fail only because third-party packages are not installed where a tool looked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from doctrine.documents import strings, table
from doctrine.model.project import Layout

_OTHER_VERSIONS = frozenset(
    {
        "annotationlib", "asynchat", "asyncore", "compression", "distutils", "imp", "lib2to3",
        "smtpd",
    }
)  # fmt: skip
"""Modules of older and newer standard libraries: no environment can provide them."""
_GROUPS = ("dev",)
"""Groups that are installed when nothing else is asked for."""
_POETRY_PYTHON = "python"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def is_complete(layout: Layout) -> bool:
    """Return whether the project's environment exists and has what the project declares."""
    environment = layout.environment
    return environment is not None and all(
        name in environment.packages for name in _declared(layout)
    )


def _declared(layout: Layout) -> Iterator[str]:
    """Yield the distributions that every installation of the project has."""
    data = layout.pyproject.data if layout.pyproject else None
    groups = table(data, "dependency-groups")
    written = (
        *strings(table(data, "project").get("dependencies")),
        *(entry for group in _GROUPS for entry in strings(groups.get(group))),
    )
    for entry in written:
        try:
            requirement = Requirement(entry)
        except InvalidRequirement:
            continue
        if requirement.marker is None:
            yield canonicalize_name(requirement.name)
    for name in table(data, "tool", "poetry", "dependencies"):
        if name != _POETRY_PYTHON and _NAME.fullmatch(name):
            yield canonicalize_name(name)


def first_party(layout: Layout) -> frozenset[str]:
    """Return the names that the project's own modules can be imported by."""
    names: set[str] = set()
    roots = tuple(f"{root}/" for root in layout.sources if root != ".")
    for file in layout.files:
        names.add(_top(file.path))
        names.update(_top(file.path[len(root) :]) for root in roots if file.path.startswith(root))
    return frozenset(names)


def _top(path: str) -> str:
    return path.partition("/")[0].partition(".")[0]


def third_party(modules: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """Return the packages of modules that are neither ours nor Python's, sorted.

    They are named by their top level, or, where that is ours too, as a namespace that a declared
    distribution shares with the project: `company.core` of `company-core`.
    """
    own = first_party(layout)
    declared = frozenset(_declared(layout))
    packages = {
        _shared(module, declared) if module.partition(".")[0] in own else module.partition(".")[0]
        for module in modules
    }
    foreign = packages - {""} - sys.stdlib_module_names - _OTHER_VERSIONS
    return tuple(sorted(name for name in foreign if "." not in name or not _holds(layout, name)))


def own_modules(layout: Layout) -> frozenset[str]:
    """Return the dotted names of the modules and packages below the project's import roots."""
    names: set[str] = set()
    roots = tuple("" if root == "." else f"{root}/" for root in layout.sources)
    for file in layout.files:
        for root in roots:
            if file.path.startswith(root) and file.path.endswith((".py", ".pyi")):
                path = file.path[len(root) :].rpartition(".")[0].removesuffix("/__init__")
                names.update(_prefixes(path.replace("/", ".")))
    return frozenset(names)


def is_within(module: str, packages: frozenset[str]) -> bool:
    """Tell whether a module is one of the packages or inside of one."""
    return not packages.isdisjoint(_prefixes(module))


def _shared(module: str, declared: frozenset[str]) -> str:
    """Return the part of a dotted name that spells a declared distribution; empty if none does."""
    inner = (one for one in _prefixes(module) if "." in one)
    return next((one for one in inner if canonicalize_name(one) in declared), "")


def _prefixes(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _holds(layout: Layout, package: str) -> bool:
    """Tell whether the project's tree has a package, so that no distribution has to bring it."""
    path = package.replace(".", "/")
    places = tuple(path if root == "." else f"{root}/{path}" for root in layout.sources)
    begins = tuple(f"{place}{end}" for place in (path, *places) for end in ("/", ".py"))
    return any(file.path.startswith(begins) for file in layout.files)
