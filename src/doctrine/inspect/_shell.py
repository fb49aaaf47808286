"""The commands in shell-like text: Makefiles, Dockerfiles, scripts, fenced blocks of Markdown.

An approximation on purpose: it finds program and arguments of each simple command, with its
line. It knows no variables and no control flow, and never raises.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from msgspec import Struct

_PIECE = re.compile(
    r""""(?:[^"\\]|\\.)*"|'[^']*'|(?P<separator>&&|\|\||[;|&\n`]|\$\((?!\w+\))|\b(?:then|do|else)\b)"""
    r"""|[^"'&|;`$\w\n]+|\w+|.""",
    re.DOTALL,
)
_LEADING = re.compile(
    r"^(?:[@+\-\s]|\$(?=\s)|(?:RUN|ONBUILD|CMD|ENTRYPOINT)\s|--\w+=\S+\s|\w+=\S*\s|sudo\s|exec\s|!\s)+"
)
_VARIABLE = re.compile(r"^\$[({]?(?P<name>[A-Za-z_]+)[)}]?$")
_VERSIONED = re.compile(r"^(?P<name>python|py|pip)[\d.]*(?:\.exe)?$", re.IGNORECASE)
_FAMILIES = {"python": "python", "py": "python", "pip": "pip"}
_LAUNCHERS = 4  # how many launchers in a row are believed: ``uv run python -m pip`` has two


class ShellCommand(Struct, frozen=True, kw_only=True):
    """A simple command."""

    argv: tuple[str, ...]
    line: int


def shell_commands(source: str) -> Iterator[ShellCommand]:
    """Yield the simple commands of a text in order."""
    for line, logical in _logical_lines(source):
        for part in _parts(logical):
            if argv := plain_argv(_split(_LEADING.sub("", part.strip() + " "))):
                yield ShellCommand(argv=argv, line=line)


def plain_argv(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command with ``python -m``, ``uv run`` and the program's folder taken away."""
    for _ in range(_LAUNCHERS):
        launched = _launched(argv)
        if launched is None:
            break
        argv = launched
    return (_program(argv[0]), *argv[1:]) if argv else ()


def _launched(argv: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what a launcher starts, or None when the command is no launcher."""
    program = _program(argv[0]) if argv else ""
    if program == "python" and argv[1:2] == ("-m",):
        return argv[2:]
    if program == "uv" and argv[1:2] == ("run",):
        return _after_options(argv[2:])
    return None


def _program(word: str) -> str:
    variable = _VARIABLE.match(word)
    name = variable["name"].lower() if variable else word.rpartition("/")[2]
    versioned = _VERSIONED.match(name)
    return _FAMILIES[versioned["name"].lower()] if versioned else name


def _after_options(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Drop leading options; one that takes a value and has none glued on loses it too."""
    takes_value = {"--group", "--extra", "--with", "--python", "-p", "--package", "--project"}
    index = 0
    while index < len(argv) and argv[index].startswith("-"):
        index += 2 if argv[index] in takes_value else 1
    return argv[index:]


def _logical_lines(source: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their continuations joined, and the number of the first."""
    pending, start = "", 0
    for number, raw in enumerate(source.splitlines(), start=1):
        if raw.lstrip().startswith("#"):
            continue
        start = start or number
        if raw.rstrip().endswith("\\"):
            pending += raw.rstrip()[:-1] + " "
            continue
        yield start, pending + raw
        pending, start = "", 0
    if pending:
        yield start, pending


def _parts(line: str) -> Iterator[str]:
    """Yield what lies between the operators; one inside quotes is text, not an operator."""
    part = ""
    for piece in _PIECE.finditer(line):
        if piece["separator"]:
            yield part
            part = ""
        else:
            part += piece.group()
    yield part


def _split(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command, comments=True))
    except ValueError:  # an unclosed quote
        return tuple(command.split())
