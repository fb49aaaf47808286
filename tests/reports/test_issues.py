from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given

from doctrine.model.guide import Clause
from doctrine.model.observation import Evidence
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report
from doctrine.model.verdict import ClauseVerdict, Outcome
from doctrine.reports._format import Canvas
from doctrine.reports._issues import Issue, issues, unfounded
from doctrine.reports._stored import stored
from tests.reports.build import a_finding, a_report, check, verdict
from tests.reports.goldens import rendered
from tests.reports.standard import CPX002, LNT001, SEC005, SGP001, TYP006
from tests.reports.strategies import DRAWN, REPORTS


def _issues(*verdicts: ClauseVerdict, **changes: FindingStatus) -> list[Issue]:
    """Return the issues of a report with these verdicts, and findings ``f1`` and ``f2``."""
    found = tuple(
        a_finding(name, status=changes.get(name, FindingStatus.NEW)) for name in ("f1", "f2")
    )
    return list(issues(stored(replace(a_report(), clauses=verdicts, findings=found))))


def _failed(*checks: tuple[str, tuple[str, ...]]) -> ClauseVerdict:
    made = (check(name, Outcome.FAIL, f"{name} fails", found=found) for name, found in checks)
    return verdict(SEC005, Outcome.FAIL, "because", *made)


def test_a_finding_and_a_check_without_one_are_an_issue_each() -> None:
    found = _issues(_failed(("clean", ("f1", "f2")), ("gate", ())))
    assert [(one.fingerprint, one.rule) for one in found[:2]] == [
        ("f1", "ruff:S311"),
        ("f2", "ruff:S311"),
    ]
    assert (found[2].rule, found[2].message, found[2].path) == ("doctrine:gate", "gate fails", ".")
    assert len(found) == 3


def test_what_follows_from_another_clause_is_told_only_where_nothing_else_is() -> None:
    told = _issues(_failed(("clean", ("f1",)), ("parent-TYP001", ())))
    assert [one.fingerprint for one in told] == ["f1"]
    alone = _issues(_failed(("parent-TYP001", ())))
    assert [(one.message, one.rule) for one in alone] == [("because", "doctrine:verdict")]


def test_the_evidence_in_a_file_is_the_place() -> None:
    places = (
        Evidence(path=".", line=1, detail="nowhere"),
        Evidence(path="ci.yml", line=7, detail="here"),
    )
    failed = check("gate", Outcome.FAIL, "not run", evidence=places)
    (one,) = _issues(verdict(LNT001, Outcome.FAIL, "", failed))
    assert (one.path, one.line) == ("ci.yml", 7)


def test_a_clause_in_error_is_an_issue_even_if_it_has_findings() -> None:
    checks = (
        check("clean", Outcome.FAIL, "findings", found=("f1",)),
        check("other", Outcome.ERROR, "", found=("f2",)),
    )
    (one,) = _issues(verdict(SGP001, Outcome.ERROR, "semgrep crashed", *checks))
    assert one.message == "semgrep crashed"


def test_what_is_accepted_waived_or_suppressed_is_no_issue() -> None:
    failed = _failed(("clean", ("f1", "f2")))
    assert not _issues(failed, f1=FindingStatus.BASELINE, f2=FindingStatus.SUPPRESSED)
    (one,) = _issues(failed, f1=FindingStatus.WAIVED)
    assert one.fingerprint == "f2"


def test_only_a_failing_clause_makes_its_findings_issues() -> None:
    for outcome in set(Outcome) - {Outcome.FAIL, Outcome.ERROR}:
        failed = check("clean", Outcome.FAIL, "findings", found=("f1",))
        assert not _issues(verdict(CPX002, outcome, "", failed))


def _all_failed_by(*clauses: Clause) -> Issue:
    (one,) = _issues(
        *(
            verdict(of, Outcome.FAIL, "", check("clean", Outcome.FAIL, "x", found=("f1",)))
            for of in clauses
        )
    )
    return one


def test_a_finding_of_several_clauses_is_told_once_of_the_weightiest() -> None:
    one = _all_failed_by(CPX002, replace(SEC005, members=("SEC001",)), TYP006)
    assert (one.clause.id, one.others) == ("TYP006", ("CPX002",))


def test_what_few_findings_fail_says_more_than_what_many_do() -> None:
    linted = verdict(
        LNT001, Outcome.FAIL, "", check("clean", Outcome.FAIL, "x", found=("f1", "f2"))
    )
    weak = verdict(SEC005, Outcome.FAIL, "", check("clean", Outcome.FAIL, "x", found=("f2",)))
    assert [one.clause.id for one in _issues(linted, weak)] == ["LNT001", "SEC005"]


def test_a_report_from_without_checks_still_tells_them() -> None:
    report = stored(replace(a_report(), findings=(a_finding("f1"),)))
    clause = next(one for one in report.clauses if one.id == "SEC005")
    older = msgspec.structs.replace(clause, checks=(), findings=("f1",))
    found = issues(msgspec.structs.replace(report, clauses=(older,)))
    assert [one.fingerprint for one in found] == ["f1"]


@DRAWN
@given(REPORTS)
def test_nothing_that_fails_is_without_an_issue(report: Report) -> None:
    whole = stored(report)
    told = {id(one.clause) for one in unfounded(whole)}
    for clause in whole.clauses:
        if clause.outcome is Outcome.ERROR and not clause.members:
            assert id(clause) in told
        if clause.outcome is Outcome.FAIL and not clause.members and not clause.findings:
            assert id(clause) in told or any(one.findings for one in clause.checks)


@pytest.mark.parametrize("name", ["gitlab", "checkstyle", "sarif", "sarif-github"])
def test_paths_are_those_of_the_repository(name: str) -> None:
    alone = rendered(name, a_report())
    inside = rendered(name, a_report(), Canvas(folder="services/shop"))
    for path in ("src/acme/tokens.py", "pyproject.toml", ".github/workflows/ci.yml"):
        assert f'"{path}"' in alone
        assert f'"services/shop/{path}"' in inside
        assert f'"{path}"' not in inside


def test_two_projects_of_a_repository_share_no_fingerprint() -> None:
    found: list[str] = []
    for folder in ("", "a", "b"):
        entries = json.loads(rendered("gitlab", a_report(), Canvas(folder=folder)))
        found += [str(one["fingerprint"]) for one in entries]
    assert len(set(found)) == len(found) > 200
