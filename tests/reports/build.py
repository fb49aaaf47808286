"""Reports for tests: one of a plausible project, with everything that can happen in it."""

from __future__ import annotations

from datetime import date

import msgspec

from doctrine.grade import grade, project_verdict
from doctrine.model.guide import (
    Clause,
)
from doctrine.model.observation import (
    Applicability,
    Evidence,
    Fix,
    Location,
    Severity,
)
from doctrine.model.outcome import Verdict
from doctrine.model.partial import Partial, Picked
from doctrine.model.project import Fact
from doctrine.model.replacing import replace
from doctrine.model.report import (
    FindingStatus,
    Grade,
    Problem,
    ProjectSummary,
    Report,
    Reporter,
    ReportFinding,
)
from doctrine.model.run import Origin, Reading, ToolRun, ToolStatus
from doctrine.model.stated import Entry, EntryKind
from doctrine.model.verdict import CheckResult, ClauseVerdict, Excuse, Outcome
from doctrine.reports._last_run import LastRunV1, summarised
from doctrine.reports._stored import stored
from doctrine.statements.excusing import in_words
from tests.reports.standard import (
    ASY007,
    COV002,
    CPX002,
    DAT001,
    DEP005,
    FUZ002,
    GUIDE,
    HOLDING,
    LNT001,
    PRF001,
    SEC005,
    SGP001,
    TYP001,
    TYP005,
    TYP006,
    WSK001,
)

RANDOM = "Standard pseudo-random generators are not suitable for cryptographic purposes"
BEFORE = {"SEC005": Outcome.PASS, "FUZ002": Outcome.NOT_APPLICABLE, "TYP007": Outcome.FAIL}
"""Outcomes that clauses had in the earlier run."""
ASYNC_NONE = "applies only where: async (no coroutine in 41 files)"


def a_finding(
    fingerprint: str,
    *,
    path: str = "src/acme/tokens.py",
    line: int = 12,
    column: int = 5,
    message: str = RANDOM,
    clauses: tuple[str, ...] = ("SEC005",),
    reported_by: tuple[Reporter, ...] = (Reporter(tool="ruff", rule="S311"),),
    severity: Severity = Severity.ERROR,
    status: FindingStatus = FindingStatus.NEW,
    fix: Fix | None = None,
) -> ReportFinding:
    return ReportFinding(
        fingerprint=fingerprint,
        clauses=clauses,
        location=Location(
            path=path, line=line, column=column, end_line=line, end_column=column + 9
        ),
        message=message,
        severity=severity,
        reported_by=reported_by,
        status=status,
        fix=fix,
    )


def _random_findings() -> tuple[ReportFinding, ...]:
    both = (Reporter(tool="ruff", rule="S311"), Reporter(tool="security", rule="random-secret"))
    return (
        a_finding("r1", path="src/acme/session.py", line=7, column=12),
        a_finding("r2", reported_by=both),
        a_finding("r3", line=40, column=9),
    )


def _optional_findings() -> tuple[ReportFinding, ...]:
    return tuple(
        a_finding(
            f"o{number}",
            path=f"src/acme/{('cart', 'orders', 'mail', 'stock', 'users', 'tax', 'api')[number % 7]}.py",
            line=10 + number,
            column=18,
            message="Use `X | None` for type annotations",
            clauses=("TYP005", "TYP006"),
            reported_by=(Reporter(tool="ruff-guide", rule="UP045"),),
            fix=Fix(applicability=Applicability.SAFE, description="Convert to `X | None`"),
        )
        for number in range(73)
    )


def _other_findings() -> tuple[ReportFinding, ...]:
    complexity = (Reporter(tool="radon", rule="complexity"),)
    length = (Reporter(tool="ruff-guide", rule="E501"),)
    return (
        a_finding(
            "c1",
            path="src/acme/checkout/engine.py",
            line=88,
            column=1,
            message="settle_order has a cyclomatic complexity of 23, the limit is 10",
            clauses=("CPX002",),
            reported_by=complexity,
        ),
        *(
            a_finding(
                f"e{number}",
                path="src/acme/mail.py",
                line=200 + number,
                message="Line too long",
                clauses=(),
                reported_by=length,
                severity=Severity.INFO,
            )
            for number in range(19)
        ),
        a_finding("s1", path="tests/load.py", status=FindingStatus.SUPPRESSED),
        a_finding("b1", path="src/acme/legacy.py", status=FindingStatus.BASELINE),
    )


