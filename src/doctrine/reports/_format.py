"""The shape of a report format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from doctrine.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What a format may know about where its text goes.

    Attributes:
        width: Columns; 0 where there is no terminal.
        color: Whether escape sequences are welcome.
        unicode: Whether the encoding can carry more than ASCII.
        links: Whether OSC 8 hyperlinks are welcome.
    """

    width: int = 0
    color: bool = False
    unicode: bool = True
    links: bool = False


def _nothing() -> None:
    """Need nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A report format.

    Attributes:
        name: Name for ``--format`` and ``--output``.
        suffix: Usual file suffix.
        render: The report in pieces of text, so that large ones never exist whole in memory.
        prepare: Imports what rendering needs; called while there is time.
    """

    name: str
    suffix: str
    render: Callable[[Report, Canvas], Iterator[str]]
    prepare: Callable[[], None] = _nothing
