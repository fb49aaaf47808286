"""INI files by line: what every option holds, and which lines and comments it is made of.

The standard parser tells neither lines nor comments. What is read here is held against it: where the
two disagree, nothing is moved.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct, field

_HEADER = re.compile(r"\[(?P<name>.+)\]")
_PLAIN_HEADER = re.compile(r"\[[^#;]+\]")
_OPTION = re.compile(r"(?P<name>.*?)\s*[=:]\s*(?P<value>.*)$")


class Dialect(StrEnum):
    """How a file is read."""

    STANDARD = "standard"
    """As ``configparser`` does: indentation is relative, names have no case."""
    PYTEST = "pytest"
    """As pytest does: every indented line continues a value, names have case."""


class Note(Struct, frozen=True, kw_only=True):
    """A comment on a line of its own, its mark included.

    Attributes:
        text: The comment, stripped.
        line: 1-based line.
    """

    text: str
    line: int


class Part(Struct, frozen=True, kw_only=True):
    """One line of a value.

    Attributes:
        text: What it holds, stripped.
        line: 1-based line.
        notes: Comments between it and the line before.
        blanks: How many blank lines there are between it and the line before.
    """

    text: str
    line: int
    notes: tuple[Note, ...] = ()
    blanks: int = 0


class Option(Struct, kw_only=True):
    """An option with its value.

    Attributes:
        name: As it is written.
        line: 1-based line.
        notes: Comments above it.
        parts: The lines of its value that hold something.
    """

    name: str
    line: int
    notes: tuple[Note, ...] = ()
    parts: list[Part] = field(default_factory=list[Part])

    @property
    def value(self) -> str:
        """Return the lines of the value, joined by line feeds."""
        return "\n".join(part.text for part in self.parts)

    @property
    def full(self) -> str:
        """Return the value as the standard parser does: blank lines within it stay."""
        lines: list[str] = []
        if self.parts and self.parts[0].line != self.line:
            lines.append("")
        for part in self.parts:
            lines += [*[""] * part.blanks, part.text]
        return "\n".join(lines)


class Section(Struct, kw_only=True):
    """A section.

    Attributes:
        name: As it is written.
        line: 1-based line of its header.
        first: 1-based line that it begins at: comments right above the header speak of it.
        last: 1-based line that it ends at.
        notes: Comments right above the header.
        options: Its options in order.
        below: Comments behind the last option.
    """

    name: str
    line: int
    first: int
    last: int = 0
    notes: tuple[Note, ...] = ()
    options: list[Option] = field(default_factory=list[Option])
    below: tuple[Note, ...] = ()

    def get(self, name: str) -> Option | None:
        """Return an option by its name, whose case does not count."""
        return next((one for one in self.options if one.name.lower() == name), None)


class Ini(Struct, frozen=True, kw_only=True):
    """An INI file.

    Attributes:
        sections: Its sections in order.
        notes: Comments above the first section that do not speak of it.
    """

    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()

    def named(self, *names: str) -> Iterator[Section]:
        """Yield the sections of some names."""
        return (one for one in self.sections if one.name in names)


def read_ini(text: str, dialect: Dialect = Dialect.STANDARD) -> Ini | str:
    """Return an INI file, or why it cannot be read so that nothing of it is mistaken.

    Args:
        text: Its content.
        dialect: How it is read.
    """
    if len(text.splitlines()) != text.count("\n") + (text[-1:] not in {"", "\n"}):
        return "it has line breaks that tools read differently"
    try:
        found = _Scan(dialect=dialect).scan(text.removeprefix("\ufeff"))
    except _FlawError as error:
        return str(error)
    if any(found.named("DEFAULT")):
        return "its section [DEFAULT] speaks for all others"
    flaw = _disagreement(found, text) if dialect is Dialect.STANDARD else _repetition(found)
    return flaw or found


class _FlawError(Exception):
    """A line that cannot be read."""


def _repetition(found: Ini) -> str:
    """Return what pytest refuses because it is there twice; empty if nothing is."""
    seen: set[tuple[str, str]] = set()
    for section in found.sections:
        for name, line in (("", section.line), *((one.name, one.line) for one in section.options)):
            if (section.name, name) in seen:
                return f"line {line} is there twice"
            seen.add((section.name, name))
    return ""


def _disagreement(found: Ini, text: str) -> str:
    """Return how the standard parser reads a file otherwise; empty if it does not."""
    parser = configparser.RawConfigParser(default_section="\0")
    try:
        parser.read_string(text.removeprefix("\ufeff"))
    except configparser.Error as error:
        return str(error).replace("\n", " ")
    theirs = {name: dict(parser.items(name)) for name in parser.sections()}
    ours = {
        one.name: {option.name.lower(): option.full for option in one.options}
        for one in found.sections
    }
    return "" if ours == theirs else "it is laid out in a way that two parsers read differently"


class _Scan(Struct, kw_only=True):
    """Goes over the lines of a file, once."""

    dialect: Dialect
    sections: list[Section] = field(default_factory=list[Section])
    preamble: tuple[Note, ...] = ()
    pending: list[Note] = field(default_factory=list[Note])
    apart: int = 0
    """How many of the pending comments have a blank line below them."""
    indent: int = 0
    blanks: int = 0
    """Blank lines since the last one that says something."""

    def scan(self, text: str) -> Ini:
        lines = [one.rstrip("\r") for one in text.split("\n")]
        for number, line in enumerate(lines, start=1):
            self._line(number, line)
        if self.sections:
            self._close(len(lines), tuple(self.pending))
        else:
            self.preamble = tuple(self.pending)
        return Ini(sections=tuple(self.sections), notes=self.preamble)

    def _line(self, number: int, line: str) -> None:
        bare = line.strip()
        if not bare:
            self.apart = len(self.pending)
            self.blanks += 1
        elif bare[0] in "#;":
            self.pending.append(Note(text=bare, line=number))
        elif self._continues(line):
            option = self.sections[-1].options[-1]
            blanks = self.blanks
            option.parts.append(Part(text=bare, line=number, notes=self._taken(), blanks=blanks))
        else:
            self._begin(number, line, bare)

    def _continues(self, line: str) -> bool:
        if not (self.sections and self.sections[-1].options):
            return False
        indent = len(line) - len(line.lstrip())
        return indent > (self.indent if self.dialect is Dialect.STANDARD else 0)

    def _begin(self, number: int, line: str, bare: str) -> None:
        indent = len(line) - len(line.lstrip())
        if indent and self.dialect is Dialect.PYTEST:
            raise _FlawError(f"line {number} continues nothing")
        self.indent = indent
        header = _HEADER.match(bare)
        if header and (self.dialect is Dialect.STANDARD or _PLAIN_HEADER.fullmatch(bare)):
            self._header(number, header["name"])
            return
        if bare[0] == "[":
            raise _FlawError(f"line {number} is a [section] that does not end there")
        self._option(number, bare)

    def _option(self, number: int, bare: str) -> None:
        option = _OPTION.match(bare)
        if not self.sections or option is None or not option["name"]:
            raise _FlawError(f"line {number} is neither a [section] nor `name = value`")
        parts = [Part(text=option["value"], line=number)] if option["value"] else []
        self.sections[-1].options.append(
            Option(name=option["name"], line=number, notes=self._taken(), parts=parts)
        )

    def _header(self, number: int, name: str) -> None:
        apart, near = tuple(self.pending[: self.apart]), tuple(self.pending[self.apart :])
        first = near[0].line if near else number
        if self.sections:
            self._close(first - 1, apart)
        else:
            self.preamble = apart
        self.sections.append(Section(name=name, line=number, first=first, notes=near))
        self._taken()

    def _close(self, last: int, below: tuple[Note, ...]) -> None:
        self.sections[-1].last = last
        self.sections[-1].below = below

    def _taken(self) -> tuple[Note, ...]:
        taken = tuple(self.pending)
        self.pending.clear()
        self.apart = self.blanks = 0
        return taken


def without(text: str, gone: Mapping[int, int]) -> str:
    """Return a file without some of its lines.

    Args:
        text: Its content.
        gone: 1-based first lines of what is taken out, with their last ones.
    """
    lines = text.split("\n")
    dropped = {number for first, last in gone.items() for number in range(first, last + 1)}
    kept = [line for number, line in enumerate(lines, start=1) if number not in dropped]
    while len(kept) > 1 and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept) + "\n" if kept else ""