def findings() -> tuple[ReportFinding, ...]:
    every = (*_random_findings(), *_optional_findings(), *_other_findings())
    return tuple(
        sorted(
            every,
            key=lambda one: (
                one.location.path,
                one.location.line,
                one.location.column,
                one.fingerprint,
            ),
        )
    )


def verdict(
    of: Clause,
    outcome: Outcome,
    reason: str = "",
    *checks: CheckResult,
    partial: bool = False,
) -> ClauseVerdict:
    return ClauseVerdict(
        clause=of,
        outcome=outcome,
        reason=reason or "; ".join(one.detail for one in checks if one.outcome is outcome),
        verification="partial" if partial else of.verification.value,
        checks=checks,
        findings=tuple(sorted(one for check in checks for one in check.findings)),
        partial=partial,
    )


def check(
    check_id: str,
    outcome: Outcome,
    detail: str,
    *,
    found: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
) -> CheckResult:
    return CheckResult(
        id=check_id, outcome=outcome, detail=detail, evidence=evidence, findings=found
    )


def _failing() -> tuple[ClauseVerdict, ...]:
    optional = tuple(sorted(one.fingerprint for one in _optional_findings()))
    return (
        verdict(
            LNT001,
            Outcome.FAIL,
            "",
            check(
                "declared",
                Outcome.PASS,
                "ruff declared",
                evidence=(Evidence(path="pyproject.toml", line=31, detail="ruff>=0.14"),),
            ),
            check(
                "gate",
                Outcome.FAIL,
                "ruff check is run in CI, but its failure is ignored",
                evidence=(
                    Evidence(
                        path=".github/workflows/ci.yml", line=27, detail="continue-on-error: true"
                    ),
                ),
            ),
            check("clean", Outcome.PASS, "ruff read 41 source files and found nothing"),
        ),
        verdict(TYP005, Outcome.FAIL, "follows from TYP006"),
        verdict(
            TYP006,
            Outcome.FAIL,
            "",
            check("clean", Outcome.FAIL, "73 findings in 7 files", found=optional),
        ),
        replace(
            verdict(
                CPX002, Outcome.FAIL, "", check("below", Outcome.FAIL, "1 finding", found=("c1",))
            ),
            waiver=PARTIAL_WAIVER,
        ),
        verdict(
            SEC005,
            Outcome.FAIL,
            "",
            check("clean", Outcome.FAIL, "3 findings in 2 files", found=("r1", "r2", "r3")),
        ),
    )


def _open() -> tuple[ClauseVerdict, ...]:
    return (
        verdict(
            SGP001,
            Outcome.ERROR,
            "semgrep did not finish within 600 s: raise `--timeout`, or exclude generated code",
        ),
        verdict(
            TYP001,
            Outcome.UNVERIFIED,
            "1,204 mypy findings may only exist because the project's packages are not installed: "
            "run `uv sync` and check again, or `doctrine check --install`",
        ),
        verdict(
            COV002,
            Outcome.UNVERIFIED,
            "the tests were not run: `doctrine check --tests` measures the coverage",
        ),
        verdict(
            PRF001,
            Outcome.UNVERIFIED,
            "only a person knows whether profiles came first: "
            "`doctrine attest PRF001` records that they did",
        ),
    )


