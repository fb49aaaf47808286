"""Brings one finished report to everywhere it was asked for; no format can spoil another."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from doctrine.cli.forge import blobs_of, folder_of
from doctrine.cli.outputs import STDOUT
from doctrine.cli.writing import canvas_of, print_report, write_report
from doctrine.errors import UsageError
from doctrine.gate import INTERNAL, SATISFIED, USAGE
from doctrine.model.replacing import replace
from doctrine.reports._view import USUAL_VIEW, View
from doctrine.reports.discovery import formats

if TYPE_CHECKING:
    from doctrine.model.settings import Output
    from doctrine.reports._format import Sources
    from doctrine.reports._last_run import LastRunV1
    from doctrine.reports._shape import ReportV1


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

    Returns:
        0 when everything was written, 2 when something could not be, 4 when a format is defective;
        of several the greatest.
    """
    known = formats()
    canvas = replace(
        canvas_of(sys.stdout),
        root=root,
        base=base,
        last=last,
        view=view,
        again=again,
        folder=folder_of(root),
        blobs=blobs_of(root, os.environ),
    )
    if sources is not None:
        canvas = replace(canvas, sources=sources)
    plain = replace(canvas, width=0, color=False, unicode=True, links=False)
    to_stdout = form
    codes = [SATISFIED]
    for output in outputs:
        if output.path == STDOUT:
            to_stdout = output.format
            continue
        drawn, path = known[output.format], Path(output.path)
        codes.append(_attempt(drawn.name, partial(write_report, drawn, report, path, plain)))
    if to_stdout:
        codes.append(_attempt(to_stdout, partial(print_report, known[to_stdout], report, canvas)))
    return max(codes)


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
