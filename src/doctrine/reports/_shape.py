"""The shape of ``doctrine.report/v1``: field names and their order are the contract.

Fields may be added; none may be removed, renamed, or given another meaning.
"""

from __future__ import annotations

import msgspec

from doctrine.model.gate import Held
from doctrine.model.guide import Level
from doctrine.model.observation import Applicability, Severity
from doctrine.model.outcome import Verdict
from doctrine.model.partial import Picked
from doctrine.model.recommendation import AdviceState
from doctrine.model.report import FindingStatus
from doctrine.model.run import Origin, ToolStatus
from doctrine.model.verdict import Outcome

SCHEMA = "doctrine.report/v1"
SCORING_MODEL = 1


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """What every part has in common."""


class EvidenceV1(Base, frozen=True, kw_only=True):
    """A place; line 0 means the whole file."""

    path: str
    line: int
    detail: str


class FactV1(Base, frozen=True, kw_only=True):
    """Something observed about the project."""

    id: str
    value: bool | None
    evidence: tuple[EvidenceV1, ...]
    stated: bool = False


class DoctrineV1(Base, frozen=True, kw_only=True):
    """Who judged."""

    version: str
    registry: str
    scoring_model: int


class GuideV1(Base, frozen=True, kw_only=True):
    """By what it was judged."""

    id: str
    version: str
    digest: str
    title: str = ""


class ProjectV1(Base, frozen=True, kw_only=True):
    """What was judged."""

    name: str
    target_python: str
    python_files: int
    lines: int
    facts: tuple[FactV1, ...]


class ToolV1(Base, frozen=True, kw_only=True):
    """One tool's part in the run."""

    name: str
    version: str
    origin: Origin
    argv: tuple[str, ...]
    status: ToolStatus
    exit_code: int | None
    seconds: float
    files: int
    cached: bool
    message: str | None
    note: str = ""


class RunV1(Base, frozen=True, kw_only=True):
    """The run itself; it started at a time in ISO 8601, UTC, empty where nobody knows."""

    seconds: float
    tools: tuple[ToolV1, ...]
    started: str = ""


class GradeV1(Base, frozen=True, kw_only=True):
    """The grade; percentages have one decimal."""

    letter: str | None
    score: float | None
    score_with_waivers: float | None
    score_ceiling: float | None
    assurance: float
    provisional: bool
    capped_by: tuple[str, ...]


class CheckV1(Base, frozen=True, kw_only=True):
    """What became of one check of a clause; its findings are the fingerprints that fail it."""

    id: str
    outcome: Outcome
    detail: str
    evidence: tuple[EvidenceV1, ...]
    findings: tuple[str, ...] = ()
    partial: bool = False


class ExcuseV1(Base, frozen=True, kw_only=True):
    """What a waiver and an attestation have in common."""

    owner: str
    date: str
    expires: str
    days_left: int
    outcome_without: Outcome
    reason_without: str
    evidence: tuple[str, ...]
    path: str
    line: int


class WaiverV1(ExcuseV1, frozen=True, kw_only=True):
    """A waiver that is honoured."""

    reason: str
    paths: tuple[str, ...]
    findings: tuple[str, ...]


class AttestationV1(ExcuseV1, frozen=True, kw_only=True):
    """An attestation that is honoured."""

    statement: str


class ClauseV1(Base, frozen=True, kw_only=True):
    """What became of one clause."""

    id: str
    level: Level
    section: str
    line: int
    statement: str
    outcome: Outcome
    reason: str
    verification: str
    scored: bool
    weight: int
    points_lost: float
    checks: tuple[CheckV1, ...]
    findings: tuple[str, ...]
    remedy: str
    waiver: WaiverV1 | None = None
    attestation: AttestationV1 | None = None
    rationale: str = ""
    members: tuple[str, ...] = ()
    partial: bool = False


class ReporterV1(Base, frozen=True, kw_only=True):
    """A tool's rule that reported a finding."""

    tool: str
    rule: str


class FixV1(Base, frozen=True, kw_only=True):
    """A repair on offer."""

    applicability: Applicability
    description: str


class SuppressionV1(Base, frozen=True, kw_only=True):
    """The comment that silences a finding."""

    kind: str
    reason: str
    path: str
    line: int


class FindingV1(Base, frozen=True, kw_only=True):
    """One defect."""

    fingerprint: str
    clauses: tuple[str, ...]
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    severity: Severity
    reported_by: tuple[ReporterV1, ...]
    status: FindingStatus
    needs_environment: bool
    fix: FixV1 | None
    suppression: SuppressionV1 | None = None


class ProblemV1(Base, frozen=True, kw_only=True):
    """Trouble outside the judged code."""

    tool: str
    message: str


class RecommendationV1(Base, frozen=True, kw_only=True):
    """A recommendation of the guide, and what became of it."""

    id: str
    line: int
    clauses: tuple[str, ...]
    statement: str
    state: AdviceState
    detail: str
    count: int
    evidence: tuple[EvidenceV1, ...]
    remedy: str


class AcceptedV1(Base, frozen=True, kw_only=True):
    """An entry of the baseline."""

    path: str
    symbol: str
    rule: str
    clauses: tuple[str, ...]


class BaselineV1(Base, frozen=True, kw_only=True):
    """What there is of the accepted findings of the past."""

    path: str
    since: str
    entries: int
    matched: int
    new: int
    regressions: tuple[str, ...]
    stale: tuple[AcceptedV1, ...]
    stale_checks: tuple[str, ...]
    undecided: int
    notes: tuple[str, ...]


class ConditionV1(Base, frozen=True, kw_only=True):
    """A condition of the gate, and what became of it."""

    name: str
    asked: str
    held: Held
    detail: str


class GateV1(Base, frozen=True, kw_only=True):
    """What a gate looked at, and what it answered."""

    fail_on: str
    exit_code: int
    conditions: tuple[ConditionV1, ...] = ()


class PartialV1(Base, frozen=True, kw_only=True):
    """What a run looked at that did not look at the whole project."""

    picked: Picked
    files: tuple[str, ...]
    others: int
    clauses: tuple[str, ...]
    left_out: tuple[str, ...]
    whole: str


class ReportV1(Base, frozen=True, kw_only=True):
    """A whole report."""

    schema: str
    doctrine: DoctrineV1
    guide: GuideV1
    project: ProjectV1
    run: RunV1
    verdict: Verdict
    grade: GradeV1
    clauses: tuple[ClauseV1, ...]
    findings: tuple[FindingV1, ...]
    problems: tuple[ProblemV1, ...]
    recommendations: tuple[RecommendationV1, ...] = ()
    gate: GateV1 | None = None
    baseline: BaselineV1 | None = None
    partial: PartialV1 | None = None
