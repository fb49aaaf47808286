"""From runs, findings and facts to outcomes: above all, when silence is not a pass."""

from __future__ import annotations

import pytest

from doctrine.applies import holds
from doctrine.checks.case import Case, case_of, without
from doctrine.checks.decide import decide
from doctrine.evaluate import evaluate
from doctrine.model.guide import (
    Clause,
    Condition,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    Guide,
    Level,
    ManualCheck,
    RuleCheck,
    Scope,
    Term,
    ThresholdCheck,
    Verification,
)
from doctrine.model.observation import Evidence, Location, Measurement, Severity, Support
from doctrine.model.project import (
    Automation,
    Command,
    CommandKind,
    Dependency,
    DependencyKind,
    Fact,
    Flaw,
    Module,
    Project,
    Role,
)
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Reporter, ReportFinding
from doctrine.model.run import Covers, Reading, ToolRun, ToolStatus
from doctrine.model.verdict import ClauseVerdict, Outcome
from tests.builders import a_clause, a_project, a_run

CLEAN = RuleCheck(id="clean", tool="tool", rules=("R*",))
READ = Reading(analysed=frozenset({"src/a.py"}))
HERE = Evidence(path="pyproject.toml", line=3, detail="declared")


def found(
    rule: str = "R1",
    *,
    path: str = "src/a.py",
    severity: Severity = Severity.ERROR,
    status: FindingStatus = FindingStatus.NEW,
    needs_environment: bool = False,
) -> ReportFinding:
    return ReportFinding(
        fingerprint=f"f-{rule}-{path}",
        clauses=("AAA001",),
        location=Location.point(path, 7),
        message="it is wrong",
        severity=severity,
        reported_by=(Reporter(tool="tool", rule=rule),),
        status=status,
        needs_environment=needs_environment,
        traces=(("tool", rule),),
    )


def case(
    *runs: ToolRun, findings: tuple[ReportFinding, ...] = (), project: Project | None = None
) -> Case:
    return case_of(project or a_project(), runs, findings)


def test_nothing_passes_of_files_that_changed_while_they_were_judged() -> None:
    clean = case(a_run(reading=READ))
    result = decide(CLEAN, replace(clean, changed=("src/a.py", "src/b.py")))
    assert result.outcome is Outcome.ERROR
    assert "2 files, src/a.py among them, changed" in result.detail
    bad = case(a_run(reading=READ), findings=(found(),))
    assert decide(CLEAN, replace(bad, changed=("src/a.py",))).outcome is Outcome.FAIL


def test_silence_with_proof_passes() -> None:
    result = decide(CLEAN, case(a_run(reading=READ)))
    assert result.outcome is Outcome.PASS
    assert "1 source file" in result.detail


@pytest.mark.parametrize(
    "run",
    [
        a_run(status=ToolStatus.MISSING, message="not installed"),
        a_run(status=ToolStatus.TIMEOUT, message="too slow"),
        a_run(status=ToolStatus.CRASHED, message="boom"),
        a_run(status=ToolStatus.UNREADABLE, message="gibberish"),
        a_run(reading=Reading()),
        a_run(reading=Reading(analysed=frozenset({"docs/other.py"}))),
        a_run(reading=replace(READ, unread={"src/a.py": "too deep"})),
        a_run(covers=Covers.CONFIGURED, reading=Reading(excluded=1)),
        a_run(covers=Covers.PROJECT, reading=Reading()),
        a_run("another", reading=READ),
    ],
)
def test_silence_without_proof_is_an_error(run: ToolRun) -> None:
    assert decide(CLEAN, case(run)).outcome is Outcome.ERROR


def test_one_source_file_left_out_is_an_error_for_a_tool_that_covers_all() -> None:
    two = tuple(Module(path=f"src/{name}.py", role=Role.SOURCE) for name in "ab")
    project = a_project(two)
    assert decide(CLEAN, case(a_run(reading=READ), project=project)).outcome is Outcome.ERROR
    configured = a_run(reading=replace(READ, excluded=1), covers=Covers.CONFIGURED)
    result = decide(CLEAN, case(configured, project=project))
    assert result.outcome is Outcome.PASS
    assert result.detail.endswith("; 1 file not looked at")


