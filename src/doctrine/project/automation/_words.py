"""Words of a shell command to arguments, as far as the values of variables are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doctrine.project.automation._changes import changed
from doctrine.project.automation._lexer import Part
from doctrine.project.automation._printed import printed

_ASSIGNED = re.compile(r"^([A-Za-z_]\w*)\+?=")
_POSITIONAL = frozenset({"@", "*"})
_LONGEST = 20_000


def expand(parts: tuple[Part, ...], env: Mapping[str, str], args: tuple[str, ...]) -> Iterator[str]:
    """Yield the arguments that a word becomes.

    Args:
        parts: Stretches of the word.
        env: Values of variables; unknown ones stay as written.
        args: Positional arguments of the script or function.
    """
    word, started = "", False
    for part in _substance(parts):
        if part.variable in _POSITIONAL:
            yield from _positional(part, args)
            continue
        started = started or part.quoted
        *complete, last = _pieces(part, env, args) or [""]
        for piece in complete:
            yield word + piece
            word = ""
        word += last
    if (word or started) and len(word) <= _LONGEST:
        yield word


def _positional(part: Part, args: tuple[str, ...]) -> Iterator[str]:
    """Yield all arguments, each as it is changed; the word as it is written where one is not known."""
    values = [changed(one, part.change) for one in args] if part.change else list(args)
    known = [one for one in values if one is not None]
    yield from known if len(known) == len(values) else [part.text]


def _substance(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Leave empty stretches out, such as the ends of ``"$@"``, unless there is nothing else."""
    return tuple(one for one in parts if one.text) or parts


def _pieces(part: Part, env: Mapping[str, str], args: tuple[str, ...]) -> list[str]:
    """Return what a stretch becomes; white space in it ends one argument and starts another."""
    value = _value(part, env, args)
    expanded = bool(part.variable) or part.substitution
    if not expanded or part.quoted or value == part.text:
        return [value]
    return _fields(value)


def _fields(value: str) -> list[str]:
    """Split a value as the shell does; what a command prints is unknown, and stays one word."""
    if value.startswith(("$(", "`")) and value.endswith((")", "`")):
        return [value]
    return value.split()


def _value(part: Part, env: Mapping[str, str], args: tuple[str, ...]) -> str:
    if part.substitution or part.change:
        known = _worked_out(part, env, args)
        return part.text if known is None else known
    if not part.variable:
        return part.text
    if part.variable.isdigit() and part.variable != "0":
        index = int(part.variable[:4])
        return next(iter(args[index - 1 : index]), part.default)
    if part.variable in env:
        return env[part.variable] or part.default
    return part.default or part.text


def _worked_out(part: Part, env: Mapping[str, str], args: tuple[str, ...]) -> str | None:
    """Return what a command prints, or what a value is changed to; None where only a run tells."""
    if part.substitution:
        return printed(part.text, lambda parts: expand(parts, env, args))
    return changed(env.get(part.variable, ""), part.change)


def assignment(
    parts: tuple[Part, ...], env: Mapping[str, str], args: tuple[str, ...]
) -> tuple[str, str] | None:
    """Return name and value when a word is an assignment, else None."""
    if not parts or parts[0].quoted or parts[0].variable:
        return None
    found = _ASSIGNED.match(parts[0].text)
    if found is None:
        return None
    first = parts[0].text[found.end() :]
    rest = "".join(_value(part, env, args) for part in parts[1:])
    return found[1], (first + rest)[:_LONGEST]
