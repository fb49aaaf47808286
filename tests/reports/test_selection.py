"""A view changes what is shown and nothing else, and what it hides is said."""

from __future__ import annotations

import itertools
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.guide import Level
from doctrine.model.observation import Severity
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._format import Canvas
from doctrine.reports._selection import Selection, flags
from doctrine.reports._since import since
from doctrine.reports._stored import stored
from doctrine.reports._view import Detail, Sort, View
from doctrine.reports.discovery import formats
from tests.reports.build import a_report, an_earlier_run
from tests.reports.goldens import rendered
from tests.reports.source import ACME
from tests.reports.strategies import REPORTS

SHOWN_BY = ("terminal", "concise", "compact")
VIEWS = st.builds(
    View,
    detail=st.sampled_from(Detail),
    show=st.sampled_from(((), ("SEC005",), ("", "a"))),
    sort=st.none() | st.sampled_from(Sort),
    outcomes=st.sampled_from(((), (Outcome.FAIL, Outcome.ERROR))),
    levels=st.sampled_from(((), (Level.SHOULD,))),
    paths=st.sampled_from(((), ("src/", "!src/acme/mail.py"), ("*",))),
    new=st.booleans(),
)


def _chosen(view: View, report: Report | None = None) -> Selection:
    shown = stored(report or a_report())
    return Selection(shown, view, since(shown, Canvas(last=an_earlier_run())))


def _ids(view: View) -> list[str]:
    return [one.id for one in _chosen(view).clauses]


def test_the_usual_view_shows_every_clause_and_hides_nothing() -> None:
    assert sorted(_ids(View())) == sorted(one.clause.id for one in a_report().clauses)
    assert _chosen(View()).hidden == ""


def test_clauses_are_chosen_by_id_level_and_outcome() -> None:
    assert _ids(View(show=("SEC005", "TYP001"))) == ["TYP001", "SEC005"]
    assert _ids(View(levels=(Level.SHOULD,), outcomes=(Outcome.FAIL, Outcome.ERROR))) == [
        "SGP001",
        "CPX002",
    ]


def test_an_umbrella_brings_what_it_restates() -> None:
    assert _ids(View(show=("TYP005",))) == ["TYP005", "TYP006"]


def test_places_choose_clauses_findings_and_evidence() -> None:
    view = View(paths=("src/acme/tokens.py", ".github/"))
    chosen = _chosen(view)
    assert [one.id for one in chosen.clauses] == ["LNT001", "SEC005"]
    (check,) = [one for one in chosen.clauses[1].checks if one.findings]
    assert [one.fingerprint for one in chosen.findings(check)] == ["r2", "r3"]
    assert chosen.hidden == (
        "hidden by --path src/acme/tokens.py --path .github/: 48 clauses (3 fail, 1 error, "
        "3 unverified) and 1 finding of those shown"
    )


def test_what_is_new_is_chosen_where_there_is_something_to_compare_with() -> None:
    chosen = _chosen(View(new=True))
    assert [one.id for one in chosen.clauses] == ["SEC005"]
    report = stored(a_report())
    alone = Selection(report, View(new=True), None)
    assert len(alone.clauses) == len(report.clauses)
    assert alone.hidden.endswith("there is no earlier run that tells what is new")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        (Sort.GUIDE, ["LNT001", "TYP005", "TYP006", "CPX002", "SEC005"]),
        (Sort.LEVEL, ["LNT001", "TYP005", "TYP006", "SEC005", "CPX002"]),
        (Sort.POINTS, ["LNT001", "TYP006", "SEC005", "CPX002", "TYP005"]),
        (Sort.SECTION, ["CPX002", "LNT001", "TYP005", "SEC005", "TYP006"]),
        (Sort.ID, ["CPX002", "LNT001", "SEC005", "TYP005", "TYP006"]),
        (Sort.FINDINGS, ["TYP006", "SEC005", "CPX002", "LNT001", "TYP005"]),
        (Sort.PATH, ["LNT001", "TYP006", "CPX002", "SEC005", "TYP005"]),
    ],
)
def test_clauses_stand_in_the_order_that_was_asked_for(sort: Sort, first: list[str]) -> None:
    found = _ids(View(sort=sort, outcomes=(Outcome.FAIL,)))
    assert found == first


def test_a_view_is_told_as_the_flags_that_make_it() -> None:
    view = View(
        show=("SEC005",),
        outcomes=(Outcome.FAIL, Outcome.ERROR),
        levels=(Level.MUST,),
        paths=("a b",),
        new=True,
    )
    assert flags(view) == [
        "--show", "SEC005", "--outcome", "fail,error", "--level", "must", "--path", "a b", "--new",
    ]  # fmt: skip


@pytest.mark.parametrize("name", SHOWN_BY)
@given(VIEWS)
def test_no_view_changes_the_verdict_the_score_or_the_exit_code(name: str, view: View) -> None:
    text = rendered(name, a_report(), Canvas(width=200, view=view, sources=ACME))
    assert "non-conformant" in text.casefold()
    assert "84.4" in text
    assert re.search(r"[Ee]xit 1\b", text)
    hides = bool(_chosen(view).hidden)
    assert ("idden" in text) == hides


