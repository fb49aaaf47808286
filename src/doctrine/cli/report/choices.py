"""What can be chosen on the command line; light, since every `--help` imports it."""

from __future__ import annotations

from enum import StrEnum


class CompareFormat(StrEnum):
    """How a difference is told."""

    TEXT = "text"
    JSON = "json"
