"""Searching a test file for the signs of the table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from doctrine.model.project import Definition, Import, Sight
from doctrine.sights._signs import Sign, signs, words_pattern
from doctrine.syntax.tree import ParsedFile

_MOST = 40
"""Places of one sign in one file: enough to match them with what they test."""
_WORD = re.compile(rb"[A-Za-z_]\w*")
_TEXT = frozenset({"comment", "string_content", "string", "escape_sequence", "string_start"})


def test_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield what a test file shows.

    Args:
        parsed: The file.
    """
    around = Surroundings(parsed)
    for sign in signs():
        if parsed.wording.holds(*sign.needles):
            found = sorted(_found(sign, parsed), key=lambda one: one[0])[:_MOST]
            every = (around.sight(sign.id, line, detail) for line, detail in found)
            seen = [one for one in every if not one.words & sign.unless]
            yield from seen
            yield from _through_helpers(sign, seen, parsed, around) if sign.helpers else ()


def _through_helpers(
    sign: Sign, seen: list[Sight], parsed: ParsedFile, around: Surroundings
) -> Iterator[Sight]:
    """Yield the calls of helpers of the file that do what the sign looks for."""
    helpers = {
        name for one in seen if (name := one.symbol.rpartition(".")[2]) and not _is_test(name)
    }
    if not helpers:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(helpers)))})\(".encode())
    for line, detail in _matches(pattern, sign, parsed):
        sight = around.sight(sign.id, line, f"calls {detail.rstrip('(')}")
        if sight.symbol.rpartition(".")[2] not in helpers:
            yield sight


def _is_test(name: str) -> bool:
    return name.lower().startswith("test")


class Surroundings:
    """The definitions of a test file, and the words of each."""

    def __init__(self, parsed: ParsedFile) -> None:
        """Take a file; nothing is split before something is found in it."""
        self._source = parsed.source
        self._definitions = parsed.module.definitions
        self._units = list(units(parsed.module.definitions))
        self._starts = [one.line for one in self._units]
        self._words: dict[int, frozenset[str]] = {}
        self._lines: list[bytes] = []

    def sight(self, name: str, line: int, detail: str) -> Sight:
        """Return a sight at a line, with the words of the test or helper around it."""
        inner = self._innermost(line)
        return Sight(
            name=name,
            line=line,
            detail=detail,
            symbol=inner.qualname if inner is not None else "",
            words=self._words_around(line),
        )

    def text(self, line: int) -> bytes:
        """Return the source of the test or helper around a line, or the line itself."""
        self._lines = self._lines or self._source.split(b"\n")
        unit = self._unit(line)
        first, last = (unit.line, unit.end_line) if unit is not None else (line, line)
        return b"\n".join(self._lines[first - 1 : last])

    def _words_around(self, line: int) -> frozenset[str]:
        unit = self._unit(line)
        key = unit.line if unit is not None else -line
        if key not in self._words:
            found = _WORD.findall(self.text(line))
            self._words[key] = frozenset(word.decode("utf-8", "replace") for word in found)
        return self._words[key]

    def _unit(self, line: int) -> Definition | None:
        index = bisect_right(self._starts, line) - 1
        unit = self._units[index] if index >= 0 else None
        return unit if unit is not None and line <= unit.end_line else None

    def _innermost(self, line: int) -> Definition | None:
        inner: Definition | None = None
        for one in self._definitions:
            if one.line > line:
                break
            if line <= one.end_line:
                inner = one
        return inner


def units(definitions: tuple[Definition, ...]) -> Iterator[Definition]:
    """Yield the functions and methods of a file that are not inside of others."""
    inside = 0
    for index, one in enumerate(definitions):
        following = definitions[index + 1] if index + 1 < len(definitions) else None
        holds = following is not None and following.qualname.startswith(f"{one.qualname}.")
        is_class = holds and one.qualname.rpartition(".")[2].lstrip("_")[:1].isupper()
        if one.line > inside and not is_class:
            inside = one.end_line
            yield one


def _found(sign: Sign, parsed: ParsedFile) -> Iterator[tuple[int, str]]:
    module = parsed.module
    for item in module.imports:
        if _is_below(item, sign.imports):
            yield item.location.line, f"imports {item.dotted}"
    for one in module.definitions if sign.tests is not None else ():
        if sign.tests is not None and sign.tests.search(one.qualname.rpartition(".")[2]):
            yield one.line, f"defines {one.qualname}"
    for pattern in filter(None, (sign.patterns, _aliases(sign, module.imports))):
        yield from _matches(pattern, sign, parsed)


def _matches(
    pattern: re.Pattern[bytes], sign: Sign, parsed: ParsedFile
) -> Iterator[tuple[int, str]]:
    source, line, last, seen = parsed.source, 1, 0, 0
    for match in pattern.finditer(source):
        start = match.start()
        if not sign.anywhere and _is_text(parsed, start):
            continue
        line += source.count(b"\n", last, start)
        last = start
        seen += 1
        yield line, " ".join(match.group().decode("utf-8", "replace").split())[:60]
        if sign.once or seen == _MOST:
            return


def _is_text(parsed: ParsedFile, offset: int) -> bool:
    node = parsed.tree.descendant_for_byte_range(offset, offset + 1)
    return node is not None and node.type in _TEXT


def _is_below(item: Import, names: tuple[str, ...]) -> bool:
    dotted = item.dotted
    return any(dotted == name or dotted.startswith(f"{name}.") for name in names)


def _is_renamed(item: Import) -> bool:
    return bool(item.name and item.bound) and item.bound != item.name


def _aliases(sign: Sign, imports: tuple[Import, ...]) -> re.Pattern[bytes] | None:
    """Return the expression for the names that a file's imports give to what is sought."""
    renamed = [one for one in imports if _is_renamed(one)]
    names = frozenset(one.bound for one in renamed if one.name in sign.names)
    raises = frozenset(one.bound for one in renamed if one.name in sign.raises)
    return re.compile(words_pattern(names, raises).encode()) if names or raises else None
