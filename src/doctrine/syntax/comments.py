"""Suppression comments: which rules of which tool a comment silences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.model.observation import Location
from doctrine.model.project import Silencer, Suppression
from doctrine.syntax.places import location, text_of

_MENTIONS = re.compile(rb"noqa|type:|mypy:|pyright:|nosem|ruff:", re.IGNORECASE)

_CODE = r"[A-Z]+[0-9]+|[a-z]+(?:-[a-z]+)+"
_CODES = re.compile(rf"\s*({_CODE})(?=$|[\s,#])[\s,]*", re.IGNORECASE)
_NOQA = re.compile(r"#\s*(?P<file>(?:ruff|flake8)\s*:\s*)?noqa(?![\w-])(?P<colon>\s*:)?", re.I)
_TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?:\[(?P<rules>[^\]]*)\])?(?![\w`-])")
# A comment that quotes such a comment in backquotes silences nothing.
_PYRIGHT_IGNORE = re.compile(r"#\s*pyright:\s*ignore(?:\[(?P<rules>[\s\w,-]*)\]|(?=\s|$))")
_PYRIGHT_FILE = re.compile(r"^#\s*pyright:\s*(?P<words>[^#]+)")
_MYPY_FILE = re.compile(r"^#\s*mypy:\s*(?P<words>[^#]+)")
_MYPY_CODES = re.compile(r"disable[-_]error[-_]code\s*=\s*(?:\"(?P<many>[^\"]*)\"|(?P<one>[\w-]+))")
_MYPY_ALL = re.compile(r"ignore[-_]errors(?!\s*=\s*(?:false|0|no))", re.IGNORECASE)
_MYPY_FLAG_OFF = re.compile(
    r"\b(?:allow[-_](?:any[-_]generics|subclassing[-_]any|untyped[-_](?:calls|defs|decorators)"
    r"|incomplete[-_]defs)(?!\s*=\s*(?:false|0|no))|no[-_]strict[-_]equality"
    r"|(?:disallow[-_](?:any[-_]generics|subclassing[-_]any|untyped[-_](?:calls|defs|decorators)"
    r"|incomplete[-_]defs)|check[-_]untyped[-_]defs|warn[-_](?:return[-_]any|unused[-_]ignores"
    r"|redundant[-_]casts)|strict[-_]equality|extra[-_]checks)\s*=\s*(?:false|0|no))",
    re.IGNORECASE,
)
"""Flags of strict mode that a ``# mypy:`` comment takes back for its file."""
_NOSEM = re.compile(r"#.*?\bnosem(?:grep)?\b(?::[ \t]*(?P<rules>[\w.,\- \t]+))?")
_RUFF_RULES = re.compile(r"#\s*ruff\s*:\s*(?P<verb>ignore|file-ignore)\[(?P<rules>[^\]]*)\]")

_RELAXED_MODES = frozenset({"basic", "standard", "off"})
_RELAXED_VALUES = frozenset({"false", "none", "information"})


def suppressions(
    path: str, source: bytes, found: Iterable[Node], first_code: int
) -> tuple[Suppression, ...]:
    """Return what the comments of a file silence, in source order.

    Args:
        path: POSIX path of the file, relative to the project root.
        source: Its bytes.
        found: Its comments.
        first_code: Byte at which its first statement begins.
    """
    result: list[Suppression] = []
    for node in found:
        if _MENTIONS.search(node.text or b""):
            place = location(path, source, node)
            start = node.start_byte
            own_line = not source[start - node.start_point.column : start].strip()
            result += _of_comment(text_of(node), place, own_line, start < first_code)
    return tuple(sorted(result, key=lambda item: (item.location.line, item.location.column)))


def _of_comment(text: str, place: Location, own_line: bool, leads: bool) -> Iterator[Suppression]:
    yield from _noqa(text, place, own_line)
    yield from _type_ignore(text, place, own_line and leads)
    yield from _pyright_ignore(text, place)
    if own_line:
        yield from _pyright_file(text, place)
        yield from _mypy_file(text, place)
    yield from _nosemgrep(text, place, own_line)


