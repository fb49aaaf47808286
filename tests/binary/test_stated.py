"""What people state in ``[tool.doctrine]``, through the whole program."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.binary.running import Report, doctrine, write

PAYMENTS = "def charge() -> None: ...\n"


@pytest.mark.parametrize(
    ("table", "said", "hint"),
    [
        (
            'critical-operations = ["app.payments:chrage"]',
            "pyproject.toml:2: tool.doctrine.critical-operations names 'app.payments:chrage'",
            "did you mean 'app.payments:charge'?",
        ),
        (
            'expensive-operations = ["app.pyaments:charge"]',
            "the project has no module app.pyaments",
            "did you mean 'app.payments'?",
        ),
        (
            "facts = { international = true }",
            "tool.doctrine.facts.international is stated without a reason",
            'write international = { value = true, reason = "why it is so" }',
        ),
        (
            'facts = { interational = { value = true, reason = "we sell abroad" } }',
            "tool.doctrine.facts.interational is not a fact",
            "did you mean 'international'?",
        ),
    ],
)
def test_a_wrong_statement_ends_with_usage_and_nothing_judged(
    tmp_path: Path, table: str, said: str, hint: str
) -> None:
    folder = write(
        tmp_path,
        {"pyproject.toml": f"[tool.doctrine]\n{table}\n", "src/app/payments.py": PAYMENTS},
    )
    ran = doctrine("check", ".", cwd=folder)
    assert (ran.code, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert hint in ran.stderr


ENTRY = """
[[tool.doctrine.{table}]]
clause = "{clause}"
{words} = "the service is replaced before the spring sale"
owner = "Ada"
date = {date}
expires = {expires}
"""
PROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.12"

[tool.doctrine.facts]
international = { value = false, reason = "only our own staff in one town uses it" }
"""


def entry(clause: str, *, table: str = "waivers", made: int = -1, expires: int = 5) -> str:
    day = datetime.now(UTC).date()
    return ENTRY.format(
        table=table,
        words="reason" if table == "waivers" else "statement",
        clause=clause,
        date=day + timedelta(days=made),
        expires=day + timedelta(days=expires),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    entries = (
        entry("TYP006"),
        entry("DEP006"),
        entry("CFG002", made=-9, expires=-2),
        entry("TYP007"),
        entry("SEC005"),
        entry("CPX02"),
        entry("PRF001", table="attestations"),
        entry("STD001", table="attestations"),
        entry("TYP008").replace("the service is replaced before the spring sale", "TODO"),
    )
    files = {
        "pyproject.toml": PROJECT + "".join(entries),
        "requirements.txt": "requests\n",
        "src/sample/a.py": (
            "import random\nfrom typing import Optional\n\n\n"
            "def make_token(size: Optional[int]) -> str:\n"
            '    return "".join(random.choice("abc") for _ in range(size or 8))\n'
        ),
    }
    folder = write(tmp_path_factory.mktemp("stated"), files)
    ran = doctrine("check", ".", "--format", "json", cwd=folder)
    assert ran.code == 1, ran.stderr
    return ran.report


@pytest.mark.live
@pytest.mark.parametrize(
    ("clause", "outcome"),
    [
        ("TYP006", "waived"),
        ("DEP006", "waived"),
        ("CFG002", "fail"),
        ("TYP007", "pass"),
        ("SEC005", "fail"),
        ("STD001", "pass"),
        ("I18001", "not-applicable"),
    ],
)
def test_only_what_is_sound_changes_an_outcome(report: Report, clause: str, outcome: str) -> None:
    assert report.outcome(clause) == outcome, report.reason(clause)


@pytest.mark.live
@pytest.mark.parametrize(
    "said",
    [
        "the waiver of CFG002 is not honoured: it expired on",
        "the waiver of TYP007 is not honoured: the clause passes without it, so remove it",
        "the waiver of SEC005 is not honoured: the clause cannot be waived",
        "the waiver of CPX02 is not honoured: the guide has no clause 'CPX02', did you mean CPX002",
        "the attestation of STD001 is not honoured: the clause passes without it",
        "the waiver of TYP008 is not honoured: its reason 'TODO' says nothing",
    ],
)
def test_what_is_not_honoured_is_a_problem(report: Report, said: str) -> None:
    assert [one.message for one in report.problems if said in one.message]


@pytest.mark.live
def test_a_finding_is_waived_unless_another_clause_fails_by_it(report: Report) -> None:
    statuses = {tuple(one.clauses): one.status for one in report.findings if one.severity != "info"}
    assert statuses["DEP006",] == "waived"
    assert statuses["LNT001", "TYP006"] == "new"
