"""What has to hold of waivers, whatever was found and whatever is waived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from doctrine.checks.case import case_of
from doctrine.evaluate import evaluate
from doctrine.grade import grade, project_verdict
from doctrine.model.guide import Check, Guide, Level, ManualCheck, RuleCheck
from doctrine.model.observation import Location, Severity
from doctrine.model.outcome import Verdict
from doctrine.model.project import Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import Grade, Reporter, ReportFinding
from doctrine.model.run import Reading
from doctrine.model.stated import Entry, EntryKind
from doctrine.model.verdict import ClauseVerdict, Outcome
from doctrine.statements.screening import screen
from tests.builders import a_clause, a_project, a_run
from tests.statements.build import TODAY, an_entry

FILES = ("src/a.py", "src/old/b.py", "tests/c.py")
MODULES = tuple(Module(path=path, role=Role.SOURCE, lines=10) for path in FILES)
RUN = a_run(reading=Reading(analysed=frozenset(FILES)))
IDS = ("AAA001", "AAB002", "AAC003")
PATTERNS = ((), ("src/old/",), ("*.py",), ("tests/", "src/a.py"))


def clean(clause_id: str) -> RuleCheck:
    return RuleCheck(id="clean", tool="tool", rules=(f"{clause_id}-*",))


ASKED = ManualCheck(id="manual", reason="only a person can tell")
CHECKS: st.SearchStrategy[bool] = st.booleans()


@dataclass(frozen=True, slots=True)
class Judged:
    clauses: tuple[ClauseVerdict, ...]
    grade: Grade
    verdict: Verdict


def guide_of(manual: tuple[bool, ...]) -> Guide:
    def checks(clause_id: str, *, asked: bool) -> tuple[Check, ...]:
        return (clean(clause_id), ASKED) if asked else (clean(clause_id),)

    return Guide(
        id="test",
        title="Test",
        version="1",
        digest="",
        registry="",
        clauses=tuple(
            a_clause(one, level=level, checks=checks(one, asked=asked))
            for one, level, asked in zip(
                IDS, (Level.MUST, Level.MUST, Level.SHOULD), manual, strict=True
            )
        ),
    )


def finding(clause_id: str, path: str) -> ReportFinding:
    rule = f"{clause_id}-1"
    return ReportFinding(
        fingerprint=f"{rule}-{path}",
        clauses=(clause_id,),
        location=Location.point(path, 7),
        message="it is wrong",
        severity=Severity.ERROR,
        reported_by=(Reporter(tool="tool", rule=rule),),
        traces=(("tool", rule),),
    )


def judged(guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...]) -> Judged:
    screened = screen(entries, guide, TODAY, ())
    clauses = evaluate(guide, case_of(a_project(MODULES), (RUN,), found, screened), found)
    return Judged(clauses, grade(clauses, analysed=True), project_verdict(clauses))


GUIDES = st.tuples(CHECKS, CHECKS, CHECKS).map(guide_of)
EVERY = tuple(finding(one, path) for one in IDS for path in FILES)
FOUND = st.sets(st.sampled_from(range(len(EVERY)))).map(
    lambda chosen: tuple(EVERY[index] for index in sorted(chosen))
)
ENTRIES = st.lists(
    st.builds(
        an_entry,
        st.sampled_from(IDS),
        paths=st.sampled_from(PATTERNS),
        kind=st.just(EntryKind.WAIVER),
    ),
    unique_by=lambda one: one.clause,
).map(tuple)


@given(GUIDES, FOUND, ENTRIES)
def test_a_waiver_never_changes_the_strict_score(
    guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...]
) -> None:
    without, waived = judged(guide, found, ()), judged(guide, found, entries)
    assert waived.grade.score == without.grade.score
    assert waived.grade.points_lost == without.grade.points_lost
    assert waived.grade.score_with_waivers is not None
    assert without.grade.score_with_waivers is not None
    assert waived.grade.score_with_waivers >= without.grade.score_with_waivers


@given(GUIDES, FOUND, ENTRIES, st.sampled_from(range(len(EVERY))))
def test_a_finding_more_never_raises_the_score_and_a_mended_one_never_lowers_it(
    guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...], index: int
) -> None:
    one = EVERY[index]
    fewer = tuple(other for other in found if other is not one)
    before, after = judged(guide, fewer, entries), judged(guide, (*fewer, one), entries)
    assert before.grade.score is not None
    assert after.grade.score is not None
    assert before.grade.score >= after.grade.score


@given(GUIDES, FOUND, ENTRIES, st.integers(min_value=1, max_value=400))
def test_an_expired_waiver_equals_none(
    guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...], days: int
) -> None:
    expired = tuple(
        replace(one, date=TODAY - timedelta(days=days + 5), expires=TODAY - timedelta(days=days))
        for one in entries
    )
    assert judged(guide, found, expired) == judged(guide, found, ())


@given(GUIDES, FOUND, ENTRIES)
def test_a_waived_must_caps_at_b_and_conforms_on_condition_only(
    guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...]
) -> None:
    result = judged(guide, found, entries)
    outcomes = {one.outcome for one in result.clauses if one.clause.level is Level.MUST}
    if Outcome.WAIVED in outcomes:
        assert result.grade.letter != "A"
        assert result.verdict is not Verdict.CONFORMANT


@given(GUIDES, FOUND, ENTRIES)
def test_a_waiver_touches_failures_only(
    guide: Guide, found: tuple[ReportFinding, ...], entries: tuple[Entry, ...]
) -> None:
    before, after = judged(guide, found, ()).clauses, judged(guide, found, entries).clauses
    for plain, excused in zip(before, after, strict=True):
        if plain.outcome is not Outcome.FAIL:
            assert excused == plain
        elif excused != plain:
            assert excused.waiver is not None
            assert excused.waiver.outcome_without is Outcome.FAIL
            assert excused.waiver.reason_without == plain.reason
            assert excused.outcome is not Outcome.PASS