@pytest.mark.parametrize(
    ("paths", "outcome"),
    [
        (("src/a.py", "src/b.py"), Outcome.PASS),
        (("src/a.py", "src/b.py", "src/c.py"), Outcome.ERROR),
        (("src/a.py", "src/b.pyi", "src/c.pyi"), Outcome.PASS),
        (("src/a.pyi", "src/b.py", "src/b.pyi", "src/a.py", "src/c.py"), Outcome.ERROR),
        (("src/a.py", "src/migrations/b.py", "src/_vendor/c.py"), Outcome.PASS),
    ],
)
def test_a_tool_that_most_of_the_source_is_kept_from_proves_nothing(
    paths: tuple[str, ...], outcome: Outcome
) -> None:
    project = a_project(tuple(Module(path=path, role=Role.SOURCE) for path in paths))
    stubs = frozenset(path for path in paths if path.endswith(".pyi"))
    reading = replace(READ, analysed=READ.analysed | stubs, excluded=1)
    run = a_run(covers=Covers.CONFIGURED, reading=reading)
    assert decide(CLEAN, case(run, project=project)).outcome is outcome
    few = replace(project, layout=replace(project.layout, restricted=True))
    assert decide(CLEAN, case(run, project=few)).outcome is Outcome.PASS


def test_findings_of_other_files_are_told_and_do_not_count() -> None:
    one = decide(CLEAN, case(a_run(reading=replace(READ, strays=("src/made.py",)))))
    assert (one.outcome, "what it finds in src/made.py, ignored" in one.detail) == (
        Outcome.PASS,
        True,
    )
    two = decide(CLEAN, case(a_run(reading=replace(READ, strays=("a.py", "b.py")))))
    assert "2 files, a.py among them" in two.detail


def test_a_source_file_that_cannot_be_parsed_is_never_passed_over() -> None:
    broken = Module(path="src/b.py", role=Role.SOURCE, flaw=Flaw.SYNTAX)
    project = a_project((Module(path="src/a.py", role=Role.SOURCE), broken))
    assert decide(CLEAN, case(a_run(reading=READ), project=project)).outcome is Outcome.ERROR


def test_a_skipped_tool_leaves_it_unverified_and_says_why() -> None:
    result = decide(CLEAN, case(a_run(status=ToolStatus.SKIPPED, message="run the tests")))
    assert (result.outcome, result.detail) == (Outcome.UNVERIFIED, "run the tests")


def test_a_finding_fails_even_where_the_tool_did_not_read_everything() -> None:
    result = decide(CLEAN, case(a_run(), findings=(found(),)))
    assert result.outcome is Outcome.FAIL
    assert result.findings == ("f-R1-src/a.py",)
    assert result.evidence[0].line == 7


def test_a_defect_that_two_rules_of_the_check_report_is_counted_once() -> None:
    both = replace(found("R1"), traces=(("tool", "R1"), ("tool", "R2")))
    result = decide(CLEAN, case(a_run(), findings=(both, found("R1", path="src/b.py"))))
    assert result.detail == "2 findings in 2 files"
    assert len(result.findings) == 2


@pytest.mark.parametrize(
    "harmless",
    [
        found("X9"),
        found(severity=Severity.INFO),
        found(status=FindingStatus.SUPPRESSED),
    ],
)
def test_what_does_not_fail(harmless: ReportFinding) -> None:
    result = decide(CLEAN, case(a_run(reading=READ), findings=(harmless,)))
    assert result.outcome is Outcome.PASS


def test_suppressed_findings_are_counted() -> None:
    silenced = found(status=FindingStatus.SUPPRESSED)
    result = decide(CLEAN, case(a_run(reading=READ), findings=(silenced,)))
    assert "1 suppressed" in result.detail


def test_a_check_of_source_does_not_look_at_tests() -> None:
    modules = (
        Module(path="src/a.py", role=Role.SOURCE),
        Module(path="tests/t.py", role=Role.TEST),
    )
    in_tests = (found(path="tests/t.py"),)
    facing_source = replace(CLEAN, scope=Scope.SOURCE)
    given = case(a_run(reading=READ), findings=in_tests, project=a_project(modules))
    assert decide(facing_source, given).outcome is Outcome.PASS
    assert decide(CLEAN, given).outcome is Outcome.FAIL


