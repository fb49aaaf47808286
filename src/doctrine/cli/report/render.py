"""``doctrine report render``: a stored report in any format."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.cli.delivery import deliver
from doctrine.cli.outputs import settled
from doctrine.cli.report.reading import read_report, read_whole_report
from doctrine.cli.viewing import USUAL, ViewOptions, view_of
from doctrine.config import load_settings
from doctrine.errors import UsageError
from doctrine.excerpts import Excerpts
from doctrine.guide.loader import clause_ids
from doctrine.reports.discovery import formats

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


class RenderOptions(Struct, frozen=True, kw_only=True):
    """What was asked for.

    Attributes:
        report: The stored report.
        form: Format of stdout; None for the terminal's, or for none if there are outputs.
        outputs: Further reports as ``FORMAT=FILE``.
        root: Folder of the project, for source lines and links; None for none.
        base: An earlier report to compare with.
        view: What to show.
    """

    report: str
    form: str | None = None
    outputs: tuple[str, ...] = ()
    root: str | None = None
    base: str | None = None
    view: ViewOptions = USUAL


def render(options: RenderOptions) -> int:
    """Draw a stored report.

    Args:
        options: What was asked for.

    Returns:
        0; 2 when a file could not be written, 4 when a format is defective.

    Raises:
        UsageError: The report, a name or a folder cannot be used.
    """
    flags = {"format": options.form, "output": list(options.outputs) or None}
    settings = load_settings(os.curdir, None, flags, formats=tuple(formats()))
    outputs = settled(settings.outputs)
    root = _folder(options.root)
    report = read_report(options.report)
    base = read_whole_report(options.base) if options.base is not None else None
    return deliver(
        report,
        form="" if options.form is None and outputs else settings.format,
        outputs=outputs,
        root=root,
        sources=Excerpts(root, report.findings) if root else None,
        base=base,
        view=view_of(options.view, lambda: _ids(report)),
        again=shlex.join(("doctrine", "report", "render", options.report)),
    )


def _ids(report: ReportV1) -> tuple[str, ...]:
    """Return the ids of clauses that can be shown: the report's, or of the guide of today."""
    return tuple(one.id for one in report.clauses) or tuple(clause_ids())


def _folder(root: str | None) -> str:
    if root is None:
        return ""
    if not os.path.isdir(root):  # noqa: PTH112 - a name with a null byte is no folder either
        raise UsageError(f"--root {root} is no folder", hint="name the folder that was judged")
    return os.path.realpath(root)
