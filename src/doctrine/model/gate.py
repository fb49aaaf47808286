"""What the gate asks of a report, and what became of each condition."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Held(StrEnum):
    """What became of a condition."""

    YES = "satisfied"
    NO = "not-satisfied"
    OPEN = "incomplete"
    """What it asks for could not be told, because a tool failed."""


class Condition(Struct, frozen=True, kw_only=True):
    """A condition of the gate.

    Attributes:
        name: Name of its setting (``fail-on``, ``min-score``).
        asked: What it asks for, as it is set.
        held: What became of it.
        detail: What there is, and why that is not enough where it is not.
    """

    name: str
    asked: str
    held: Held
    detail: str
