"""What CI installs to run the tools and the tests: the project, its groups and its extras."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from packaging.utils import canonicalize_name

from doctrine.adopt.dependencies import BOUNDS, GROUP, TEST_TOOLS
from doctrine.adopt.edits import Left, Section
from doctrine.adopt.locked import is_workspace
from doctrine.adopt.situation import Situation, declared, default_groups
from doctrine.adopt.tables import Data
from doctrine.documents import table, tables, text
from doctrine.model.project import Dependency, DependencyKind

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
    members = ("--all-packages",) if is_workspace(data) else ()
    return " ".join(("uv sync --locked", *members, *options))


def beyond_the_lock(situation: Situation) -> Left | None:
    """Return what the tests may need and uv does not install, since another tool's file names it.

    That is what stands beside pytest in a group of poetry, an environment of tox or hatch, or a file of
    requirements. A job that runs the tests fails without it, and nobody would know why.
    """
    beside = [one for one in _beside_pytest(situation) if not declared(situation.project, one.name)]
    if not beside:
        return None
    found = sorted({one.name for one in beside})
    names = ", ".join(found)
    where = f"{beside[0].place.path}:{beside[0].place.line}"
    text = f"`uv sync` does not install {names}, which {where} names beside pytest"
    wanted = sorted({shlex.quote(one.url or one.name) for one in beside})
    hint = f"add what the tests need of it: `uv add --dev {' '.join(wanted)}`"
    return Left(section=Section.CI, text=text, hint=hint)


def _beside_pytest(situation: Situation) -> list[Dependency]:
    """Return what foreign lists with a tool for tests have, without what is declared here anyway."""
    foreign = [one for one in situation.project.dependencies if one.kind is DependencyKind.FOREIGN]
    testing = {(one.place.path, one.group) for one in foreign if one.name in TEST_TOOLS}
    within = [one for one in foreign if (one.place.path, one.group) in testing]
    return [one for one in within if one.name not in BOUNDS]


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
