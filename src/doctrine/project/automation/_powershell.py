"""The plain commands of a PowerShell script, which the grammar of other shells cannot read.

Only scripts of which every line is understood are read: who stores what a tool prints, and looks at
its exit code later, may have made a gate of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_OPENS = re.compile(
    r"(?i)^\}?\s*(?:if|else|elseif|foreach|for|while|do|try|catch|finally)\b[^{}]*\{$"
)
_CLOSES = re.compile(r"^\}+$")
_PROGRAM = re.compile(
    r"^(?!(?:[A-Z][a-z]+-[A-Z]|(?i:iex|start|icm|saps)\s))[A-Za-z_.][\w./\\-]*(?=\s|$)"
)
"""A program's name; other cmdlets than the silent ones may run one that nobody sees."""
_SILENT = re.compile(
    r"(?i)^(?:#|exit\b|return\b|break$|continue$|throw\b"
    r"|(?:write|set|get|new|remove|copy|move|test|join|split|out|add|clear|expand)-(?!location)[a-z]+\b"
    r"|\$(?!env:)[\w:{}]+\s*\+?=\s*(?:[\"'][^\"'`]*[\"']|\$?[\w.:]+)$|\$[\w:]+$)"
)
"""Lines that run no program, and change neither the folder nor the environment of those that do."""
_LEAVES = re.compile(r"(?i)^(?:exit|return|throw)\b")
_ENTERS = re.compile(r"(?i)^(?:cd|chdir|sl|pushd|popd)\b")
_STRAY = re.compile(r"[{};&|`]|\$\(")


class Line(Struct, frozen=True, kw_only=True):
    """A command of a script.

    Attributes:
        number: 1-based line.
        text: The command, as another shell would read it.
        nested: Whether it stands in a block, so that it may not run.
        last: Whether nothing comes after it.
    """

    number: int
    text: str
    nested: bool
    last: bool


def plain_commands(source: str) -> tuple[Line, ...] | None:
    """Return the commands of a script; None where a line is not understood.

    Args:
        source: The script.
    """
    rows = list(_rows(source))
    depth, found = 0, list[Line]()
    for index, (number, text) in enumerate(rows):
        step = _step(text)
        if (_LEAVES if depth == 0 else _ENTERS).match(text):
            return None  # what comes behind does not run, or nobody knows where
        if step is not None:
            depth += step
        elif _is_command(text):
            last = index == len(rows) - 1
            found.append(Line(number=number, text=text, nested=depth > 0, last=last))
        elif not _SILENT.match(text):
            return None
        if depth < 0:
            return None
    return tuple(found) if depth == 0 else None


def _step(text: str) -> int | None:
    """Return how many blocks a line opens, less those that it closes; None for any other line."""
    if _CLOSES.match(text):
        return -len(text)
    if _OPENS.match(text):
        return 0 if text.startswith("}") else 1
    return None


def _is_command(text: str) -> bool:
    named = _PROGRAM.match(text) is not None and not _SILENT.match(text)
    return named and not _STRAY.search(text)


def _rows(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, those that go on in the next one joined to it."""
    pending, start = "", 0
    for number, raw in enumerate(source.splitlines(), start=1):
        start = start or number
        if raw.endswith("`"):
            pending += raw[:-1]
            continue
        text = (pending + raw).strip()
        if text:
            yield start, text
        pending, start = "", 0
    if pending.strip():
        yield start, pending.strip()