def _noqa(text: str, place: Location, own_line: bool) -> Iterator[Suppression]:
    for found in _NOQA.finditer(text):
        whole_file = bool(found["file"])
        rules = _codes(text[found.end() :]) if found["colon"] else ()
        if found["colon"] and not rules:  # ruff says so and goes on as if nothing stood there
            continue
        if whole_file and not own_line:  # likewise
            continue
        yield Suppression(
            silencer=Silencer.NOQA, rules=rules, location=place, whole_file=whole_file
        )
    for found in _RUFF_RULES.finditer(text):
        whole_file = found["verb"] == "file-ignore"
        if rules := _listed(found["rules"]):
            yield Suppression(
                silencer=Silencer.NOQA, rules=rules, location=place, whole_file=whole_file
            )


def _codes(text: str) -> tuple[str, ...]:
    codes: list[str] = []
    position = 0
    while found := _CODES.match(text, position):
        codes.append(found[1].upper() if "-" not in found[1] else found[1])
        position = found.end()
    return tuple(codes)


def _type_ignore(text: str, place: Location, leads: bool) -> Iterator[Suppression]:
    """A ``type: ignore`` above all code covers the file."""
    for found in _TYPE_IGNORE.finditer(text):
        yield Suppression(
            silencer=Silencer.TYPE_IGNORE,
            rules=_listed(found["rules"]),
            location=place,
            whole_file=leads,
        )


def _pyright_ignore(text: str, place: Location) -> Iterator[Suppression]:
    for found in _PYRIGHT_IGNORE.finditer(text):
        rules = _listed(found["rules"])
        yield Suppression(silencer=Silencer.PYRIGHT_IGNORE, rules=rules, location=place)


def _pyright_file(text: str, place: Location) -> Iterator[Suppression]:
    found = _PYRIGHT_FILE.match(text)
    words = _listed(found["words"]) if found else ()
    if any(word in _RELAXED_MODES for word in words):
        yield Suppression(
            silencer=Silencer.PYRIGHT_IGNORE, rules=(), location=place, whole_file=True
        )
    settings = (word.partition("=") for word in words if "=" in word)
    rules = tuple(key.strip() for key, _, to in settings if to.strip().lower() in _RELAXED_VALUES)
    if rules:
        yield Suppression(
            silencer=Silencer.PYRIGHT_IGNORE, rules=rules, location=place, whole_file=True
        )


def _mypy_file(text: str, place: Location) -> Iterator[Suppression]:
    found = _MYPY_FILE.match(text)
    if not found:
        return
    codes = _MYPY_CODES.search(found["words"])
    rules = _listed(codes["many"] or codes["one"]) if codes else ()
    flags = tuple(found[0] for found in _MYPY_FLAG_OFF.finditer(found["words"]))
    if flags:
        yield Suppression(
            silencer=Silencer.TYPE_IGNORE, rules=flags, location=place, whole_file=True
        )
    if rules or _MYPY_ALL.search(found["words"]):
        yield Suppression(
            silencer=Silencer.TYPE_IGNORE,
            rules=() if _MYPY_ALL.search(found["words"]) else rules,
            location=place,
            whole_file=True,
        )


def _nosemgrep(text: str, place: Location, own_line: bool) -> Iterator[Suppression]:
    """A comment on a line of its own covers the line below it."""
    if found := _NOSEM.match(text):
        covered = Location.point(place.path, place.line + 1) if own_line else place
        yield Suppression(
            silencer=Silencer.NOSEMGREP, rules=_listed(found["rules"]), location=covered
        )


def _listed(words: str | None) -> tuple[str, ...]:
    return tuple(word for part in (words or "").split(",") if (word := part.strip()))
