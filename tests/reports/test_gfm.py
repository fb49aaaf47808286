"""Reports in Markdown, read as GitHub renders them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report
from doctrine.reports._format import Canvas
from doctrine.reports._gfm.comment import marker
from doctrine.reports._gfm.fitting import Room
from doctrine.reports._stored import stored
from doctrine.reports._text import sentence, visible
from doctrine.reports.discovery import formats
from tests.reports.build import (
    a_finding,
    a_perfect_report,
    a_report,
    an_empty_report,
    check,
    verdict,
)
from tests.reports.gfm import Page
from tests.reports.goldens import a_base, rendered
from tests.reports.standard import SEC005
from tests.reports.strategies import DRAWN, REPORTS
from tests.reports.test_gfm_text import ACTIVE

NAMES = ("markdown", "github-summary", "pr-comment")
BLOBS = "https://git.example/acme/shop/blob/0123456789abcdef0123456789abcdef01234567/"
TAGS = {
    *("h1", "h2", "h3", "h4", "p", "strong", "b", "em", "code", "a", "ul", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
}
LIMITS = {"github-summary": 1024 * 1024, "pr-comment": 65_536}


def _drawn(name: str, report: Report, base: Report | None = None) -> str:
    canvas = Canvas(blobs=BLOBS, base=None if base is None else stored(base))
    return rendered(name, report, canvas)


@pytest.mark.parametrize("name", NAMES)
@DRAWN
@given(report=REPORTS)
def test_any_report_is_our_own_markup_and_text(name: str, report: Report) -> None:
    _is_harmless(name, _drawn(name, report))


@DRAWN
@given(data=st.data())
def test_any_two_reports_make_a_harmless_comment(data: st.DataObject) -> None:
    before, after = stored(data.draw(REPORTS)), stored(data.draw(REPORTS))
    canvas = Canvas(blobs=BLOBS, base=before)
    _is_harmless("pr-comment", "".join(formats()["pr-comment"].render(after, canvas)))


def _is_harmless(name: str, text: str) -> None:
    page = Page(text)
    assert page.tags <= TAGS
    assert page.html.count("<details>") == page.html.count("</details>")
    assert all(link.startswith(BLOBS) for link in page.links)
    assert not ACTIVE.search(page.outside_code)
    assert len(page.comments) == (name == "pr-comment")
    assert len(text.encode()) < LIMITS.get(name, 1 << 30)


@DRAWN
@given(REPORTS)
def test_every_clause_is_in_the_matrix_with_its_words(report: Report) -> None:
    page = Page(_drawn("markdown", report))
    shown = page.text.replace("`", "")
    for one in report.clauses:
        for text in (visible(one.clause.id[:200]), sentence(one.clause.statement)):
            assert "".join(text.split()).replace("`", "") in shown
    matrix = page.html.partition("Compliance matrix")[2].partition("<h2>")[0]
    assert matrix.count("<tr>") - matrix.count("<thead>") == len(report.clauses)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("report", [a_report(), an_empty_report(), a_perfect_report()])
def test_the_answer_comes_first(name: str, report: Report) -> None:
    start = Page(_drawn(name, report)[:700]).text
    assert report.verdict.value in start
    assert ("nograde" in start) is (report.grade.letter is None)


def test_a_document_says_what_is_open_before_all_clauses() -> None:
    text = _drawn("markdown", a_report())
    waiting = text.partition("## What is open")[2].partition("\n## ")[0]
    ids = re.findall(r"^\| `(\w+)`", waiting, re.MULTILINE)
    assert ids == ["LNT001", "TYP006", "SEC005", "CPX002", "SGP001", "TYP001", "COV002", "PRF001"]
    waivers = text.partition("## Waivers and attestations")[2].partition("\n## ")[0]
    assert [line.split("`")[1] for line in waivers.splitlines() if "`" in line] == [
        "DAT001",
        "CPX002",
        "DEP005",
    ]


def test_a_matrix_says_how_by_what_and_where() -> None:
    text = _drawn("markdown", a_report())
    (row,) = [
        line for line in text.splitlines() if line.startswith("| `SEC005` ") and "clean" in line
    ]
    assert "| ❌ fail | partial | clean fail | 3 findings in 2 files: " in row
    assert f"[`src/acme/session.py:7`]({BLOBS}src/acme/session.py#L7)" in row
    (waived,) = [line for line in text.splitlines() if line.startswith("| `DEP005` ")][1:]
    assert waived.endswith("| waived by Platform team until 2027-01-31, 70 days left |")


def _crowded(findings: int, clauses: int) -> Report:
    found = tuple(
        a_finding(f"f{number}", line=number + 1, message="`x` | <b> " * 60)
        for number in range(findings)
    )
    ids = tuple(one.fingerprint for one in found)
    failed = verdict(
        SEC005, Outcome.FAIL, "why | " * 80, check("clean", Outcome.FAIL, "", found=ids)
    )
    several = tuple(
        replace(failed, clause=replace(SEC005, id=f"SEC{number:04}", section=f"Part {number}"))
        for number in range(clauses)
    )
    return replace(a_report(), clauses=several, findings=found)


@pytest.mark.no_cover  # a megabyte of text takes ten times as long when each line is traced
@pytest.mark.parametrize("name", ["github-summary", "pr-comment"])
def test_what_does_not_fit_is_counted_and_nothing_is_cut(name: str) -> None:
    base = replace(a_report(), clauses=(), findings=()) if name == "pr-comment" else None
    text = _drawn(name, _crowded(60, 400), base)
    assert len(text.encode()) < LIMITS[name]
    page = Page(text)
    assert page.tags <= TAGS
    assert page.html.count("<details>") == page.html.count("</details>")
    if name == "github-summary":
        assert re.search(r"\d+ more failing clauses did not fit into the job summary", text)
        assert "and 40 more findings" in text
    else:
        assert "and 380 more." in text
        assert "and 50 more findings" in text


def test_room_is_kept_for_saying_what_is_missing() -> None:
    room = Room(40)
    said = "".join(room.fitted(["a" * 10, "b" * 30, "c"], lambda count: f"{count} missing"))
    assert said == "a" * 10 + "2 missing"
    assert Room(10).take("é" * 5)
    assert not Room(9).take("é" * 5)
    assert "".join(Room(100).fitted(["a", "b"], str)) == "ab"


def test_a_comment_says_what_the_branch_changes() -> None:
    text = _drawn("pr-comment", a_report(), a_base())
    assert "| Grade | C | C |  |" in text
    assert "| `CPX002` " in text
    assert "| **✅ pass → ❌ fail** |" in text
    new = text.partition("**1 new finding**")[2].partition("\n\n**")[0]
    assert "settle_order has a cyclomatic complexity of 23" in new
    fixed = text.partition("2 findings fixed")[2].partition("</details>")[0]
    assert "`src/acme/old.py:3`" in fixed
    assert "](" not in fixed


def test_a_comment_on_nothing_new_says_so() -> None:
    text = _drawn("pr-comment", a_report(), a_report())
    assert "Nothing changed against the target branch." in text
    assert "new finding" not in text
    alone = _drawn("pr-comment", a_perfect_report())
    assert alone.endswith("Nothing is open.\n")


def test_reports_that_cannot_be_compared_say_so() -> None:
    other = replace(a_report(), guide=replace(a_report().guide, id="other"))
    assert "the two reports differ in guide" in Page(_drawn("pr-comment", a_report(), other)).html
    digest = replace(a_report(), guide=replace(a_report().guide, digest="sha256:" + "0" * 64))
    text = _drawn("pr-comment", a_report(), digest)
    assert "> ⚠️ the two reports differ in guide text.\n" in text


def test_advice_and_accepted_findings_are_no_news() -> None:
    quiet = tuple(
        replace(a_finding(f"q{number}"), clauses=(), status=status)
        for number, status in enumerate((FindingStatus.NEW, FindingStatus.BASELINE))
    )
    later = replace(a_report(), findings=(*a_report().findings, *quiet))
    text = _drawn("pr-comment", later, a_report())
    assert "new finding" not in text
    assert "Other findings: 2 new without weight" in text


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("", "acme-shop", "<!-- doctrine:pr-comment:acme-shop -->\n"),
        ("services/shop", "x", "<!-- doctrine:pr-comment:services-shop -->\n"),
        ("", "--><script>--!>", "<!-- doctrine:pr-comment:script -->\n"),
        ("", "", "<!-- doctrine:pr-comment: -->\n"),
    ],
)
def test_a_comment_begins_with_what_a_bot_finds_it_by(
    folder: str, name: str, expected: str
) -> None:
    report = a_report()
    named = stored(replace(report, project=replace(report.project, name=name)))
    canvas = Canvas(folder=folder)
    assert marker(named, canvas) == expected
    assert "".join(formats()["pr-comment"].render(named, canvas)).startswith(expected)
