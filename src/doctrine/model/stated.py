"""What people state about their project in its configuration, as no program can observe it."""

from __future__ import annotations

import datetime
from enum import StrEnum

from msgspec import Struct

from doctrine.model.observation import Evidence


class StatedFact(Struct, frozen=True, kw_only=True):
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


class Declaration(Struct, frozen=True, kw_only=True):
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


class EntryKind(StrEnum):
    """What a dated entry in the configuration is."""

    WAIVER = "waiver"
    ATTESTATION = "attestation"

    @property
    def table(self) -> str:
        """Name of the array of tables that holds such entries."""
        return f"{self.value}s"

    @property
    def words(self) -> str:
        """Name of the field that says why, or what."""
        return "reason" if self is EntryKind.WAIVER else "statement"


class Entry(Struct, frozen=True, kw_only=True):
    """A waiver or an attestation as it is written; whether it is honoured is judged later.

    Attributes:
        kind: Which of the two it is.
        clause: Id of the clause it is about, as written.
        words: The reason of a waiver, the statement of an attestation.
        owner: Who answers for it.
        date: When it was made; None where that is no date.
        expires: The last day on which it counts; None where that is no date.
        paths: gitignore-style patterns; a waiver with some excuses only findings there.
        evidence: Files of the project, or URLs, that bear it out.
        digest: Digest of the clause's statement at the time; empty where none was recorded.
        place: Where it is written.
        flaws: What is wrong with its fields, one sentence each.
    """

    kind: EntryKind
    clause: str
    words: str
    owner: str
    date: datetime.date | None
    expires: datetime.date | None
    paths: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    digest: str = ""
    place: Evidence
    flaws: tuple[str, ...] = ()
