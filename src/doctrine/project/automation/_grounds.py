"""Whether a command that runs in a folder of its own can be about the project's code at all.

A repository may hold complete projects as examples, with checks of their own: what these find says
nothing about the project.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from doctrine.model.folders import folders_above
from doctrine.project.roles import is_aside

READERS = frozenset({
    "ruff", "mypy", "pyright", "basedpyright", "vulture", "radon", "xenon", "flake8", "black", "isort",
    "bandit", "pylint", "pyupgrade", "autoflake", "ty", "pyrefly", "complexipy", "pytest", "semgrep",
})  # fmt: skip
"""Programs that are of no use without Python files."""
_TESTERS = frozenset({"pytest", "coverage", "unittest", "nose2", "nosetests", "trial", "stestr"})
"""Programs that run tests, which are rarely where the code is."""
_PARTS = re.compile(r"[/=:,]")
_KNOWN_FOLDER = re.compile(r"[\w@+-][\w.@+-]*(?:/[\w@+-][\w.@+-]*)*")
_BY_NAME = {"mypy": ("-p", "--package", "-m", "--module"), "pytest": ("--pyargs",)}
"""Options with which a module is found wherever it is installed."""


class Grounds:
    """The folders in which the project has source files."""

    def __init__(self, sources: Collection[str]) -> None:
        """Take the source files; without any there is nothing to say."""
        self._folders = folders_above(sources)
        self._told = bool(sources)

    def aside(self, argv: tuple[str, ...], folder: str) -> str:
        """Return why a command gets to none of the project's code; empty where it may.

        Args:
            argv: Program and arguments.
            folder: Where it runs, relative to the root.
        """
        if not self._told or folder in self._folders or not _KNOWN_FOLDER.fullmatch(folder):
            return ""
        if _leads_out(argv):
            return ""
        shown = any(map(is_aside, folder.split("/")))
        if argv[0] in _TESTERS and shown:
            return f"it runs in {folder}, whose tests are not about the project's code"
        if argv[0] in READERS - _TESTERS:
            return f"it runs in {folder}, where the project has no source file"
        return ""


def _leads_out(argv: tuple[str, ...]) -> bool:
    """Return whether a command may name something outside of the folder that it runs in."""
    return any(word in _BY_NAME.get(argv[0], ()) for word in argv[1:]) or any(
        word.startswith(("/", "~")) or "$" in word or ".." in _PARTS.split(word)
        for word in argv[1:]
    )
