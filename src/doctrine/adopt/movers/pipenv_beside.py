"""``Pipfile`` beside a ``[project]``: its categories become dependency groups, and it stays.

uv installs nothing that only a ``Pipfile`` names. What the project itself needs stands under
``[project]`` by now, so that a package of ``[packages]`` that is not there is named, and not guessed to be
one of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from doctrine.adopt.dependencies import GROUP
from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Row
from doctrine.adopt.movers._groups import adding, beyond, group_move, group_named, names
from doctrine.adopt.movers._move import AGAIN, Move, Mover, Old, at, left
from doctrine.adopt.movers._pipfile import FILE, Pipfile, pipfile
from doctrine.adopt.movers._ruff import runs
from doctrine.adopt.project import is_managed
from doctrine.documents import strings, table, text

_PACKAGES = "packages"
_SELF = frozenset({".", "./"})


def _moves(old: Old) -> Iterable[Move | Left]:
    written = old.texts.get(FILE)
    if written is None or not table(old.data, "project") or not is_managed(old.data):
        return
    try:
        data = tomllib.loads(written)
    except ValueError as error:
        yield left(f"{FILE} cannot be read: {error}", f"mend it, {AGAIN}")
        return
    found = pipfile(_without_self(data), written, "it becomes no dependency group")
    found.look_at_indexes()
    if not found.left:
        yield from _groups(found, old)
        yield from _packages(found, old.data)
    yield from found.left
    yield _staying(old)


def _without_self(data: Mapping[str, object]) -> dict[str, object]:
    """Return a ``Pipfile`` without the project itself, which uv installs anyway, in its categories."""
    return {name: _others(value) for name, value in data.items()}


def _others(category: object) -> object:
    if not isinstance(category, dict):
        return category
    named = cast("dict[str, object]", category)
    return {key: value for key, value in named.items() if not _is_self(table(named, key))}


def _is_self(entry: Mapping[str, object]) -> bool:
    """Return whether a requirement is the project as it is: no extra of it."""
    return text(entry.get("path")) in _SELF and not set(entry) - {"path", "editable"}


def _groups(found: Pipfile, old: Old) -> Iterator[Move | Left]:
    rows: dict[str, Row] = {}
    for group, category in found.groups():
        row = found.array(group, category)
        items = strings(row.value)
        there = group_named(old.data, group)
        if items and not there:
            rows[category] = row
        elif more := beyond(items, old.data, there):
            said = f"[{category}] names {', '.join(more)}, which the group `{there}` has not"
            hint = f"add what is needed: {adding(there, more)}"
            yield at(FILE, found.source.line((category,)), said, hint)
    if rows:
        what = ", ".join(f"[{category}]" for category in rows)
        yield group_move(old.data, f"{what} of {FILE}", tuple(rows.values()))


def _packages(found: Pipfile, data: Mapping[str, object]) -> Iterator[Left]:
    """Yield what ``[packages]`` asks for and ``[project]`` does not."""
    needed = list(found.named(_PACKAGES))
    line = found.source.line((_PACKAGES,))
    if needed and "dependencies" in strings(table(data, "project").get("dynamic")):
        said = f"whether [project] has what [{_PACKAGES}] names is not known before it is built"
        yield at(FILE, line, said, "compare the two")
        return
    asked = _by_name(strings(table(data, "project").get("dependencies")))
    for key, raw in needed:
        name = next(names((raw,)), "")
        if name not in asked:
            said = f"[{_PACKAGES}] names {raw}, which [project] does not"
            hint = f"{adding('', (raw,))} if the project needs it to run, {adding(GROUP, (raw,))} if you do"
            yield at(FILE, found.source.line((_PACKAGES, key)), said, hint)
        elif not _says_less(raw, asked[name]):
            said = f"[{_PACKAGES}] asks for {raw}, [project] for {asked[name]}"
            hint = "let [project] say what the project runs with; uv.lock pins one version of it"
            yield at(FILE, found.source.line((_PACKAGES, key)), said, hint)


def _by_name(items: Iterable[str]) -> Mapping[str, str]:
    return {name: one for one in items for name in names((one,))}


def _says_less(raw: str, other: str) -> bool:
    """Return whether a requirement asks for nothing that another one of its name does not."""
    mine, its = Requirement(raw), Requirement(other)
    within = set(mine.specifier) <= set(its.specifier) and mine.url in {None, its.url}
    extras = {canonicalize_name(one) for one in its.extras}
    return within and extras.issuperset(map(canonicalize_name, mine.extras))


def _staying(old: Old) -> Left:
    """Return that the file is still there."""
    said = f"{FILE} stays beside [project], and uv does not read it"
    if user := runs(old, "pipenv"):
        return left(
            f"{said}; {user} runs pipenv", f"let uv take its place there, and remove {FILE}"
        )
    return left(said, "remove it with its lock once nothing that it says is missing")


MOVER = Mover(name="pipenv-beside", order=75, moves=_moves)
