"""Reports of a watched project, as small as they can be."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.grade import grade, project_verdict
from doctrine.model.guide import Guide, Level, RuleCheck
from doctrine.model.observation import Location, Severity
from doctrine.model.outcome import Outcome
from doctrine.model.report import ProjectSummary, Report, Reporter, ReportFinding
from doctrine.model.run import ToolRun
from doctrine.model.verdict import CheckResult, ClauseVerdict
from doctrine.reports._stored import stored
from doctrine.watch.events import Told
from doctrine.watch.waiting import asking
from tests.builders import a_clause

TOOLS = {"LNT001": "ruff", "TYP001": "mypy", "TYP002": "pyright"}
CLAUSES = (
    *(
        a_clause(name, checks=(RuleCheck(id="clean", tool=tool, rules=("*",)),))
        for name, tool in TOOLS.items()
    ),
    a_clause("TYP003", level=Level.SHOULD, parents=("TYP001.clean",)),
    a_clause("TYP005", members=("TYP001", "LNT001")),
    a_clause("DEP001"),
)
GUIDE = Guide(id="g", title="", version="1", digest="", registry="", clauses=CLAUSES)


def a_finding(
    name: str,
    *,
    path: str = "src/a.py",
    line: int = 3,
    column: int = 5,
    tools: tuple[str, ...] = ("mypy",),
    clause: str = "TYP001",
) -> ReportFinding:
    return ReportFinding(
        fingerprint=name,
        clauses=(clause,),
        location=Location.point(path, line, column),
        message=f"{name} is wrong",
        severity=Severity.ERROR,
        reported_by=tuple(Reporter(tool=tool, rule="R1") for tool in tools),
    )


def a_report(
    outcomes: dict[str, Outcome] | None = None,
    *findings: ReportFinding,
    tools: tuple[ToolRun, ...] = (),
) -> Report:
    """A report in which every clause holds that is not named."""
    known = outcomes or {}
    verdicts = tuple(
        ClauseVerdict(
            clause=clause,
            outcome=known.get(clause.id, Outcome.PASS),
            reason=f"why {clause.id}",
            verification="automated",
            checks=(
                CheckResult(
                    id="clean", outcome=known.get(clause.id, Outcome.PASS), detail="the detail"
                ),
            ),
            findings=tuple(one.fingerprint for one in findings if clause.id in one.clauses),
        )
        for clause in CLAUSES
    )
    return Report(
        doctrine_version="1",
        guide=GUIDE,
        project=ProjectSummary(name="p", target_python="3.11", python_files=1, lines=1, facts=()),
        root="/p",
        seconds=1.0,
        tools=tools,
        verdict=project_verdict(verdicts),
        grade=grade(verdicts, analysed=True),
        clauses=verdicts,
        findings=findings,
        problems=(),
    )


def told(
    number: int,
    outcomes: dict[str, Outcome] | None = None,
    *findings: ReportFinding,
    waiting: frozenset[str] = frozenset(),
    settled: Mapping[str, frozenset[str]] | None = None,
) -> Told:
    """What a judgement says; tools that are waited for leave their clauses unverified."""
    return Told(
        number=number,
        report=stored(a_report(outcomes, *findings)),
        waiting=waiting,
        programs={one: (settled or {}).get(one, frozenset()) for one in waiting},
        asked=asking(GUIDE, waiting),
    )
