"""Reports in which every text is hostile."""

from __future__ import annotations

import unicodedata

from hypothesis import Phase, settings
from hypothesis import strategies as st

from doctrine.model.guide import Condition, Level, Verification
from doctrine.model.observation import (
    Applicability,
    Evidence,
    Fix,
    Location,
    Severity,
)
from doctrine.model.outcome import Verdict
from doctrine.model.project import Fact
from doctrine.model.recommendation import Advice, AdviceState, Recommendation
from doctrine.model.replacing import replace
from doctrine.model.report import (
    FindingStatus,
    Grade,
    Problem,
    ProjectSummary,
    Report,
    Reporter,
    ReportFinding,
)
from doctrine.model.run import Origin, Reading, ToolRun, ToolStatus
from doctrine.model.verdict import CheckResult, ClauseVerdict, Outcome
from tests.reports.standard import GUIDE, clause

FAST = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking a whole report takes minutes and rarely makes it plainer."""
DRAWN = settings(max_examples=settings().max_examples * 3 // 10, phases=FAST)
"""For what is true of any report: each has dozens of texts, so a few reports are hostile enough."""


def harmless(text: str) -> bool:
    """Return whether a text shows all that it contains, on one line."""
    return not {unicodedata.category(one) for one in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


NASTY = (
    "\x1b[31mred\x1b]8;;http://x\x07",
    "[bold]not bold[/bold] [/] :boom:",
    "line\nbreak\r\nagain",
    "\u202etxt.py",
    "b\udcffad\ud800",
    "\x00\x07\x9b",
    "`code",
    "界" * 30,
    "a" * 300,
    "]]></system-out><testcase name='x'/><!--",
    "&amp; <b onclick='x'>&#0;",
    "\ufffe\uffff\ufeff",
    "[here](http://x/) {0} {{1}}",
    "../../etc/a b?c#d%41",
    '"\\',
    "</script><script>window.hacked = 1</script>",
    "<!--<script>",
    "\"'><img src=//evil.example/x onerror=window.hacked=1>",
    "]]>&amp;<b>{{ 7 * 7 }}",
    "javascript:window.hacked=1",
    "a\u2028b\u2029c\ufeff",
    "",
)
TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=20)
NUMBERS = st.integers(min_value=1, max_value=10**9)
PERCENT = st.floats(min_value=0, max_value=100)
SECONDS = st.floats(min_value=0, max_value=1e6)

EVIDENCE = st.builds(
    Evidence, path=TEXT, line=st.integers(min_value=0, max_value=10**9), detail=TEXT
)
PLACES = st.lists(EVIDENCE, max_size=3).map(tuple)
LOCATIONS = st.builds(
    Location, path=TEXT, line=NUMBERS, column=NUMBERS, end_line=NUMBERS, end_column=NUMBERS
)
IDS = st.sampled_from(("a", "b", "c", "d", "e", "f", "g", "h"))
FINDINGS = st.builds(
    ReportFinding,
    fingerprint=IDS,
    clauses=st.lists(TEXT, max_size=2).map(tuple),
    location=LOCATIONS,
    message=TEXT,
    severity=st.sampled_from(Severity),
    reported_by=st.lists(st.builds(Reporter, tool=TEXT, rule=TEXT), max_size=3).map(tuple),
    status=st.sampled_from(FindingStatus),
    fix=st.none() | st.builds(Fix, applicability=st.sampled_from(Applicability), description=TEXT),
)
CHECKS = st.builds(
    CheckResult,
    id=TEXT,
    outcome=st.sampled_from((Outcome.PASS, Outcome.FAIL, Outcome.UNVERIFIED, Outcome.ERROR)),
    detail=TEXT,
    evidence=PLACES,
    findings=st.lists(IDS, max_size=8, unique=True).map(tuple),
)
CLAUSES = st.builds(
    clause,
    TEXT,
    TEXT,
    level=st.sampled_from(Level),
    section=TEXT,
    line=NUMBERS,
    rationale=TEXT,
    remedy=TEXT,
    verification=st.sampled_from(Verification),
    members=st.just(()) | st.just(("AAA001",)),
)
VERDICTS = st.builds(
    ClauseVerdict,
    clause=CLAUSES,
    outcome=st.sampled_from(Outcome),
    reason=TEXT,
    verification=st.sampled_from(("automated", "partial", "attestation")),
    checks=st.lists(CHECKS, max_size=3).map(tuple),
    findings=st.lists(IDS, max_size=3).map(tuple),
    partial=st.booleans(),
)
RUNS = st.builds(
    ToolRun,
    name=TEXT,
    version=TEXT,
    origin=st.sampled_from(Origin),
    argv=st.lists(TEXT, max_size=3).map(tuple),
    status=st.sampled_from(ToolStatus),
    exit_code=st.none() | st.integers(min_value=-64, max_value=255),
    seconds=SECONDS,
    reading=st.builds(Reading, note=TEXT),
    message=TEXT,
    cached=st.booleans(),
)
GRADES = st.builds(
    Grade,
    letter=st.sampled_from((None, "A", "B", "C", "D", "F")),
    score=st.none() | PERCENT,
    score_with_waivers=st.none() | PERCENT,
    score_ceiling=st.none() | PERCENT,
    assurance=PERCENT,
    provisional=st.booleans(),
    capped_by=st.lists(TEXT, max_size=9).map(tuple),
    points_lost=st.dictionaries(TEXT, PERCENT, max_size=3),
)
PROJECTS = st.builds(
    ProjectSummary,
    name=TEXT,
    target_python=TEXT,
    python_files=st.integers(min_value=0, max_value=10**6),
    lines=st.integers(min_value=0, max_value=10**9),
    facts=st.lists(
        st.builds(Fact, id=TEXT, value=st.none() | st.booleans(), evidence=PLACES), max_size=2
    ).map(tuple),
)
ADVICE = st.builds(
    Advice,
    recommendation=st.builds(
        Recommendation,
        id=st.just("REC-ONE"),
        line=NUMBERS,
        clauses=st.lists(TEXT, max_size=2).map(tuple),
        statement=TEXT,
        remedy=TEXT,
        condition=st.just(Condition()),
        unseen=TEXT,
    ),
    state=st.sampled_from(AdviceState),
    detail=TEXT,
    evidence=PLACES,
    count=st.integers(min_value=0, max_value=10**6),
)
REPORTS = st.builds(
    Report,
    doctrine_version=TEXT,
    guide=TEXT.map(lambda title: replace(GUIDE, title=title)),
    project=PROJECTS,
    root=TEXT,
    seconds=SECONDS,
    tools=st.lists(RUNS, max_size=3).map(tuple),
    verdict=st.sampled_from(Verdict),
    grade=GRADES,
    clauses=st.lists(VERDICTS, max_size=4).map(tuple),
    findings=st.lists(FINDINGS, max_size=8, unique_by=lambda one: one.fingerprint).map(tuple),
    problems=st.lists(st.builds(Problem, tool=TEXT, message=TEXT), max_size=2).map(tuple),
    advice=st.lists(ADVICE, max_size=3).map(tuple),
    scratch=TEXT,
    fail_on=st.sampled_from(("", "must", "should", "never")),
    exit_code=st.sampled_from((None, 0, 1, 2, 3)),
)
