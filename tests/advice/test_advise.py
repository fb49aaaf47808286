"""Advice: what it is told by, and that it decides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.advice.advise import advise
from doctrine.checks.case import case_of
from doctrine.evaluate import evaluate
from doctrine.gate import judged
from doctrine.grade import grade, project_verdict
from doctrine.guide.chosen import load_guide
from doctrine.inspect.discovery import inspectors
from doctrine.model.guide import Condition, FactCheck, GatePattern, Guide, Term
from doctrine.model.observation import Location, Severity
from doctrine.model.project import Automation, Project
from doctrine.model.recommendation import (
    Advice,
    AdviceState,
    CommandLook,
    Expect,
    FindingsLook,
    Look,
    Recommendation,
    SettingLook,
    Where,
)
from doctrine.model.replacing import replace
from doctrine.model.report import Report, Reporter, ReportFinding
from doctrine.model.run import Reading, ToolRun
from doctrine.model.settings import FailOn, Settings
from doctrine.tools.discovery import tool_names
from tests.builders import a_run
from tests.inspect.build import ci, module, project, run
from tests.reports.strategies import REPORTS

GUIDE = load_guide()
LENGTH = SettingLook(tool="ruff", key="line-length", expect=Expect.EQUALS, values=("100",))
RUFF = GatePattern(program="ruff", subcommands=("check",))
SOURCE = {"src/app/a.py": ""}


def told(
    look: Look,
    judged: Project,
    *runs: ToolRun,
    findings: tuple[ReportFinding, ...] = (),
    about: str = "",
    when: tuple[tuple[Term, ...], ...] = (),
) -> Advice:
    one = Recommendation(
        id="REC-ONE", line=1, clauses=(), statement="It is.", remedy="Do.", about=about,
        condition=Condition(groups=when), looks=(look,),
    )  # fmt: skip
    guide = Guide(
        id="g", title="", version="", digest="", registry="", clauses=(), recommendations=(one,)
    )
    (advice,) = advise(guide, case_of(judged, runs, findings))
    return advice


def in_source(files: dict[str, str], automation: Automation | None = None) -> Project:
    return project({**SOURCE, **files}, automation=automation)


def test_a_setting_is_followed_or_not_and_the_line_is_told() -> None:
    good = told(LENGTH, in_source({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}))
    assert good.state is AdviceState.FOLLOWED
    bad = told(LENGTH, in_source({"pyproject.toml": "[tool.ruff]\nline-length = 88\n"}))
    assert bad.state is AdviceState.NOT_FOLLOWED
    assert [(one.path, one.line) for one in bad.evidence] == [("pyproject.toml", 2)]
    unset = told(LENGTH, in_source({}))
    assert (unset.state, unset.evidence) == (AdviceState.NOT_FOLLOWED, ())
    default = told(replace(LENGTH, unset_holds=True), in_source({}))
    assert default.state is AdviceState.FOLLOWED


def test_what_extends_a_selection_counts() -> None:
    look = SettingLook(tool="ruff", key="lint.select", expect=Expect.SELECTS, values=("E", "D"))
    text = "[tool.ruff.lint]\nselect = ['E']\nextend-select = ['D']\n"
    assert told(look, in_source({"pyproject.toml": text})).state is AdviceState.FOLLOWED
    default = "[tool.ruff.lint]\nextend-select = ['D']\n"  # beside what Ruff checks by itself
    assert told(look, in_source({"pyproject.toml": default})).state is AdviceState.FOLLOWED
    alone = "[tool.ruff.lint]\nselect = ['D']\n"
    assert told(look, in_source({"pyproject.toml": alone})).state is AdviceState.NOT_FOLLOWED


def test_a_hook_that_ci_runs_is_a_hook_all_the_same() -> None:
    judged = in_source({}, ci(run("ruff check .", path=".pre-commit-config.yaml")))
    for where in Where:
        assert told(CommandLook(where=where, gates=(RUFF,)), judged).state is AdviceState.FOLLOWED


@pytest.mark.parametrize(
    ("where", "state"),
    [
        (Where.CI, AdviceState.FOLLOWED),
        (Where.ANY, AdviceState.FOLLOWED),
        (Where.HOOK, AdviceState.NOT_FOLLOWED),
    ],
)
def test_a_command_counts_where_it_is_looked_for(where: Where, state: AdviceState) -> None:
    judged = in_source({}, ci("ruff check ."))
    assert told(CommandLook(where=where, gates=(RUFF,)), judged).state is state


def test_a_workflow_that_could_not_be_followed_leaves_a_command_open() -> None:
    judged = in_source({}, ci(unread={"ci.yml": "an unknown action"}))
    look = CommandLook(where=Where.CI, gates=(RUFF,))
    assert told(look, judged).state is AdviceState.UNSEEN


def test_findings_are_counted_advice_included() -> None:
    finding = ReportFinding(
        fingerprint="f1", clauses=(), location=Location.point("src/app/a.py", 3), message="long",
        severity=Severity.INFO, reported_by=(Reporter(tool="t", rule="R1"),),
        traces=(("tool", "R1"),),
    )  # fmt: skip
    look = FindingsLook(tool="tool", rules=("R1",))
    read = a_run(reading=Reading(analysed=frozenset({"src/app/a.py"})))
    seen = told(look, in_source({}), read, findings=(finding,))
    assert (seen.state, seen.count) == (AdviceState.NOT_FOLLOWED, 1)
    assert told(look, in_source({}), read).state is AdviceState.FOLLOWED
    assert told(look, in_source({}), a_run(reading=Reading())).state is AdviceState.UNSEEN
    assert told(look, in_source({})).state is AdviceState.UNSEEN


def test_what_the_project_has_no_use_for_does_not_apply() -> None:
    assert told(LENGTH, in_source({}), about="ruff").state is AdviceState.NOT_APPLICABLE
    used = in_source({}, ci("ruff check ."))
    assert told(LENGTH, used, about="ruff").state is AdviceState.NOT_FOLLOWED
    asks = ((Term(fact="async"),),)
    known = project(SOURCE, facts={"async": False})
    assert told(LENGTH, known, when=asks).state is AdviceState.NOT_APPLICABLE
    assert told(LENGTH, project(SOURCE), when=asks).state is AdviceState.UNSEEN


STATES = st.sampled_from(AdviceState)
ADVICE = st.tuples(*(st.tuples(st.just(one), STATES) for one in GUIDE.recommendations)).map(
    lambda pairs: tuple(
        Advice(recommendation=one, state=state, detail="so it is") for one, state in pairs
    )
)


@given(report=REPORTS, advice=ADVICE, fail_on=st.sampled_from(FailOn))
def test_no_advice_changes_the_exit_code(
    report: Report, advice: tuple[Advice, ...], fail_on: FailOn
) -> None:
    settings = Settings(root="/project", fail_on=fail_on)
    advised = judged(replace(report, advice=advice), settings)
    assert (advised.exit_code, advised.gate) == (
        judged(report, settings).exit_code,
        judged(report, settings).gate,
    )


SETTINGS = st.fixed_dictionaries(
    {
        "line-length": st.integers(20, 200),
        "convention": st.sampled_from(["google", "numpy", "pep257"]),
        "branch": st.booleans(),
        "confidence": st.integers(0, 100),
    }
)


@given(chosen=SETTINGS)
def test_what_is_only_recommended_changes_no_verdict(chosen: dict[str, object]) -> None:
    text = (
        f"[tool.ruff]\nline-length = {chosen['line-length']}\n"
        f"[tool.ruff.lint.pydocstyle]\nconvention = '{chosen['convention']}'\n"
        f"[tool.coverage.run]\nbranch = {str(chosen['branch']).lower()}\n"
        f"[tool.vulture]\nmin_confidence = {chosen['confidence']}\n"
    )

    def judged(pyproject: str) -> list[object]:
        files = {"src/app/a.py": "", "pyproject.toml": pyproject}
        case = case_of(project(files, modules=(module("src/app/a.py"),)), (), ())
        advise(GUIDE, case)
        verdicts = evaluate(GUIDE, case, ())
        return [verdicts, project_verdict(verdicts), grade(verdicts, analysed=True)]

    ideal = (
        "[tool.ruff]\nline-length = 100\n[tool.ruff.lint.pydocstyle]\nconvention = 'google'\n"
        "[tool.coverage.run]\nbranch = true\n[tool.vulture]\nmin_confidence = 80\n"
    )
    assert judged(text) == judged(ideal)


def test_the_guide_recommends_what_can_be_told() -> None:
    runs = {*tool_names(), *(one.name for one in inspectors())}
    rules = {one.name: one.rules for one in inspectors()}
    facts = {
        term.fact for clause in GUIDE.clauses for group in clause.condition.groups for term in group
    }
    facts |= {
        check.fact
        for clause in GUIDE.clauses
        for check in clause.checks
        if isinstance(check, FactCheck)
    }
    facts |= {
        "coverage-configured",
        "memory-cache",
        "persistent-cache",
        "async-cache",
        "concurrent",
    }
    for one in GUIDE.recommendations:
        assert {term.fact for group in one.condition.groups for term in group} <= facts, one.id
        for look in one.looks:
            if isinstance(look, FindingsLook):
                assert look.tool in runs, one.id
                assert set(look.rules) <= set(rules.get(look.tool, look.rules)), one.id
        assert one.statement.endswith("."), one.id
        assert one.remedy.endswith("."), one.id
        assert len(one.statement) <= 120, one.id
    assert len(GUIDE.recommendations) == 69
