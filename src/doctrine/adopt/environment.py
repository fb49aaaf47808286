"""What CI installs to run the tools and the tests: the project, its groups and its extras."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from packaging.utils import canonicalize_name

from doctrine.adopt.dependencies import GROUP
from doctrine.adopt.situation import Situation, declared, default_groups
from doctrine.adopt.tables import Data
from doctrine.documents import table, tables, text

_TESTING = frozenset({"test", "tests", "testing"})
"""Extras and groups that the tests of many projects need."""


def sync_command(situation: Situation, data: Data, distributions: Iterable[str]) -> str:
    """Return the command that installs what some tools and the tests need, from the lock.

    Args:
        situation: The project.
        data: Content of ``pyproject.toml``, as it will be.
        distributions: What the commands that follow need.
    """
    extras, groups = _testing(data)
    for name in distributions:
        where = declared(situation.project, name)
        if where is not None and where.groups:
            groups |= {min(where.groups, key=_preference)}
        elif where is not None and not where.always:
            extras |= {min(where.extras, key=_preference)}
    asked = sorted(groups - _unasked(data))
    options = [f"--extra {shlex.quote(one)}" for one in sorted(extras)]
    options += [f"--group {shlex.quote(one)}" for one in asked]
    return " ".join(("uv sync --locked", *options))


def _preference(name: str) -> tuple[bool, bool, str]:
    return (name != GROUP, canonicalize_name(name) not in _TESTING, name)


def _unasked(data: Data) -> frozenset[str]:
    """Return the groups that uv installs by itself, and those that these include."""
    groups = table(data, "dependency-groups")
    default = default_groups(data)
    pending = list(groups if default is None else default)
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += [text(one.get("include-group")) for one in tables(groups.get(name))]
    return frozenset(reached)


def _testing(data: Data) -> tuple[set[str], set[str]]:
    extras = table(data, "project", "optional-dependencies")
    groups = table(data, "dependency-groups")
    return (
        {one for one in extras if canonicalize_name(one) in _TESTING},
        {one for one in groups if canonicalize_name(one) in _TESTING},
    )
