"""What can be chosen on the command line; light, since every `--help` imports it."""

from __future__ import annotations

from enum import StrEnum


class CompareFormat(StrEnum):
    """How a difference is told."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class HistoryFormat(StrEnum):
    """How a series of reports is told."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
