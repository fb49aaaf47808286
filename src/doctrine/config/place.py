"""Where a setting was written, and how a mistake in it is named."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from doctrine.documents import line_of
from doctrine.errors import ConfigError, UsageError
from doctrine.model.observation import Evidence
from doctrine.model.project import TomlFile

TABLE = ("tool", "doctrine")
"""Everything that can be set in a file is below this table."""


class Place(Struct, frozen=True, kw_only=True):
    """Under a key of the file, or behind a flag."""

    keys: tuple[str, ...]
    file: TomlFile | None

    @property
    def line(self) -> int:
        """1-based line; 0 where it is not known."""
        return line_of(self.file, (*TABLE, *self.keys)) if self.file else 0

    @property
    def origin(self) -> str:
        """The place in words: a flag, or file and line."""
        if self.file is None:
            return f"--{self.keys[0]}"
        return f"{self.file.path}:{self.line}" if self.line else self.file.path

    def below(self, key: str) -> Place:
        """Return the place of a key inside this one."""
        return Place(keys=(*self.keys, key), file=self.file)

    def evidence(self, detail: str, value: str = "") -> Evidence:
        """Return the place as evidence.

        Args:
            detail: What is written there.
            value: The item of an array that is meant; empty for the key itself.
        """
        if self.file is None:
            return Evidence(path=self.origin, line=0, detail=detail)
        line = line_of(self.file, (*TABLE, *self.keys), value)
        return Evidence(path=self.file.path, line=line, detail=detail)

    def error(self, message: str, hint: str = "") -> UsageError:
        """Return the error that says what is wrong here."""
        if self.file is None:
            return UsageError(f"--{'.'.join(self.keys)} {message}", hint=hint)
        name = ".".join((*TABLE, *self.keys))
        return ConfigError(f"{name} {message}", path=self.file.path, line=self.line, hint=hint)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint: the name that was probably meant, or all there are."""
    from difflib import get_close_matches  # only for who mistook a name

    names = sorted(map(str, known))
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(names)}"
