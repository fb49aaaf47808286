"""Where rendered reports go: stdout, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from doctrine.cli.files import write_pieces
from doctrine.cli.links import link_template
from doctrine.errors import UsageError
from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1

_PLAIN_WIDTH = 100
"""Columns where nothing says how wide the reader's window is."""


def canvas_of(stream: TextIO) -> Canvas:
    """Return what a stream can show.

    Args:
        stream: Usually stdout.

    Returns:
        Its width, and whether it takes colour (``NO_COLOR`` and ``FORCE_COLOR`` are honoured),
        more than ASCII, and hyperlinks.
    """
    terminal = stream.isatty()
    forced = bool(os.environ.get("FORCE_COLOR"))
    color = (terminal or forced) and not os.environ.get("NO_COLOR")
    if os.environ.get("TERM") == "dumb" and not forced:
        color = False
    width = shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns
    link = link_template(os.environ)
    return Canvas(
        width=width if terminal or os.environ.get("COLUMNS") else _PLAIN_WIDTH,
        color=color,
        unicode=_carries_unicode(stream),
        links=terminal and color and bool(link),
        link=link,
    )


def _carries_unicode(stream: TextIO) -> bool:
    try:
        "─✓…".encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def print_report(form: Format, report: ReportV1, canvas: Canvas) -> None:
    """Write a report to stdout; characters that cannot be carried are escaped, never fatal.

    Args:
        form: The format; one that programs read is UTF-8 whatever stdout's encoding is.
        report: The report.
        canvas: What it is shown on.
    """
    print_pieces(form.render(report, canvas), in_terminals=form.in_terminals)


def print_pieces(pieces: Iterable[str], *, in_terminals: bool) -> None:
    """Write a drawn report to stdout.

    Args:
        pieces: Its text.
        in_terminals: Whether it is for people, and so in stdout's own encoding.
    """
    if in_terminals:
        for piece in pieces:
            print_text(piece)
        return
    with _to_a_reader():
        sys.stdout.flush()
    for piece in pieces:
        with _to_a_reader():
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
    with _to_a_reader():
        sys.stdout.buffer.flush()


def print_text(text: str) -> None:
    """Write text to stdout; characters it cannot carry are escaped, never fatal.

    A reader that has gone away (``doctrine … | head``) is no trouble, and no reason to change an
    exit code that somebody relies on.

    Args:
        text: Any text.

    Raises:
        UsageError: Stdout cannot be written for another reason.
    """
    encoding = sys.stdout.encoding or "utf-8"
    with _to_a_reader():
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


@contextmanager
def _to_a_reader() -> Generator[None, None, None]:
    """Let a reader of stdout go away, and say what else keeps it from being written."""
    try:
        yield
    except BrokenPipeError:
        hang_up()
    except OSError as error:
        hang_up()
        raise UsageError(f"stdout cannot be written: {error.strerror}") from error


def hang_up() -> None:
    """Let everything that is still written to stdout vanish."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a descriptor: nothing can fail at exit
        return


def write_report(form: Format, report: ReportV1, path: Path, canvas: Canvas) -> None:
    """Write a report to a file, atomically, creating its folders.

    Args:
        form: The format.
        report: The report.
        path: The file; replaced only when the new one is complete.
        canvas: What the format may know.

    Raises:
        UsageError: The file cannot be written.
    """
    write_pieces(form.render(report, canvas), path, form.name)
