"""Takes the machine out of a report: absolute folders become words that mean the same anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable

from doctrine.model.report import Report

ROOT = "."
SCRATCH = "{scratch}"
ELSEWHERE = "{elsewhere}"
_ABSOLUTE = re.compile(
    r"(?<![^=:,;'\"(\s])(?:[A-Za-z]:[\\/]|/)[^\s=,;:'\")]*[\\/]([^\\/\s=,;:'\")]+)"
)
_INTERPRETER = re.compile(r"python3?(?:\.\d+)?t?(?:\.exe)?\Z")
"""A name of the same interpreter is one thing on one machine and another on the next."""
_SHORTEST = 2
"""A root such as ``/`` is the start of every path and cannot be told from the others."""


def without_machine(report: Report) -> Callable[[str], str]:
    """Return what replaces the folders of this run in a text.

    Args:
        report: Whose root and scratch folder are meant.

    Returns:
        A function: the project's root becomes ``.``, the scratch folder ``{scratch}``.
    """
    folders = [(report.scratch, SCRATCH), (report.root, ROOT)]
    # The longer folder first: one may lie inside the other.
    folders.sort(key=lambda pair: -len(pair[0]))
    steps = [
        (folder, re.compile(re.escape(folder) + r"(?![\w.-])"), word)
        for folder, word in ((path.rstrip("/\\"), word) for path, word in folders)
        if len(folder) >= _SHORTEST
    ]

    def replaced(text: str) -> str:
        for folder, pattern, word in steps:
            if folder in text:
                text = pattern.sub(word.replace("\\", r"\\"), text)
        return text

    return replaced


def portable_argv(argv: tuple[str, ...], replaced: Callable[[str], str]) -> tuple[str, ...]:
    """Return a command as it reads on any machine.

    Args:
        argv: Program and arguments.
        replaced: From ``without_machine``.

    Returns:
        The command; a program outside the project by its name, an interpreter as ``python``, other
        places outside the run under ``{elsewhere}``.
    """
    if not argv:
        return ()
    program, *rest = (replaced(one) for one in argv)
    return (
        _INTERPRETER.sub("python", _ABSOLUTE.sub(r"\1", program)),
        *(_ABSOLUTE.sub(rf"{ELSEWHERE}/\1", one) for one in rest),
    )
