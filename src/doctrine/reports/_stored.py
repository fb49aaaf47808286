"""A report as it is stored: what every format draws, and what is read back from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypedDict

import msgspec

from doctrine.errors import UsageError
from doctrine.model.baseline import Debt
from doctrine.model.decoders import from_json
from doctrine.model.guide import Clause
from doctrine.model.observation import Evidence, Fix
from doctrine.model.outcome import Outcome
from doctrine.model.partial import Partial
from doctrine.model.project import Fact
from doctrine.model.recommendation import Advice
from doctrine.model.report import Grade, Problem, Report, Reporter, ReportFinding, Silence
from doctrine.model.run import ToolRun
from doctrine.model.verdict import CheckResult, ClauseVerdict, Excuse
from doctrine.reports import _shape as shape
from doctrine.reports._mendable import is_mendable
from doctrine.reports._places import portable_argv, without_machine


def read_stored(raw: bytes, name: str) -> shape.ReportV1:
    """Return a stored report, whoever wrote it.

    Args:
        raw: The whole file.
        name: What to call it in an error.

    Raises:
        UsageError: It is not a report of the version that doctrine writes.
    """
    hint = "`doctrine check --output json=FILE` writes one"
    try:
        report = from_json(raw, shape.ReportV1)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        other = _schema_of(raw)
        if other not in {"", shape.SCHEMA}:
            raise UsageError(_of_another(name, other), hint=hint) from error
        raise UsageError(f"{name} is not a {shape.SCHEMA} report: {error}", hint=hint) from error
    if report.schema != shape.SCHEMA:
        raise UsageError(_of_another(name, report.schema), hint=hint)
    return report


class _Head(msgspec.Struct, frozen=True):
    """What every version of a report begins with."""

    schema: str = ""


def _schema_of(raw: bytes) -> str:
    """Return what a report says that it is; empty where it is none, or says nothing."""
    try:
        return from_json(raw, _Head).schema
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""


def _of_another(name: str, schema: str) -> str:
    return f"{name} is a {schema!r} report, not {shape.SCHEMA}"


def stored(report: Report) -> shape.ReportV1:
    """Return a finished report as it is stored.

    Args:
        report: Any report.

    Returns:
        The same with numbers rounded as they are published, every list sorted, and the folders
        of this machine replaced.
    """
    replaced = without_machine(report)
    guide, project = report.guide, report.project
    lost = points_lost(report.grade)
    mendable = _mendable(report.findings)
    return shape.ReportV1(
        schema=shape.SCHEMA,
        doctrine=shape.DoctrineV1(
            version=report.doctrine_version,
            registry=guide.registry,
            scoring_model=shape.SCORING_MODEL,
        ),
        guide=shape.GuideV1(
            id=guide.id, version=guide.version, digest=guide.digest, title=guide.title
        ),
        project=shape.ProjectV1(
            name=project.name,
            target_python=project.target_python,
            python_files=project.python_files,
            lines=project.lines,
            facts=tuple(_fact(one) for one in sorted(project.facts, key=lambda fact: fact.id)),
        ),
        run=shape.RunV1(
            seconds=round(report.seconds, 2),
            tools=tuple(
                _tool(run, replaced) for run in sorted(report.tools, key=lambda one: one.name)
            ),
            started=report.started,
        ),
        verdict=report.verdict,
        grade=rounded(report.grade),
        clauses=tuple(
            _clause(one, lost.get(one.clause.id, 0.0), mendable[one.clause.id])
            for one in report.clauses
        ),
        findings=tuple(_findings(report.findings)),
        problems=tuple(_problem(one, replaced) for one in report.problems),
        recommendations=tuple(_recommendation(one, replaced) for one in report.advice),
        gate=_gate(report),
        baseline=_baseline(report.baseline) if report.baseline else None,
        partial=_partial(report.partial) if report.partial else None,
    )


def _mendable(findings: Iterable[ReportFinding]) -> Counter[str]:
    """Return how many findings of each clause need no person."""
    return Counter(clause for one in findings if is_mendable(one) for clause in one.clauses)


def _partial(partial: Partial) -> shape.PartialV1:
    return shape.PartialV1(
        picked=partial.picked,
        files=partial.files,
        others=partial.others,
        clauses=partial.clauses,
        left_out=partial.left_out,
        whole=partial.whole,
    )


def _gate(report: Report) -> shape.GateV1 | None:
    if report.exit_code is None:
        return None
    return shape.GateV1(
        fail_on=report.fail_on,
        exit_code=report.exit_code,
        conditions=tuple(
            shape.ConditionV1(name=one.name, asked=one.asked, held=one.held, detail=one.detail)
            for one in report.gate
        ),
    )


def _baseline(debt: Debt) -> shape.BaselineV1:
    return shape.BaselineV1(
        path=debt.path,
        since=debt.since,
        entries=debt.entries,
        matched=debt.matched,
        new=len(debt.new),
        regressions=debt.regressions,
        stale=tuple(
            shape.AcceptedV1(path=one.path, symbol=one.symbol, rule=one.rule, clauses=one.clauses)
            for one in debt.stale
        ),
        stale_checks=debt.stale_checks,
        undecided=debt.undecided,
        notes=debt.notes,
    )


def points_lost(grade: Grade) -> dict[str, float]:
    """Return the points lost by clause, to two decimals.

    Args:
        grade: The unrounded grade.

    Returns:
        Amounts that add up to exactly what the rounded score is short of 100: rounding each by
        itself would leave a report whose sum does not check.
    """
    if grade.score is None:
        return {}
    total = sum(grade.points_lost.values())
    if total <= 0:
        return dict.fromkeys(grade.points_lost, 0.0)
    hundredths = round(100 * (100 - round(grade.score, 1)))
    exact = {key: hundredths * value / total for key, value in sorted(grade.points_lost.items())}
    floors = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: floors[key] - exact[key])
    for key in by_remainder[: hundredths - sum(floors.values())]:
        floors[key] += 1
    return {key: value / 100 for key, value in floors.items()}


def _fact(fact: Fact) -> shape.FactV1:
    return shape.FactV1(
        id=fact.id, value=fact.value, evidence=_evidence(fact.evidence), stated=fact.stated
    )


def _evidence(evidence: tuple[Evidence, ...]) -> tuple[shape.EvidenceV1, ...]:
    return tuple(
        shape.EvidenceV1(path=one.path, line=one.line, detail=one.detail)
        for one in sorted(evidence, key=lambda one: (one.path, one.line, one.detail))
    )


def _tool(run: ToolRun, replaced: Callable[[str], str]) -> shape.ToolV1:
    return shape.ToolV1(
        name=run.name,
        version=run.version,
        origin=run.origin,
        argv=portable_argv(run.argv, replaced),
        status=run.status,
        exit_code=run.exit_code,
        seconds=round(run.seconds, 2),
        files=len(run.reading.analysed),
        cached=run.cached,
        message=replaced(run.message) or None,
        note=replaced(run.reading.note),
    )


def rounded(grade: Grade) -> shape.GradeV1:
    """Return a grade as it is published, with one decimal.

    Args:
        grade: The unrounded grade.
    """
    return shape.GradeV1(
        letter=grade.letter,
        score=_percent(grade.score),
        score_with_waivers=_percent(grade.score_with_waivers),
        score_ceiling=_percent(grade.score_ceiling),
        assurance=round(grade.assurance, 1),
        provisional=grade.provisional,
        capped_by=tuple(sorted(grade.capped_by)),
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _remedy(clause: Clause, mendable: int) -> str:
    """Return how a clause is mended, by the command first where one does part of it."""
    if not mendable:
        return clause.remedy
    findings = f"{mendable:,} finding{'s' if mendable > 1 else ''}"
    return f"`doctrine fix --clause {clause.id}` mends {findings}. {clause.remedy}"


def _clause(verdict: ClauseVerdict, lost: float, mendable: int) -> shape.ClauseV1:
    clause: Clause = verdict.clause
    return shape.ClauseV1(
        id=clause.id,
        level=clause.level,
        section=clause.section,
        line=clause.line,
        statement=clause.statement,
        outcome=verdict.outcome,
        reason=verdict.reason,
        verification=verdict.verification,
        scored=clause.scored,
        weight=clause.level.weight if clause.scored else 0,
        points_lost=lost,
        checks=tuple(_check(one) for one in verdict.checks),
        findings=tuple(sorted(verdict.findings)),
        remedy=_remedy(clause, mendable),
        waiver=_waiver(verdict.waiver) if verdict.waiver else None,
        attestation=_attestation(verdict.attestation) if verdict.attestation else None,
        rationale=clause.rationale,
        members=clause.members,
        partial=verdict.partial,
    )


class _Excused(TypedDict):
    """What a waiver and an attestation say alike."""

    owner: str
    date: str
    expires: str
    days_left: int
    outcome_without: Outcome
    reason_without: str
    evidence: tuple[str, ...]
    path: str
    line: int


def _excused(excuse: Excuse) -> _Excused:
    entry = excuse.entry
    return {
        "owner": entry.owner,
        "date": str(entry.date),
        "expires": str(entry.expires),
        "days_left": excuse.days_left,
        "outcome_without": excuse.outcome_without,
        "reason_without": excuse.reason_without,
        "evidence": entry.evidence,
        "path": entry.place.path,
        "line": entry.place.line,
    }


def _waiver(excuse: Excuse) -> shape.WaiverV1:
    return shape.WaiverV1(
        reason=excuse.entry.words,
        paths=excuse.entry.paths,
        findings=tuple(sorted(excuse.findings)),
        **_excused(excuse),
    )


def _attestation(excuse: Excuse) -> shape.AttestationV1:
    return shape.AttestationV1(statement=excuse.entry.words, **_excused(excuse))


def _check(check: CheckResult) -> shape.CheckV1:
    return shape.CheckV1(
        id=check.id,
        outcome=check.outcome,
        detail=check.detail,
        evidence=_evidence(check.evidence),
        findings=tuple(sorted(check.findings)),
        partial=check.partial,
    )


_Reporters = tuple[shape.ReporterV1, ...]


def _findings(findings: Iterable[ReportFinding]) -> Iterator[shape.FindingV1]:
    """Yield findings; the few different answers to who reported them are shared, for their size."""
    reporters: dict[tuple[Reporter, ...], _Reporters] = {}
    for finding in findings:
        known = reporters.get(finding.reported_by)
        if known is None:
            known = reporters[finding.reported_by] = _reporters(finding.reported_by)
        yield _finding(finding, known)


def _reporters(reported_by: tuple[Reporter, ...]) -> _Reporters:
    return tuple(shape.ReporterV1(tool=one.tool, rule=one.rule) for one in reported_by)


def _finding(finding: ReportFinding, reported_by: _Reporters) -> shape.FindingV1:
    where = finding.location
    clauses = finding.clauses
    return shape.FindingV1(
        fingerprint=finding.fingerprint,
        clauses=clauses if len(clauses) < 2 else tuple(sorted(clauses)),  # noqa: PLR2004 - two can be out of order
        path=where.path,
        line=where.line,
        column=where.column,
        end_line=where.end_line,
        end_column=where.end_column,
        message=finding.message,
        severity=finding.severity,
        reported_by=reported_by,
        status=finding.status,
        needs_environment=finding.needs_environment,
        fix=_fix(finding.fix) if finding.fix else None,
        suppression=_suppression(finding.suppression) if finding.suppression else None,
    )


def _suppression(silence: Silence) -> shape.SuppressionV1:
    return shape.SuppressionV1(
        kind=silence.kind, reason=silence.reason, path=silence.path, line=silence.line
    )


def _fix(fix: Fix) -> shape.FixV1:
    return shape.FixV1(applicability=fix.applicability, description=fix.description)


def _recommendation(advice: Advice, replaced: Callable[[str], str]) -> shape.RecommendationV1:
    one = advice.recommendation
    return shape.RecommendationV1(
        id=one.id,
        line=one.line,
        clauses=one.clauses,
        statement=one.statement,
        state=advice.state,
        detail=replaced(advice.detail),
        count=advice.count,
        evidence=_evidence(advice.evidence),
        remedy=one.remedy,
    )


def _problem(problem: Problem, replaced: Callable[[str], str]) -> shape.ProblemV1:
    return shape.ProblemV1(tool=problem.tool, message=replaced(problem.message))
