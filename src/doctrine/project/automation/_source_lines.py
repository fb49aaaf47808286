"""Where the commands of a script that is written in YAML stand."""

from __future__ import annotations

from collections.abc import Callable

from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._yaml import Node

_SHORT = 60
"""Length up to which a plain scalar is taken to stand on one line."""


def lines_of(node: Node, source: str) -> Callable[[int, Argv], int]:
    """Return a function from a script's line and a command on it to the file's line.

    Args:
        node: The scalar that holds the script.
        source: The file's text; a folded scalar has fewer lines than its source has.
    """
    if node.style == "|":
        return lambda line, _argv: node.line + line
    if node.style == "" and "\n" not in node.text and len(node.text) < _SHORT:
        return lambda _line, _argv: node.line
    return _Folded(node, source).line


class _Folded:
    """Looks the words of commands up in the source, onwards from the last one found."""

    def __init__(self, node: Node, source: str) -> None:
        self._first = node.line + (1 if node.style == ">" else 0)
        wanted = node.text.count(" ") + node.text.count("\n") + 2
        self._rows = source.splitlines()[self._first - 1 : self._first - 1 + wanted]
        self._at = 0

    def line(self, _line: int, argv: Argv) -> int:
        """Return the line of the first row at or after the last one that has the words."""
        words = [word for word in argv[:2] if word]
        for index in range(self._at, len(self._rows)):
            if words and words[0] in self._rows[index]:
                self._at = index
                return self._first + index
        return self._first + self._at
