"""The clauses as the page shows them: by section, each check with the places behind it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.outcome import Outcome
from doctrine.reports._digest import ROWS, Pile, pile, rule_of
from doctrine.reports._shape import CheckV1, ClauseV1, EvidenceV1, FindingV1, ReportV1
from doctrine.reports._words import OUTCOMES
from doctrine.reports.html.quotes import Line, Quotes

_ID = re.compile(r"[A-Z][A-Z0-9-]*\d\Z")
"""Ids that can be the fragment of an address as they are; the page's own ids are lower case."""
_NOTHING = ""


class Place(Struct, frozen=True, kw_only=True):
    """A place that decides a check.

    Attributes:
        path: POSIX, relative to the root; ``.`` for the project.
        line: 1-based; 0 for the whole file.
        column: 1-based; 0 where nobody knows.
        told: What is there.
        rule: Who reported it.
        count: How many of its kind the file has, including it.
        fingerprint: Of the finding; empty where it is none.
        quote: Source lines.
    """

    path: str
    line: int
    column: int
    told: str
    rule: str
    count: int
    fingerprint: str
    quote: tuple[Line, ...]


class CheckView(Struct, frozen=True, kw_only=True):
    """A check and the places shown for it.

    Attributes:
        check: The check.
        found: The findings that fail it.
        places: Those shown.
        more: How many evidence places are not shown.
    """

    check: CheckV1
    found: Pile
    places: tuple[Place, ...]
    more: int


class ClauseView(Struct, frozen=True, kw_only=True):
    """A clause with what it is called inside the page.

    Attributes:
        clause: The clause.
        anchor: Fragment of its address.
        checks: Its checks.
    """

    clause: ClauseV1
    anchor: str
    checks: tuple[CheckView, ...]


class Section(Struct, frozen=True, kw_only=True):
    """A section of the guide.

    Attributes:
        name: Its heading.
        anchor: Fragment of its address.
        clauses: Its clauses, in the guide's order.
        counts: Outcomes that occur: outcome, words, number of clauses.
        lost: Points that its clauses cost.
    """

    name: str
    anchor: str
    clauses: tuple[ClauseView, ...]
    counts: tuple[tuple[Outcome, str, int], ...]
    lost: float

    @property
    def idle(self) -> bool:
        """Whether none of its clauses applies."""
        return all(outcome is Outcome.NOT_APPLICABLE for outcome, _, _ in self.counts)


class Behind:
    """Which findings and places stand behind the checks of a report."""

    def __init__(self, report: ReportV1) -> None:
        """Index the findings once."""
        self._known: Mapping[str, FindingV1] = {one.fingerprint: one for one in report.findings}
        self._piles = [
            [pile(check.findings, self._known) for check in clause.checks]
            for clause in report.clauses
        ]

    def found(self, index: int) -> list[Pile]:
        """Return the findings of each check of a clause.

        Args:
            index: Of the clause in the report.
        """
        return self._piles[index]

    def findings(self) -> Iterator[FindingV1]:
        """Yield the findings that are shown with a check."""
        for piles in self._piles:
            for one in piles:
                yield from (row.finding for row in one.rows)


def evidence(check: CheckV1) -> tuple[EvidenceV1, ...]:
    """Return the evidence of a check that is shown."""
    return check.evidence[:ROWS]


def sections(report: ReportV1, piles: Behind, quotes: Quotes) -> tuple[Section, ...]:
    """Return the clauses of a report by the guide's section, in the guide's order.

    Args:
        report: The report.
        piles: Its findings by check.
        quotes: Source lines of what is shown.
    """
    anchors = _anchors(report.clauses)
    by_name: dict[str, list[ClauseView]] = {}
    for index, clause in enumerate(report.clauses):
        view = ClauseView(
            clause=clause,
            anchor=anchors[index],
            checks=tuple(
                _check(check, found, quotes)
                for check, found in zip(clause.checks, piles.found(index), strict=True)
            ),
        )
        by_name.setdefault(clause.section, []).append(view)
    return tuple(
        Section(
            name=name,
            anchor=f"section-{number}",
            clauses=tuple(views),
            counts=_counts(views),
            lost=sum(view.clause.points_lost for view in views),
        )
        for number, (name, views) in enumerate(by_name.items(), 1)
    )


def _counts(views: Iterable[ClauseView]) -> tuple[tuple[Outcome, str, int], ...]:
    outcomes = [view.clause.outcome for view in views]
    return tuple(
        (outcome, words, outcomes.count(outcome))
        for outcome, words in OUTCOMES.items()
        if outcome in outcomes
    )


def _anchors(clauses: Iterable[ClauseV1]) -> list[str]:
    """Return an address for each clause: its id, unless that is no id or stands there twice."""
    used: set[str] = set()
    anchors: list[str] = []
    for number, clause in enumerate(clauses, 1):
        anchor = clause.id if _ID.match(clause.id) and clause.id not in used else f"clause-{number}"
        used.add(anchor)
        anchors.append(anchor)
    return anchors


def _check(check: CheckV1, found: Pile, quotes: Quotes) -> CheckView:
    if found.total:
        places = tuple(_finding(row.finding, row.count, found, quotes) for row in found.rows)
        return CheckView(check=check, found=found, places=places, more=0)
    shown = evidence(check)
    return CheckView(
        check=check,
        found=found,
        places=tuple(_evidence(one, check, quotes) for one in shown),
        more=len(check.evidence) - len(shown),
    )


def _finding(one: FindingV1, count: int, found: Pile, quotes: Quotes) -> Place:
    return Place(
        path=one.path,
        line=one.line,
        column=one.column,
        told=_NOTHING if found.message else one.message,
        rule=rule_of(one),
        count=count,
        fingerprint=one.fingerprint,
        quote=quotes.at(one.path, one.line, one.fingerprint),
    )


def _evidence(one: EvidenceV1, check: CheckV1, quotes: Quotes) -> Place:
    return Place(
        path=one.path,
        line=one.line,
        column=0,
        told=_NOTHING if one.detail == check.detail else one.detail,
        rule=_NOTHING,
        count=1,
        fingerprint=_NOTHING,
        quote=quotes.at(one.path, one.line),
    )
