"""``Pipfile`` of a project that nothing else describes: ``[project]`` and dependency groups."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, left
from doctrine.adopt.movers._pipfile import FILE, Pipfile, pipfile
from doctrine.adopt.movers._ruff import runs
from doctrine.adopt.project import describing, first_rows
from doctrine.documents import table, text

_LOCK = "Pipfile.lock"


def _moves(old: Old) -> Iterable[Move | Left]:
    written = old.texts.get(FILE)
    if written is None or table(old.data, "project") or describing(old.situation) != FILE:
        return
    try:
        data = tomllib.loads(written)
    except ValueError as error:
        yield left(f"{FILE} is not moved: {error}", f"mend it, {AGAIN}")
        return
    found = pipfile(data, written, f"{FILE} is not moved")
    blocks = tuple(_blocks(found, old))
    _look(found)
    if user := runs(old, "pipenv"):
        found.left.append(
            left(f"{user} runs pipenv, which reads {FILE}", f"let uv take its place, {AGAIN}")
        )
    if found.left:
        yield from found.left
        return
    later: tuple[Left, ...] = ()
    if _LOCK in old.situation.project.layout.others:
        said = f"{_LOCK} was made from {FILE}, and uv.lock takes its place"
        later = (left(said, "remove it once `uv lock` has run"),)
    yield Move(what=FILE, blocks=blocks, cuts=(Cut(path=FILE),), left=later)


def _look(found: Pipfile) -> None:
    """Note what has no form in ``pyproject.toml``."""
    found.look_at_indexes()
    for name in ("scripts", "pipenv"):
        for key in table(found.data, name):
            found.add((name, key), f"`{key}` in [{name}] has no form in pyproject.toml")


def _blocks(found: Pipfile, old: Old) -> Iterator[Block]:
    """Yield the tables."""
    described = {**first_rows(old.situation), **dict(_python(found))}
    rows = [Row(keys=(key,), value=value) for key, value in described.items()]
    yield Block(table=("project",), rows=(*rows, found.array("dependencies", "packages")))
    groups = tuple(found.array(group, category) for group, category in found.groups())
    if groups:
        yield Block(table=("dependency-groups",), rows=groups)


def _python(found: Pipfile) -> Iterator[tuple[str, str]]:
    for key, value in table(found.data, "requires").items():
        if key == "python_version" and re.fullmatch(r"\d+\.\d+", text(value)):
            yield "requires-python", f"=={value}.*"
        elif key == "python_full_version" and re.fullmatch(r"\d+\.\d+\.\d+", text(value)):
            yield "requires-python", f"=={value}"
        else:
            found.add(("requires", key), f"`{key} = {value!r}` is not understood")


MOVER = Mover(name="pipenv", order=70, moves=_moves)
