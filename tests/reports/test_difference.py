"""What changed between two reports."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.model.guide import Level
from doctrine.model.observation import Severity
from doctrine.model.report import FindingStatus
from doctrine.model.verdict import Outcome
from doctrine.reports import _shape as shape
from doctrine.reports._difference import Difference, Turn, counts, difference
from doctrine.reports._stored import stored
from tests.reports.build import a_report

BASE = stored(a_report())
A, B = "src/acme/a.py", "src/acme/b.py"


def found(fingerprint: str, path: str = A, line: int = 10, **other: object) -> shape.FindingV1:
    plain = shape.FindingV1(
        fingerprint=fingerprint,
        clauses=("SEC005",),
        path=path,
        line=line,
        column=5,
        end_line=line,
        end_column=9,
        message="insecure generator",
        severity=Severity.ERROR,
        reported_by=(shape.ReporterV1(tool="ruff", rule="S311"),),
        status=FindingStatus.NEW,
        needs_environment=False,
        fix=None,
    )
    return msgspec.structs.replace(plain, **other)


def with_findings(*findings: shape.FindingV1) -> shape.ReportV1:
    return msgspec.structs.replace(BASE, findings=findings)


def between(
    base: tuple[shape.FindingV1, ...] | list[shape.FindingV1],
    report: tuple[shape.FindingV1, ...] | list[shape.FindingV1],
) -> Difference:
    return difference(with_findings(*base), with_findings(*report))


def names(findings: tuple[shape.FindingV1, ...]) -> list[str]:
    return [one.fingerprint for one in findings]


def moves(found: Difference) -> list[tuple[str, str]]:
    return [(one.before.fingerprint, one.after.fingerprint) for one in found.moved]


def with_clause(clause_id: str, **changes: object) -> shape.ReportV1:
    return msgspec.structs.replace(
        BASE,
        clauses=tuple(
            msgspec.structs.replace(one, **changes) if one.id == clause_id else one
            for one in BASE.clauses
        ),
    )


def test_a_report_does_not_differ_from_itself() -> None:
    same = difference(BASE, BASE)
    assert same.same
    assert (same.clauses, same.mismatches, same.worse) == ((), (), ())
    assert same.unchanged == len(BASE.findings)


def test_a_finding_is_new_fixed_or_unchanged_by_its_fingerprint() -> None:
    changed = between([found("a"), found("b", line=20)], [found("b", line=20), found("c", B)])
    assert (names(changed.new), names(changed.fixed), changed.moved) == (["c"], ["a"], ())
    assert changed.unchanged == 1
    assert not changed.same


def test_a_finding_that_only_changed_its_line_is_moved() -> None:
    changed = between([found("a", line=10)], [found("a", line=90)])
    assert moves(changed) == [("a", "a")]
    assert (changed.new, changed.fixed, changed.unchanged) == ((), (), 0)
    assert changed.same


def test_equal_fingerprints_are_counted_one_by_one() -> None:
    base = [found("a", line=1), found("a", line=2)]
    report = [found("a", line=2), found("a", line=3), found("a", line=4)]
    changed = between(base, report)
    assert changed.unchanged == 1
    assert [(one.before.line, one.after.line) for one in changed.moved] == [(1, 3)]
    assert [one.line for one in changed.new] == [4]


def test_the_findings_of_a_renamed_file_are_moved() -> None:
    changed = between(
        [found("a1", A, 10), found("a2", A, 20)], [found("b1", B, 10), found("b2", B, 20)]
    )
    assert moves(changed) == [("a1", "b1"), ("a2", "b2")]
    assert (changed.new, changed.fixed) == ((), ())


def test_a_file_moved_to_another_folder_and_edited_is_still_the_same_file() -> None:
    other = "lib/a.py"
    base = [found("a1", A, 10), found("a2", A, 20), found("a3", A, 30, message="gone")]
    report = [found("b1", other, 13), found("b2", other, 25)]
    changed = between(base, report)
    assert moves(changed) == [("a1", "b1"), ("a2", "b2")]
    assert names(changed.fixed) == ["a3"]


def test_one_more_of_the_same_in_a_renamed_file_is_new() -> None:
    base = [found("a1", A, 10), found("a2", A, 20)]
    report = [found("b1", "lib/a.py", 10), found("b2", "lib/a.py", 20), found("b3", "lib/a.py", 30)]
    changed = between(base, report)
    assert len(changed.moved) == 2
    assert names(changed.new) == ["b3"]


def test_a_package_moved_under_another_folder_takes_its_files_along() -> None:
    # Every file has the one same finding at the same place: only the folder tells them apart.
    files = ("core.py", "sub/__init__.py", "other/__init__.py")
    distinct = [found(f"x{n}", f"acme/f{n}.py", n + 1, message=f"m{n}") for n in range(2)]
    same = [found(f"a{n}", f"acme/{file}", 1) for n, file in enumerate(files)]
    after = [
        msgspec.structs.replace(one, fingerprint=f"new-{one.fingerprint}", path=f"src/{one.path}")
        for one in (*distinct, *same)
    ]
    changed = between([*distinct, *same], after)
    assert sorted(moves(changed)) == sorted(
        (one.fingerprint, f"new-{one.fingerprint}") for one in (*distinct, *same)
    )


def test_a_defect_fixed_in_one_file_and_made_in_another_is_no_move() -> None:
    stays = found("k", A, 50, message="another")
    known = found("l", B, 50, message="another")
    changed = between([found("a", A), stays, known], [found("b", B), stays, known])
    assert (names(changed.new), names(changed.fixed), changed.moved) == (["b"], ["a"], ())


def test_files_that_could_each_be_the_renamed_one_are_left_alone() -> None:
    changed = between([found("a", A)], [found("b", B), found("c", "src/acme/c.py")])
    assert names(changed.new) == ["b", "c"]
    assert names(changed.fixed) == ["a"]


def test_an_edited_line_keeps_its_finding() -> None:
    anchor_before, anchor_after = found("k", line=40, message="m"), found("k", line=60, message="m")
    changed = between([found("a", line=42), anchor_before], [found("b", line=63), anchor_after])
    assert moves(changed) == [("a", "b"), ("k", "k")]
    assert not changed.new


@pytest.mark.parametrize(
    "after",
    [
        [found("b", line=99)],
        [found("b", line=11), found("c", line=12)],
        [found("b", line=10, message="another generator")],
        [found("b", line=10, clauses=("SEC004",))],
        [found("b", line=10, reported_by=())],
    ],
    ids=("far away", "two of them", "other words", "another clause", "another rule"),
)
def test_what_may_be_another_defect_is_new(after: list[shape.FindingV1]) -> None:
    changed = between([found("a", line=10)], after)
    assert names(changed.new) == names(tuple(after))
    assert names(changed.fixed) == ["a"]


SILENT = FindingStatus.SUPPRESSED


def test_suppressed_findings_are_told_apart() -> None:
    base = [
        found("a"),
        found("b", status=SILENT),
        found("c", status=SILENT),
        found("d", status=SILENT),
    ]
    report = [
        found("a", status=SILENT),
        found("b"),
        found("c", status=SILENT),
        found("e", status=SILENT, message="m"),
    ]
    changed = between(base, report)
    assert names(changed.silenced) == ["a", "e"]
    assert names(changed.unsilenced) == ["b"]
    assert (changed.new, changed.fixed, changed.unchanged) == ((), (), 1)


FINDINGS = st.lists(
    st.builds(
        found,
        st.sampled_from("abcdef"),
        st.sampled_from((A, B, "lib/a.py", "lib/c.py")),
        st.integers(1, 6),
        message=st.sampled_from(("m", "n")),
        status=st.sampled_from(FindingStatus),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(base=FINDINGS, report=FINDINGS, again=st.booleans())
def test_every_finding_is_exactly_one_thing(
    base: list[shape.FindingV1], report: list[shape.FindingV1], again: bool
) -> None:
    report = report + report[:3] if again else report
    changed = between(base, report)
    loud_after = sum(one.status is not SILENT for one in report)
    loud_before = sum(one.status is not SILENT for one in base)
    both = [(one.before, one.after) for one in changed.moved]
    assert Counter(after for _, after in both) <= Counter(report)
    assert Counter(before for before, _ in both) <= Counter(base)
    assert Counter(changed.new) <= Counter(one for one in report if one.status is not SILENT)
    assert Counter(changed.fixed) <= Counter(one for one in base if one.status is not SILENT)
    moved_loud = sum(after.status is not SILENT for _, after in both)
    same_loud = loud_after - len(changed.new) - len(changed.unsilenced) - moved_loud
    assert 0 <= same_loud <= changed.unchanged
    # What was loud before is fixed, silenced, moved, or unchanged: nothing gets lost.
    hushed = loud_before - len(changed.fixed) - moved_loud - same_loud
    assert 0 <= hushed <= len(changed.silenced)


LOUD = FINDINGS.map(
    lambda many: [msgspec.structs.replace(one, status=FindingStatus.NEW) for one in many]
)


@settings(max_examples=300)
@given(base=LOUD, report=LOUD)
def test_what_is_new_less_what_is_fixed_is_how_many_more_there_are(
    base: list[shape.FindingV1], report: list[shape.FindingV1]
) -> None:
    changed = between(base, report)
    assert len(changed.new) - len(changed.fixed) == len(report) - len(base)
    assert len(changed.new) + len(changed.moved) + changed.unchanged == len(report)


@pytest.mark.parametrize(
    ("before", "after", "turn", "worse"),
    [
        (Outcome.PASS, Outcome.FAIL, Turn.BROKE, True),
        (Outcome.UNVERIFIED, Outcome.FAIL, Turn.BROKE, True),
        (Outcome.WAIVED, Outcome.FAIL, Turn.BROKE, True),
        (Outcome.NOT_APPLICABLE, Outcome.FAIL, Turn.BROKE, True),
        (Outcome.PASS, Outcome.UNVERIFIED, Turn.OPENED, True),
        (Outcome.UNVERIFIED, Outcome.ERROR, Turn.OPENED, True),
        (Outcome.FAIL, Outcome.ERROR, Turn.OPENED, False),
        (Outcome.PASS, Outcome.WAIVED, Turn.EXCUSED, True),
        (Outcome.FAIL, Outcome.WAIVED, Turn.EXCUSED, False),
        (Outcome.FAIL, Outcome.NOT_APPLICABLE, Turn.CEASED, False),
        (Outcome.ERROR, Outcome.UNVERIFIED, Turn.SHIFTED, False),
        (Outcome.PASS, Outcome.ATTESTED, Turn.SHIFTED, False),
        (Outcome.NOT_APPLICABLE, Outcome.PASS, Turn.BEGAN, False),
        (Outcome.ERROR, Outcome.PASS, Turn.SETTLED, False),
        (Outcome.FAIL, Outcome.PASS, Turn.MENDED, False),
        (Outcome.WAIVED, Outcome.ATTESTED, Turn.MENDED, False),
    ],
)
def test_what_happened_to_a_clause(
    before: Outcome, after: Outcome, turn: Turn, worse: bool
) -> None:
    (only,) = difference(
        with_clause("DEP002", outcome=before), with_clause("DEP002", outcome=after)
    ).clauses
    assert (only.clause.id, only.turn, only.before, only.after) == ("DEP002", turn, before, after)
    assert only.worse is worse


@pytest.mark.parametrize("before", Outcome)
@pytest.mark.parametrize("after", Outcome)
def test_no_clause_gets_worse_both_ways(before: Outcome, after: Outcome) -> None:
    old, new = with_clause("DEP002", outcome=before), with_clause("DEP002", outcome=after)
    there, back = difference(old, new).worse, difference(new, old).worse
    assert not (there and back)
    assert bool(difference(old, new).clauses) is (before is not after)


def test_a_clause_that_appears_or_leaves_is_said_and_a_failing_one_is_worse() -> None:
    without = msgspec.structs.replace(
        BASE, clauses=tuple(one for one in BASE.clauses if one.id not in {"SEC005", "DEP002"})
    )
    appeared = difference(without, BASE)
    assert [(one.clause.id, one.turn) for one in appeared.clauses] == [
        ("SEC005", Turn.APPEARED),
        ("DEP002", Turn.APPEARED),
    ]
    assert [one.clause.id for one in appeared.worse] == ["SEC005"]
    left = difference(BASE, without)
    assert [(one.clause.id, one.turn) for one in left.clauses] == [
        ("DEP002", Turn.LEFT),
        ("SEC005", Turn.LEFT),
    ]
    # What held is not shown to hold any more.
    assert [one.clause.id for one in left.worse] == ["DEP002"]


def test_a_check_that_fails_as_well_is_worse_though_the_outcome_is_the_same() -> None:
    worse = tuple(
        msgspec.structs.replace(one, outcome=Outcome.FAIL)
        for clause in BASE.clauses
        if clause.id == "LNT001"
        for one in clause.checks
    )
    slipped = difference(BASE, with_clause("LNT001", checks=worse))
    (only,) = slipped.worse
    assert (only.turn, [one.id for one in only.checks]) == (Turn.SLIPPED, ["declared", "clean"])
    (back,) = difference(with_clause("LNT001", checks=worse), BASE).clauses
    assert (back.turn, back.worse) == (Turn.GAINED, False)


@pytest.mark.parametrize("changes", [{"scored": False}, {"level": Level.MAY}])
def test_umbrellas_and_permissions_are_shown_and_do_not_count(changes: dict[str, object]) -> None:
    after = with_clause("DEP002", outcome=Outcome.FAIL, **changes)
    changed = difference(BASE, after)
    assert [one.clause.id for one in changed.clauses] == ["DEP002"]
    assert changed.worse == ()


def test_grades_are_compared_where_both_have_one() -> None:
    better = msgspec.structs.replace(BASE.grade, score=90.1, assurance=50.0, letter=None)
    changed = difference(BASE, msgspec.structs.replace(BASE, grade=better))
    assert BASE.grade.score is not None
    assert changed.score.change == round(90.1 - BASE.grade.score, 1)
    assert changed.letters == (BASE.grade.letter, None)
    none = msgspec.structs.replace(BASE.grade, score=None)
    assert difference(BASE, msgspec.structs.replace(BASE, grade=none)).score.change is None


def test_what_makes_reports_incomparable_is_said() -> None:
    replace = msgspec.structs.replace
    other = replace(
        BASE,
        guide=replace(BASE.guide, id="other", version="9", digest="d"),
        doctrine=replace(BASE.doctrine, version="9.9", registry="r", scoring_model=2),
        project=replace(BASE.project, name="another"),
    )
    said = difference(BASE, other).mismatches
    assert [one.what for one in said] == [
        "guide",
        "scoring model",
        "project",
        "guide version",
        "guide text",
        "doctrine version",
        "registry of clauses",
    ]
    assert [one.grave for one in said] == [True, True, *[False] * 5]
    assert str(said[2]) == "the two reports differ in project, acme-shop and another"
    assert "decides nothing" in str(said[0])


ACCEPTED: tuple[dict[str, object], ...] = (
    {"status": FindingStatus.WAIVED},
    {"status": FindingStatus.BASELINE},
    {"status": FindingStatus.SUPPRESSED},
    {"clauses": ()},
    {"severity": Severity.INFO},
)


@pytest.mark.parametrize("changes", ACCEPTED)
def test_only_defects_that_nobody_accepted_count(changes: dict[str, object]) -> None:
    assert counts(found("a"))
    assert not counts(msgspec.structs.replace(found("a"), **changes))
