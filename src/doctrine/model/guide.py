"""A written standard as data: guide, clause, and the checks that decide a clause."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec import Struct, field

from doctrine.model.example import Example
from doctrine.model.replacing import replace

if TYPE_CHECKING:
    from doctrine.model.recommendation import Recommendation


class Level(StrEnum):
    """How strongly a clause obliges; polarity (NOT) stays in the statement."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"

    @property
    def weight(self) -> int:
        """Weight in the score: 3 for MUST, 1 for SHOULD, 0 for MAY (scoring model 1)."""
        return {Level.MUST: 3, Level.SHOULD: 1, Level.MAY: 0}[self]


class Verification(StrEnum):
    """How far a clause can be decided without a person."""

    AUTOMATED = "automated"
    PARTIAL = "partial"
    ATTESTATION = "attestation"


class Scope(StrEnum):
    """Which files' findings count for a check."""

    SOURCE = "source"
    """First-party code that is not a test, an example or documentation."""
    ALL = "all"
    """Every Python file and every configuration file of the project."""


class RuleCheck(Struct, frozen=True, kw_only=True):
    """Holds when a tool proves that it read the files and reported none of the rules.

    Attributes:
        id: Name of the check inside its clause, such as ``clean``.
        tool: Name of the tool or inspector (``ruff``, ``ruff-guide``, ``packaging``).
        rules: ``fnmatch`` patterns over the tool's rule names.
        scope: Which files' findings count.
        partial: True when the absence of findings proves the clause only in part.
        instead_of: Id of a check that this one stands in for when that one is unverified.
        optional: True when the other checks decide alone where the tool has a reason not to run:
            what only a network tells is evidence where there is one, and no doubt where not.
    """

    id: str
    tool: str
    rules: tuple[str, ...]
    scope: Scope = Scope.ALL
    partial: bool = False
    instead_of: str = ""
    optional: bool = False

    def asks(self, rule: str) -> bool:
        """Return whether the check is about a rule of its tool."""
        return any(fnmatchcase(rule, pattern) for pattern in self.rules)


class DeclaredCheck(Struct, frozen=True, kw_only=True):
    """Holds when the project names one of the tools among its own.

    A dependency (any group), a hook, a CI action, or a command that brings the tool itself
    (``uvx NAME``) all declare it.

    Attributes:
        id: Name of the check inside its clause.
        distributions: Normalised distribution names; the first is the one the clause names.
        instead_of: See ``RuleCheck``.
    """

    id: str
    distributions: tuple[str, ...]
    instead_of: str = ""


class GatePattern(Struct, frozen=True, kw_only=True):
    """The shape of a command that makes a build fail on what a clause forbids.

    Attributes:
        program: Program name as it is run (``ruff``, ``pytest``).
        subcommands: One of these must be the first non-option word; empty means any or none.
        needs_any: At least one of these options must be present (prefix up to ``=``); empty
            means none is needed. A value ends the pattern: ``--cov`` also matches ``--cov=src``.
        needs_all: Every one of these options must be present.
        forbids: None of these options may be present (``--exit-zero``).
        rewrites: Options that make the command repair and exit 0, so that it is a gate only in
            a hook that fails on changed files, or with one of ``rewrites_unless``.
        rewrites_unless: See ``rewrites``.
        note: What to say when this pattern is an equivalent and not the named tool.
        fact: Fact that has to be true for the pattern to count, where the project's configuration
            gives what the command line lacks (``--cov`` among pytest's ``addopts``).
    """

    program: str
    subcommands: tuple[str, ...] = ()
    needs_any: tuple[str, ...] = ()
    needs_all: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    rewrites_unless: tuple[str, ...] = ()
    note: str = ""
    fact: str = ""


class GateCheck(Struct, frozen=True, kw_only=True):
    """Holds when CI or a hook runs one of the patterns in a way that can fail.

    Attributes:
        id: Name of the check inside its clause.
        gates: Patterns, the preferred one first.
        ci_only: True when a hook on a developer's machine is not enough.
        on_change: True when it has to run for changes, and not only at a release or by the clock.
        instead_of: See ``RuleCheck``.
    """

    id: str
    gates: tuple[GatePattern, ...]
    ci_only: bool = False
    on_change: bool = False
    instead_of: str = ""


class ThresholdCheck(Struct, frozen=True, kw_only=True):
    """Holds when every measurement of a metric lies on the right side of a limit.

    Attributes:
        id: Name of the check inside its clause.
        tool: Tool that measures.
        metric: Name of the metric (``complexity``, ``coverage-percent``).
        limit: The bound, inclusive, in the metric's own unit.
        at_most: True when values above the limit fail, False when values below it do.
        scope: Which files' measurements count.
        instead_of: See ``RuleCheck``.
    """

    id: str
    tool: str
    metric: str
    limit: float
    at_most: bool
    scope: Scope = Scope.SOURCE
    instead_of: str = ""

    def asks(self, rule: str) -> bool:
        """Return whether a finding of that rule is an excess of this check's metric."""
        return rule == self.metric


