"""Reports and baselines of a few lines, for tests of what is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from doctrine.baseline.keys import Keys
from doctrine.baseline.matching import Today, standard_of
from doctrine.model.baseline import Baseline, Debt
from doctrine.model.defect import Defects
from doctrine.model.guide import Level
from doctrine.model.observation import Location, Severity
from doctrine.model.project import Definition, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report, Reporter, ReportFinding
from doctrine.model.verdict import CheckResult, ClauseVerdict, Outcome
from doctrine.normalise import Symbols
from doctrine.syntax.spans import Spans
from tests.builders import a_clause
from tests.reports.build import a_perfect_report

DEFECTS = Defects(
    classes={"ruff:F401": "unused-import", "vulture:unused-import": "unused-import"},
    rank={"ruff:F401": 0, "vulture:unused-import": 1},
    by_definition=frozenset(),
    by_symbol=frozenset(),
)


def found(
    code: str,
    texts: Mapping[str, str],
    *,
    path: str = "src/a.py",
    number: int = 1,
    rule: str = "S311",
    clauses: tuple[str, ...] = ("AAA001",),
    status: FindingStatus = FindingStatus.NEW,
    severity: Severity = Severity.ERROR,
) -> ReportFinding:
    """Return a finding about the n-th place at which code stands in a file."""
    text = texts[path]
    start = -1
    for _ in range(number):
        start = text.index(code, start + 1)
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return ReportFinding(
        fingerprint=f"{path}:{line}:{column}:{rule}",
        clauses=clauses,
        location=Location(
            path=path, line=line, column=column, end_line=line, end_column=column + len(code)
        ),
        message="it is wrong",
        severity=severity,
        reported_by=(Reporter(tool="ruff", rule=rule),),
        status=status,
        traces=(("ruff", rule),),
    )


_nothing_wrong = cache(a_perfect_report)


def report_of(
    findings: Iterable[ReportFinding],
    *,
    alone: Mapping[str, Outcome] | None = None,
    level: Level = Level.MUST,
) -> Report:
    """Return a report whose clauses fail by these findings and by checks without findings."""
    every = tuple(findings)
    ids = sorted({one for finding in every for one in finding.clauses})
    verdicts = [
        _verdict(one, level, every, {})
        for one in ids
        if not any(name.startswith(f"{one}.") for name in alone or {})
    ]
    for clause in sorted({name.partition(".")[0] for name in alone or {}}):
        own = {
            name.partition(".")[2]: outcome
            for name, outcome in (alone or {}).items()
            if name.startswith(f"{clause}.")
        }
        verdicts.append(_verdict(clause, level, every, own))
    return replace(_nothing_wrong(), findings=every, clauses=tuple(verdicts))


def _verdict(
    clause: str, level: Level, findings: tuple[ReportFinding, ...], alone: Mapping[str, Outcome]
) -> ClauseVerdict:
    counting = tuple(
        one.fingerprint
        for one in findings
        if clause in one.clauses and one.status is FindingStatus.NEW
    )
    checks = [CheckResult(id=name, outcome=what, detail=name) for name, what in alone.items()]
    if counting:
        checks.append(
            CheckResult(id="clean", outcome=Outcome.FAIL, detail="found", findings=counting)
        )
    worst = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED, Outcome.PASS)
    outcomes = {check.outcome for check in checks} or {Outcome.PASS}
    return ClauseVerdict(
        clause=a_clause(clause, level=level),
        outcome=next(one for one in worst if one in outcomes),
        reason="so it is",
        verification="automated",
        checks=tuple(checks),
    )


def today(
    texts: Mapping[str, str],
    definitions: Mapping[str, tuple[Definition, ...]] | None = None,
    *,
    renamed: Mapping[str, str] | None = None,
    looked: bool = True,
) -> Today:
    """Return what is known of a project of these files."""
    spans = {path: Spans(text) for path, text in texts.items()}
    modules = {
        path: Module(path=path, role=Role.SOURCE, definitions=(definitions or {}).get(path, ()))
        for path in texts
    }
    return Today(
        keys=Keys(
            defects=DEFECTS,
            symbols={path: Symbols(module) for path, module in modules.items()},
            code=lambda where: spans[where.path].text(where) if where.path in spans else None,
        ),
        renamed=renamed or {},
        symbols={
            path: frozenset(one.qualname for one in module.definitions)
            for path, module in modules.items()
        },
        looked=lambda _: looked,
    )


def accepting(report: Report, debt: Debt) -> Baseline:
    """Return the baseline that accepts all that a report has."""
    return Baseline(
        path="doctrine-baseline.txt",
        standards=(standard_of(report.guide),),
        findings=debt.grown,
        checks=debt.grown_checks,
    )
