"""What a mover is given and what it asks for, as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from doctrine.adopt._toml_lines import Entry
from doctrine.adopt.edits import PYPROJECT, Left
from doctrine.adopt.edits import Section as Part
from doctrine.adopt.movers._block import Block
from doctrine.adopt.movers._ini import Dialect, Ini, Section, read_ini
from doctrine.adopt.setup_script.modules import Read
from doctrine.adopt.situation import Situation
from doctrine.adopt.tables import Data
from doctrine.documents import table as table_at
from doctrine.model.replacing import replace

AGAIN = "then run `doctrine init` again"
"""How hints end."""

_NAMED = 3
_DIAGNOSED = frozenset({"coverage", "mypy", "pytest"})
"""Tools of which the doctor tells what they never read."""
_HARMLESS = re.compile(
    r"(?:^|/)(?:README|CONTRIBUTING|CHANGELOG|CHANGES|HISTORY|AUTHORS)[^/]*$"
    r"|(?:^|/)(?:MANIFEST\.in|\.(?:gitignore|gitattributes|dockerignore|editorconfig|gitmodules))$"
)
"""Files in which the name of another one has no effect, or a harmless one once that is gone."""


class Old(Struct, frozen=True, kw_only=True):
    """A project as a mover finds it.

    Attributes:
        situation: What is known of the project.
        texts: Content of the old files that are there, by path.
        data: Content of ``pyproject.toml``.
        pyproject: Its text; empty where there is none.
        read: Returns the text of any file of the project, None where there is none.
    """

    situation: Situation
    texts: Mapping[str, str]
    data: Data
    pyproject: str = ""
    read: Read


class Cut(Struct, frozen=True, kw_only=True):
    """What is taken out of an old file.

    Attributes:
        path: The file.
        first: The first 1-based line; 0 for the whole file, whatever it holds.
        last: The last 1-based line.
        rest: What the file holds from now on, where it is not just shorter; None if that is nothing.
    """

    path: str
    first: int = 0
    last: int = 0
    rest: str | None = None


class Move(Struct, frozen=True, kw_only=True):
    """Configuration that goes from an old file to ``pyproject.toml``, all of it or none.

    Attributes:
        what: What is moved, as ``[mypy] of setup.cfg``.
        blocks: The tables that are written.
        cuts: What is taken out of old files.
        left: What of it a person has to look at, once it is moved.
        drops: Says which keys of ``pyproject.toml`` the tables take the place of.
        sets: Keys of ``pyproject.toml`` that are set beside that.
    """

    what: str
    blocks: tuple[Block, ...]
    cuts: tuple[Cut, ...]
    left: tuple[Left, ...] = ()
    drops: Callable[[Entry], bool] | None = None
    sets: Mapping[tuple[str, ...], str | Sequence[str]] = {}


class Mover(Struct, frozen=True, kw_only=True):
    """Moves one kind of configuration.

    Attributes:
        name: What it moves.
        order: Movers with a lower number come first.
        moves: Returns what is to be moved, and what cannot be.
    """

    name: str
    order: int
    moves: Callable[[Old], Iterable[Move | Left]]


def mentions(texts: Mapping[str, str], path: str) -> Iterator[tuple[str, int, str]]:
    """Yield the places at which configuration names a file: path, line and what it says.

    Args:
        texts: Content of configuration files by path.
        path: The file.
    """
    named = re.compile(rf"(?<![\w.-])(?:-[rc])?{re.escape(path)}(?![\w-]|\.\w)")
    for user, text in texts.items():
        if user == path or path not in text or _HARMLESS.search(user):
            continue
        for number, line in enumerate(text.split("\n"), start=1):
            bare = line.strip()
            if named.search(line) and not bare.startswith(("#", ";", "//")):
                yield user, number, bare


def left(text: str, hint: str = "") -> Left:
    """Return something that is not moved."""
    return Left(section=Part.MOVE, text=text, hint=hint)


def at(path: str, line: int, text: str, hint: str = "") -> Left:
    """Return something that is not moved, with its place."""
    return left(f"{path}:{line}: {text}", hint)


class Place(Struct, frozen=True, kw_only=True):
    """A file that a tool may read its configuration from.

    Attributes:
        path: The file, in the project's root.
        sections: Names of the sections that are the tool's; a final ``*`` stands for any end.
        own: Whether the file is the tool's alone: the first such file is read even without sections.
        later: Whether the tool looks into ``pyproject.toml`` before it.
    """

    path: str
    sections: tuple[str, ...]
    own: bool = False
    later: bool = False

    def is_mine(self, name: str) -> bool:
        """Return whether a section is the tool's."""
        return any(
            name.startswith(one[:-1]) if one.endswith("*") else name == one for one in self.sections
        )


