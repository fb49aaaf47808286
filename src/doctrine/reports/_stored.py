"""Reads a JSON report back, whoever wrote it."""

from __future__ import annotations

import msgspec

from doctrine.errors import UsageError
from doctrine.model.report import Report
from doctrine.reports._json import pieces
from doctrine.reports._shape import SCHEMA, ReportV1


def read_stored(raw: bytes, name: str) -> ReportV1:
    """Return a stored report.

    Args:
        raw: The whole file.
        name: What to call it in an error.

    Raises:
        UsageError: It is not a report of the version that doctrine writes.
    """
    hint = "`doctrine check --output json=FILE` writes one"
    try:
        report = msgspec.json.decode(raw, type=ReportV1)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise UsageError(f"{name} is not a {SCHEMA} report: {error}", hint=hint) from error
    if report.schema != SCHEMA:
        raise UsageError(f"{name} is a {report.schema!r} report, not {SCHEMA}", hint=hint)
    return report


def as_stored(report: Report) -> ReportV1:
    """Return a report as it would be read back, so that one reader serves both.

    Args:
        report: A finished report.
    """
    return read_stored("".join(pieces(report)).encode(), "the report")
