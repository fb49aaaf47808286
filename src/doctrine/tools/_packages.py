"""Which imports fail only because third-party packages are not installed where a tool looked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from packaging.markers import Marker
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
_VERSION = re.compile(r"3\.\d{1,2}")
_ONLY_VERSIONS = re.compile(
    r'python_(?:full_)?version (?:[<>=!~]=?|===) "[\d.]+"'
    r'(?: and python_(?:full_)?version (?:[<>=!~]=?|===) "[\d.]+")*'
)


def is_complete(layout: Layout, version: str = "") -> bool:
    """Return whether the project's environment exists and has what the project declares.

    Args:
        layout: The project's environment and declarations.
        version: The Python that the code is checked for, such as ``3.10``; what is declared for it
            alone may be missing in an environment of another one. Empty when nothing says.
    """
    environment = layout.environment
    return environment is not None and all(
        name in environment.packages for name in _declared(layout, version)
    )


def _declared(layout: Layout, version: str = "") -> Iterator[str]:
    """Yield the distributions that every installation of the project has."""
    data = layout.pyproject.data if layout.pyproject else None
    for entry in _written(data):
        requirement = _parsed(entry)
        if requirement and (not requirement.marker or _applies(requirement.marker, version)):
            yield canonicalize_name(requirement.name)
    for name in table(data, "tool", "poetry", "dependencies"):
        if name != _POETRY_PYTHON and _NAME.fullmatch(name):
            yield canonicalize_name(name)


def mentioned(layout: Layout) -> frozenset[str]:
    """Return the distributions that any table of the project's declarations names."""
    data = layout.pyproject.data if layout.pyproject else None
    project, groups = table(data, "project"), table(data, "dependency-groups")
    extras = table(project, "optional-dependencies")
    lists = (project.get("dependencies"), *extras.values(), *groups.values())
    parsed = (_parsed(entry) for entries in lists for entry in strings(entries))
    return frozenset(canonicalize_name(one.name) for one in parsed if one)


def _written(data: Mapping[str, object] | None) -> Iterator[str]:
    yield from strings(table(data, "project").get("dependencies"))
    groups = table(data, "dependency-groups")
    for group in _GROUPS:
        yield from strings(groups.get(group))


def _parsed(entry: str) -> Requirement | None:
    try:
        return Requirement(entry)
    except InvalidRequirement:
        return None


def _applies(marker: Marker, version: str) -> bool:
    """Whether a marker that asks for nothing but a Python version holds for one."""
    if not _VERSION.fullmatch(version) or not _ONLY_VERSIONS.fullmatch(str(marker)):
        return False
    return marker.evaluate({"python_version": version, "python_full_version": f"{version}.0"})


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
