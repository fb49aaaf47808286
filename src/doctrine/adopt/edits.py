"""Edits as values: what a file holds, what it is to hold, why, and for which clauses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

PYPROJECT = "pyproject.toml"

Files = Mapping[str, bytes]
"""Content of files by POSIX path relative to the project root; one that is absent does not exist."""


class Section(StrEnum):
    """A part of the configuration that can be asked for alone, in the order it is worked on."""

    MOVE = "move"
    PROJECT = "project"
    DEPENDENCIES = "dependencies"
    RUFF = "ruff"
    MYPY = "mypy"
    PYRIGHT = "pyright"
    PYTEST = "pytest"
    COVERAGE = "coverage"
    VULTURE = "vulture"
    DOCTRINE = "doctrine"
    HOOKS = "hooks"
    CI = "ci"
    UPDATES = "updates"
    GITIGNORE = "gitignore"


class Reason(Struct, frozen=True, kw_only=True):
    """Why something in a file is changed.

    Attributes:
        section: The part of the configuration that it belongs to.
        text: What is changed and why, as one sentence without a full stop.
        clauses: Ids of the clauses that ask for it, sorted; none for what is only advisable.
    """

    section: Section
    text: str
    clauses: tuple[str, ...] = ()


class Edit(Struct, frozen=True, kw_only=True):
    """A file that is to be made, changed or removed.

    Attributes:
        path: POSIX path relative to the project root.
        before: What it holds; None where there is no such file.
        after: What it is to hold; None where it is to go.
        reasons: Why, in the order of the changes.
    """

    path: str
    before: bytes | None
    after: bytes | None
    reasons: tuple[Reason, ...]


class Left(Struct, frozen=True, kw_only=True):
    """Something that was not done.

    Attributes:
        section: The part of the configuration that it belongs to.
        text: What is not done and why.
        hint: What the user can do about it.
    """

    section: Section
    text: str
    hint: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    """Everything that is to be done, and what is left to a person.

    Attributes:
        edits: The files that are to be made, changed or removed.
        left: What was not done.
        managed: Whether uv can manage the project once that is done.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[Left, ...] = ()
    managed: bool = True
