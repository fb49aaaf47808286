"""What a browser is given: read with a parser that reads HTML as browsers do."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from typing import Any, cast

from hypothesis import given
from selectolax.lexbor import LexborHTMLParser, LexborNode

from doctrine.model.gate import Held
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._shape import ConditionV1, GateV1, ReportV1
from doctrine.reports._stored import stored
from doctrine.reports._text import visible
from tests.reports.build import a_perfect_report, a_report, an_empty_report
from tests.reports.html.drawn import Everywhere, Lines, page_of
from tests.reports.strategies import DRAWN, NASTY, REPORTS

_OURS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "style",
        "script",
        "body",
        "a",
        "header",
        "nav",
        "ul",
        "li",
        "p",
        "span",
        "strong",
        "button",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "section",
        "dl",
        "div",
        "dt",
        "dd",
        "svg",
        "rect",
        "line",
        "text",
        "title",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "code",
        "pre",
        "mark",
        "form",
        "label",
        "input",
        "select",
        "option",
        "fieldset",
        "legend",
        "output",
        "footer",
        "-text",
        "-comment",
    ]
)


def _elements(page: str) -> list[LexborNode]:
    root = LexborHTMLParser(page).root
    assert root is not None
    return list(root.traverse())


def _one(page: str, selector: str) -> LexborNode:
    found = LexborHTMLParser(page).css(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _ledger(page: str) -> dict[str, Any]:
    text = re.search(r'<script type="application/json" id="ledger">(.*?)</script>', page, re.DOTALL)
    assert text is not None
    return cast("dict[str, Any]", json.loads(text[1]))


@DRAWN
@given(report=REPORTS)
def test_hostile_content_is_nothing_but_text(report: Report) -> None:
    page = page_of(report, Everywhere(*NASTY))
    page.encode()
    elements = _elements(page)
    assert {one.tag for one in elements} <= _OURS
    assert [one.attributes.get("type") for one in elements if one.tag == "script"] == [
        None,
        "application/json",
    ]
    for one in elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            assert name not in {"href", "src"} or (value or "").startswith(("#", "data:,")), value
    ids = Counter(one.attributes["id"] for one in elements if one.attributes.get("id"))
    assert not [name for name, count in ids.items() if count > 1]


@DRAWN
@given(report=REPORTS)
def test_every_finding_is_in_the_data_as_it_is(report: Report) -> None:
    shown = stored(report)
    data = _ledger(page_of(shown))
    rows = data["rows"]
    assert rows["fingerprint"] == [one.fingerprint for one in shown.findings]
    assert [data["paths"][one] for one in rows["path"]] == [
        visible(one.path) for one in shown.findings
    ]
    assert [data["clauses"][one] for one in rows["clauses"]] == [
        [visible(clause) for clause in one.clauses] for one in shown.findings
    ]
    assert list(zip(rows["line"], rows["column"], strict=True)) == [
        (one.line, one.column) for one in shown.findings
    ]


def test_nothing_may_be_fetched_and_no_other_script_may_run() -> None:
    page = page_of(a_report())
    policy = _one(page, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"] or ""
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        text = re.search(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert text is not None
        digest = b64encode(sha256(text[1].encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not re.search(r"url\(|@import|https://(?!acme\.example)", page)


def test_the_head_says_verdict_grade_and_what_caps_it() -> None:
    words = _words(_one(page_of(a_report()), "section.verdict"))
    report = stored(a_report())
    assert "Non-conformant" in words
    assert "3 MUST clauses fail" in words
    assert f"{report.grade.score} of 100" in words
    assert "Capped at C by LNT001 , SEC005 , TYP006" in words
    caps = _one(page_of(a_report()), "section.verdict .caps dd")
    assert [one.attributes["href"] for one in caps.css("a")] == ["#LNT001", "#SEC005", "#TYP006"]
    assert "exit 1, the gate is not satisfied" in words


def test_a_letter_that_is_withheld_says_by_what() -> None:
    report = stored(a_report())
    shown = replace(
        report,
        grade=replace(report.grade, letter=None, capped_by=()),
        clauses=tuple(
            replace(one, level=Level.MUST) if one.id == "SGP001" else one for one in report.clauses
        ),
    )
    verdict = _one(page_of(shown), "section.verdict")
    assert "No letter, since these could not be checked: SGP001" in _words(verdict)
    assert "No grade" in _words(verdict)


def test_every_clause_has_a_row_with_outcome_and_reason_that_needs_no_script() -> None:
    page = page_of(a_report())
    rows = {one.attributes["id"] or "": one for one in LexborHTMLParser(page).css("tr.clause")}
    report = stored(a_report())
    assert sorted(rows) == sorted(one.id for one in report.clauses)
    for clause in report.clauses:
        row = rows[clause.id]
        assert "hidden" not in row.attributes
        mark = row.css_first(".outcome .mark")
        assert mark is not None
        assert _words(mark).split(" ", 1)[1].replace(" ", "-").startswith(clause.outcome)
        words = _words(row).replace(" ", "")
        assert clause.reason.replace("`", "").replace(" ", "") in words
        assert clause.remedy.replace("`", "").replace(" ", "") in words


def test_a_pass_on_partial_proof_does_not_look_like_a_whole_one() -> None:
    page = page_of(a_report())
    partial = [one.id for one in stored(a_report()).clauses if one.partial]
    assert partial
    for clause_id in partial:
        assert "pass, in part" in _words(_one(page, f"#{clause_id} .outcome"))


def test_a_finding_is_quoted_with_its_span_marked() -> None:
    lines = [""] * 11 + ["    \treturn random.choice(<T>)", "after"]
    page = page_of(a_report(), Lines({"src/acme/tokens.py": lines}))
    quote = _one(page, "#SEC005 .quote")
    assert [_words(one) for one in quote.css(".number")] == ["12", "13"]
    mark = quote.css_first("mark")
    assert mark is not None
    # Columns 5 to 14 of the line as it is, and the tab is four characters as it is shown.
    assert mark.text() == "    return r"[0:12]
    assert quote.css(".text")[0].text() == "        return random.choice(<T>)"


def test_what_costs_points_is_listed_dearest_first_with_what_to_do() -> None:
    page = page_of(a_report())
    report = stored(a_report())
    rows = LexborHTMLParser(page).css("table.gains tbody tr")
    costly = {one.id: one for one in report.clauses if one.points_lost}
    ids = [_words(row.css("th a")[0]) for row in rows]
    assert set(ids) == set(costly)
    lost = [round(costly[one].points_lost, 1) for one in ids]
    assert lost == sorted(lost, reverse=True)
    by_id = dict(zip(ids, rows, strict=True))
    assert "3 findings" in _words(by_id["SEC005"])


def test_waivers_and_attestations_say_for_how_long_and_what_they_hide() -> None:
    rows = LexborHTMLParser(page_of(a_report())).css("table.stated tbody tr")
    words = [_words(one) for one in rows]
    assert [one.split(" ", 1)[0] for one in words] == ["DAT001", "CPX002", "DEP005"]
    assert "attestation 1 soon over 2026-11-23 Ada" in words[0]
    assert "waiver 70 2027-01-31 Platform team" in words[2]
    assert "Without it: fail, no command of CI runs a scanner" in words[2]
    assert "For src/acme/grammar/: 1 finding" in words[1]


def test_the_map_and_its_table_count_the_same_findings() -> None:
    parser = LexborHTMLParser(page_of(a_report()))
    rows = [
        [_words(cell) for cell in row.css("th, td")] for row in parser.css("table.files tbody tr")
    ]
    titles = [_words(one) for one in parser.css("svg.map title")]
    assert len(titles) == len(rows)
    for (path, total, failing, clauses), title in zip(rows, titles, strict=True):
        noun = "finding" if total == "1" else "findings"
        assert title.startswith(f"{path}: {total} {noun}, {failing} of them")
        assert clauses.replace(" ", "") in title.replace(" ", "")
    assert sum(int(row[1]) for row in rows) == len(a_report().findings)


def test_an_empty_and_a_perfect_report_are_pages_too() -> None:
    empty = page_of(an_empty_report())
    assert "Nothing could be judged" in _words(_one(empty, "section.verdict"))
    assert "No grade" in _words(_one(empty, "section.verdict"))
    assert not LexborHTMLParser(empty).css("#findings, #gains")
    perfect = page_of(a_perfect_report())
    assert "Conformant" in _words(_one(perfect, "section.verdict"))
    assert not LexborHTMLParser(perfect).css("#gains")


def test_a_clause_whose_id_is_no_id_is_reached_all_the_same() -> None:
    report = stored(a_report())
    first, second, *rest = report.clauses
    odd = replace(first, id="top")
    twice = replace(second, id=rest[0].id)
    page = page_of(replace(report, clauses=(odd, twice, *rest)))
    rows = [one.attributes["id"] for one in LexborHTMLParser(page).css("tr.clause")]
    assert rows[:3] == ["clause-1", rest[0].id, "clause-3"]
    assert len(set(rows)) == len(rows)


def test_a_thousand_files_share_the_map_and_none_is_lost() -> None:
    report = a_report()
    template = report.findings[0]
    many = tuple(
        replace(
            template,
            fingerprint=f"f{number}",
            location=replace(template.location, path=f"src/{number:04}.py"),
        )
        for number in range(1100)
    )
    parser = LexborHTMLParser(page_of(replace(report, findings=many)))
    titles = [_words(one) for one in parser.css("svg.map title")]
    assert "860 more files: 860 findings" in titles
    assert len(parser.css("table.files tbody tr")) == 1000
    assert "and 100 more files with fewer findings" in _words(parser.css("#files-table")[0])


def _earlier() -> ReportV1:
    """Return a report in which SEC005 still passed, without the findings that fail it."""
    report = stored(a_report())
    return replace(
        report,
        findings=tuple(one for one in report.findings if one.fingerprint not in {"r1", "r2", "r3"}),
        clauses=tuple(
            replace(one, outcome=Outcome.PASS, checks=(), findings=())
            if one.id == "SEC005"
            else one
            for one in report.clauses
        ),
    )


def test_what_changed_since_an_earlier_report_is_told() -> None:
    page = page_of(a_report(), base=_earlier())
    since = _one(page, "section[aria-labelledby=since]")
    assert "3 new, 0 gone" in _words(since)
    turned = [_words(one) for one in since.css("table.turned tbody tr")]
    assert turned == ["SEC005 ✓ pass ✗ fail"]
    links = {one.attributes["href"] for one in since.css("ul.places a")}
    assert links == {"#r1", "#r2", "#r3"}
    data = _ledger(page)["rows"]
    fresh = {print_ for print_, new in zip(data["fingerprint"], data["fresh"], strict=True) if new}
    assert fresh == {"r1", "r2", "r3"}
    assert not LexborHTMLParser(page_of(a_report())).css("section[aria-labelledby=since], .box")


def test_the_conditions_of_the_gate_say_which_of_them_holds() -> None:
    report = stored(a_report())
    conditions = (
        ConditionV1(name="fail-on", asked="must", held=Held.NO, detail="LNT001 fails"),
        ConditionV1(name="min-score", asked="70", held=Held.YES, detail=""),
        ConditionV1(name="no-new", asked="true", held=Held.OPEN, detail="`mypy` crashed"),
    )
    gate = GateV1(fail_on="must", exit_code=1, conditions=conditions)
    lines = [
        _words(one) for one in _one(page_of(replace(report, gate=gate)), ".verdict dl").css("li")
    ]
    assert lines == [
        "✗ does not hold fail-on = must: LNT001 fails",
        "✓ holds min-score = 70",
        "? undecided no-new = true: mypy crashed",
    ]
