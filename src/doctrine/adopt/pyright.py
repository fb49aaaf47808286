"""``[tool.pyright]``: strict over every source folder, without rules set below that."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.changes import Asked, Change, Keys, Op, Value
from doctrine.adopt.edits import Section
from doctrine.adopt.situation import Situation, code_of, floor_text
from doctrine.adopt.tables import Data
from doctrine.documents import table
from doctrine.inspect._pyright_strict import weak_keys

_OLDEST = 8
_FORK = ("tool", "basedpyright")


def pyright_changes(data: Data, situation: Situation) -> Iterator[Change]:
    """Yield what pyright's table lacks, or that of its fork where the project uses that.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    forked = table(data, *_FORK) and not table(data, "tool", "pyright")
    asked = Asked(section=Section.PYRIGHT, table=_FORK if forked else ("tool", "pyright"))
    pyright = table(data, *asked.table)
    if not pyright:
        rows = _rows(situation)
        yield from asked.rows(rows, "pyright in strict mode, over all code", "TYP004")
        return
    if situation.lacks("TYP004.strict"):
        why = "strict mode is what the guide asks"
        yield asked.do(Op.SET, ("typeCheckingMode",), "strict", why, "TYP004")
    for key in weak_keys(pyright):
        why = f"`{key}` is set below what strict mode demands"
        yield asked.do(Op.REMOVE, (key,), "", why, "TYP004")


def _rows(situation: Situation) -> dict[Keys, Value]:
    return {
        ("include",): code_of(situation.project).everything,
        ("pythonVersion",): floor_text(situation.project, _OLDEST),
        ("typeCheckingMode",): "strict",
    }