def test_findings_that_missing_packages_may_explain_leave_it_unverified() -> None:
    run = a_run(reading=replace(READ, missing_packages=("requests",)))
    doubtful = found(needs_environment=True)
    result = decide(CLEAN, case(run, findings=(doubtful,)))
    assert result.outcome is Outcome.UNVERIFIED
    assert result.detail.startswith("1 tool finding may only exist")
    assert "(requests): check again with `doctrine check --install`" in result.detail
    more = replace(run, reading=replace(READ, missing_packages=tuple("abcdef")))
    several = (doubtful, replace(doubtful, fingerprint="another"))
    told = decide(CLEAN, case(more, findings=several)).detail
    assert told.startswith("2 tool findings may")
    assert "(a, b, c, d, e, …)" in told
    certain = decide(CLEAN, case(run, findings=(doubtful, found("R2"))))
    assert certain.outcome is Outcome.FAIL


def test_a_rule_the_inspector_could_not_decide_is_unverified() -> None:
    run = a_run(reading=replace(READ, undecided={"R1": "the workflow is unreadable"}))
    assert decide(CLEAN, case(run)).outcome is Outcome.UNVERIFIED
    other = replace(CLEAN, rules=("R2",))
    assert decide(other, case(run)).outcome is Outcome.PASS
    twice = a_run(
        reading=replace(READ, undecided={"R1": "it is unreadable", "R2": "it is unreadable"})
    )
    assert decide(replace(CLEAN, rules=("R1", "R2")), case(twice)).detail == "it is unreadable"


def measured(value: float) -> Measurement:
    return Measurement(
        tool="tool",
        metric="coverage-percent",
        subject="project",
        value=value,
        location=Location.point("."),
    )


def test_a_threshold_needs_a_measurement() -> None:
    check = ThresholdCheck(
        id="measured", tool="tool", metric="coverage-percent", limit=80, at_most=False
    )
    with_value = replace(READ, measurements=(measured(91.5),))
    passed = decide(check, case(a_run(reading=with_value)))
    assert passed.outcome is Outcome.PASS
    assert "91.5" in passed.detail
    assert decide(check, case(a_run(reading=READ))).outcome is Outcome.ERROR


def a_dependency(name: str) -> Dependency:
    return Dependency(
        name=name,
        raw=name,
        specifier="",
        url="",
        kind=DependencyKind.GROUP,
        group="dev",
        place=HERE,
    )


def test_declared_by_a_dependency_or_by_what_brings_the_tool() -> None:
    check = DeclaredCheck(id="declared", distributions=("ruff",))
    project = replace(a_project(), dependencies=(a_dependency("ruff"),))
    assert decide(check, case(project=project)).evidence == (HERE,)
    uvx = Command(argv=("ruff", "check"), kind=CommandKind.CI, place=HERE, brings_tool=True)
    brought = a_project(automation=Automation(commands=(uvx,)))
    assert decide(check, case(project=brought)).outcome is Outcome.PASS
    assert decide(check, case()).outcome is Outcome.FAIL


def test_an_equivalent_that_is_declared_is_named() -> None:
    check = DeclaredCheck(id="declared", distributions=("ruff", "black"))
    project = replace(a_project(), dependencies=(a_dependency("black"),))
    assert decide(check, case(project=project)).detail == "black declared (which stands for ruff)"


GATE = GateCheck(id="gate", gates=(GatePattern(program="ruff", subcommands=("check",)),))


def ci(*argv: str, can_fail: bool = True, perhaps: str = "") -> Automation:
    command = Command(
        argv=argv,
        kind=CommandKind.CI,
        place=Evidence(path=".github/workflows/ci.yml", line=9, detail=" ".join(argv)),
        can_fail=can_fail,
        why_not="" if can_fail else "continue-on-error",
        perhaps=perhaps,
    )
    return Automation(commands=(command,), has_ci=True)


