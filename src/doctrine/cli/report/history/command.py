"""Reads a series and tells it."""

from __future__ import annotations

import sys
from pathlib import Path

from doctrine.cli.files import write_pieces
from doctrine.cli.report.choices import HistoryFormat
from doctrine.cli.report.history.points import Series, read_series
from doctrine.cli.writing import canvas_of, print_text


def history(names: tuple[str, ...], form: HistoryFormat, output: str | None) -> int:
    """Tell how a project has done over time.

    Args:
        names: Reports, and folders of them.
        form: How to tell it.
        output: The file to write; stdout if left out.

    Returns:
        0; what could not be read is named, and stops nothing.

    Raises:
        UsageError: There is no report, or the file cannot be written.
    """
    series = read_series(names)
    text = _drawn(series, form)
    if output is None:
        print_text(text)
    else:
        write_pieces((text,), Path(output), "history")
    if form is not HistoryFormat.TEXT:
        for one in series.unread:
            said = f"warning: {one.reason}\n"
            sys.stderr.write(said.encode("utf-8", "backslashreplace").decode("utf-8"))
    return 0


def _drawn(series: Series, form: HistoryFormat) -> str:
    match form:
        case HistoryFormat.TEXT:
            from doctrine.cli.report.history.in_text import in_text

            return in_text(series, canvas_of(sys.stdout))
        case HistoryFormat.HTML:
            from doctrine.cli.report.history.in_html import in_html

            return in_html(series)
        case HistoryFormat.JSON:
            from doctrine.cli.report.history.tables import in_json

            return in_json(series)
        case HistoryFormat.CSV:
            from doctrine.cli.report.history.tables import in_csv

            return in_csv(series)