@given(REPORTS, VIEWS)
def test_every_view_of_every_report_can_be_drawn(report: Report, view: View) -> None:
    shown = stored(report)
    for name, unicode in itertools.product(SHOWN_BY, (True, False)):
        canvas = Canvas(width=60, unicode=unicode, view=view, last=an_earlier_run())
        text = "".join(formats()[name].render(shown, canvas))
        assert unicode or text.isascii(), name
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800-\udfff]", text)


def test_everything_is_everything() -> None:
    report = a_report()
    text = rendered("terminal", report, Canvas(width=200, view=View(detail=Detail.VERBOSE)))
    failing = {
        one
        for clause in report.clauses
        if not clause.clause.members
        for check in clause.checks
        for one in check.findings
    }
    for found in (one for one in report.findings if one.fingerprint in failing):
        where = found.location
        assert f"{where.path}:{where.line}:{where.column}" in text
    for run in report.tools:
        assert re.search(rf"^  {run.name} ", text, re.MULTILINE)
    assert "--cache-dir={scratch}/mypy" in text


def test_the_short_report_has_a_line_for_each_clause_in_the_way() -> None:
    view = View(detail=Detail.QUIET)
    lines = rendered("terminal", a_report(), Canvas(width=120, view=view)).splitlines()
    named = [line.split()[1] for line in lines[1:6]]
    assert named == ["LNT001", "TYP006", "SEC005", "SGP001", "CPX002"]
    assert lines[-1].startswith("  Exit 1")
    assert len(lines) == 9


def test_a_finding_stands_on_one_line_in_the_concise_report() -> None:
    report = a_report()
    lines = rendered("concise", report).splitlines()
    places = re.compile(r"(.+):(\d+):(\d+): ([A-Z]{3}\d{3}) (must|should|may) (.+) \[(.+)\]\Z")
    parsed = [match for line in lines if (match := places.match(line))]
    assert len(parsed) == len(lines) - 2  # the problem and the verdict
    failing = {
        one
        for clause in report.clauses
        if clause.outcome is Outcome.FAIL
        for check in clause.checks
        if check.outcome is Outcome.FAIL
        for one in check.findings
    }
    assert len(parsed) == len(failing) + 2  # LNT001 fails without one, SGP001 is in error
    assert lines == [*sorted(lines[:-2], key=_by_place), *lines[-2:]]


def _by_place(line: str) -> tuple[str, int, int]:
    path, line_, column, _ = line.split(":", 3)
    return path, int(line_), int(column)


def test_advice_is_no_failure_in_the_concise_report() -> None:
    report = stored(a_report())
    advised = tuple(
        msgspec.structs.replace(one, severity=Severity.INFO) if one.fingerprint == "r1" else one
        for one in report.findings
    )
    text = "".join(
        formats()["concise"].render(msgspec.structs.replace(report, findings=advised), Canvas())
    )
    assert "src/acme/session.py:7:12" not in text
    assert "src/acme/tokens.py:40:9" in text


COMPACT = re.compile(
    r"doctrine compact 1 \| .*"
    r"|verdict \S+ \| grade (none|[A-F]) \| score \S+ \| ceiling \S+ \| assurance \S+ \| exit \S+"
    r"|clauses \d+( \| [a-z-]+ \d+)*"
    r"|since .*|nothing changed .*|hidden by .*|problem .* \| .*|next \S+( \S+)* \| doctrine explain .*"
    r"|(FAIL|ERROR|UNVERIFIED|WAIVED|ATTESTED) \S+ (MUST|SHOULD|MAY)( [\d.]+)? \| .*"
    r"| check .* \| .*| at .* \| .*| (fix|all) .*| \+[\d]+ more \| .*"
    r"| \S+ .+:\d+:\d+( x\d+)? \| .*"
)


def test_the_compact_report_keeps_its_grammar() -> None:
    for view in (View(), View(detail=Detail.VERBOSE), View(show=("SEC005",)), View(new=True)):
        text = rendered("compact", a_report(), Canvas(view=view, last=an_earlier_run()))
        assert [line for line in text.splitlines() if not COMPACT.fullmatch(line)] == []


def test_the_compact_report_says_what_it_leaves_out_and_how_to_see_it() -> None:
    text = rendered("compact", a_report(), Canvas(again="doctrine check 'a b' --tests"))
    assert " +68 more | doctrine check 'a b' --tests --format compact --show TYP006" in text
    whole = rendered("compact", a_report(), Canvas(view=View(show=("TYP006",))))
    assert whole.count("ruff-guide UP045") == 73
    assert "more |" not in whole


def test_fingerprints_are_as_short_as_they_can_be_told_apart() -> None:
    report = a_report()
    twins = ("0123456789aaaaaa", "0123456789bbbbbb")
    found = tuple(
        replace(one, fingerprint=twins[("r1", "r2").index(one.fingerprint)])
        for one in report.findings
        if one.fingerprint in {"r1", "r2"}
    )
    clauses = tuple(
        replace(one, checks=tuple(replace(each, findings=twins) for each in one.checks))
        if one.clause.id == "SEC005"
        else one
        for one in report.clauses
    )
    text = rendered("compact", replace(report, findings=found, clauses=clauses))
    assert " 0123456789a src/acme/session.py:7:12 |" in text
    assert " 0123456789b src/acme/tokens.py:12:5 |" in text
