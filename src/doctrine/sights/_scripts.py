"""Text beyond ASCII in tests: in which scripts, and whether it was damaged by a wrong encoding."""

from __future__ import annotations

import re
import unicodedata
from ast import literal_eval
from collections.abc import Iterator
from functools import cache

from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.sights._tests import Surroundings
from doctrine.syntax.language import of_types
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{|x[89a-fA-F][0-9a-fA-F])")
_PICTURES = 0x1F000
_LONGEST = 4000
_MOST = 2000
"""Strings of one file that are looked at; tables of characters have more."""
_CALLED = re.compile(rb"\b(\w+)\s*\(")
_DEFINED = re.compile(rb"\bdef\s+(\w+)")
_LETTER = re.compile(r"\b(?:LETTER|SYLLABLE|LIGATURE)\b|^(?:CJK|HIRAGANA|KATAKANA|HANGUL)")
_TELLS = re.compile(r"(?:^|\.)(?:print|debug|info|warning|error|fail|skip)$")
_NO_CODE = frozenset(
    b"encode decode str bytes len isinstance repr parametrize skipif list tuple set sorted print".split()
)
"""Calls that put no text through any code of the project's own."""


def text_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield the scripts that a test file's strings are written in, once for each definition.

    Args:
        parsed: The file.
    """
    source = parsed.source
    if source.isascii() and not _ESCAPE.search(source):
        return
    around = Surroundings(parsed)
    once: set[tuple[str, str]] = set()
    for node in of_types(parsed.tree, "string")[:_MOST]:
        value = _value(node)
        if value.isascii() or _is_aside(node):
            continue
        line = line_of(node)
        name = "unicode-text" if _is_used(around, line) else "unicode-unused"
        for script in _scripts_of(value):
            sight = around.sight(name, line, script)
            if (sight.symbol, script) not in once:
                once.add((sight.symbol, script))
                yield sight
        if mended := _mended(value):
            yield around.sight("damaged-text", line, f"{value[:20]!r} was meant to be {mended!r}")


def _scripts_of(text: str) -> list[str]:
    return sorted({one for one in map(script_of, set(text)) if one})


@cache
def script_of(character: str) -> str:
    """Return the script of a letter, ``EMOJI`` for a symbol beyond the basic plane, or nothing."""
    if character.isascii():
        return ""
    name = unicodedata.name(character, "")
    if unicodedata.category(character)[0] == "L":
        return name.partition(" ")[0] if _LETTER.search(name) else ""
    return "EMOJI" if ord(character) >= _PICTURES else ""


def _value(node: Node) -> str:
    """Return what a string literal holds; empty for what cannot be told or is very long."""
    written = text_of(node)
    if len(written) > _LONGEST or (written.isascii() and "\\" not in written):
        return ""
    head = written.partition(written[-1])[0].lower()
    if "f" in head or "t" in head:
        return written
    try:
        value: object = literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "ignore")
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _is_docstring(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "expression_statement"


def _is_aside(node: Node) -> bool:
    return _is_docstring(node) or _is_told(node)


def _is_told(node: Node) -> bool:
    """Return whether a text is for whoever runs the tests: printed, or why an assertion fails."""
    above = node.parent
    if above is not None and above.type == "assert_statement":
        return above.named_children[0].id != node.id
    call = above.parent if above is not None and above.type == "argument_list" else None
    called = call.child_by_field_name("function") if call is not None else None
    return called is not None and bool(_TELLS.search(text_of(called)))


def _is_used(around: Surroundings, line: int) -> bool:
    """Return whether the definition around a text calls anything but encoders and the like."""
    text = around.text(line)
    called = set(_CALLED.findall(text))
    defined = set(_DEFINED.findall(text))
    return bool(called - defined - _NO_CODE) or not defined


def _mended(value: str) -> str:
    """Return what a text was before UTF-8 was read as Windows-1252; empty if it was not."""
    if len(value) > _LONGEST or not any("\u00c0" <= one <= "\u00f4" for one in value):
        return ""
    try:
        before = value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
    return before[:20] if before != value else ""
