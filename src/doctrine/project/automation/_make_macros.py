"""Macros of make: texts between ``define`` and ``endef``, and what ``$(call NAME,…)`` makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DEFINE = re.compile(r"^(?:override\s+|export\s+)*define\s+(?P<name>[\w.-]+)\s*[:+?]{0,3}=?\s*$")
_END = re.compile(r"^\s*endef\b")
_CALL = re.compile(r"\$([({])call\s+(?P<name>[\w.-]+)\s*(?=[,)}])")
_ARGUMENT = re.compile(r"\$(?:\((\d)\)|\{(\d)\}|(\d))")
_OPENING, _CLOSING = "({", ")}"
_MOST = 50


def without_definitions(source: str) -> tuple[str, dict[str, str]]:
    """Return a Makefile with its definitions blanked out, and their texts by name."""
    kept: list[str] = []
    found: dict[str, list[str]] = {}
    name, depth = "", 0
    for line in source.split("\n"):
        opened = _DEFINE.match(line)
        if name:
            depth += bool(opened) - bool(_END.match(line))
            if depth:
                found[name].append(line)
            else:
                name = ""
        elif opened:
            name, depth = opened["name"], 1
            found[name] = []
        kept.append("" if opened or name or _END.match(line) else line)
    return "\n".join(kept), {one: "\n".join(lines) for one, lines in found.items()}


def called(text: str, macros: Mapping[str, str]) -> str:
    """Return a line of a recipe with each call of a macro in place of itself; unknown ones stay."""
    start = 0
    for _ in range(_MOST):
        found = _CALL.search(text, start)
        if found is None:
            break
        end = _end_of(text, found.start() + 1)
        body = macros.get(found["name"])
        if body is None or end < 0:
            start = found.end()
            continue
        arguments = (found["name"], *_split(text[found.end() : end]))
        text = text[: found.start()] + _filled(body, arguments) + text[end + 1 :]
        start = found.start()
    return text


def unknown_call(text: str) -> str:
    """Return the name of a macro that a line calls and the file does not have; empty if none."""
    found = _CALL.search(text)
    return found["name"] if found else ""


def _filled(body: str, arguments: tuple[str, ...]) -> str:
    def value(found: re.Match[str]) -> str:
        index = int(found[1] or found[2] or found[3])
        return arguments[index] if index < len(arguments) else ""

    return _ARGUMENT.sub(value, body)


def _end_of(text: str, opening: int) -> int:
    """Return where the bracket that opens at a place is closed; -1 where it is not."""
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] in _OPENING) - (text[index] in _CLOSING)
        if not depth:
            return index
    return -1


def _split(text: str) -> list[str]:
    """Return the arguments in `,a,b(c,d)`: commas inside of brackets separate none."""
    parts, depth = [""], 0
    for char in text.removeprefix(","):
        depth += (char in _OPENING) - (char in _CLOSING)
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts
