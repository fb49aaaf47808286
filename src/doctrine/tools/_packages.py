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
    """Return the top-level names among modules that are neither ours nor Python's, sorted."""
    own = first_party(layout)
    tops = {module.partition(".")[0] for module in modules}
    return tuple(sorted(tops - own - sys.stdlib_module_names - _OTHER_VERSIONS))
