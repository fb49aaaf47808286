"""The accepted findings and checks of the past, and what a report has of them today."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Accepted(Struct, frozen=True, kw_only=True, order=True):
    """A finding that was accepted, told without line numbers.

    Two equal ones stand for two findings: a baseline is a multiset.

    Attributes:
        path: POSIX path relative to the project root; ``.`` is the project itself.
        symbol: Qualified name of the function or class around it; empty at module level.
        rule: The class of defects it belongs to (``unused-import``), or ``run:rule``.
        digest: Of the code that it is about, without what a formatter may change.
        clauses: Ids of the clauses that it was accepted for, sorted.
    """

    path: str
    symbol: str
    rule: str
    digest: str
    clauses: tuple[str, ...]


class Standard(Struct, frozen=True, kw_only=True, order=True):
    """What a baseline was made by.

    Attributes:
        guide: Id of the guide.
        version: Its version.
        registry: Digest of the registry of clauses.
    """

    guide: str
    version: str
    registry: str


class Baseline(Struct, frozen=True, kw_only=True):
    """What was accepted.

    Attributes:
        path: POSIX path of its file relative to the project root; how a commit is called.
        commit: Id of the commit whose failures it accepts; empty for a file.
        standards: What it was made by; several where branches were merged.
        findings: The accepted findings, sorted.
        checks: The accepted checks that fail without a finding (``TYP001.gate``), sorted.
    """

    path: str
    commit: str = ""
    standards: tuple[Standard, ...] = ()
    findings: tuple[Accepted, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        """How many findings and checks it accepts."""
        return len(self.findings) + len(self.checks)


class Debt(Struct, frozen=True, kw_only=True):
    """What a report has of a baseline.

    Attributes:
        path: The baseline's file; empty where a commit was compared with.
        since: The commit that was compared with; empty for a file.
        entries: How many findings and checks it accepts.
        matched: How many of them are still there.
        new: Fingerprints of the failing findings that it does not accept, sorted.
        regressions: Failing checks without a finding that it does not accept, sorted.
        stale: Entries whose finding is mended.
        stale_checks: Accepted checks that hold by now.
        undecided: How many entries nobody could look for: the tool did not run, or the file was
            not read.
        accepted: The clauses that a finding is accepted for, by its fingerprint.
        checks: Accepted checks.
        kept: The entries worth keeping, under the names that they have today.
        kept_checks: The accepted checks worth keeping.
        grown: The same with everything accepted that fails today.
        grown_checks: Likewise.
        notes: What the reader has to know about it, one sentence each.
    """

    path: str
    entries: int
    matched: int
    new: tuple[str, ...] = ()
    regressions: tuple[str, ...] = ()
    stale: tuple[Accepted, ...] = ()
    stale_checks: tuple[str, ...] = ()
    undecided: int = 0
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    since: str = ""
    checks: frozenset[str] = frozenset()
    kept: tuple[Accepted, ...] = ()
    kept_checks: tuple[str, ...] = ()
    grown: tuple[Accepted, ...] = ()
    grown_checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
