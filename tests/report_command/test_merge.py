"""``doctrine report merge``: what a whole is, by what its parts are."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.errors import UsageError
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.report import FindingStatus
from doctrine.reports import _shape as shape
from doctrine.reports._difference import difference
from doctrine.reports._merge.shard import Shard
from doctrine.reports._merge.whole import merged
from doctrine.reports._stored import read_stored
from tests.report_command.files import REPORT, put, report_command, with_clause

Capsys = pytest.CaptureFixture[str]
replace = msgspec.structs.replace

WORST_FIRST = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.UNVERIFIED,
    Outcome.WAIVED,
    Outcome.ATTESTED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def shard(report: shape.ReportV1, folder: str = "", name: str = "a.json") -> Shard:
    return Shard(name=name, folder=folder, report=report)


def parts(*reports: shape.ReportV1) -> list[Shard]:
    """Return parts in folders of their own."""
    return [shard(one, f"packages/p{n}", f"p{n}.json") for n, one in enumerate(reports)]


def of(report: shape.ReportV1, clause_id: str) -> shape.ClauseV1:
    return next(one for one in report.clauses if one.id == clause_id)


@pytest.mark.parametrize("first", Outcome)
@pytest.mark.parametrize("second", Outcome)
def test_a_clause_is_as_bad_as_in_its_worst_part(first: Outcome, second: Outcome) -> None:
    whole = merged(parts(*(with_clause("DEP002", outcome=one) for one in (first, second))))
    assert of(whole, "DEP002").outcome is min(first, second, key=WORST_FIRST.index)


def test_the_whole_of_one_part_at_the_root_is_that_part_but_for_the_gate() -> None:
    whole = merged([shard(REPORT)])
    assert whole.gate is None
    assert (whole.verdict, whole.grade) == (REPORT.verdict, REPORT.grade)
    assert difference(REPORT, whole).same
    assert whole.findings == REPORT.findings
    assert [one.points_lost for one in whole.clauses] == [one.points_lost for one in REPORT.clauses]


OUTCOMES = st.lists(
    st.fixed_dictionaries(
        {one.id: st.sampled_from(Outcome) for one in REPORT.clauses if one.level is Level.MUST}
    ),
    min_size=1,
    max_size=3,
)


@given(outcomes=OUTCOMES)
def test_no_whole_is_better_than_any_of_its_parts_by_what_applies(
    outcomes: list[dict[str, Outcome]],
) -> None:
    reports = [
        replace(
            REPORT,
            clauses=tuple(
                replace(one, outcome=given.get(one.id, one.outcome)) for one in REPORT.clauses
            ),
        )
        for given in outcomes
    ]
    whole = merged(parts(*reports))
    for clause in whole.clauses:
        for report in reports:
            assert WORST_FIRST.index(clause.outcome) <= WORST_FIRST.index(
                of(report, clause.id).outcome
            )
    scored = {one.outcome for one in whole.clauses if one.scored and one.level is Level.MUST}
    assert (whole.verdict is Verdict.NON_CONFORMANT) is (Outcome.FAIL in scored)
    if whole.grade.score is not None:
        lost = sum(one.points_lost for one in whole.clauses)
        assert round(lost, 2) == round(100 - whole.grade.score, 2)


def test_findings_lie_under_their_part_and_each_part_keeps_its_own() -> None:
    whole = merged(parts(REPORT, REPORT))
    paths = {one.path for one in whole.findings}
    assert "packages/p0/src/acme/tokens.py" in paths
    assert "packages/p1/src/acme/tokens.py" in paths
    assert len(whole.findings) == 2 * len(REPORT.findings)
    prints = {one.fingerprint for one in whole.findings}
    assert len(prints) == len(whole.findings)
    for clause in whole.clauses:
        assert set(clause.findings) <= prints
        for check in clause.checks:
            assert set(check.findings) <= prints
    assert whole.project.python_files == 2 * REPORT.project.python_files


def test_one_finding_of_two_parts_at_one_place_is_told_once_and_counts_if_it_does_anywhere() -> (
    None
):
    silent = tuple(replace(one, status=FindingStatus.SUPPRESSED) for one in REPORT.findings)
    other = replace(with_clause("DEP002", outcome=Outcome.FAIL), findings=silent)
    for pair in ((REPORT, other), (other, REPORT)):
        whole = merged([shard(one, name=f"{n}.json") for n, one in enumerate(pair)])
        assert [one.fingerprint for one in whole.findings] == [
            one.fingerprint for one in REPORT.findings
        ]
        assert [one.status for one in whole.findings] == [one.status for one in REPORT.findings]
        assert any("both judged" in one.message for one in whole.problems)


def test_parts_of_different_states_of_the_code_contradict_each_other() -> None:
    moved = replace(
        REPORT, findings=tuple(replace(one, line=one.line + 1) for one in REPORT.findings)
    )
    with pytest.raises(UsageError, match="contradict each other"):
        merged([shard(REPORT), shard(moved, name="b.json")])


def fact(value: bool | None) -> shape.ReportV1:
    facts = (shape.FactV1(id="async", value=value, evidence=()),)
    return replace(REPORT, project=replace(REPORT.project, facts=facts))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((True, False), True),
        ((None, True), True),
        ((False, None), None),
        ((False, False), False),
    ],
)
def test_a_fact_of_a_part_is_one_of_the_whole(
    values: tuple[bool | None, ...], expected: bool | None
) -> None:
    assert merged(parts(*map(fact, values))).project.facts[0].value is expected


def maker(**changes: object) -> shape.ReportV1:
    return replace(REPORT, doctrine=replace(REPORT.doctrine, **changes))


def guide(**changes: object) -> shape.ReportV1:
    return replace(REPORT, guide=replace(REPORT.guide, **changes))


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (maker(version="9"), "differ in the version of doctrine, 0.1.0 and 9"),
        (maker(registry="r"), "differ in the registry of clauses"),
        (maker(scoring_model=2), "differ in the scoring model"),
        (guide(id="go"), "differ in the guide, python and go"),
        (guide(version="3"), "differ in the version of the guide"),
        (guide(digest="d"), "differ in the text of the guide"),
        (replace(REPORT, clauses=REPORT.clauses[1:]), "do not have the same clauses"),
        (replace(REPORT, clauses=(*REPORT.clauses, REPORT.clauses[0])), "has a clause twice"),
        (
            replace(REPORT, project=replace(REPORT.project, python_files=0)),
            "judged no Python file",
        ),
        (replace(REPORT, project=replace(REPORT.project, name="other")), "different projects"),
    ],
)
def test_what_is_no_part_of_the_same_whole_is_refused(other: shape.ReportV1, message: str) -> None:
    for pair in ((REPORT, other), (other, REPORT)):
        with pytest.raises(UsageError, match=message.split(",", maxsplit=1)[0]):
            merged(parts(*pair))
    with pytest.raises(UsageError, match=message):
        merged(parts(REPORT, other))


def test_the_same_report_twice_at_one_place_is_refused() -> None:
    with pytest.raises(UsageError, match="are the same report"):
        merged([shard(REPORT), shard(REPORT, name="b.json")])


def test_parts_with_names_of_their_own_need_one_for_the_whole() -> None:
    other = replace(REPORT, project=replace(REPORT.project, name="other", target_python="3.9"))
    whole = merged(parts(REPORT, other), "mono")
    assert (whole.project.name, whole.project.target_python) == ("mono", "3.9")
    assert any(
        "promise different versions of Python: 3.9, 3.11" in p.message for p in whole.problems
    )


def test_the_waiver_that_ends_first_is_shown_and_excuses_what_any_excuses() -> None:
    waiver = of(REPORT, "DEP005").waiver
    assert waiver is not None
    sooner = with_clause("DEP005", waiver=replace(waiver, days_left=3, findings=("f",)))
    shown = of(merged([shard(REPORT), shard(sooner, name="b.json")]), "DEP005").waiver
    assert shown is not None
    assert shown.days_left == 3
    assert set(shown.findings) == {*waiver.findings, "f"}


def test_the_reason_names_the_parts_that_have_the_outcome() -> None:
    worse = with_clause("DEP002", outcome=Outcome.FAIL, reason="the lock is stale")
    whole = merged(parts(REPORT, worse))
    assert of(whole, "DEP002").reason == "packages/p1: the lock is stale"
    assert of(whole, "DEP003").reason == of(REPORT, "DEP003").reason


def test_the_command_writes_a_report_that_reads_back(tmp_path: Path, capsys: Capsys) -> None:
    one = put(tmp_path / "one.json")
    two = put(tmp_path / "a=b.json", with_clause("DEP002", outcome=Outcome.FAIL))
    output = tmp_path / "deep" / "whole.json"
    said = report_command(capsys, "merge", f"packages/one={one}", two, "--output", str(output))
    assert (said.code, said.out, said.err) == (0, "", "")
    whole = read_stored(output.read_bytes(), "whole")
    assert of(whole, "DEP002").outcome is Outcome.FAIL
    assert whole == read_stored(
        report_command(capsys, "merge", f"packages/one={one}", two).out.encode(), "stdout"
    )


@pytest.mark.parametrize("folder", ["../out", "/abs", "a/../../b", ""])
def test_a_part_lies_inside_the_project(folder: str, tmp_path: Path, capsys: Capsys) -> None:
    said = report_command(capsys, "merge", f"{folder}={put(tmp_path / 'a.json')}")
    assert (said.code, said.out) == (2, "")
    assert "is no folder inside the project" in said.err


def test_reports_that_overlap_are_named(tmp_path: Path, capsys: Capsys) -> None:
    one = put(tmp_path / "one.json")
    two = put(tmp_path / "two.json", with_clause("DEP002", outcome=Outcome.FAIL))
    said = report_command(capsys, "merge", one, two)
    assert said.code == 0
    assert "both judged src/acme/" in said.err
