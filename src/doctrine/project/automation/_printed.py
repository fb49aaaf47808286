"""What a command in ``$( )`` prints, where its text alone tells: ``$(echo 3.12 | tr -d .)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from doctrine.project.automation._lexer import Kind, Part, Token, tokenise

Expand = Callable[[tuple[Part, ...]], Iterator[str]]
Words = tuple[str, ...]

_LONGEST = 200
"""Characters of a command that is looked at, which bounds how deep one can stand in another too."""
_SED = re.compile(r"s([/,|#:])(?P<old>(?:\\.|[^\\])*?)\1(?P<new>[^\\&]*?)\1(?P<all>g?)")
_BASIC = re.compile(r"\^?(?:\\[./-]|\[[\w.-]+\]|[\w. -])+\$?")
"""Regular expressions that mean the same to sed and to Python."""
_EXPANDED = frozenset("*?[{~")
"""What makes the shell look for files, or write a word several times."""


def printed(source: str, expand: Expand) -> str | None:
    """Return what a command substitution stands for; None where that cannot be told.

    Args:
        source: The substitution as it is written, brackets included.
        expand: Makes arguments of a word.
    """
    if len(source) > _LONGEST:
        return None
    commands = _commands(source[2:-1] if source.startswith("$(") else source[1:-1], expand)
    said = _said(commands[0]) if commands else None
    for command in commands[1:]:
        said = _filtered(said, command) if said is not None else None
    return said if said and "$" not in said and "`" not in said else None


def _commands(script: str, expand: Expand) -> tuple[Words, ...]:
    """Return the commands of a pipe; nothing where there is anything else."""
    commands: list[list[Token]] = [[]]
    for token in tokenise(script):
        if token.kind is Kind.OPERATOR and token.text == "|":
            commands.append([])
        elif token.kind is Kind.WORD:
            commands[-1].append(token)
        else:
            return ()
    return tuple(
        tuple(value for token in command for value in expand(token.parts)) for command in commands
    )


def _said(words: Words) -> str | None:
    if words[:1] == ("echo",):
        said = words[2:] if words[1:2] == ("-n",) else words[1:]
        unknown = (said and said[0].startswith("-")) or any(_EXPANDED & set(one) for one in said)
        return None if unknown else " ".join(said)
    if words[:1] == ("printf",) and len(words) == 3 and words[1] in {"%s", r"%s\n"}:  # noqa: PLR2004
        return words[2]
    return None


def _filtered(text: str, words: Words) -> str | None:
    match words:
        case ("tr", "-d", dropped) if _is_plain(dropped):
            return text.translate({ord(one): None for one in dropped})
        case ("tr", old, new) if _is_plain(old + new) and len(old) == len(new) and old[0] != "-":
            return text.translate(dict(zip(map(ord, old), new, strict=True)))
        case ("sed", ("-e" | "-E" | "-r"), script) | ("sed", script):
            return _edited(text, script)
        case _:
            return None


def _is_plain(characters: str) -> bool:
    """Return whether a set of ``tr`` is the characters themselves: no range, class or escape."""
    return not re.search(r".-.|\[|\\", characters)


def _edited(text: str, script: str) -> str | None:
    found = _SED.fullmatch(script)
    if found is None or not _BASIC.fullmatch(found["old"]) or "--" in found["old"]:
        return None
    new = found["new"]
    try:
        return re.sub(found["old"], lambda _: new, text, count=0 if found["all"] else 1)
    except re.error:  # a range that runs backwards
        return None
