"""What people state about their project in its configuration, as no program can observe it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doctrine.model.observation import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """A fact that the user states, whatever can be observed.

    Attributes:
        value: Whether it holds.
        reason: Why they say so.
        place: Where it is written.
    """

    value: bool
    reason: str
    place: Evidence


class OperationKind(StrEnum):
    """What an operation is declared to be; the values are the settings' names."""

    CRITICAL = "critical-operations"
    """Must not take effect twice, such as charging a card."""
    EXPENSIVE = "expensive-operations"
    """Costs enough to be worth remembering, such as building a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """An operation that the project declares to be critical or expensive.

    Attributes:
        kind: What it is declared to be.
        module: Dotted name of the module that defines it.
        qualname: Dotted name inside the module (``Reports.build``).
        place: Where it is declared.
        path: POSIX path of the defining file; empty as long as nobody has looked for it.
        line: 1-based first line of the definition; 0 where its file cannot be parsed.
        end_line: 1-based last line of it, inclusive; 0 where its file cannot be parsed.
    """

    kind: OperationKind
    module: str
    qualname: str
    place: Evidence
    path: str = ""
    line: int = 0
    end_line: int = 0

    @property
    def dotted(self) -> str:
        """The operation as code names it: ``app.payments.charge``."""
        return f"{self.module}.{self.qualname}"

    @property
    def text(self) -> str:
        """The operation as it is declared: ``app.payments:charge``."""
        return f"{self.module}:{self.qualname}"
