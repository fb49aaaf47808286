"""Brings one finished report to everywhere it was asked for; no format can spoil another."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from doctrine.cli.files import write_pieces
from doctrine.cli.forge import blobs_of, folder_of
from doctrine.cli.outputs import STDOUT
from doctrine.cli.writing import canvas_of, print_pieces, print_report, write_report
from doctrine.errors import UsageError
from doctrine.gate import INTERNAL, SATISFIED, USAGE
from doctrine.model.replacing import replace
from doctrine.reports._format import Canvas, Format
from doctrine.reports._view import USUAL_VIEW, View
from doctrine.reports.discovery import formats

if TYPE_CHECKING:
    from doctrine.model.settings import Output
    from doctrine.reports._format import Sources
    from doctrine.reports._last_run import LastRunV1
    from doctrine.reports._shape import ReportV1


def stdout_canvas(root: str, view: View, again: str) -> Canvas:
    """Return what is known of stdout and the project before there is a report.

    Args:
        root: Absolute folder of the project, for links; empty where nobody knows.
        view: What the reader wants to see.
        again: The command that shows the report again.
    """
    return replace(
        canvas_of(sys.stdout),
        root=root,
        view=view,
        again=again,
        folder=folder_of(root),
        blobs=blobs_of(root, os.environ),
    )


def file_canvas(canvas: Canvas) -> Canvas:
    """Return what a file can show of what stdout can: all of it, at any width, in no colour."""
    return replace(canvas, width=0, color=False, unicode=True, links=False)


Through = Callable[[Format], Format]
"""Changes a format, such as by listening to what it draws."""


def _unchanged(form: Format) -> Format:
    return form


def deliver(
    report: ReportV1,
    *,
    form: str,
    outputs: Iterable[Output],
    root: str = "",
    sources: Sources | None = None,
    base: ReportV1 | None = None,
    last: LastRunV1 | None = None,
    view: View = USUAL_VIEW,
    again: str = "doctrine check",
    through: Through = _unchanged,
) -> int:
    """Write the files, then stdout. What fails is said on stderr and stops nothing else.

    Args:
        report: The stored report.
        form: Format of stdout, unless an output takes stdout; empty for none.
        outputs: Further reports.
        root: Absolute folder of the project, for links; empty where nobody knows.
        sources: The project's source lines.
        base: An earlier report to compare with.
        last: What was kept of the run before.
        view: What the reader wants to see.
        again: The command that shows the report again.
        through: Listens to what the formats draw.

    Returns:
        0 when everything was written, 2 when something could not be, 4 when a format is defective;
        of several the greatest.
    """
    known = formats()
    canvas = replace(stdout_canvas(root, view, again), base=base, last=last)
    if sources is not None:
        canvas = replace(canvas, sources=sources)
    plain = file_canvas(canvas)
    to_stdout = form
    codes = [SATISFIED]
    for output in outputs:
        if output.path == STDOUT:
            to_stdout = output.format
            continue
        drawn, path = through(known[output.format]), Path(output.path)
        codes.append(_attempt(drawn.name, partial(write_report, drawn, report, path, plain)))
    if to_stdout:
        drawn = through(known[to_stdout])
        codes.append(_attempt(to_stdout, partial(print_report, drawn, report, canvas)))
    return max(codes)


def deliver_drawn(pages: Iterable[tuple[Output, Iterable[str], bool]]) -> None:
    """Write reports that were drawn before, the files first. What fails stops nothing else.

    Args:
        pages: Where each goes, its text, and whether it is drawn for a terminal.
    """
    for output, texts, in_terminals in sorted(pages, key=lambda page: page[0].path == STDOUT):
        if output.path == STDOUT:
            write = partial(print_pieces, texts, in_terminals=in_terminals)
        else:
            write = partial(write_pieces, texts, Path(output.path), output.format)
        _attempt(output.format, write)


def _attempt(name: str, write: Callable[[], None]) -> int:
    """Write one report; trouble with it is no verdict on the project, and no reason to stop."""
    try:
        write()
    except BrokenPipeError:
        raise
    except UsageError as error:
        _say(error.message, error.hint)
        return USAGE
    except Exception as error:  # noqa: BLE001 - a defect of one format must not cost the others
        _say(
            f"the {name} report could not be drawn: {type(error).__name__}: {error}",
            "the verdict stands; please report this, with the report that "
            "`doctrine check --output json=FILE` writes",
        )
        return INTERNAL
    return SATISFIED


def _say(message: str, hint: str) -> None:
    text = f"error: {message}\n" + (f"hint: {hint}\n" if hint else "")
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
