"""Lists of what the tests need, beside a described project: dependency groups.

uv installs what ``[project]`` and its groups say, and no file of requirements. A job that runs the tests
would lack what only such a file names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from packaging.requirements import InvalidRequirement, Requirement

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Row
from doctrine.adopt.movers._groups import adding, beyond, group_move
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, at, left, mentions
from doctrine.adopt.project import is_managed
from doctrine.documents import table
from doctrine.project.requirements import requirement_lines

_LIST = re.compile(
    r"(?:tests?/requirements|requirements/(?:tests?|testing)|(?:tests?|testing)[-_.]requirements"
    r"|requirements[-_.](?:tests?|testing))\.(?:txt|in)"
)
_SELF = re.compile(r"^(?:-e|--editable)?[\s=]*\.(?:\[[\w, -]*\])?$")
_OWN = re.compile(r"^(?:-r|--requirement)[\s=]*(?:\.\./|\./)?requirements\.(?:txt|in)$")
"""The list of what the project itself needs, which ``[project]`` says."""
_GROUP = "test"


def _moves(old: Old) -> Iterable[Move | Left]:
    paths = sorted(path for path in old.texts if _LIST.fullmatch(path))
    if not paths or not is_managed(old.data) or not table(old.data, "project"):
        return
    path = paths[0]
    items = _items(old.texts[path], path)
    if isinstance(items, Left):
        yield items
        return
    if _GROUP in table(old.data, "dependency-groups"):
        yield from _beyond(path, items, old)
        return
    reason = _staying(old, path)
    cuts = (Cut(path=path),) if reason is None else ()
    later = () if reason is None else (reason,)
    yield group_move(old.data, path, [Row(keys=(_GROUP,), value=items)], cuts, later)


def _staying(old: Old, path: str) -> Left | None:
    """Return why a list stays beside the group that is made of it."""
    beside = f"stays therefore beside the group `{_GROUP}`"
    hint = "install the group there, and remove the file"
    user = next(mentions(old.situation.project.texts, path), None)
    if user is not None:
        return at(user[0], user[1], f"it names {path}, which {beside}", hint)
    for number, line in requirement_lines(old.texts[path]):
        if _OWN.match(line):
            said = f"`{line}` is taken for what [project] says; {path} {beside}"
            return at(path, number, said, "see that nothing is missing, and remove the file")
    return None


def _beyond(path: str, items: Sequence[str], old: Old) -> Iterator[Left]:
    """Yield what a list names and the group that is there already does not."""
    if more := beyond(items, old.data, _GROUP):
        text = f"{path} names {', '.join(more)}, which the group `{_GROUP}` has not"
        yield left(text, f"add what the tests need of it: {adding(_GROUP, more)}")


def _items(text: str, path: str) -> list[str] | Left:
    """Return the requirements of a list, the project itself left out."""
    found: list[str] = []
    for number, line in requirement_lines(text.removeprefix("\ufeff")):
        if not line or _SELF.match(line) or _OWN.match(line):
            continue
        try:
            Requirement(line)
        except InvalidRequirement:
            said = f"{path} is not moved: `{line}` is not the requirement of a named distribution"
            return at(path, number, said, f"change it, {AGAIN}")
        found.append(line)
    return found


MOVER = Mover(name="testing", order=90, moves=_moves)
