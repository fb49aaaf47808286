"""What waivers and attestations make of outcomes, through ``evaluate``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doctrine.checks.case import case_of
from doctrine.evaluate import evaluate
from doctrine.model.guide import Clause, Guide, ManualCheck, RuleCheck
from doctrine.model.observation import Location, Severity
from doctrine.model.project import Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Reporter, ReportFinding
from doctrine.model.run import Reading, ToolRun, ToolStatus
from doctrine.model.stated import Entry, EntryKind
from doctrine.model.verdict import ClauseVerdict, Outcome
from doctrine.statements.excusing import marked, unused
from doctrine.statements.screening import Screened, screen
from tests.builders import a_clause, a_project, a_run
from tests.statements.build import TODAY, a_guide, an_entry

CLEAN = RuleCheck(id="clean", tool="tool", rules=("R*",))
ASKED = ManualCheck(id="manual", reason="only a person can tell")
FILES = ("src/a.py", "src/old/b.py")
MODULES = tuple(Module(path=path, role=Role.SOURCE, lines=10) for path in FILES)
READ = Reading(analysed=frozenset(FILES))
ATTESTATION = EntryKind.ATTESTATION
OLD = an_entry(paths=("src/old/",))


def finding(
    path: str = "src/a.py",
    *clauses: str,
    rule: str = "R1",
    severity: Severity = Severity.ERROR,
) -> ReportFinding:
    return ReportFinding(
        fingerprint=f"{rule}-{path}",
        clauses=clauses or ("AAA001",),
        location=Location.point(path, 7),
        message="it is wrong",
        severity=severity,
        reported_by=(Reporter(tool="tool", rule=rule),),
        traces=(("tool", rule),),
    )


HERE, THERE = finding("src/a.py"), finding("src/old/b.py")


def judged(
    guide: Guide,
    *entries: Entry,
    findings: tuple[ReportFinding, ...] = (),
    run: ToolRun | None = None,
) -> tuple[dict[str, ClauseVerdict], Screened]:
    screened = screen(entries, guide, TODAY, ())
    assert screened.refused == ()
    runs = (run or a_run(reading=READ),)
    case = case_of(a_project(MODULES), runs, findings, screened)
    return {one.clause.id: one for one in evaluate(guide, case, findings)}, screened


def one(
    *entries: Entry,
    clause: Clause | None = None,
    findings: tuple[ReportFinding, ...] = (),
    run: ToolRun | None = None,
) -> ClauseVerdict:
    guide = a_guide(clause or a_clause(checks=(CLEAN,)))
    return judged(guide, *entries, findings=findings, run=run)[0]["AAA001"]


def test_a_waiver_excuses_a_failure_and_keeps_what_it_hides() -> None:
    verdict = one(an_entry(), findings=(HERE, THERE))
    assert verdict.outcome is Outcome.WAIVED
    assert verdict.waiver is not None
    assert verdict.waiver.outcome_without is Outcome.FAIL
    assert verdict.waiver.reason_without == "2 findings in 2 files"
    assert verdict.waiver.days_left == 20
    assert verdict.waiver.findings == ("R1-src/a.py", "R1-src/old/b.py")
    assert verdict.checks[0].outcome is Outcome.FAIL
    assert verdict.reason == (
        "waived by Ada until 2026-12-17 (20 days left): replaced with the new billing system"
    )


def test_a_waiver_of_paths_waives_only_when_every_counting_finding_is_inside() -> None:
    inside = one(OLD, findings=(THERE,))
    assert inside.outcome is Outcome.WAIVED
    partly = one(OLD, findings=(HERE, THERE))
    assert partly.outcome is Outcome.FAIL
    assert partly.checks[0].findings == ("R1-src/a.py",)
    assert partly.waiver is not None
    assert partly.waiver.findings == ("R1-src/old/b.py",)
    assert set(partly.findings) == {"R1-src/a.py", "R1-src/old/b.py"}
    outside = one(OLD, findings=(HERE,))
    assert (outside.outcome, outside.waiver) == (Outcome.FAIL, None)


def test_advice_outside_the_paths_does_not_keep_the_clause_failing() -> None:
    advice = finding("src/a.py", rule="R2", severity=Severity.INFO)
    assert one(OLD, findings=(advice, THERE)).outcome is Outcome.WAIVED


def test_what_fails_without_a_finding_lies_in_no_path() -> None:
    parent = a_clause("AAB002", checks=(CLEAN,))
    child = a_clause(
        checks=(RuleCheck(id="own", tool="tool", rules=("S*",)),), parents=("AAB002.clean",)
    )
    verdicts, _ = judged(a_guide(child, parent), OLD, findings=(finding("src/old/b.py", "AAB002"),))
    assert (verdicts["AAA001"].outcome, verdicts["AAA001"].waiver) == (Outcome.FAIL, None)


def test_what_the_paths_leave_unproven_is_not_waived() -> None:
    clause = a_clause(checks=(CLEAN, ASKED))
    assert one(OLD, clause=clause, findings=(THERE,)).outcome is Outcome.UNVERIFIED
    crashed = a_run(status=ToolStatus.CRASHED, reading=READ)
    assert one(OLD, findings=(THERE,), run=crashed).outcome is Outcome.ERROR


def test_an_error_and_what_is_unverified_cannot_be_waived() -> None:
    crashed = one(an_entry(), run=a_run(status=ToolStatus.CRASHED))
    assert (crashed.outcome, crashed.waiver) == (Outcome.ERROR, None)
    asked = one(an_entry(), clause=a_clause(checks=(ASKED,)))
    assert (asked.outcome, asked.waiver) == (Outcome.UNVERIFIED, None)


def test_an_attestation_settles_what_is_unverified_and_nothing_else() -> None:
    entry = an_entry(kind=ATTESTATION)
    attested = one(entry, clause=a_clause(checks=(ASKED,)))
    assert (attested.outcome, attested.verification) == (Outcome.ATTESTED, "attestation")
    assert attested.attestation is not None
    assert attested.attestation.reason_without == "only a person can tell"
    failing = one(entry, clause=a_clause(checks=(CLEAN, ASKED)), findings=(HERE,))
    assert (failing.outcome, failing.attestation) == (Outcome.FAIL, None)
    crashed = one(entry, run=a_run(status=ToolStatus.CRASHED))
    assert crashed.outcome is Outcome.ERROR
    assert one(entry).outcome is Outcome.PASS


def test_a_folder_without_code_cannot_be_attested() -> None:
    guide = a_guide(a_clause(checks=(ASKED,)))
    screened = screen((an_entry(kind=ATTESTATION),), guide, TODAY, ())
    (verdict,) = evaluate(guide, case_of(a_project(()), (), (), screened), ())
    assert verdict.outcome is Outcome.UNVERIFIED


def test_umbrellas_follow_what_was_waived_or_attested() -> None:
    guide = a_guide(a_clause(checks=(CLEAN,)), a_clause("AAD004", members=("AAA001",)))
    verdicts, _ = judged(guide, an_entry(), findings=(HERE,))
    assert verdicts["AAD004"].outcome is Outcome.WAIVED


def test_a_waiver_of_a_parent_leaves_what_rests_on_it_failing() -> None:
    child = a_clause("AAB002", checks=(CLEAN,), parents=("AAA001.clean",))
    guide = a_guide(a_clause(checks=(CLEAN,)), child)
    verdicts, _ = judged(guide, an_entry(), findings=(HERE,))
    assert verdicts["AAA001"].outcome is Outcome.WAIVED
    assert verdicts["AAB002"].outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("entry", "findings", "status", "said"),
    [
        (an_entry(), (), ToolStatus.OK, "the clause passes without it, so remove it"),
        (OLD, (HERE,), ToolStatus.OK, "no finding that fails the clause lies in its paths"),
        (an_entry(), (), ToolStatus.CRASHED, "the clause is error, and only a failure can be wai"),
        (an_entry(kind=ATTESTATION), (), ToolStatus.OK, "the clause passes without it"),
        (
            an_entry(kind=ATTESTATION),
            (HERE,),
            ToolStatus.OK,
            "the clause is fail, and only what is unverified can be attested: it is wrong",
        ),
    ],
)
def test_an_entry_that_changes_nothing_is_named(
    entry: Entry, findings: tuple[ReportFinding, ...], status: ToolStatus, said: str
) -> None:
    guide = a_guide(a_clause(checks=(CLEAN,)))
    run = a_run(status=status, reading=READ)
    verdicts, screened = judged(guide, entry, findings=findings, run=run)
    (message,) = unused(screened, verdicts.values())
    assert message.startswith(f"pyproject.toml:12: the {entry.kind} of AAA001 is not honoured: ")
    assert said in message


def test_an_entry_that_is_honoured_is_not_unused() -> None:
    verdicts, screened = judged(a_guide(a_clause(checks=(CLEAN,))), OLD, findings=(HERE, THERE))
    assert [*unused(screened, verdicts.values())] == []


def test_findings_are_marked_as_waived_unless_they_fail_another_clause() -> None:
    both = finding("src/a.py", "AAA001", "AAB002")
    guide = a_guide(a_clause(checks=(CLEAN,)), a_clause("AAB002", checks=(CLEAN,)))
    verdicts, _ = judged(guide, an_entry(), findings=(both,))
    assert [one.status for one in marked((both,), verdicts.values())] == [FindingStatus.NEW]
    verdicts, _ = judged(guide, an_entry(), an_entry("AAB002"), findings=(both,))
    silenced = replace(both, fingerprint="s", status=FindingStatus.SUPPRESSED)
    assert [one.status for one in marked((both, silenced), verdicts.values())] == [
        FindingStatus.WAIVED,
        FindingStatus.SUPPRESSED,
    ]


def test_an_expired_waiver_equals_none() -> None:
    guide = a_guide(a_clause(checks=(CLEAN,)))
    expired = screen((an_entry(expires=TODAY - timedelta(days=1)),), guide, TODAY, ())
    with_it = case_of(a_project(MODULES), (a_run(reading=READ),), (HERE,), expired)
    without_it = case_of(a_project(MODULES), (a_run(reading=READ),), (HERE,))
    assert evaluate(guide, with_it, (HERE,)) == evaluate(guide, without_it, (HERE,))