@pytest.mark.parametrize(
    ("automation", "outcome", "said"),
    [
        (ci("ruff", "check", "."), Outcome.PASS, "ruff"),
        (ci("ruff", "check", ".", can_fail=False), Outcome.FAIL, "continue-on-error"),
        (
            replace(ci("ruff", "check", can_fail=False), unread={"tox.ini": "broken"}),
            Outcome.UNVERIFIED,
            "tox.ini",
        ),
        (replace(ci("ruff", "check"), unread={"tox.ini": "broken"}), Outcome.PASS, "ruff"),
        (
            ci("ruff", "check", perhaps="a run tells"),
            Outcome.UNVERIFIED,
            "`ruff check`, but a run tells",
        ),
        (ci("ruff", "check", can_fail=False, perhaps="a run tells"), Outcome.FAIL, "continue-on"),
        (ci("pytest"), Outcome.FAIL, "ruff"),
        (Automation(), Outcome.FAIL, "no CI"),
        (Automation(unread={"tox.ini": "broken"}), Outcome.UNVERIFIED, "tox.ini"),
    ],
)
def test_gates(automation: Automation, outcome: Outcome, said: str) -> None:
    result = decide(GATE, case(project=a_project(automation=automation)))
    assert result.outcome is outcome
    assert said in result.detail


def with_fact(value: bool | None) -> Project:
    fact = Fact(id="async", value=value, evidence=(replace(HERE, detail="async def"),))
    return replace(a_project(), facts={"async": fact})


@pytest.mark.parametrize(
    ("value", "false_is", "outcome"),
    [
        (True, "fail", Outcome.PASS),
        (False, "fail", Outcome.FAIL),
        (False, "unverified", Outcome.UNVERIFIED),
        (None, "fail", Outcome.UNVERIFIED),
    ],
)
def test_fact_checks(value: bool | None, false_is: str, outcome: Outcome) -> None:
    check = FactCheck(id="fact", fact="async", otherwise="there is none", false_is=false_is)
    assert decide(check, case(project=with_fact(value))).outcome is outcome


def judged(*clauses: Clause, given: Case | None = None) -> dict[str, ClauseVerdict]:
    guide = Guide(id="g", title="G", version="1", digest="", registry="", clauses=clauses)
    verdicts = evaluate(guide, given or case(), ())
    assert [one.clause.id for one in verdicts] == [clause.id for clause in clauses]
    return {one.clause.id: one for one in verdicts}


def fixed(outcome: Outcome, check_id: str = "c") -> FactCheck | ManualCheck:
    if outcome is Outcome.UNVERIFIED:
        return ManualCheck(id=check_id, reason="a person decides")
    return FactCheck(id=check_id, fact="async", otherwise="no", partial=outcome is Outcome.PASS)


def test_the_worst_check_decides() -> None:
    checks = (
        FactCheck(id="a", fact="async", otherwise="no"),
        ManualCheck(id="b", reason="a person decides"),
        replace(CLEAN, id="c"),
    )
    given = case(a_run(status=ToolStatus.CRASHED, message="boom"), project=with_fact(True))
    verdict = judged(a_clause(checks=checks), given=given)["AAA001"]
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "boom")
    failing = case(a_run(status=ToolStatus.CRASHED, message="boom"), project=with_fact(False))
    assert judged(a_clause(checks=checks), given=failing)["AAA001"].outcome is Outcome.FAIL


def test_a_partial_check_passes_partially() -> None:
    partial = replace(CLEAN, partial=True)
    given = case(a_run(reading=READ))
    verdict = judged(a_clause(checks=(partial,)), given=given)["AAA001"]
    assert (verdict.outcome, verdict.partial, verdict.verification) == (
        Outcome.PASS,
        True,
        "partial",
    )
    by_clause = a_clause(checks=(CLEAN,), verification=Verification.PARTIAL)
    assert judged(by_clause, given=given)["AAA001"].partial


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (ToolStatus.OK, Outcome.PASS),
        (ToolStatus.SKIPPED, Outcome.PASS),
        (ToolStatus.CRASHED, Outcome.ERROR),
        (ToolStatus.MISSING, Outcome.ERROR),
        (ToolStatus.UNREADABLE, Outcome.ERROR),
    ],
)
def test_an_optional_check_has_no_say_where_its_tool_did_not_run_and_one_where_it_broke(
    status: ToolStatus, outcome: Outcome
) -> None:
    asked = RuleCheck(id="asked", tool="asked", rules=("*",), optional=True)
    runs = (
        a_run(reading=READ),
        a_run("asked", status=status, reading=READ, message="needs the network"),
    )
    verdict = judged(a_clause(checks=(CLEAN, asked)), given=case(*runs))["AAA001"]
    assert verdict.outcome is outcome
    assert ("needs the network" in verdict.reason) is (status is not ToolStatus.OK)


