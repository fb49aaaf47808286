"""``pyproject.toml``: every section that lives in it, one after another."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from doctrine.adopt._literals import dotted
from doctrine.adopt._toml import changed
from doctrine.adopt.changes import Change, Op
from doctrine.adopt.coverage import coverage_changes
from doctrine.adopt.dependencies import dependency_changes
from doctrine.adopt.edits import PYPROJECT, Edit, Left, Reason, Section
from doctrine.adopt.mypy import mypy_changes
from doctrine.adopt.own import own_changes
from doctrine.adopt.project import project_changes
from doctrine.adopt.pyright import pyright_changes
from doctrine.adopt.pytest import pytest_changes
from doctrine.adopt.ruff import ruff_changes
from doctrine.adopt.situation import Situation
from doctrine.adopt.tables import Data, shadowed
from doctrine.adopt.vulture import vulture_changes

_Ask = Callable[[Data, Situation], Iterable[Change | Left]]

_SECTIONS: Mapping[Section, _Ask] = {
    Section.PROJECT: project_changes,
    Section.DEPENDENCIES: dependency_changes,
    Section.RUFF: ruff_changes,
    Section.MYPY: mypy_changes,
    Section.PYRIGHT: pyright_changes,
    Section.PYTEST: pytest_changes,
    Section.COVERAGE: coverage_changes,
    Section.VULTURE: vulture_changes,
    Section.DOCTRINE: lambda data, _: own_changes(data),
}
"""The sections that live in this file; a tool's table is named like its section."""


class _Draft(Struct):
    """The file while it is being changed."""

    text: str
    reasons: list[Reason] = field(default_factory=list[Reason])
    left: list[Left] = field(default_factory=list[Left])

    def take(self, one: Change | Left) -> None:
        """Make a change, or note what cannot be done."""
        if isinstance(one, Left):
            self.left.append(one)
            return
        new = changed(self.text, one)
        if new is None:
            self.left.append(_defied(one))
        elif new != self.text:
            self.text = new
            reason = Reason(section=one.section, text=one.why, clauses=tuple(sorted(one.clauses)))
            if reason not in self.reasons:
                self.reasons.append(reason)


def pyproject_edit(
    situation: Situation, before: bytes | None, sections: Iterable[Section]
) -> tuple[Edit | None, tuple[Left, ...], Data]:
    """Return the edit of ``pyproject.toml``.

    Args:
        situation: The project.
        before: What the file holds; None where there is none.
        sections: The parts that are asked for.

    Returns:
        The edit, None where nothing changes; what is left to a person; and the content of the file
        after the edit.
    """
    draft = _Draft(text=(before or b"").decode("utf-8"))
    wanted = frozenset(sections)
    for section, ask in _SECTIONS.items():
        if section in wanted:
            for one in tuple(_asked(section, ask, _parsed(draft.text), situation)):
                draft.take(one)
    data = _parsed(draft.text)
    after = draft.text.encode("utf-8")
    if after == (before or b""):
        return None, tuple(draft.left), data
    edit = Edit(path=PYPROJECT, before=before, after=after, reasons=tuple(draft.reasons))
    return edit, tuple(draft.left), data


def _parsed(text: str) -> Data:
    return tomllib.loads(text.removeprefix("\ufeff"))


def _asked(
    section: Section, ask: _Ask, data: Data, situation: Situation
) -> Iterator[Change | Left]:
    shadow = shadowed(situation, section.value, section)
    if shadow is not None:
        yield shadow
    else:
        yield from (one for one in ask(data, situation) if _is_wanted(one, situation))


def _is_wanted(one: Change | Left, situation: Situation) -> bool:
    return situation.wants(()) if isinstance(one, Left) else situation.wants(one.clauses)


def _defied(change: Change) -> Left:
    key = dotted([str(one) for one in change.keys])
    verb = {Op.SET: "set", Op.REMOVE: "remove", Op.ADD: "extend", Op.DROP: "shorten"}[change.op]
    items = "" if change.op is Op.REMOVE else f": {change.value!r}"
    return Left(
        section=change.section,
        text=f"`{key}` cannot be edited in {PYPROJECT} without changing the rest of it",
        hint=f"{verb} it yourself{items} ({change.why})",
    )
