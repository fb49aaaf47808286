"""``.pre-commit-config.yaml``: the fast gates, in the project's own environment.

A hook with an environment of its own lacks the project's dependencies and runs another version than
CI does, so these are local hooks that start what the lock says.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from doctrine.adopt._yaml import with_item
from doctrine.adopt.edits import Reason, Section
from doctrine.adopt.situation import Situation

PATH = ".pre-commit-config.yaml"


class _Hook(Struct, frozen=True, kw_only=True):
    """A hook: the check that it answers, what it runs, and whether on the files that changed."""

    id: str
    check: str
    entry: str
    by_file: bool

    @property
    def lines(self) -> list[str]:
        lines = [
            f"- id: {self.id}",
            f"  name: {self.id}",
            f"  entry: uv run --locked {self.entry}",
            "  language: system",
        ]
        types = ["  types_or: [python, pyi]"] if self.by_file else ["  types: [python]"]
        return [*lines, *types, *([] if self.by_file else ["  pass_filenames: false"])]


_HOOKS = (
    _Hook(id="ruff-check", check="LNT001.gate", entry="ruff check --force-exclude", by_file=True),
    _Hook(id="ruff-format", check="FMT001.gate", entry="ruff format --force-exclude", by_file=True),
    _Hook(id="mypy", check="TYP001.gate", entry="mypy", by_file=False),
)


def hooks(
    before: str | None, situation: Situation, unrun: frozenset[str] = frozenset()
) -> tuple[str | None, Reason]:
    """Return the hooks with those that answer a check which nothing else answers, and why.

    A project that has some of the gates, and no hooks, does well without them.

    Args:
        before: What the file holds; None where there is none.
        situation: The project.
        unrun: The checks whose tool nothing is to run.

    Returns:
        The text, the same one where nothing is lacking; None where the file cannot be added to.
    """
    open_ones = [hook for hook in _HOOKS if situation.lacks(hook.check)]
    lacking = [hook for hook in open_ones if hook.check not in unrun]
    some = len(open_ones) < len(_HOOKS)
    text = before or ""
    empty = not text.strip()
    if lacking and not (some and empty):
        item = _item(lacking)
        return _begun(item) if empty else with_item(text, ("repos",), item), _reason(lacking)
    return before, _reason(lacking)


def _reason(lacking: Sequence[_Hook]) -> Reason:
    names = ", ".join(hook.id for hook in lacking)
    return Reason(
        section=Section.HOOKS,
        text=f"mistakes are found before they are committed: {names}",
        clauses=tuple(sorted({hook.check.partition(".")[0] for hook in lacking})),
    )


def _item(lacking: Sequence[_Hook]) -> Sequence[str]:
    """Return the lines of one repository of hooks, as an item of a list without its dash."""
    return ("repo: local", "  hooks:", *(f"    {line}" for one in lacking for line in one.lines))


def _begun(item: Sequence[str]) -> str:
    """Return a new file that holds nothing but one item of its list of repositories."""
    lines = ("repos:", f"  - {item[0]}", *(f"  {line}" for line in item[1:]))
    return "".join(f"{line}\n" for line in lines)