class FactCheck(Struct, frozen=True, kw_only=True):
    """Holds when a fact about the project is true; unknown facts leave it unverified.

    Attributes:
        id: Name of the check inside its clause.
        fact: Id of the fact.
        otherwise: What to say when the fact is false.
        partial: True when the fact proves the clause only in part.
        false_is: ``fail``, or ``unverified`` where a false fact proves nothing.
        instead_of: See ``RuleCheck``.
    """

    id: str
    fact: str
    otherwise: str
    partial: bool = False
    false_is: str = "fail"
    instead_of: str = ""


class ManualCheck(Struct, frozen=True, kw_only=True):
    """Nothing automatic decides this; the clause stays unverified until a person does.

    Attributes:
        id: Name of the check inside its clause.
        reason: Why it is open and what would decide it.
        instead_of: See ``RuleCheck``.
    """

    id: str
    reason: str
    instead_of: str = ""


Check = RuleCheck | DeclaredCheck | GateCheck | ThresholdCheck | FactCheck | ManualCheck
"""Closed union: a new *kind* of check is a deliberate change of ``evaluate``."""


class Term(Struct, frozen=True, kw_only=True):
    """One literal of a condition: a fact, or its negation."""

    fact: str
    negated: bool = False


class Condition(Struct, frozen=True, kw_only=True):
    """When a clause applies, in conjunctive normal form.

    Attributes:
        groups: Every group must hold; a group holds when one of its terms does. Empty: always.
    """

    groups: tuple[tuple[Term, ...], ...] = ()


class Clause(Struct, frozen=True, kw_only=True):
    """One atomic obligation of a guide.

    Attributes:
        id: Fixed id such as ``SEC005``; never reused.
        level: MUST, SHOULD or MAY.
        section: Heading of the guide's section.
        line: 1-based first line of the sentence in the guide's file.
        end_line: 1-based last line of the sentence, inclusive.
        keyword: The keyword as the guide has it (``MUST NOT``, ``RECOMMENDED``).
        statement: The obligation in doctrine's own words.
        rationale: Why the guide asks for it, in doctrine's own words.
        remedy: The command or edit that mends a failure.
        remedy_at: The same with ``{sources}`` where the project's own folders belong; empty where
            there is no such place.
        condition: When it applies.
        verification: How far it can be decided automatically.
        checks: What decides it; the worst check outcome is the clause's.
        parents: Checks of other clauses (``TYP001.declared``) whose failure fails this clause.
        members: Clauses this one restates; non-empty makes it an umbrella, which is not scored.
        waivable: False where no waiver may excuse a failure.
        examples: Small projects that comply with it or violate it, each proven by a test.
    """

    id: str
    level: Level
    section: str
    line: int
    end_line: int
    keyword: str
    statement: str
    rationale: str
    remedy: str
    condition: Condition
    verification: Verification
    checks: tuple[Check, ...]
    parents: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    waivable: bool = True
    examples: tuple[Example, ...] = ()
    remedy_at: str = ""

    @property
    def umbrella(self) -> bool:
        """Whether the clause restates others and is therefore never scored."""
        return bool(self.members)

    @property
    def scored(self) -> bool:
        """Whether the clause can cost points: neither an umbrella nor a MAY."""
        return not self.umbrella and self.level is not Level.MAY


class Guide(Struct, frozen=True, kw_only=True):
    """A written standard.

    Attributes:
        id: Short name (``python``).
        title: Title of the document.
        version: Version of the document.
        digest: ``sha256:`` digest of the guide file the registry was checked against.
        registry: ``sha256:`` digest of doctrine's own clause data.
        clauses: All clauses in document order.
        defaults: Configuration that the guide shows for a tool, by tool name, for projects that
            do not configure the tool themselves; the shape is the tool's own.
        recommendations: What the guide shows without a keyword, in document order.
    """

    id: str
    title: str
    version: str
    digest: str
    registry: str
    clauses: tuple[Clause, ...]
    defaults: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    recommendations: tuple[Recommendation, ...] = ()

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause of that id, or None."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def narrowed(self, clause_id: str) -> Guide:
        """Return the guide with nothing but a clause and what its verdict rests on.

        Members stay whole; of parents, only the checks that are named stay.

        Args:
            clause_id: Id of a clause; one that does not exist leaves nothing.
        """
        clause = self.clause(clause_id)
        whole = {clause_id, *clause.members} if clause else set[str]()
        named = {parent for one in self.clauses if one.id in whole for parent in one.parents}
        kept = (one if one.id in whole else _only(one, named) for one in self.clauses)
        return replace(self, clauses=tuple(one for one in kept if one is not None))


def _only(clause: Clause, named: Collection[str]) -> Clause | None:
    """Return a clause with the checks that are named, and their stand-ins; None without any."""
    checks = tuple(
        check for check in clause.checks if f"{clause.id}.{check.instead_of or check.id}" in named
    )
    return replace(clause, checks=checks) if checks else None
