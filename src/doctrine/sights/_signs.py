"""The table of what test files are searched for."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

from doctrine.documents import parse_toml, strings, tables, text
from doctrine.errors import RegistryError

_FILE = "signs.toml"
_EXPECTING = r"\b(?:raises|assertRaises\w*|expect_raises|does_raise)\s*\(\s*\(?[^)\n]*\b(?:{})\b"


class Sign(Struct, frozen=True, kw_only=True):
    """One row of the table.

    Attributes:
        id: Name of the sight.
        needles: Words one of which a file must hold.
        names: Identifiers that count.
        raises: Exceptions whose expectation counts.
        imports: Dotted names whose import counts.
        patterns: Everything that is searched for as text, as one; None where nothing is.
        tests: What names of definitions are searched for; None where they are not.
        anywhere: Whether comments and strings count.
        once: Whether the first place in a file says it all.
        unless: Words in the same function with which it is something else.
        helpers: Whether calling a helper of the file that does it counts as doing it.
    """

    id: str
    needles: tuple[bytes, ...]
    names: frozenset[str]
    raises: frozenset[str]
    imports: tuple[str, ...]
    patterns: re.Pattern[bytes] | None
    tests: re.Pattern[str] | None
    anywhere: bool
    once: bool
    unless: frozenset[str]
    helpers: bool


@cache
def signs() -> tuple[Sign, ...]:
    """Return the table.

    Raises:
        RegistryError: A pattern of it cannot be compiled.
    """
    content = files(__package__ or __name__).joinpath(_FILE).read_text(encoding="utf-8")
    return tuple(_sign(name, value) for name, value in parse_toml(_FILE, content).data.items())


def words_pattern(names: frozenset[str], raises: frozenset[str]) -> str:
    """Return the expression that finds names, and exceptions where they are expected."""
    parts: list[str] = []
    if names:
        parts.append(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    if raises:
        parts.append(_EXPECTING.format("|".join(map(re.escape, sorted(raises)))))
    return "|".join(parts)


def _sign(name: str, value: object) -> Sign:
    (fields,) = tables([value]) or ({},)
    names, raises = (
        frozenset(strings(fields.get("names"))),
        frozenset(strings(fields.get("raises"))),
    )
    own = (words_pattern(names, raises), *strings(fields.get("patterns")))
    searched = "|".join(f"(?:{_inline(one)})" for one in own if one)
    tests = text(fields.get("tests"))
    try:
        return Sign(
            id=name,
            needles=tuple(one.encode() for one in strings(fields.get("needles"))),
            names=names,
            raises=raises,
            imports=strings(fields.get("imports")),
            patterns=re.compile(searched.encode()) if searched else None,
            tests=re.compile(tests) if tests else None,
            anywhere=fields.get("anywhere") is True,
            once=fields.get("once") is True,
            unless=frozenset(strings(fields.get("unless"))),
            helpers=fields.get("helpers") is True,
        )
    except re.error as error:
        message = f"{_FILE}: {name} has a wrong pattern: {error}"
        raise RegistryError(message) from error


def _inline(pattern: str) -> str:
    """Return a pattern as part of an alternation, its leading flags turned into a group's."""
    return f"(?i:{pattern[4:]})" if pattern.startswith("(?i)") else pattern
