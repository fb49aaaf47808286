"""What stands in braces in a tox value: positional arguments and variables, one in the other."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DEFAULT = r"(?::((?:[^{}]|\{[^{}]*\})*))?"
_POSARGS = re.compile(rf"\{{(?:posargs|tty){_DEFAULT}\}}|\[posargs\]")
_VARIABLE = re.compile(rf"\{{env:(\w+){_DEFAULT}\}}")
_DEEP = 6
_LONGEST = 4_000
"""No command is longer, and variables that name each other must not grow without end."""


def substitute(text: str, posargs: str, variables: Mapping[str, str]) -> str:
    """Replace what is known; other substitutions stay as written.

    Args:
        text: A command or a value.
        posargs: What stands after ``--`` on tox's command line.
        variables: The environment's variables, as they are written.
    """
    text = _filled(text, variables)
    return _POSARGS.sub(lambda found: posargs or (found[1] or "").replace("\\:", ":"), text)


def variables_of(written: Mapping[str, str], outer: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of an environment, from what it sets and what it is started with."""
    known = {**outer, **{name: _without_itself(name, written[name], outer) for name in written}}
    return {**outer, **{name: _filled(known[name], known) for name in written}}


def _without_itself(name: str, value: str, outer: Mapping[str, str]) -> str:
    """Let a variable that is set to itself mean the one outside."""

    def itself(found: re.Match[str]) -> str:
        return outer.get(name, found[2] or "") if found[1] == name else found[0]

    return _VARIABLE.sub(itself, value)


def _filled(text: str, variables: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in variables:
            return variables[name][:_LONGEST]
        return found[0] if found[2] is None else found[2]

    for _ in range(_DEEP):
        filled = _VARIABLE.sub(value, text)
        if filled == text or len(filled) > _LONGEST:
            break
        text = filled
    return text
