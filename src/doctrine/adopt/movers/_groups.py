"""Dependency groups that are made of other tools' lists, beside those that are there already."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._move import Cut, Move
from doctrine.documents import strings, table, tables, text

_TABLE = "dependency-groups"


def group_move(
    data: Mapping[str, object],
    what: str,
    rows: Sequence[Row],
    cuts: tuple[Cut, ...] = (),
    later: tuple[Left, ...] = (),
) -> Move:
    """Return what makes groups of lists; none of the groups is there yet.

    Args:
        data: Content of ``pyproject.toml``.
        what: What is moved, as it is said to the user.
        rows: The groups. Their comments are kept where the table of groups is new.
        cuts: What is taken out of old files.
        later: What of it a person has to look at, once it is moved.
    """
    if table(data, _TABLE):
        sets = {(_TABLE, *row.keys): cast("Sequence[str]", row.value) for row in rows}
        return Move(what=what, blocks=(), cuts=cuts, sets=sets, left=later)
    blocks = (Block(table=(_TABLE,), rows=tuple(rows)),)
    return Move(what=what, blocks=blocks, cuts=cuts, left=later)


def group_named(data: Mapping[str, object], name: str) -> str:
    """Return a group as ``pyproject.toml`` spells it; empty where there is none of that name.

    Args:
        data: Content of ``pyproject.toml``.
        name: Its name, however it is spelt.
    """
    plain = canonicalize_name(name)
    return next((one for one in table(data, _TABLE) if canonicalize_name(one) == plain), "")


def beyond(items: Iterable[str], data: Mapping[str, object], group: str) -> list[str]:
    """Return the requirements of distributions that a group, with those that it includes, has not.

    Args:
        items: Requirements.
        data: Content of ``pyproject.toml``.
        group: The group as it is spelt there.
    """
    known = frozenset(names(_within(data, group, set())))
    return [one for one in items if not known.issuperset(names((one,)))]


def adding(group: str, items: Iterable[str]) -> str:
    """Return the command that adds requirements to a group, as a shell takes it.

    Args:
        group: The group; empty for what the project itself needs.
        items: Requirements; markers have quotes and characters that a shell would read.
    """
    where = ("--group", group) if group else ()
    return f"`{shlex.join(('uv', 'add', *where, *items))}`"


def _within(data: Mapping[str, object], group: str, seen: set[str]) -> Iterator[str]:
    if not group or group in seen:
        return
    seen.add(group)
    listed = table(data, _TABLE).get(group)
    yield from strings(listed)
    for one in tables(listed):
        yield from _within(data, group_named(data, text(one.get("include-group"))), seen)


def names(items: Iterable[str]) -> Iterator[str]:
    """Yield the normalised names of what is required, passing over what is no requirement.

    Args:
        items: Requirements.
    """
    for one in items:
        try:
            yield canonicalize_name(Requirement(one).name)
        except InvalidRequirement:
            continue