WAIVER = Excuse(
    entry=Entry(
        kind=EntryKind.WAIVER,
        clause="DEP005",
        words="the scanner of the audited network has no offline mode yet",
        owner="Platform team",
        date=date(2026, 11, 2),
        expires=date(2027, 1, 31),
        evidence=("docs/scanner.md", "https://acme.example/tickets/12"),
        place=Evidence(path="pyproject.toml", line=61, detail="waiver of DEP005"),
    ),
    days_left=70,
    outcome_without=Outcome.FAIL,
    reason_without="no command of CI runs a scanner",
)
ATTESTATION = Excuse(
    entry=Entry(
        kind=EntryKind.ATTESTATION,
        clause="DAT001",
        words="constraints are tested in the repository of the schema",
        owner="Ada",
        date=date(2026, 11, 2),
        expires=date(2026, 11, 23),
        place=Evidence(path="pyproject.toml", line=69, detail="attestation of DAT001"),
    ),
    days_left=1,
    outcome_without=Outcome.UNVERIFIED,
    reason_without="no test of this repository violates a constraint",
)
PARTIAL_WAIVER = Excuse(
    entry=Entry(
        kind=EntryKind.WAIVER,
        clause="CPX002",
        words="the generated parser is replaced in the spring",
        owner="Ada",
        date=date(2026, 11, 2),
        expires=date(2027, 1, 31),
        paths=("src/acme/grammar/",),
        place=Evidence(path="pyproject.toml", line=77, detail="waiver of CPX002"),
    ),
    days_left=70,
    outcome_without=Outcome.FAIL,
    reason_without="2 findings in 2 files",
    findings=("c2",),
)


def verdicts() -> tuple[ClauseVerdict, ...]:
    found = (
        *_failing(),
        *_open(),
        verdict(FUZ002, Outcome.PASS, "permitted"),
        replace(
            verdict(DEP005, Outcome.WAIVED, in_words(WAIVER)),
            waiver=WAIVER,
        ),
        replace(
            verdict(DAT001, Outcome.ATTESTED, in_words(ATTESTATION)),
            attestation=ATTESTATION,
        ),
        verdict(ASY007, Outcome.NOT_APPLICABLE, ASYNC_NONE),
        verdict(
            WSK001,
            Outcome.NOT_APPLICABLE,
            "applies only where: websockets (no WebSocket in 41 files)",
        ),
        *(
            verdict(one, Outcome.PASS, "held", partial=number % 6 == 5)
            for number, one in enumerate(HOLDING)
        ),
    )
    by_id = {one.clause.id: one for one in found}
    return tuple(by_id[one.id] for one in GUIDE.clauses)


def _read(files: int) -> Reading:
    return Reading(analysed=frozenset(f"src/acme/m{number}.py" for number in range(files)))


def runs() -> tuple[ToolRun, ...]:
    return (
        ToolRun(
            name="coverage",
            version="",
            origin=Origin.PROJECT,
            status=ToolStatus.SKIPPED,
            message="the tests were not run: `doctrine check --tests` runs them in a copy",
        ),
        ToolRun(
            name="mypy",
            version="2.4.1",
            origin=Origin.PROJECT,
            argv=(
                "/home/ada/acme-shop/.venv/bin/mypy",
                "--output=json",
                "--cache-dir=/var/scratch/doctrine-81/mypy",
                "--python-executable=/opt/python/bin/python3.13",
                "/home/ada/acme-shop/src",
            ),
            exit_code=1,
            seconds=3.124,
            reading=_read(41),
            program="mypy",
        ),
        ToolRun(
            name="packaging",
            version="0.1.0",
            origin=Origin.DOCTRINE,
            seconds=0.01,
            reading=Reading(analysed=frozenset({"pyproject.toml", "uv.lock"})),
        ),
        ToolRun(
            name="pyright",
            version="1.1.414",
            origin=Origin.PATH,
            argv=("/usr/bin/pyright", "--outputjson"),
            status=ToolStatus.CRASHED,
            exit_code=134,
            seconds=1.98,
            message="pyright ran out of memory under /home/ada/acme-shop: give it more with "
            "`NODE_OPTIONS=--max-old-space-size=8192`",
        ),
        ToolRun(
            name="ruff",
            version="0.14.2",
            origin=Origin.PROJECT,
            argv=("/home/ada/acme-shop/.venv/bin/ruff", "check", "."),
            exit_code=1,
            seconds=0.118,
            reading=_read(41),
            cached=True,
        ),
        ToolRun(
            name="semgrep",
            version="1.182.0",
            origin=Origin.DOCTRINE,
            argv=("/opt/doctrine/bin/semgrep", "scan"),
            status=ToolStatus.TIMEOUT,
            seconds=600.0,
            message="not finished within 600 s",
        ),
        ToolRun(
            name="vulture",
            version="",
            origin=Origin.PATH,
            status=ToolStatus.MISSING,
            message="vulture is not installed: `uv add --dev vulture`",
        ),
    )


