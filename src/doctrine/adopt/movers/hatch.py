"""Environments of hatch for tests and checks: their requirements, as dependency groups beside them.

uv installs nothing that only an environment of hatch names. hatch goes on reading its own tables, since
which version of it runs is not known: groups are read from 1.16.3 on in every environment.
"""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement

from doctrine.adopt.dependencies import GROUP
from doctrine.adopt.edits import PYPROJECT, Left
from doctrine.adopt.movers._block import Row
from doctrine.adopt.movers._groups import adding, beyond, group_move, group_named
from doctrine.adopt.movers._move import Move, Mover, Old, at, left
from doctrine.adopt.movers._source import source_of
from doctrine.adopt.project import is_managed
from doctrine.documents import strings, table, text
from doctrine.model.replacing import replace

_FILE = "hatch.toml"
_GROUPS: Mapping[str, str] = {
    "default": "dev",
    "hatch-static-analysis": "lint",
    "hatch-test": "test",
    **{
        name: name
        for name in ("dev", "lint", "style", "test", "testing", "tests", "types", "typing")
    },
}
"""The groups of the environments that tests and checks run in; others may need what no lock can join."""
_MORE = "see that `uv sync` brings what its commands need, and name the rest in a group"
_DEFAULT = ("tool", "uv", "default-groups")
_DEFAULT_NAME = "default"
"""The environment that all others take over from, unless they name another one."""
_KEYS = ("dependencies", "extra-dependencies")


class _Environment(Struct, frozen=True, kw_only=True):
    """An environment that installs something of its own.

    Attributes:
        name: Its name.
        items: Its requirements.
        beside: What else it installs, which no group can say.
        path: The file that has it.
        line: 1-based line.
    """

    name: str
    items: tuple[str, ...]
    beside: tuple[str, ...]
    path: str
    line: int

    def said(self, text: str, hint: str) -> Left:
        """Return something about it that is left to do."""
        return at(self.path, self.line, f"the environment `{self.name}` of hatch {text}", hint)


def _moves(old: Old) -> Iterable[Move | Left]:
    if not table(old.data, "project") or not is_managed(old.data):
        return
    rows: dict[str, Row] = {}
    for one in _environments(old):
        yield from _looked_at(one, old, rows)
    if rows:
        yield _move(old, rows)


def _looked_at(one: _Environment, old: Old, rows: dict[str, Row]) -> Iterator[Left]:
    """Note the group that an environment becomes, and yield what of it becomes none."""
    group = _GROUPS.get(one.name, "")
    there = group_named(old.data, group) if group else ""
    if one.beside and not there:
        yield one.said(f"installs more than a group can say: {'; '.join(one.beside)}", _MORE)
    if not one.items:
        return
    if obstacle := _obstacle(one, group, rows):
        yield obstacle
    elif not there:
        rows[group] = Row(keys=(group,), value=one.items)
    elif more := beyond(one.items, old.data, there):
        text = f"names {', '.join(more)}, which the group `{there}` has not"
        yield one.said(text, f"add what is needed: {adding(there, more)}")


def _move(old: Old, rows: Mapping[str, Row]) -> Move:
    """Return what makes the groups, and lets uv install them: tools may stand in them alone."""
    listed = ", ".join(f"`{group}`" for group in rows)
    text = f"hatch goes on reading its own tables beside the new groups {listed}"
    hint = 'hatch 1.16.3 and later: `dependency-groups = ["…"]` in the environment can take their place'
    what = "[tool.hatch.envs]" if old.read(_FILE) is None else _FILE
    chosen = "default-groups" in table(old.data, "tool", "uv")
    more = () if chosen else tuple(name for name in rows if name != GROUP)
    every = dict(rows)
    if more and not group_named(old.data, GROUP):
        # uv refuses a default that is not there
        every.setdefault(GROUP, Row(keys=(GROUP,), value=()))
    move = group_move(old.data, what, tuple(every.values()), later=(left(text, hint),))
    return replace(move, sets={**move.sets, _DEFAULT: (GROUP, *more)}) if more else move


def _environments(old: Old) -> Iterator[_Environment]:
    """Yield the environments; ``hatch.toml`` is read in place of the tables in ``pyproject.toml``."""
    own = old.read(_FILE)
    keys: tuple[str, ...]
    if own is None:
        path, written, data, keys = PYPROJECT, old.pyproject, old.data, ("tool", "hatch", "envs")
    else:
        path, written, keys = _FILE, own.removeprefix("\ufeff"), ("envs",)
        try:
            data = tomllib.loads(written)
        except ValueError:
            return  # hatch stops at it as well, and a check names the place
    source = source_of(written)
    for name in table(data, *keys):
        settings = table(data, *keys, name)
        items = tuple(one for key in _KEYS for one in strings(settings.get(key)))
        beside = tuple(_beside(name, settings)) if name in _GROUPS else ()
        if items or beside:
            line = 1 if source is None else source.line((*keys, name))
            yield _Environment(name=name, items=items, beside=beside, path=path, line=line)


def _beside(name: str, settings: Mapping[str, object]) -> Iterator[str]:
    """Yield what an environment installs that no group can say."""
    if features := strings(settings.get("features")):
        options = [word for one in features for word in ("--extra", one)]
        yield f"the extras {', '.join(features)} (`{shlex.join(('uv', 'sync', *options))}`)"
    template = text(settings.get("template"))
    if template not in {"", _DEFAULT_NAME, name}:
        yield f"what it takes from the environment `{template}`"
    if conditional := dict.fromkeys(_overridden(settings.get("overrides"))):
        yield f"what its overrides say of {', '.join(f'`{one}`' for one in conditional)}"


def _overridden(overrides: object) -> Iterator[str]:
    """Yield the options about what is installed that depend on a matrix, a platform or a variable."""
    for key, value in table(overrides).items():
        if key.removeprefix("set-") in {*_KEYS, "features"}:
            yield key
        else:
            yield from _overridden(value)


def _obstacle(one: _Environment, group: str, taken: Mapping[str, Row]) -> Left | None:
    """Return why an environment becomes no group; None where nothing is in the way."""
    if not group:
        text = f"is none that tests or checks are known to run in, so {', '.join(one.items)} stay its own"
        return one.said(text, f"if uv is to lock them: {adding(one.name, one.items)}")
    if group in taken:
        text = f"becomes no group, since another one becomes `{group}`"
        return one.said(text, f"add what is needed: {adding(group, one.items)}")
    odd = next((item for item in one.items if not _is_plain(item)), None)
    if odd is not None:
        text = f"becomes no group: `{odd}` has a meaning to hatch alone"
        others = [item for item in one.items if _is_plain(item)]
        more = f"; add the others: {adding(group, others)}" if others else ""
        return one.said(text, f"say what it stands for under [dependency-groups]{more}")
    return None


def _is_plain(item: str) -> bool:
    """Return whether a requirement means the same everywhere: hatch fills in what is in braces."""
    try:
        parsed = Requirement(item)
    except InvalidRequirement:
        return False
    return "{" not in item and not (parsed.url or "").startswith("file:")


MOVER = Mover(name="hatch", order=95, moves=_moves)
