"""Small values for tests of the pure middle."""

from __future__ import annotations

from doctrine.model.guide import Check, Clause, Condition, Level, Term, Verification
from doctrine.model.observation import Finding, Location, Severity
from doctrine.model.project import Automation, Layout, Module, Project, Role, SourceFile, Target
from doctrine.model.run import Covers, Origin, Reading, ToolRun, ToolStatus
from doctrine.model.verdict import ClauseVerdict, Outcome


def a_clause(
    clause_id: str = "AAA001",
    *,
    level: Level = Level.MUST,
    checks: tuple[Check, ...] = (),
    when: tuple[tuple[Term, ...], ...] = (),
    members: tuple[str, ...] = (),
    parents: tuple[str, ...] = (),
    verification: Verification = Verification.AUTOMATED,
) -> Clause:
    return Clause(
        id=clause_id,
        level=level,
        section="Section",
        line=1,
        end_line=1,
        keyword=level.value,
        statement="It holds.",
        rationale="Because.",
        remedy="Do it.",
        condition=Condition(groups=when),
        verification=verification,
        checks=checks,
        members=members,
        parents=parents,
    )


def a_verdict(
    outcome: Outcome,
    *,
    clause_id: str = "AAA001",
    level: Level = Level.MUST,
    partial: bool = False,
) -> ClauseVerdict:
    return ClauseVerdict(
        clause=a_clause(clause_id, level=level),
        outcome=outcome,
        reason="",
        verification="automated",
        partial=partial,
    )


def a_run(
    name: str = "tool",
    *,
    status: ToolStatus = ToolStatus.OK,
    reading: Reading | None = None,
    covers: Covers = Covers.ALL,
    message: str = "",
) -> ToolRun:
    return ToolRun(
        name=name,
        program=name,
        version="1.0",
        origin=Origin.DOCTRINE,
        status=status,
        reading=reading or Reading(),
        covers=covers,
        message=message,
    )


def a_finding(
    tool: str = "tool",
    rule: str = "R1",
    *,
    path: str = "src/a.py",
    line: int = 1,
    column: int = 1,
    end_line: int | None = None,
    message: str = "it is wrong",
    severity: Severity = Severity.ERROR,
    symbol: str = "",
    needs_environment: bool = False,
) -> Finding:
    return Finding(
        tool=tool,
        rule=rule,
        message=message,
        location=Location(
            path=path,
            line=line,
            column=column,
            end_line=end_line or line,
            end_column=column + 1,
        ),
        severity=severity,
        symbol=symbol,
        needs_environment=needs_environment,
    )


def a_project(
    modules: tuple[Module, ...] = (Module(path="src/a.py", role=Role.SOURCE, lines=10),),
    *,
    automation: Automation | None = None,
) -> Project:
    files = tuple(SourceFile(path=module.path, role=module.role) for module in modules)
    return Project(
        layout=Layout(
            root="/project",
            name="project",
            pyproject=None,
            files=files,
            others=(),
            tracked=None,
            ignored=frozenset(),
            sources=("src",),
            target=Target(floor=(3, 11), minors=(11, 12), specifier=">=3.11"),
            environment=None,
        ),
        modules=modules,
        dependencies=(),
        lock=None,
        automation=automation or Automation(),
        facts={},
    )
