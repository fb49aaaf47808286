"""Two reports, their difference, and what a gate says to it: what is told in several ways."""

from __future__ import annotations

from msgspec import Struct

from doctrine.reports._change_conditions import FailOnChange
from doctrine.reports._change_gate import Answer
from doctrine.reports._difference import Difference
from doctrine.reports._shape import ReportV1


class Compared(Struct, frozen=True, kw_only=True):
    """Everything that is told.

    Attributes:
        base: The earlier report.
        head: The later report.
        names: What the user called them.
        found: What changed.
        fail_on: What the gate looks at.
        answer: What it says.
    """

    base: ReportV1
    head: ReportV1
    names: tuple[str, str]
    found: Difference
    fail_on: tuple[FailOnChange, ...]
    answer: Answer
