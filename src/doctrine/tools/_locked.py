"""Which packages a lock or an environment holds, and a lock of doctrine's own for the latter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from msgspec import Struct
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from doctrine.documents import table, tables, text
from doctrine.model.project import Layout, Lock

_SEEDS = frozenset({"pip", "setuptools", "uv", "wheel"})
"""What environments are born with, whether the project asks for it or not."""

_FOREIGN = frozenset({"registry", "git", "url"})
"""Sources of other people's packages; the others are folders of the project."""


class Package(Struct, frozen=True, kw_only=True):
    """One package of an index; ``index`` is its place in the lock."""

    name: str
    version: str
    index: int = 0


class Locked(Struct, frozen=True, kw_only=True):
    """What the project gets from others.

    Attributes:
        packages: Those that can be looked up.
        odd: Names of those that cannot, because their version is none.
    """

    packages: tuple[Package, ...]
    odd: tuple[str, ...] = ()


def locked(lock: Lock) -> Locked:
    """Return the packages of a lock, the project's own left out.

    Args:
        lock: The lock.
    """
    return Locked(
        packages=tuple(
            Package(name=text(entry.get("name")), version=text(entry.get("version")), index=index)
            for index, entry in enumerate(tables((lock.data or {}).get("package")))
            if _FOREIGN & set(table(entry, "source"))
        )
    )


def installed(layout: Layout) -> Locked:
    """Return what is installed beside the project itself; nothing without an environment.

    Args:
        layout: The project.
    """
    if layout.environment is None:
        return Locked(packages=())
    left_out = _SEEDS | {canonicalize_name(layout.name)}
    found = sorted(layout.environment.packages.items())
    versions = {name: _public(version) for name, version in found if name not in left_out}
    return Locked(
        packages=tuple(
            Package(name=name, version=version) for name, version in versions.items() if version
        ),
        odd=tuple(name for name, version in versions.items() if not version),
    )


def _public(version: str) -> str:
    """Return a version without its local part, which no service knows; empty for nonsense."""
    try:
        return Version(version).public
    except InvalidVersion:
        return ""


def written(packages: Iterable[Package]) -> Mapping[str, str]:
    """Return the files of a project that has locked exactly these packages.

    Args:
        packages: What is installed.
    """
    head = '[project]\nname = "environment"\nversion = "0"\nrequires-python = ">=3.8"\n'
    listed = "".join(
        f"\n[[package]]\nname = {json.dumps(one.name)}\nversion = {json.dumps(one.version)}\n"
        'source = { registry = "." }\n'
        for one in packages
    )
    wanted = "".join(f"    {{ name = {json.dumps(one.name)} }},\n" for one in packages)
    own = (
        '\n[[package]]\nname = "environment"\nversion = "0"\nsource = { virtual = "." }\n'
        f"dependencies = [\n{wanted}]\n"
    )
    lock = f'version = 1\nrequires-python = ">=3.8"\n{own}{listed}'
    return {"pyproject.toml": head, "uv.lock": lock}
