"""Which comments are honoured, and which silence nothing."""

from __future__ import annotations

import pytest

from doctrine.ignoring import Ignoring, screened_ignores, unused_ignores
from doctrine.model.guide import Guide, RuleCheck
from doctrine.model.observation import Location, Severity
from doctrine.model.project import Ignore, IgnoreScope, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Reporter, ReportFinding, Silence
from doctrine.model.run import Reading, ToolStatus
from tests.builders import a_clause, a_run

CHECK = RuleCheck(id="clean", tool="tool", rules=("*",))
GUIDE = Guide(
    id="python",
    title="",
    version="1",
    digest="",
    registry="",
    clauses=(
        a_clause("SEC005", checks=(CHECK,)),
        replace(a_clause("SEC002", checks=(CHECK,)), waivable=False),
        a_clause("SEC003", members=("SEC005", "SEC002")),
    ),
)
KNOWN = ("SEC002", "SEC003", "SEC005", "TYP001")


def an_ignore(*clauses: str, reason: str = "jitter, no secret", **changes: object) -> Ignore:
    scope, word = IgnoreScope.LINE, "ignore"
    if "word" in changes:
        word = str(changes["word"])
        scope = {
            "ignore-file": IgnoreScope.FILE,
            "ignore-block": IgnoreScope.BLOCK,
        }.get(word, IgnoreScope.NONE)
    lost = changes.get("lost", False)
    return Ignore(
        word=word,
        scope=scope,
        clauses=clauses,
        reason=reason,
        location=Location.point("src/a.py", 7),
        first_line=0 if lost else 7,
        last_line=0 if lost else 9,
    )


def screened(*found: Ignore) -> Ignoring:
    module = Module(path="src/a.py", role=Role.SOURCE, ignores=found)
    return screened_ignores([module], GUIDE, KNOWN)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (an_ignore("SEC005", reason=""), "it gives no reason: write why behind `ignore[SEC005]`"),
        (an_ignore("SEC005", reason="TODO"), "its reason 'TODO' says nothing"),
        (an_ignore(), "it names no clause: write `# doctrine: ignore[SEC005] why`"),
        (an_ignore("SEC005", word="ignore-line"), "there is no `ignore-line`: write ignore, "),
        (an_ignore("SEC05"), "the guide has no clause 'SEC05', did you mean SEC005?"),
        (an_ignore("sec005"), "the guide has no clause 'sec005', did you mean SEC005?"),
        (an_ignore("everything"), "no clause 'everything'; `doctrine clauses` lists them"),
        (an_ignore("SEC003"), "SEC003 restates others and follows them: name SEC005, SEC002"),
        (an_ignore("SEC002", word="ignore-file"), "SEC002 can be ignored on a line only"),
        (an_ignore("SEC005", word="ignore-block", lost=True), "no block begins where it stands"),
        (an_ignore("SEC005", lost=True), "there is no code where it stands"),
    ],
)
def test_what_is_not_honoured_says_where_and_why(one: Ignore, said: str) -> None:
    ignoring = screened(one)
    assert ignoring.honoured == {}
    (told,) = ignoring.refused
    assert told.startswith(f"src/a.py:7: `# doctrine: {one.word}")
    assert said in told


def test_what_is_right_is_honoured_and_a_clause_that_is_unknown_takes_no_other_with_it() -> None:
    ignoring = screened(an_ignore("SEC005", "TYP001", "SEC2"), an_ignore("SEC002"))
    assert [one.clauses for one in ignoring.honoured["src/a.py"]] == [
        ("SEC005", "TYP001"),
        ("SEC002",),
    ]
    (told,) = ignoring.refused
    assert "'SEC2'" in told


def a_report_finding(line: int, clause: str = "SEC005", silenced_at: int = 0) -> ReportFinding:
    return ReportFinding(
        fingerprint="f",
        clauses=(clause,),
        location=Location.point("src/a.py", line),
        message="",
        severity=Severity.ERROR,
        reported_by=(Reporter(tool="tool", rule="R1"),),
        status=FindingStatus.SUPPRESSED,
        suppression=Silence(kind="ignore", reason="", path="src/a.py", line=silenced_at or line),
    )


def unused(*findings: ReportFinding, clauses: tuple[str, ...] = ("SEC005",)) -> list[str]:
    return [*unused_ignores(screened(an_ignore(*clauses)), findings, GUIDE, [a_run()])]


def test_what_silences_nothing_is_told() -> None:
    (told,) = unused()
    assert told == (
        "src/a.py:7: `# doctrine: ignore[SEC005]` silences nothing about SEC005: remove it"
    )
    assert unused(a_report_finding(8)) == []
    assert unused(a_report_finding(10)) == [told]
    assert unused(a_report_finding(8, clause="SEC002")) == [told]
    assert unused(a_report_finding(30, silenced_at=7)) == [], "the finding was merged elsewhere"


def test_each_clause_of_a_comment_has_to_silence_something() -> None:
    (told,) = unused(a_report_finding(8), clauses=("SEC005", "SEC002"))
    assert "nothing about SEC002:" in told


@pytest.mark.parametrize("status", [one for one in ToolStatus if one is not ToolStatus.OK])
def test_where_a_tool_failed_nobody_knows(status: ToolStatus) -> None:
    ignoring = screened(an_ignore("SEC005"))
    assert [*unused_ignores(ignoring, (), GUIDE, [a_run(status=status)])] == []
    assert [*unused_ignores(ignoring, (), GUIDE, [])] == []
    blind = a_run(reading=Reading(missing_packages=("flask",)))
    assert [*unused_ignores(ignoring, (), GUIDE, [blind])] == []
