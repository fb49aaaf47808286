"""A small project that shows what a clause asks, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from doctrine.model.outcome import Outcome

PYPROJECT = "pyproject.toml"
_PYPROJECT_TEXT = """\
[project]
name = "example"
version = "1.0.0"
requires-python = ">=3.11"
"""


class Example(Struct, frozen=True, kw_only=True):
    """A project that complies with a clause or violates it.

    Attributes:
        name: Name inside the clause, in kebab-case.
        outcome: What becomes of the clause.
        files: Text by POSIX path, as the clause's file gives them.
        places: What decides it, as ``path:line``; ``path`` for a whole file, ``.`` for the project.
        note: Why it is so; may be empty.
    """

    name: str
    outcome: Outcome
    files: Mapping[str, str]
    places: tuple[str, ...] = ()
    note: str = ""

    @property
    def violates(self) -> bool:
        """Whether the clause fails here."""
        return self.outcome is Outcome.FAIL

    @property
    def tree(self) -> Mapping[str, str]:
        """The whole project: the files, and a plain ``pyproject.toml`` where they have none."""
        return {PYPROJECT: _PYPROJECT_TEXT, **self.files}
