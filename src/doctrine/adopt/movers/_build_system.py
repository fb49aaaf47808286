"""``[build-system]`` so that setuptools builds what ``[project]`` describes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from doctrine.adopt._toml import changed
from doctrine.adopt.changes import Change
from doctrine.adopt.edits import Left, Section
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._move import AGAIN, Old, left
from doctrine.documents import strings, table, text

_BACKEND = "setuptools.build_meta"
_FIRST = Version("61.3.1")
"""The first setuptools that reads ``[project]`` and leaves what it calls dynamic where it stands."""
_NEEDED = f"setuptools>={_FIRST}"

Keys = Mapping[tuple[str, ...], Sequence[str]]


def build_system(
    old: Old, requires: Sequence[str], *, old_backend: bool
) -> tuple[tuple[Block, ...], Keys] | Left:
    """Return the table of the build, or the key of it that changes.

    Args:
        old: The project.
        requires: What the build needs beside setuptools.
        old_backend: Whether ``setup.py`` imports modules from beside it, which only the backend that
            counts where none is named lets it do.
    """
    build = table(old.data, "build-system")
    if not build:
        rows = [Row(keys=("requires",), value=[_NEEDED, *_others(requires)])]
        rows += [] if old_backend else [Row(keys=("build-backend",), value=_BACKEND)]
        return (Block(table=("build-system",), rows=tuple(rows)),), {}
    backend = text(build.get("build-backend", _BACKEND))
    if backend.partition(":")[0] != _BACKEND:
        said = f"setup.py is not moved: the project is built by {backend}"
        return left(said, f"say under [project] what setup.py says, {AGAIN}")
    known = strings(build.get("requires"))
    try:
        new = tuple(_raised(known, _others(requires)))
    except (InvalidRequirement, InvalidVersion):
        said = "setup.py is not moved: [build-system] asks for a setuptools that does not read [project]"
        return left(said, f"ask for `{_NEEDED}` there, {AGAIN}")
    keys = ("build-system", "requires")
    raised = Change(section=Section.MOVE, keys=keys, value=new)
    if new == known or (_names(new) == _names(known) and changed(old.pyproject, raised) is None):
        return (
            (),
            {},
        )  # comments stand between the items, and without a bound the newest one is taken
    return (), {keys: new}


def _names(requires: Iterable[str]) -> list[str]:
    return [canonicalize_name(Requirement(one).name) for one in requires]


def _others(requires: Iterable[str]) -> list[str]:
    return [one for one in requires if canonicalize_name(Requirement(one).name) != "setuptools"]


def _raised(known: Sequence[str], more: Iterable[str]) -> Iterator[str]:
    """Yield what the build needs, with a setuptools that reads ``[project]``."""
    names = {*_names(known)}
    if "setuptools" not in names:
        yield _NEEDED
    for one in known:
        yield _raised_one(one, Requirement(one))
    yield from (one for one in more if canonicalize_name(Requirement(one).name) not in names)


def _raised_one(written: str, parsed: Requirement) -> str:
    """Return a requirement, with a bound if it is setuptools' and has none; a condition stays."""
    if canonicalize_name(parsed.name) != "setuptools" or _reads(parsed.specifier) or parsed.marker:
        return written
    return _NEEDED


def _reads(specifiers: Iterable[Specifier]) -> bool:
    """Return whether every version that is allowed reads ``[project]``.

    Raises:
        InvalidVersion: None of them does.
    """
    floor = Version("0")
    for one in specifiers:
        version = Version(one.version.removesuffix(".*"))
        if one.operator in {"<", "<=", "=="} and version <= _FIRST:
            raise InvalidVersion(str(one))
        if one.operator in {">=", ">", "~=", "=="}:
            floor = max(floor, version)
    return floor >= _FIRST