def test_an_optional_check_alone_leaves_a_clause_unverified() -> None:
    asked = RuleCheck(id="asked", tool="asked", rules=("*",), optional=True)
    skipped = a_run("asked", status=ToolStatus.SKIPPED, message="needs the network")
    verdict = judged(a_clause(checks=(asked,)), given=case(skipped))["AAA001"]
    assert verdict.outcome is Outcome.UNVERIFIED


def test_a_stand_in_counts_only_when_the_other_is_unverified_and_only_to_pass() -> None:
    stand_in = FactCheck(
        id="gate",
        fact="async",
        otherwise="no",
        partial=True,
        instead_of="clean",
        false_is="unverified",
    )
    clause = a_clause(checks=(CLEAN, stand_in))
    skipped = a_run(status=ToolStatus.SKIPPED, message="no data")
    stood_in = judged(clause, given=case(skipped, project=with_fact(True)))["AAA001"]
    assert (stood_in.outcome, stood_in.partial) == (Outcome.PASS, True)
    neither = judged(clause, given=case(skipped, project=with_fact(False)))["AAA001"]
    assert (neither.outcome, neither.reason) == (Outcome.UNVERIFIED, "no data")
    crashed = a_run(status=ToolStatus.CRASHED, message="boom")
    hidden = judged(clause, given=case(crashed, project=with_fact(True)))["AAA001"]
    assert hidden.outcome is Outcome.ERROR


def test_a_clause_fails_with_the_parent_check_it_rests_on() -> None:
    declared = DeclaredCheck(id="declared", distributions=("mypy",))
    parent = a_clause("TYP001", checks=(declared, CLEAN))
    child = a_clause("TYP003", checks=(CLEAN,), parents=("TYP001.declared",))
    verdicts = judged(parent, child, given=case(a_run(reading=READ)))
    assert verdicts["TYP003"].outcome is Outcome.FAIL
    assert "TYP001" in verdicts["TYP003"].reason
    findings_only = replace(a_project(), dependencies=(a_dependency("mypy"),))
    kept = judged(parent, replace(child, checks=()), given=case(a_run(), project=findings_only))
    assert kept["TYP003"].outcome is not Outcome.FAIL


def test_a_may_clause_never_fails() -> None:
    clause = a_clause(level=Level.MAY, checks=(CLEAN,))
    assert judged(clause, given=case(findings=(found(),)))["AAA001"].outcome is Outcome.PASS


def test_a_may_clause_tells_how_it_is_used() -> None:
    clause = a_clause(level=Level.MAY, checks=(CLEAN,))
    seen = (Support(rule="R2", evidence=replace(HERE, detail="a harness")),) * 2
    verdict = judged(clause, given=case(a_run(reading=replace(READ, supports=seen))))["AAA001"]
    assert "2 places for it (a harness)" in verdict.reason
    assert verdict.checks[0].evidence


def test_an_umbrella_takes_the_worst_of_its_applicable_members() -> None:
    not_applicable = ((Term(fact="async", negated=True),),)
    members = (
        a_clause("M1", checks=(FactCheck(id="c", fact="async", otherwise="no"),)),
        a_clause("M2", checks=(ManualCheck(id="c", reason="open"),)),
        a_clause("M3", when=not_applicable),
    )
    given = case(project=with_fact(True))
    umbrella = a_clause("U1", members=("M1", "M2", "M3"))
    verdict = judged(*members, umbrella, given=given)["U1"]
    assert (verdict.outcome, verdict.reason) == (Outcome.UNVERIFIED, "follows from M2")
    none_applies = a_clause("U1", members=("M3",))
    assert judged(members[2], none_applies, given=given)["U1"].outcome is Outcome.NOT_APPLICABLE


