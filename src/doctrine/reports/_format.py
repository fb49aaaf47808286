"""The shape of a report format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from doctrine.reports._view import USUAL_VIEW, View

if TYPE_CHECKING:
    # The shape of a stored report needs the library that reads it: naming a format does not.
    from doctrine.reports._last_run import LastRunV1
    from doctrine.reports._shape import ReportV1


class Sources(Protocol):
    """Where a format finds the lines that a finding is about."""

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file, secrets masked; none where it cannot be had.

        Args:
            path: POSIX, relative to the project's root.
        """
        ...


class NoSources:
    """Nothing can be quoted: the project is not at hand."""

    def lines(self, path: str) -> Sequence[str]:
        """Return no line."""
        del path
        return ()


NO_SOURCES = NoSources()


class Canvas(Struct, frozen=True, kw_only=True):
    """What a format may know beyond the report.

    Attributes:
        width: Columns; 0 where there is no terminal.
        color: Whether escape sequences are welcome.
        unicode: Whether the encoding can carry more than ASCII.
        links: Whether OSC 8 hyperlinks are welcome.
        link: How a place is linked, with ``{path}``, ``{line}`` and ``{column}``.
        root: Absolute folder of the project, for links; empty where nobody knows.
        sources: The project's source lines.
        base: An earlier report to compare with.
        last: What was kept of the run before, where nothing better is at hand.
        view: What the reader wants to see; formats for people heed it.
        again: The command that shows this report again, to which flags of the view can be added.
        folder: The project's folder inside its repository, POSIX; empty where it is the whole
            repository, or where nobody knows.
        blobs: Address of the repository's files at the judged commit, with a slash at its end;
            empty where nobody knows.
    """

    width: int = 0
    color: bool = False
    unicode: bool = True
    links: bool = False
    link: str = "file://{path}"
    root: str = ""
    sources: Sources = NO_SOURCES
    base: ReportV1 | None = None
    last: LastRunV1 | None = None
    view: View = USUAL_VIEW
    again: str = "doctrine check"
    folder: str = ""
    blobs: str = ""


def _nothing() -> None:
    """Need nothing more."""


class Format(Struct, frozen=True, kw_only=True):
    """A report format.

    Attributes:
        name: Name for ``--format`` and ``--output``.
        suffix: Usual file suffix.
        render: The report in pieces of text, so that large ones never exist whole in memory.
        prepare: Imports what rendering needs; called while there is time.
        in_terminals: Whether it is drawn for a terminal, and so in the terminal's encoding; every
            other format is UTF-8 wherever it goes, because whoever reads it expects that.
    """

    name: str
    suffix: str
    render: Callable[[ReportV1, Canvas], Iterator[str]]
    prepare: Callable[[], None] = _nothing
    in_terminals: bool = False
