"""``sarif-github``: the SARIF that GitHub's code scanning is to be handed: only what counts.

Code scanning heeds no ``suppressions``: it opens an alert for each result that it is handed, waived
or not, and fails a pull request for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.reports._shape import ReportV1


def _render(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the log, each result on a line of its own."""
    # What renders needs the library that reads reports; naming the format does not.
    from doctrine.reports.sarif.log import pieces

    return pieces(report, canvas.folder, whole=False)


FORMAT = Format(name="sarif-github", suffix=".sarif", render=_render)