class Found(Struct, frozen=True, kw_only=True):
    """The one place that a tool is configured in.

    Attributes:
        place: The place.
        ini: The file.
        sections: The tool's sections in it.
        unread: Sections elsewhere that the tool reads neither beside it nor beside ``pyproject.toml``.
    """

    place: Place
    ini: Ini
    sections: tuple[Section, ...]
    unread: tuple[Left, ...] = ()

    @property
    def path(self) -> str:
        """Return the file."""
        return self.place.path

    @property
    def what(self) -> str:
        """Return what is moved, as it is said to the user."""
        if self.place.own:
            return self.path
        names = ", ".join(f"[{one.name}]" for one in self.sections[:_NAMED])
        more = len(self.sections) - _NAMED
        return f"{names}{f' and {more} more sections' * (more > 0)} of {self.path}"

    def cuts(self) -> tuple[Cut, ...]:
        """Return what is taken out of the file."""
        if self.place.own:
            return (Cut(path=self.path),)
        return tuple(Cut(path=self.path, first=one.first, last=one.last) for one in self.sections)


def only_place(
    old: Old,
    tool: str,
    places: Iterable[Place],
    table: tuple[str, ...],
    dialect: Dialect = Dialect.STANDARD,
) -> Found | Left | None:
    """Return where a tool is configured, if that is one place that can be read.

    Args:
        old: The project.
        tool: The tool.
        places: Where it may be configured.
        table: Its table in ``pyproject.toml``.
        dialect: How the tool reads INI files.
    """
    found: list[Found] = []
    for place in places:
        text = old.texts.get(place.path)
        one = None if text is None else _read(place, text, dialect)
        if isinstance(one, Left):
            return one
        if one is not None and (one.sections or place.own):
            found.append(one)
    taken = [f"[{'.'.join(table)}]"] if table_at(old.data, *table) else []
    return _only(found, taken, tool)


def _only(found: Sequence[Found], taken: Sequence[str], tool: str) -> Found | Left | None:
    """Return the first place, unless there are others that are read, or would be from then on."""
    if not found:
        return None
    first, *others = found
    if not others and not taken:
        return first
    if not taken and _is_heard(first) and all(one.place.later for one in others):
        return replace(first, unread=tuple(_unread(one, first, tool) for one in others))
    return _contested(first, (*(one.what for one in others), *taken), tool)


def _contested(first: Found, others: Iterable[str], tool: str) -> Left:
    """Return that a tool is configured in several places, of which it may read another one."""
    text = f"{first.what} is not moved: {tool} is configured in {', '.join(others)} as well"
    which = " (`doctrine doctor` says which it reads today)" if tool in _DIAGNOSED else ""
    return left(text, f"keep what {tool} is to read in one of them{which}, {AGAIN}")


def _is_heard(first: Found) -> bool:
    """Return whether a place says anything: an empty table would let the tool look further."""
    return not first.place.later and any(one.options for one in first.sections)


def _unread(one: Found, first: Found, tool: str) -> Left:
    text = f"{one.what} stays: {tool} does not read it beside {first.path}, nor beside {PYPROJECT}"
    return at(one.path, one.sections[0].line, text, f"remove it: {tool} never read what it says")


def _read(place: Place, text: str, dialect: Dialect) -> Found | Left:
    """Return the tool's sections of a file, or why they cannot be moved."""
    ini = _ini(place, text, dialect)
    if isinstance(ini, str):
        if not place.own and not _is_named(place, text):
            return Found(place=place, ini=Ini(sections=()), sections=())
        return left(f"{place.path} is not moved: {ini}", f"mend it, {AGAIN}")
    sections = tuple(one for one in ini.sections if place.is_mine(one.name))
    foreign = next((one for one in ini.sections if one not in sections), None)
    if place.own and foreign is not None:
        text = f"the file is not moved, since [{foreign.name}] has no form in pyproject.toml"
        return at(place.path, foreign.line, text, f"move or remove the section, {AGAIN}")
    return Found(place=place, ini=ini, sections=sections)


def _is_named(place: Place, text: str) -> bool:
    """Return whether a file that nobody can read may hold a section of the tool."""
    return any(f"[{one.rstrip('*')}" in text for one in place.sections)


def _ini(place: Place, text: str, dialect: Dialect) -> Ini | str:
    """Return a file as its tool reads it, or why that is not what others read."""
    ini = read_ini(text, dialect)
    if place.own or dialect is Dialect.STANDARD or isinstance(ini, str):
        return ini
    other = read_ini(text)  # what is left of the file is read so
    if isinstance(other, str) or _spans(other) != _spans(ini):
        return "its sections are laid out in a way that tools read differently"
    return ini


def _spans(ini: Ini) -> list[tuple[str, int, int]]:
    return [(one.name, one.first, one.last) for one in ini.sections]
