"""Reads stored reports, whoever wrote them."""

from __future__ import annotations

import sys

from doctrine.errors import UsageError
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.reports._shape import ReportV1
from doctrine.reports._stored import read_stored

STDIN = "-"
LARGEST = 128 * 2**20
"""Bytes of a report that is read. 100,000 findings take 50 MB; decoded, a report takes about five
times its size, and no machine should be brought down by a file that it was handed."""
_HINT = "`doctrine check --output json=FILE` writes a report"


def read_report(name: str) -> ReportV1:
    """Return a stored report.

    Args:
        name: The file; ``-`` for stdin.

    Raises:
        UsageError: It cannot be read, is too large, or is no report of this version.
    """
    if name == STDIN:
        return read_stored(_stdin(), "stdin")
    try:
        return read_stored(read_regular(name, LARGEST), name)
    except CannotReadError as error:
        raise UsageError(f"{name} cannot be read: {error}", hint=_HINT) from error


def read_whole_report(name: str) -> ReportV1:
    """Return a stored report of a whole project, which alone can be compared with another.

    Args:
        name: The file; ``-`` for stdin.

    Raises:
        UsageError: It cannot be read, or is the report of a partial run.
    """
    report = read_report(name)
    if report.partial is not None:
        raise UsageError(
            f"{name} is the report of a partial run ({report.partial.picked.flag}): what it left "
            "open would look like something that changed",
            hint=f"`{report.partial.whole} --output json=FILE` writes a whole one",
        )
    return report


def _stdin() -> bytes:
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UsageError(f"stdin cannot be read: larger than {LARGEST:,} bytes", hint=_HINT)
    return content