def test_an_umbrella_has_a_condition_of_its_own() -> None:
    member = a_clause("M1", checks=(FactCheck(id="c", fact="async", otherwise="no"),))
    umbrella = a_clause("U1", members=("M1",), when=((Term(fact="async", negated=True),),))
    verdict = judged(member, umbrella, given=case(project=with_fact(True)))["U1"]
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert verdict.checks[0].id == "applies"


def condition(*groups: tuple[Term, ...]) -> Condition:
    return Condition(groups=groups)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), True),
        (((Term(fact="yes"),),), True),
        (((Term(fact="no"),),), False),
        (((Term(fact="no", negated=True),),), True),
        (((Term(fact="maybe"),),), None),
        (((Term(fact="absent"),),), None),
        (((Term(fact="maybe"), Term(fact="yes")),), True),
        (((Term(fact="maybe"), Term(fact="no")),), None),
        (((Term(fact="maybe"),), (Term(fact="no"),)), False),
        (((Term(fact="yes"),), (Term(fact="maybe", negated=True),)), None),
    ],
)
def test_conditions_are_three_valued(
    groups: tuple[tuple[Term, ...], ...], expected: bool | None
) -> None:
    facts = {
        name: Fact(id=name, value=value, evidence=(HERE,))
        for name, value in {"yes": True, "no": False, "maybe": None}.items()
    }
    assert holds(condition(*groups), facts)[0] is expected


def test_not_applicable_shows_the_fact() -> None:
    verdict = judged(
        a_clause(when=((Term(fact="async"),),), checks=(CLEAN,)),
        given=case(project=with_fact(False)),
    )["AAA001"]
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert verdict.checks[0].evidence[0].detail == "async def"


def test_without_python_nothing_is_judged() -> None:
    verdict = judged(a_clause(checks=(CLEAN,)), given=case(project=a_project(())))["AAA001"]
    assert verdict.outcome is Outcome.UNVERIFIED


def test_only_the_findings_that_are_named_are_waived() -> None:
    one, other, silent = found("R1"), found("R2"), found("R3", status=FindingStatus.SUPPRESSED)
    given = case(a_run(reading=READ), findings=(one, other, silent))
    rest = without(given, {one.fingerprint, silent.fingerprint})
    statuses = {
        rule: [each.status for each in found] for rule, found in rest.findings["tool"].items()
    }
    assert statuses == {
        "R1": [FindingStatus.WAIVED], "R2": [FindingStatus.NEW], "R3": [FindingStatus.SUPPRESSED]
    }  # fmt: skip
    assert decide(CLEAN, rest).findings == (other.fingerprint,)


@pytest.mark.parametrize(("negated", "words"), [(True, "not async"), (False, "async")])
def test_a_condition_that_does_not_hold_is_told_with_what_shows_it(
    words: str, *, negated: bool
) -> None:
    facts = {"async": Fact(id="async", value=negated, evidence=(HERE,))}
    holding, why, evidence = holds(condition((Term(fact="async", negated=negated),)), facts)
    assert (holding, evidence) == (False, (HERE,))
    assert why == f"applies only where: {words} (declared)"


def test_a_may_clause_counts_advice() -> None:
    clause = a_clause(level=Level.MAY, checks=(CLEAN,))
    advice = found(severity=Severity.INFO)
    guide = Guide(id="g", title="G", version="1", digest="", registry="", clauses=(clause,))
    (verdict,) = evaluate(guide, case(a_run(reading=READ), findings=(advice,)), (advice,))
    assert "1 finding of advice" in verdict.reason


def test_what_could_not_be_read_is_evidence_where_a_declaration_is_missing() -> None:
    check = DeclaredCheck(id="d", distributions=("ruff",))
    project = replace(a_project(), unread={"setup.py": "it computes them"})
    result = decide(check, case(project=project))
    assert result.outcome is Outcome.UNVERIFIED
    assert [(one.path, one.detail) for one in result.evidence] == [("setup.py", "it computes them")]
