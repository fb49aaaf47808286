"""The finished report: what every format renders and none of them decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from doctrine.model.baseline import Debt
from doctrine.model.gate import Condition
from doctrine.model.guide import Guide
from doctrine.model.observation import Fix, Location, Severity
from doctrine.model.outcome import Verdict
from doctrine.model.partial import Partial
from doctrine.model.project import Fact
from doctrine.model.recommendation import Advice
from doctrine.model.run import ToolRun
from doctrine.model.verdict import ClauseVerdict


class FindingStatus(StrEnum):
    """Whether a finding counts."""

    NEW = "new"
    BASELINE = "baseline"
    SUPPRESSED = "suppressed"
    WAIVED = "waived"


class Reporter(Struct, frozen=True, kw_only=True, order=True):
    """A tool's rule that reported a defect."""

    tool: str
    rule: str


class Silence(Struct, frozen=True, kw_only=True):
    """The comment that silences a finding.

    Attributes:
        kind: What it is: ``noqa``, ``type-ignore``, ``pyright-ignore``, ``nosemgrep``, or one of
            doctrine's own ``ignore``, ``ignore-block``, ``ignore-file``.
        reason: Why; empty where the comment has no place for it.
        path: Where it stands.
        line: 1-based line of it.
    """

    kind: str
    reason: str
    path: str
    line: int


class ReportFinding(Struct, frozen=True, kw_only=True):
    """One defect, with everyone who reported it.

    Attributes:
        fingerprint: Stable id that does not depend on line numbers.
        clauses: Ids of the clauses it is about, sorted; may be empty for mere advice.
        location: Where.
        message: What is wrong.
        severity: How bad; ``info`` never fails a clause.
        reported_by: Every tool and rule that reported it, the canonical one first.
        status: Whether it counts.
        fix: The repair offered, if any.
        needs_environment: True when it may only exist because packages are not installed.
        suppression: What silences it, where its status is ``suppressed``.
        traces: Run name and full rule name behind each reporter; what checks match against.
    """

    fingerprint: str
    clauses: tuple[str, ...]
    location: Location
    message: str
    severity: Severity
    reported_by: tuple[Reporter, ...]
    status: FindingStatus = FindingStatus.NEW
    fix: Fix | None = None
    needs_environment: bool = False
    suppression: Silence | None = None
    traces: tuple[tuple[str, str], ...] = ()


class Grade(Struct, frozen=True, kw_only=True):
    """Scoring model 1; percentages are unrounded.

    Attributes:
        letter: A, B, C, D or F; None when a MUST is in error or nothing was analysed.
        score: 0 to 100; None when nothing applicable is scored.
        score_with_waivers: The same with waived clauses counted as held.
        score_ceiling: The score if every unverified clause turned out to hold.
        assurance: How much of the weight was verified, 0 to 100.
        provisional: Whether assurance is under 70.
        capped_by: Ids of the clauses that cap the letter, sorted.
        points_lost: Points lost by clause id; they add up to 100 minus the score.
    """

    letter: str | None
    score: float | None
    score_with_waivers: float | None
    score_ceiling: float | None
    assurance: float
    provisional: bool
    capped_by: tuple[str, ...]
    points_lost: Mapping[str, float]


class Problem(Struct, frozen=True, kw_only=True):
    """Something that went wrong outside the judged code.

    Attributes:
        tool: Who had the trouble (a tool, or ``doctrine``).
        message: What happened and what to do about it.
    """

    tool: str
    message: str


class ProjectSummary(Struct, frozen=True, kw_only=True):
    """What the report says about the project itself."""

    name: str
    target_python: str
    python_files: int
    lines: int
    facts: tuple[Fact, ...]


class Report(Struct, frozen=True, kw_only=True):
    """A finished report; lists are sorted, paths are relative to the project root.

    Attributes:
        doctrine_version: Version of doctrine.
        guide: The guide judged by.
        project: What was judged.
        root: Absolute project root; never rendered into JSON.
        seconds: Wall time of the run.
        tools: Every tool's part, sorted by name, without what it found and measured.
        verdict: The project as a whole.
        grade: The grade.
        clauses: One verdict a clause, in the guide's order.
        findings: Sorted by path, line, column, fingerprint.
        problems: Sorted by tool and message.
        advice: What became of the guide's recommendations, in its order.
        scratch: Absolute scratch folder of the run; never rendered, so that reports can be
            compared between machines.
        fail_on: What the gate looks at; empty where no gate was asked.
        exit_code: What the gate answers; None where no gate was asked.
        started: When the run began, in ISO 8601, UTC; empty where nobody knows.
        gate: What became of the conditions of the gate.
        baseline: What there is of the accepted findings of the past; None without a baseline.
        partial: What was looked at, where that is not the whole project.
    """

    doctrine_version: str
    guide: Guide
    project: ProjectSummary
    root: str
    seconds: float
    tools: tuple[ToolRun, ...]
    verdict: Verdict
    grade: Grade
    clauses: tuple[ClauseVerdict, ...]
    findings: tuple[ReportFinding, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Advice, ...] = ()
    scratch: str = ""
    fail_on: str = ""
    exit_code: int | None = None
    started: str = ""
    gate: tuple[Condition, ...] = ()
    baseline: Debt | None = None
    partial: Partial | None = None
