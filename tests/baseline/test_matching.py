"""What is known again, what is new, what is mended, and what nobody looked for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.baseline.matching import held_against
from doctrine.model.baseline import Baseline, Debt, Standard
from doctrine.model.observation import Severity
from doctrine.model.project import Definition
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report, ReportFinding
from doctrine.model.verdict import Outcome
from tests.baseline.build import accepting, found, report_of, today

Definitions = Mapping[str, tuple[Definition, ...]]
A = "src/a.py"
CODE = "def f():\n    x = random()\n    y = random()\n"
F = (Definition(qualname="f", line=1, end_line=9),)


def debt_of(report: Report) -> Debt:
    assert report.baseline is not None
    return report.baseline


def made(
    report: Report, texts: Mapping[str, str], definitions: Definitions | None = None
) -> Baseline:
    debt = debt_of(held_against(report, Baseline(path="b.txt"), today(texts, definitions)))
    return accepting(report, debt)


def against(
    baseline: Baseline,
    report: Report,
    texts: Mapping[str, str],
    definitions: Definitions | None = None,
    *,
    renamed: Mapping[str, str] | None = None,
    looked: bool = True,
) -> Report:
    now = today(texts, definitions, renamed=renamed, looked=looked)
    return held_against(report, baseline, now)


def both(texts: Mapping[str, str]) -> Report:
    return report_of([found("random()", texts, number=number) for number in (1, 2)])


def test_what_is_accepted_is_not_new_and_changes_nothing_else() -> None:
    texts = {A: CODE}
    report = both(texts)
    after = against(made(report, texts), report, texts)
    assert {one.status for one in after.findings} == {FindingStatus.BASELINE}
    assert (after.verdict, after.grade, after.clauses) == (
        report.verdict,
        report.grade,
        report.clauses,
    )
    debt = debt_of(after)
    assert (debt.entries, debt.matched, debt.new, debt.stale) == (2, 2, (), ())


@pytest.mark.parametrize("commit", ["", "0a1b2c"])
def test_it_is_told_whether_a_file_or_a_commit_was_compared(commit: str) -> None:
    texts = {A: CODE}
    baseline = replace(made(both(texts), texts), path="main", commit=commit)
    debt = debt_of(against(baseline, both(texts), texts))
    assert (debt.path, debt.since) == (("", "main") if commit else ("main", ""))


def test_moved_and_reformatted_code_is_known_again() -> None:
    texts = {A: CODE}
    moved = {A: "# a comment\n\n" + CODE.replace("random()", "(  random(\n    ))")}
    now = report_of(
        [
            replace(one, location=replace(one.location, end_line=one.location.line + 1))
            for one in (found("random(", moved, number=number) for number in (1, 2))
        ]
    )
    later = {A: (Definition(qualname="f", line=3, end_line=11),)}
    assert debt_of(against(made(both(texts), texts, {A: F}), now, moved, later)).new == ()


def test_a_renamed_file_is_followed_and_its_entries_are_written_anew() -> None:
    texts, later = {A: CODE}, {"src/b.py": CODE}
    now = report_of([found("random()", later, path="src/b.py", number=n) for n in (1, 2)])
    debt = debt_of(against(made(both(texts), texts), now, later, renamed={A: "src/b.py"}))
    assert (debt.new, debt.stale) == ((), ())
    assert {one.path for one in debt.kept} == {"src/b.py"}


def test_a_copied_file_is_new() -> None:
    texts = {A: CODE, "src/b.py": CODE}
    now = report_of([*both(texts).findings, found("random()", texts, path="src/b.py")])
    assert len(debt_of(against(made(both(texts), texts), now, texts)).new) == 1


def test_a_third_equal_finding_is_new_though_its_key_is_accepted() -> None:
    texts = {A: CODE}
    more = {A: f"{CODE}    z = random()\n"}
    now = report_of([found("random()", more, number=number) for number in (1, 2, 3)])
    debt = debt_of(against(made(both(texts), texts, {A: F}), now, more, {A: F}))
    assert (debt.matched, len(debt.new), debt.stale) == (2, 1, ())


def test_mending_one_and_adding_another_is_seen_as_both() -> None:
    texts, later = {A: CODE}, {A: CODE.replace("y = random()", "y = choice()")}
    now = report_of([found("random()", later), found("choice()", later)])
    debt = debt_of(against(made(both(texts), texts), now, later))
    assert (len(debt.new), len(debt.stale)) == (1, 1)
    assert [one.path for one in debt.kept] == [A]


def test_a_stale_entry_hides_no_finding_elsewhere() -> None:
    texts = {A: "def f():\n    random()\ndef g():\n    pass\n"}
    names = {
        A: (
            Definition(qualname="f", line=1, end_line=2),
            Definition(qualname="g", line=3, end_line=4),
        )
    }
    later = {A: "def f():\n    pass\ndef g():\n    random()\n"}
    baseline = made(report_of([found("random()", texts)]), texts, names)
    debt = debt_of(against(baseline, report_of([found("random()", later)]), later, names))
    assert (len(debt.new), len(debt.stale)) == (1, 1)


def test_a_renamed_function_is_followed() -> None:
    texts, later = {A: "def f():\n    random()\n"}, {A: "def g():\n    random()\n"}
    old = {A: (Definition(qualname="f", line=1, end_line=2),)}
    new = {A: (Definition(qualname="g", line=1, end_line=2),)}
    baseline = made(report_of([found("random()", texts)]), texts, old)
    debt = debt_of(against(baseline, report_of([found("random()", later)]), later, new))
    assert (debt.new, debt.stale) == ((), ())
    assert [one.symbol for one in debt.kept] == ["g"]


def test_a_finding_that_now_fails_another_clause_is_new_for_that_one() -> None:
    texts = {A: "random()\n"}
    baseline = made(report_of([found("random()", texts, clauses=("AAA001",))]), texts)
    now = report_of([found("random()", texts, clauses=("AAA001", "BBB001"))])
    after = against(baseline, now, texts)
    debt = debt_of(after)
    assert len(debt.new) == 1
    assert after.findings[0].status is FindingStatus.NEW
    assert [one.clauses for one in debt.kept] == [("AAA001",)]
    assert [one.clauses for one in debt.grown] == [("AAA001", "BBB001")]


def test_equal_findings_that_fail_different_clauses_do_not_take_each_others_entries() -> None:
    texts = {A: CODE}
    less = found("random()", texts, number=1, clauses=("BBB001",))
    more = found("random()", texts, number=2, clauses=("AAA001", "BBB001"))
    report = report_of([less, more])
    assert debt_of(against(made(report, texts), report, texts)).new == ()


@pytest.mark.parametrize("rule", ["F401", "S311"])
def test_it_does_not_matter_which_tool_reports_a_defect(rule: str) -> None:
    texts = {A: "import os\n"}
    one = found("os", texts, rule=rule)
    other = replace(one, traces=(("vulture", "unused-import"),), reported_by=one.reported_by)
    debt = debt_of(against(made(report_of([one]), texts), report_of([other]), texts))
    assert (not debt.new) is (rule == "F401")


@pytest.mark.parametrize(
    "status", [FindingStatus.SUPPRESSED, FindingStatus.WAIVED, FindingStatus.NEW]
)
def test_a_status_that_is_more_than_new_stays(status: FindingStatus) -> None:
    texts = {A: "random()\n"}
    baseline = made(report_of([found("random()", texts)]), texts)
    after = against(baseline, report_of([found("random()", texts, status=status)]), texts)
    expected = FindingStatus.BASELINE if status is FindingStatus.NEW else status
    assert after.findings[0].status is expected
    assert len(debt_of(after).stale) == (status is FindingStatus.SUPPRESSED)


def test_advice_is_neither_accepted_nor_new() -> None:
    texts = {A: "random()\n"}
    advice = replace(report_of([]), findings=(found("random()", texts, severity=Severity.INFO),))
    assert made(advice, texts).entries == 0
    assert debt_of(against(Baseline(path="b"), advice, texts)).new == ()


def test_what_nobody_looked_for_is_kept_and_not_called_mended() -> None:
    texts = {A: CODE}
    baseline = made(both(texts), texts)
    debt = debt_of(against(baseline, report_of([]), texts, looked=False))
    assert (debt.stale, debt.undecided, debt.kept) == ((), 2, baseline.findings)


@pytest.mark.parametrize(
    ("outcome", "stale", "undecided", "regressions"),
    [
        (Outcome.FAIL, (), 0, ("BBB001.gate",)),
        (Outcome.PASS, ("AAA001.gate",), 0, ()),
        (Outcome.ERROR, (), 1, ()),
        (Outcome.UNVERIFIED, (), 1, ()),
    ],
)
def test_checks_without_findings_are_accepted_by_name(
    outcome: Outcome, stale: tuple[str, ...], undecided: int, regressions: tuple[str, ...]
) -> None:
    baseline = made(report_of([], alone={"AAA001.gate": Outcome.FAIL}), {})
    assert baseline.checks == ("AAA001.gate",)
    now = report_of([], alone={"AAA001.gate": outcome, "BBB001.gate": outcome})
    debt = debt_of(against(baseline, now, {}))
    assert (debt.stale_checks, debt.undecided, debt.regressions) == (stale, undecided, regressions)
    assert ("AAA001.gate" in debt.kept_checks) is not bool(stale)


def test_a_baseline_by_other_clauses_says_so() -> None:
    texts = {A: "random()\n"}
    report = report_of([found("random()", texts)])
    baseline = made(report, texts)
    assert debt_of(against(baseline, report, texts)).notes == ()
    old = Standard(guide="python", version="1.0", registry="sha256:old")
    for standards in ((old,), (old, *baseline.standards), ()):
        (note,) = debt_of(against(replace(baseline, standards=standards), report, texts)).notes
        assert "doctrine baseline update" in note
        assert not standards or "1.0 (sha256:old)" in note


LINES = st.lists(st.sampled_from(["a()", "b()", "c()", "pass"]), max_size=8)


def _project(lines: list[str]) -> tuple[Mapping[str, str], Report]:
    texts = {A: "".join(f"{one}\n" for one in lines)}
    found_: list[ReportFinding] = []
    for number, one in enumerate(lines):
        if one != "pass":
            found_.append(found(one, texts, number=lines[: number + 1].count(one)))
    return texts, report_of(found_)


@given(LINES, LINES)
def test_it_is_a_multiset(before: list[str], after: list[str]) -> None:
    old, old_report = _project(before)
    new, new_report = _project(after)
    debt = debt_of(against(made(old_report, old), new_report, new))
    for one in ("a()", "b()", "c()"):
        more = after.count(one) - before.count(one)
        places = [line for line, code in enumerate(after, 1) if code == one]
        new_here = sum(int(each.split(":")[1]) in places for each in debt.new)
        assert new_here == max(0, more)
    assert len(debt.stale) == sum(
        max(0, before.count(one) - after.count(one)) for one in ("a()", "b()", "c()")
    )
    assert debt.matched + len(debt.stale) == debt.entries


@given(LINES)
def test_to_accept_all_leaves_nothing_new_and_nothing_stale(lines: list[str]) -> None:
    texts, report = _project(lines)
    debt = debt_of(against(made(report, texts), report, texts))
    assert (debt.new, debt.stale, debt.matched) == ((), (), debt.entries)
    assert debt.kept == debt.grown