def a_report() -> Report:
    """Return the report of a plausible project: every outcome, every tool status."""
    found = verdicts()
    return Report(
        doctrine_version="0.1.0",
        guide=GUIDE,
        project=ProjectSummary(
            name="acme-shop",
            target_python="3.11",
            python_files=41,
            lines=9120,
            facts=(
                Fact(
                    id="random-module",
                    value=True,
                    evidence=(
                        Evidence(path="src/acme/tokens.py", line=3, detail="import random"),
                        Evidence(path="src/acme/session.py", line=2, detail="import random"),
                    ),
                ),
                Fact(id="async", value=False),
                Fact(id="international", value=None),
                Fact(
                    id="library",
                    value=False,
                    evidence=(
                        Evidence(path="pyproject.toml", line=55, detail="stated: it is a service"),
                        Evidence(path="pyproject.toml", line=2, detail="has a build system"),
                    ),
                    stated=True,
                ),
            ),
        ),
        root="/home/ada/acme-shop",
        seconds=7.9012,
        tools=runs(),
        verdict=project_verdict(found),
        grade=grade(found, analysed=True),
        clauses=found,
        findings=findings(),
        problems=(
            Problem(
                tool="doctrine",
                message="uv.lock is older than pyproject.toml: run `uv lock` in "
                "/home/ada/acme-shop",
            ),
        ),
        scratch="/var/scratch/doctrine-81",
        started="2026-11-22T10:00:02+00:00",
        fail_on="must",
        exit_code=1,
    )


def a_partial_report() -> Report:
    """Return the report of a partial run: one clause fails, one was looked at, all else is open."""
    whole = a_report()
    open_ = "not judged in this run, which looks at a few files only"
    return replace(
        whole,
        clauses=tuple(
            one if one.clause.id == "SEC005" else verdict(one.clause, Outcome.UNVERIFIED, open_)
            for one in whole.clauses
        ),
        verdict=Verdict.NON_CONFORMANT,
        grade=grade((), analysed=True),
        advice=(),
        baseline=None,
        partial=Partial(
            picked=Picked.STAGED,
            files=("src/acme/tokens.py",),
            others=2,
            clauses=("TYP006", "SEC005"),
            left_out=("min-score",),
        ),
    )


def a_perfect_report() -> Report:
    """Return the report of a project in which nothing is left to do."""
    found = tuple(verdict(one, Outcome.PASS, "held") for one in HOLDING)
    return replace(
        a_report(),
        verdict=project_verdict(found),
        grade=grade(found, analysed=True),
        clauses=found,
        findings=(),
        problems=(),
        tools=tuple(run for run in runs() if run.status is ToolStatus.OK),
        exit_code=0,
    )


def an_earlier_run() -> LastRunV1:
    """Return what was kept of a run of the same project two hours before."""
    report = stored(a_report())
    kept = {"r1", "r3", "c1", *(f"o{number}" for number in range(73))}
    before = msgspec.structs.replace(
        report,
        run=msgspec.structs.replace(report.run, started="2026-11-22T08:00:00+00:00"),
        grade=msgspec.structs.replace(report.grade, letter="B", score=86.9),
        clauses=tuple(
            msgspec.structs.replace(one, outcome=BEFORE.get(one.id, one.outcome))
            for one in report.clauses
        ),
        findings=(
            *(one for one in report.findings if one.fingerprint in kept),
            *(
                msgspec.structs.replace(one, fingerprint=f"gone-{number}")
                for number, one in enumerate(report.findings[:2])
            ),
        ),
    )
    return summarised(before)


def an_empty_report() -> Report:
    """Return the report of a folder without anything to judge: no letter, no score."""
    return replace(
        a_report(),
        project=ProjectSummary(name="empty", target_python="", python_files=0, lines=0, facts=()),
        verdict=Verdict.INDETERMINATE,
        grade=Grade(
            letter=None,
            score=None,
            score_with_waivers=None,
            score_ceiling=None,
            assurance=0.0,
            provisional=True,
            capped_by=(),
            points_lost={},
        ),
        clauses=(),
        findings=(),
        tools=(),
        problems=(),
        seconds=0.1,
        exit_code=2,
    )
