"""``pyproject.toml`` as it is written: the comments, the lines and the text of what moves within it."""

from __future__ import annotations

from msgspec import Struct, field

from doctrine.adopt._toml_lines import Entry, entries, value_of
from doctrine.adopt.edits import PYPROJECT, Left
from doctrine.adopt.movers._block import Cell, Row, Verbatim
from doctrine.adopt.movers._ini import Note
from doctrine.adopt.movers._move import AGAIN, at

Keys = tuple[str, ...]


class Source(Struct, frozen=True, kw_only=True):
    """The document.

    Attributes:
        lines: Its lines.
        entries: Its keys and headers.
    """

    lines: tuple[str, ...]
    entries: tuple[Entry, ...]

    def line(self, path: Keys) -> int:
        """Return the 1-based line of a key, of what lies in it, or of the nearest one that it lies in."""
        first = {one.path: one.first for one in self.entries}
        within = (one.first for one in self.entries if one.path[: len(path)] == path)
        if path not in first and (line := next(within, 0)):
            return line  # only `path.more = …` is written
        return next((first[path[:n]] for n in range(len(path), 0, -1) if path[:n] in first), 1)

    def notes(self, path: Keys) -> tuple[Note, ...]:
        """Return the comments at a key and at what lies in it."""
        return self._notes(path, header=False)

    def of_header(self, path: Keys) -> tuple[Note, ...]:
        """Return the comments at the header of a table."""
        return self._notes(path, header=True)

    def _notes(self, path: Keys, *, header: bool) -> tuple[Note, ...]:
        found = (
            one
            for one in self.entries
            if one.header == header and (one.path if header else one.path[: len(path)]) == path
        )
        return tuple(
            Note(text=remark.text, line=remark.line)
            for one in found
            for remark in (*one.above, *one.within)
        )

    def row(self, keys: Keys, value: Cell, path: Keys) -> Row:
        """Return a key that takes the value of another one, its comments above it.

        Args:
            keys: The new key.
            value: The value.
            path: The old key.
        """
        return Row(keys=keys, value=value, notes=self.notes(path))

    def same(self, keys: Keys, value: Cell, path: Keys) -> Row:
        """Return a key that holds what another one holds, in the layout that it has there.

        Args:
            keys: The new key.
            value: The value.
            path: The old key.
        """
        one = next((one for one in self.entries if one.path == path and not one.header), None)
        if one is None:  # it lies in an inline table
            return self.row(keys, value, path)
        notes = tuple(Note(text=said.text, line=said.line) for said in one.above)
        return Row(keys=keys, value=Verbatim(value_of(self.lines, one)), notes=notes)


def source_of(written: str) -> Source | None:
    """Return a document; None where it cannot be told where its keys end.

    Args:
        written: Its text.
    """
    unix = written.removeprefix("\ufeff").replace("\r\n", "\n")
    found = entries(unix)
    return None if found is None else Source(lines=tuple(unix.split("\n")), entries=found)


class Obstacles(Struct):
    """What stands in the way of moving a table of ``pyproject.toml``, each with its line.

    Attributes:
        what: The table.
        source: The document.
        found: What was found.
    """

    what: str
    source: Source
    found: list[Left] = field(default_factory=list[Left])

    def add(self, path: Keys, said: str) -> None:
        """Note what stands in the way.

        Args:
            path: The key that does.
            said: Why.
        """
        text = f"{self.what} is not moved: {said}"
        self.found.append(at(PYPROJECT, self.source.line(path), text, f"change that, {AGAIN}"))
