"""The versions that a bare requirement admits, by what the lock has settled on."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from doctrine.documents import tables, text
from doctrine.model.observation import Applicability, Edit, Fix
from doctrine.model.project import Dependency, DependencyKind, Lock, TomlFile

_BARE = re.compile(r"\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?")
"""A name with its extras; what may follow is a marker."""
_PROMISED = frozenset({DependencyKind.RUNTIME, DependencyKind.OPTIONAL})
"""Kinds that come to whoever installs the project."""


def bounded(
    dependency: Dependency, pyproject: TomlFile | None, lock: Lock | None, *, library: bool
) -> Fix | None:
    """Return what limits a requirement to the locked version and newer ones.

    What others install with a library is limited from below only, and unsafely: a lower bound that
    is higher than it has to be keeps others from their own versions.

    Args:
        dependency: A requirement that names no version.
        pyproject: The file it stands in.
        lock: The lock, which says what was tried.
        library: Whether the project is, or may be, a library.
    """
    version = _locked(dependency.name, lock)
    bare = _bare(dependency)
    if pyproject is None or dependency.place.path != pyproject.path or not bare or version is None:
        return None
    promised = library and dependency.kind in _PROMISED
    limits = f">={version.public}" + ("" if promised else f",<{version.major + 1}")
    edit = _insertion(dependency, bare, limits, pyproject)
    if edit is None:
        return None
    return Fix(
        applicability=Applicability.UNSAFE if promised else Applicability.SAFE,
        description=f"write {bare.strip()}{limits}, as the lock has it",
        edits=(edit,),
    )


def _bare(dependency: Dependency) -> str:
    """Return the name of a requirement as it is written, with its extras; empty where more follows.

    A marker may follow it: it says where, and not which version.
    """
    bare = _BARE.match(dependency.raw)
    if bare is None or dependency.specifier:
        return ""
    rest = dependency.raw[bare.end() :].lstrip()
    return "" if rest and not rest.startswith(";") else bare[0].rstrip()


def _locked(name: str, lock: Lock | None) -> Version | None:
    """Return the version that a lock has of a distribution; None where it has none, or several."""
    packages = tables((lock.data or {}).get("package")) if lock else ()
    found = {
        text(one.get("version"))
        for one in packages
        if canonicalize_name(text(one.get("name"))) == name
    }
    try:
        return Version(found.pop()) if len(found) == 1 else None
    except InvalidVersion:
        return None


def _insertion(dependency: Dependency, bare: str, limits: str, pyproject: TomlFile) -> Edit | None:
    """Return where the limits go; None where the requirement is not to be found in its line."""
    number = dependency.place.line
    lines = pyproject.text.split("\n")
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    for quote in ('"', "'"):
        if line.count(f"{quote}{dependency.raw}{quote}") == 1:
            column = line.index(f"{quote}{dependency.raw}{quote}") + 2 + len(bare)
            return Edit(
                line=number, column=column, end_line=number, end_column=column, content=limits
            )
    return None
