"""``ruff.toml`` and ``.ruff.toml``: the same tables below ``[tool.ruff]``, as they are written."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Iterable, Mapping

from doctrine.adopt._toml_lines import entries
from doctrine.adopt.edits import PYPROJECT, Left
from doctrine.adopt.movers._block import Block
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, at, left
from doctrine.adopt.movers._ruff import RUFF
from doctrine.documents import table, text

_FILES = (".ruff.toml", "ruff.toml")
"""In the order in which ruff looks for them; ``pyproject.toml`` comes behind."""
_BOM = "\ufeff"


def _moves(old: Old) -> Iterable[Move | Left]:
    found = [path for path in _FILES if path in old.texts]
    if not found:
        return
    path, *others = found
    written = old.texts[path].removeprefix(_BOM).replace("\r\n", "\n")
    try:
        data = tomllib.loads(written)
    except ValueError as error:
        yield left(f"{path} is not moved: {error}", f"mend it, {AGAIN}")
        return
    yield _obstacle(old, path, others, data) or _move(path, written, data)


def _obstacle(
    old: Old, path: str, others: Iterable[str], data: Mapping[str, object]
) -> Left | None:
    """Return what stands in the way of moving the file."""
    taken = [*others, *([f"[{'.'.join(RUFF)}]"] if "ruff" in table(old.data, "tool") else [])]
    if taken:
        told = (
            f"{path} is not moved: {' and '.join(taken)} is there as well, which ruff never reads"
        )
        return left(told, f"keep what ruff is to read in one of them, {AGAIN}")
    base = text(data.get("extend"))
    if base and posixpath.normpath(base) == PYPROJECT:
        told = f"it is not moved, since it extends {PYPROJECT}, which would then extend itself"
        return at(path, 1, told, f"take the `extend` out, {AGAIN}")
    return None


def _move(path: str, written: str, data: Mapping[str, object]) -> Move | Left:
    block = Block(table=RUFF, written=_below(written))
    if not _holds("\n".join(block.lines()), data):
        return left(
            f"{path} is not moved: it is built in a way that defies that", "move it yourself"
        )
    return Move(what=path, blocks=(block,), cuts=(Cut(path=path),))


def _below(written: str) -> str:
    """Return a document with the names of its tables put below ``tool.ruff``."""
    lines = written.split("\n")
    name = ".".join(RUFF)
    for one in entries(written) or ():
        if one.header:
            line = lines[one.first - 1]
            end = len(line) - len(line.lstrip(" \t["))
            lines[one.first - 1] = f"{line[:end]}{name}.{line[end:]}"
    return "\n".join(lines).strip("\n")


def _holds(text: str, data: Mapping[str, object]) -> bool:
    """Return whether a document holds tables below ``tool.ruff``, and nothing else."""
    try:
        return tomllib.loads(text) == {"tool": {"ruff": data}}
    except ValueError:
        return False


MOVER = Mover(name="ruff", order=16, moves=_moves)
