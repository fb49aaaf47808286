"""Writes JUnit XML: one suite, and in it a test case for each clause.

The elements and their order are those that both the schema of Jenkins' xUnit plug-in (``junit-10``)
and that of Maven's Surefire allow: the root is a ``testsuite``, and every case has a time.

What a clause is to a test: one that the gate looks at and that fails is a ``failure``, since readers
of JUnit take a failure for a red build; a SHOULD that only the score looks at is ``skipped`` with the
reason, as is everything that is neither shown to hold nor to fail. Trouble is an ``error``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct, field

from doctrine.model.guide import Level
from doctrine.model.verdict import Outcome
from doctrine.reports._issues import PROJECT, at_issue, decisive, rule_of
from doctrine.reports._partial import partial_in_words
from doctrine.reports._shape import CheckV1, ClauseV1, FindingV1, ReportV1
from doctrine.reports._text import counted, number, sentence
from doctrine.reports._xml import DECLARATION, attribute, content

_MOST = 50
"""Findings that a test case lists; the others are counted."""
_FEW = 5
"""Places that a check names."""
_NAME = 200
"""Characters of a statement in the name of a test case."""
_LONGEST = 1000
"""Characters of a message."""
_HELD = frozenset({Outcome.PASS, Outcome.ATTESTED})


class _Shown(Struct):
    """The first findings of a clause, and how many there are."""

    count: int = 0
    first: list[FindingV1] = field(default_factory=list[FindingV1])


def pieces(report: ReportV1) -> Iterator[str]:
    """Yield the report, a test case at a time.

    Args:
        report: Any report.
    """
    accepted = _accepted(report)
    elements = [_element(clause, report, accepted) for clause in report.clauses]
    yield DECLARATION
    yield (
        f'<testsuite name="{attribute(f"doctrine: {report.project.name}", limit=_NAME)}"'
        f' tests="{len(elements)}" failures="{elements.count("failure")}"'
        f' errors="{elements.count("error")}" skipped="{elements.count("skipped")}"'
        f' time="{report.run.seconds:.3f}">\n'
    )
    yield _properties(report)
    shown = _findings(report)
    for index, clause in enumerate(report.clauses):
        yield _case(clause, elements[index], shown.get(index, _Shown()), report)
    yield "</testsuite>\n"


def _element(clause: ClauseV1, report: ReportV1, accepted: Collection[str]) -> str:
    """Return the element that says what became of a clause; empty where it holds."""
    if clause.outcome in _HELD:
        return ""
    if clause.outcome is Outcome.ERROR:
        return "error"
    red = clause.outcome is Outcome.FAIL and clause.id not in accepted and _is_gated(clause, report)
    return "failure" if red else "skipped"


def _accepted(report: ReportV1) -> frozenset[str]:
    """Return the ids of clauses that fail by nothing but what the baseline accepts."""
    if report.baseline is None:
        return frozenset()
    failed = {clause.id for clause in report.clauses if clause.outcome is Outcome.FAIL}
    return frozenset(failed - at_issue(report))


def _is_gated(clause: ClauseV1, report: ReportV1) -> bool:
    """Return whether a failure turns a build red: a MUST always, others where the gate says so."""
    if clause.level is Level.MUST:
        return True
    gate = report.gate
    if gate is None or clause.level is Level.MAY:
        return False
    named = (one.asked.split(", ") for one in gate.conditions if one.name == "clauses")
    return gate.fail_on == "should" or any(
        fnmatchcase(clause.id, pattern) for patterns in named for pattern in patterns
    )


def _properties(report: ReportV1) -> str:
    grade, gate = report.grade, report.gate
    said = {
        "doctrine.version": report.doctrine.version,
        "guide": f"{report.guide.id} {report.guide.version}",
        "guide.digest": report.guide.digest,
        "verdict": report.verdict,
        "grade": grade.letter or "none",
        "score": "none" if grade.score is None else number(grade.score),
        "assurance": number(grade.assurance),
        "gate": gate.fail_on if gate else "",
        "started": report.run.started,
        "partial": partial_in_words(report),
    }
    lines = (
        f'<property name="{name}" value="{attribute(value)}"/>\n'
        for name, value in said.items()
        if value
    )
    return f"<properties>\n{''.join(lines)}</properties>\n"


def _findings(report: ReportV1) -> Mapping[int, _Shown]:
    """Return what makes each clause fail, by its place in the report, in the order of places."""
    owners: dict[str, list[int]] = {}
    for index, clause in enumerate(report.clauses):
        if clause.outcome is Outcome.FAIL:
            for fingerprint in dict.fromkeys(decisive(clause)):
                owners.setdefault(fingerprint, []).append(index)
    shown: dict[int, _Shown] = {}
    for finding in report.findings:
        for index in owners.get(finding.fingerprint, ()):
            one = shown.setdefault(index, _Shown())
            one.count += 1
            if one.count <= _MOST:
                one.first.append(finding)
    return shown


def _case(clause: ClauseV1, element: str, shown: _Shown, report: ReportV1) -> str:
    name = attribute(f"{clause.id}: {clause.statement}", limit=_NAME)
    # A dot would begin a package.
    group = attribute(f"doctrine.{clause.section.replace('.', ' ')}", limit=_NAME)
    return (
        f'<testcase name="{name}" classname="{group}" time="0">\n'
        f"{_outcome(clause, element, shown, report)}"
        f"<system-out>{content(_how(clause))}</system-out>\n</testcase>\n"
    )


def _outcome(clause: ClauseV1, element: str, shown: _Shown, report: ReportV1) -> str:
    if not element:
        return ""
    message = attribute(_message(clause, element, report), limit=_LONGEST)
    if element == "skipped":
        # Surefire gives a skipped test a message and no type.
        return f'<skipped message="{message}">{content(_body(clause, shown))}</skipped>\n'
    return (
        f'<{element} message="{message}" type="{clause.level}">'
        f"{content(_body(clause, shown))}</{element}>\n"
    )


def _message(clause: ClauseV1, element: str, report: ReportV1) -> str:
    reason = clause.reason or clause.statement
    if clause.outcome is Outcome.FAIL and element == "skipped":
        if _is_gated(clause, report):
            return f"fails by nothing but what the baseline accepts: {reason}"
        gate = f"the gate looks at {report.gate.fail_on}" if report.gate else "no gate looks at it"
        return f"fails, but is a {clause.level}, and {gate}: {reason}"
    if element != "skipped" or clause.outcome is Outcome.WAIVED:
        # The reason of a waived clause begins with that word.
        return reason
    return f"{clause.outcome}: {reason}"


def _body(clause: ClauseV1, shown: _Shown) -> Iterator[str]:
    yield sentence(clause.reason or clause.statement, limit=_LONGEST)
    for finding in shown.first:
        rule = rule_of(finding)
        yield f"{_place(finding)}: {sentence(finding.message, limit=_LONGEST)} [{rule}]"
    if shown.count > len(shown.first):
        yield f"… and {counted(shown.count - len(shown.first), 'more finding')}"
    if clause.remedy and clause.outcome is not Outcome.NOT_APPLICABLE:
        yield f"Remedy: {sentence(clause.remedy, limit=_LONGEST)}"


def _place(finding: FindingV1) -> str:
    if finding.path in {"", PROJECT}:
        return "the project"
    return f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path


def _how(clause: ClauseV1) -> Iterator[str]:
    """Yield how a clause was decided."""
    partly = ", on partial proof" if clause.partial else ""
    yield f"{clause.level} {clause.outcome}, verification: {clause.verification}{partly}"
    if clause.outcome in _HELD and clause.reason:
        yield sentence(clause.reason, limit=_LONGEST)
    for check in clause.checks:
        yield from _check(check)


def _check(check: CheckV1) -> Iterator[str]:
    yield f"{check.id}: {check.outcome}: {sentence(check.detail, limit=_LONGEST)}"
    for place in check.evidence[:_FEW]:
        line = f":{place.line}" if place.line else ""
        yield f"  {place.path}{line}: {sentence(place.detail)}"
    if len(check.evidence) > _FEW:
        yield f"  … and {counted(len(check.evidence) - _FEW, 'more place')}"
