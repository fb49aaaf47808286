"""A run that looks at a few files only: which, and what it could tell."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Picked(StrEnum):
    """How the files of a partial run were picked."""

    STAGED = "staged"
    """What the next commit would change, as git's index has it."""
    CHANGED = "changed"
    """What differs from the last commit, untracked files included, as the working tree has it."""
    GIVEN = "given"
    """What the command line names, as the working tree has it."""

    @property
    def flag(self) -> str:
        """The option of the command line."""
        return "--files" if self is Picked.GIVEN else f"--{self.value}"


class Partial(Struct, frozen=True, kw_only=True):
    """What a partial run looked at.

    Attributes:
        picked: How its files were picked.
        files: Python files that were judged, POSIX paths relative to the project's root, sorted.
        others: How many further files were picked and not looked at: those of other kinds, and
            those that are not the project's own.
        clauses: Ids of the clauses that were judged in these files, in the guide's order; all
            others were not judged at all.
        left_out: Names of the conditions of the gate that only a whole run can tell of.
        whole: The command that judges the whole project.
    """

    picked: Picked
    files: tuple[str, ...]
    others: int = 0
    clauses: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    whole: str = "doctrine check"
