"""A look at a few files proves failures, and never that anything holds."""

from __future__ import annotations

import pytest

from doctrine.checks.case import Case, case_of
from doctrine.evaluate import evaluate
from doctrine.gate import SATISFIED, UNSATISFIED, judged
from doctrine.grade import grade, project_verdict
from doctrine.model.guide import Clause, DeclaredCheck, Guide, Level, ManualCheck, RuleCheck, Term
from doctrine.model.observation import Location, Severity
from doctrine.model.outcome import Verdict
from doctrine.model.partial import Partial, Picked
from doctrine.model.replacing import replace
from doctrine.model.report import Reporter, ReportFinding
from doctrine.model.run import Covers, Reading, ToolRun, ToolStatus
from doctrine.model.settings import FailOn, GateRules, Settings
from doctrine.model.verdict import ClauseVerdict, Outcome
from doctrine.narrowing import left_open, narrowed
from tests.builders import a_clause, a_project, a_run
from tests.reports.build import a_report

CLEAN = RuleCheck(id="clean", tool="tool", rules=("R*",))
ELSEWHERE = RuleCheck(id="strength", tool="whole", rules=("W*",))
DECLARED = DeclaredCheck(id="declared", distributions=("tool",))
STAND_IN = replace(CLEAN, id="again", instead_of="clean")
READ = a_run(reading=Reading(analysed=frozenset({"src/a.py"})))


def guide(*clauses: Clause) -> Guide:
    return Guide(id="g", title="", version="1", digest="", registry="", clauses=clauses)


def found(clause: str = "AAA001") -> ReportFinding:
    return ReportFinding(
        fingerprint="f1",
        clauses=(clause,),
        location=Location.point("src/a.py", 7),
        message="it is wrong",
        severity=Severity.ERROR,
        reported_by=(Reporter(tool="tool", rule="R1"),),
        traces=(("tool", "R1"),),
    )


def looked(
    whole: Guide, *runs: ToolRun, findings: tuple[ReportFinding, ...] = ()
) -> tuple[dict[str, ClauseVerdict], tuple[str, ...]]:
    case: Case = case_of(a_project(), runs, findings)
    verdicts, seen = left_open(
        whole, evaluate(narrowed(whole, {run.name for run in runs}), case, findings)
    )
    return {one.clause.id: one for one in verdicts}, seen


def test_only_the_checks_of_tools_that_judge_file_by_file_are_left() -> None:
    whole = guide(
        a_clause(checks=(DECLARED, CLEAN, ELSEWHERE, STAND_IN)),
        a_clause("AAA002", checks=(ManualCheck(id="m", reason="ask"),)),
        a_clause("AAA003", level=Level.MAY, checks=(CLEAN,)),
    )
    left = [tuple(check.id for check in one.checks) for one in narrowed(whole, {"tool"}).clauses]
    assert left == [("clean",), (), ()]


def test_a_finding_fails_its_clause_and_the_umbrella_above_it() -> None:
    whole = guide(a_clause(checks=(DECLARED, CLEAN)), a_clause("AAA002", members=("AAA001",)))
    verdicts, seen = looked(whole, READ, findings=(found(),))
    assert [one.outcome for one in verdicts.values()] == [Outcome.FAIL, Outcome.FAIL]
    assert verdicts["AAA001"].clause == whole.clauses[0], "the whole clause, not what is left of it"
    assert seen == ("AAA001", "AAA002")


def test_silence_in_a_few_files_is_no_pass_anywhere() -> None:
    whole = guide(
        a_clause(checks=(CLEAN,)),
        a_clause("AAA002", checks=(DECLARED,)),
        a_clause("AAA003", level=Level.MAY),
        a_clause("AAA004", members=("AAA001",)),
    )
    verdicts, seen = looked(whole, READ)
    assert {one.outcome for one in verdicts.values()} == {Outcome.UNVERIFIED}
    assert {check.outcome for one in verdicts.values() for check in one.checks} == {
        Outcome.UNVERIFIED
    }
    assert seen == ("AAA001",)
    assert verdicts["AAA001"].reason.startswith("nothing found in these files")
    assert verdicts["AAA002"].reason.startswith("not judged in this run")
    assert project_verdict(tuple(verdicts.values())) is Verdict.INDETERMINATE


def test_a_clause_that_these_files_do_not_show_to_apply_is_not_judged_and_not_idle() -> None:
    whole = guide(a_clause(checks=(CLEAN,), when=((Term(fact="async"),),)))
    verdicts, seen = looked(whole, READ, findings=(found(),))
    assert (verdicts["AAA001"].outcome, seen) == (Outcome.UNVERIFIED, ())
    assert "do not show that it applies" in verdicts["AAA001"].reason


@pytest.mark.parametrize("status", [ToolStatus.CRASHED, ToolStatus.TIMEOUT, ToolStatus.MISSING])
def test_a_tool_without_a_result_is_an_error_as_ever(status: ToolStatus) -> None:
    verdicts, _ = looked(guide(a_clause(checks=(CLEAN,))), a_run(status=status, message="boom"))
    assert verdicts["AAA001"].outcome is Outcome.ERROR


def gated(outcome: Outcome, rules: GateRules) -> tuple[int | None, tuple[str, ...], list[str]]:
    """Return what the gate of a partial report says in which one clause of two was judged."""
    one, other = (
        ClauseVerdict(clause=a_clause(name), outcome=out, reason="", verification="automated")
        for name, out in (("AAA001", outcome), ("AAA002", Outcome.UNVERIFIED))
    )
    report = replace(
        a_report(),
        clauses=(one, other),
        grade=grade((), analysed=True),
        partial=Partial(picked=Picked.STAGED, files=("src/a.py",), clauses=("AAA001",)),
    )
    done = judged(report, Settings(root="/p", fail_on=FailOn.MUST, gate=rules))
    assert done.partial is not None
    return done.exit_code, done.partial.left_out, [one.detail for one in done.gate]


def test_the_gate_looks_at_the_clauses_that_were_judged_and_names_what_it_cannot_tell() -> None:
    graded = GateRules(verdict=Verdict.CONFORMANT, min_score=90.0, min_assurance=50.0)
    code, left, told = gated(Outcome.UNVERIFIED, graded)
    assert (code, left) == (SATISFIED, ("verdict", "min-score", "min-assurance"))
    assert told == ["1 clause looked at, none of them fails in these files"]
    assert gated(Outcome.FAIL, GateRules())[0] == UNSATISFIED


def test_files_that_the_configuration_keeps_from_a_tool_were_not_judged_by_it() -> None:
    whole = guide(a_clause(checks=(CLEAN,)))
    project = a_project()
    few = replace(project, layout=replace(project.layout, restricted=True))
    run = a_run(covers=Covers.CONFIGURED, reading=Reading(excluded=1))
    case = case_of(few, (run,), ())
    (verdict,), seen = left_open(whole, evaluate(narrowed(whole, {"tool"}), case, ()))
    assert (verdict.outcome, seen) == (Outcome.UNVERIFIED, ())
    assert "configuration keeps these files from tool" in verdict.reason
