"""What a view leaves of a report, and how much it hides. Pure."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.patterns import matcher
from doctrine.reports._partial import is_settled
from doctrine.reports._text import counted
from doctrine.reports._view import Sort

if TYPE_CHECKING:
    from doctrine.reports._issues import Issue
    from doctrine.reports._shape import CheckV1, ClauseV1, EvidenceV1, FindingV1, ReportV1
    from doctrine.reports._since import Since
    from doctrine.reports._view import View

_LEVELS = tuple(Level)
_LAST = "\U0010ffff"
"""Sorts behind every path."""


class Selection:
    """The clauses, findings and evidence that a view shows.

    Attributes:
        clauses: The clauses, in the order that the view asks for.
        known: Every finding of the report, by fingerprint.
    """

    def __init__(self, report: ReportV1, view: View, change: Since | None) -> None:
        """Choose.

        Args:
            report: Any report.
            view: What the reader wants to see.
            change: What changed since an earlier run, if there is one.
        """
        self._report = report
        self._view = view
        self._inside: Callable[[str], bool] | None = matcher(view.paths) if view.paths else None
        self._new = change.new if view.new and change is not None else None
        self._worse = change.worse if change is not None else frozenset[str]()
        self._nothing_to_compare = view.new and self._new is None
        self.known: Mapping[str, FindingV1] = {one.fingerprint: one for one in report.findings}
        wanted = _expanded(view.show, report.clauses)
        self.clauses: Sequence[ClauseV1] = self._sorted(
            one for one in report.clauses if self._shows(one, wanted)
        )

    def findings(self, check: CheckV1) -> list[FindingV1]:
        """Return the findings of a check that are shown, in its order."""
        found = (self.known[one] for one in check.findings if one in self.known)
        return [one for one in found if self.shows(one)]

    def evidence(self, check: CheckV1) -> Sequence[EvidenceV1]:
        """Return the evidence of a check that is shown."""
        inside = self._inside
        if inside is None:
            return check.evidence
        return [one for one in check.evidence if inside(one.path)]

    def shows(self, finding: FindingV1) -> bool:
        """Return whether the view shows a finding, as far as its place and age go."""
        if self._new is not None and finding.fingerprint not in self._new:
            return False
        return self._inside is None or self._inside(finding.path)

    def lets(self, issue: Issue) -> bool:
        """Return whether the view shows a reason why a clause does not hold."""
        if issue.finding is not None:
            return self.shows(issue.finding)
        if self._new is not None and issue.clause.id not in self._worse:
            return False
        return self._inside is None or self._inside(issue.path)

    @cached_property
    def hidden(self) -> str:
        """Return what is not shown, in words; empty where everything is."""
        view = self._view
        if not view.filters:
            return ""
        checks = [check for one in self.clauses for check in one.checks]
        unseen = sum(len(check.findings) - len(self.findings(check)) for check in checks)
        more = f" and {counted(unseen, 'finding')} of those shown" if unseen > 0 else ""
        sentence = f"hidden by {shlex.join(flags(view))}: {self._left_out()}{more}"
        if self._nothing_to_compare:
            sentence += "; there is no earlier run that tells what is new"
        return sentence

    def _left_out(self) -> str:
        """Return how many clauses are not shown, and the worst of their outcomes."""
        shown = {id(one) for one in self.clauses}
        rest = [one for one in self._report.clauses if id(one) not in shown]
        outcomes = Counter(one.outcome for one in rest)
        worst = (Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED)
        parts = [f"{outcomes[one]:,} {one.value}" for one in worst if outcomes[one]]
        return counted(len(rest), "clause") + (f" ({', '.join(parts)})" if parts else "")

    def _shows(self, clause: ClauseV1, wanted: frozenset[str]) -> bool:
        view = self._view
        # What a partial run left open is told in a sentence, unless somebody asks for it.
        asked = bool(wanted or view.outcomes) or view.whole
        if not asked and not is_settled(clause, self._report):
            return False
        return (
            _admits(wanted, clause.id)
            and _admits(view.outcomes, clause.outcome)
            and _admits(view.levels, clause.level)
            and self._is_touched(clause)
        )

    def _is_touched(self, clause: ClauseV1) -> bool:
        """Return whether anything of a clause lies where, and is as young, as the view asks."""
        if self._inside is None and self._new is None:
            return True
        if self._new is not None and clause.id in self._worse and self._inside is None:
            return True
        if any(self.findings(check) for check in clause.checks):
            return True
        return self._new is None and any(self.evidence(check) for check in clause.checks)

    def _sorted(self, clauses: Iterable[ClauseV1]) -> list[ClauseV1]:
        keys: Mapping[Sort, Callable[[ClauseV1], tuple[str, float]]] = {
            Sort.GUIDE: lambda _: ("", 0),
            Sort.POINTS: lambda one: ("", -one.points_lost),
            Sort.LEVEL: lambda one: ("", _LEVELS.index(one.level)),
            Sort.SECTION: lambda one: (one.section.casefold(), 0),
            Sort.ID: lambda one: (one.id, 0),
            Sort.FINDINGS: lambda one: ("", -sum(len(self.findings(each)) for each in one.checks)),
            Sort.PATH: self._first_place,
        }
        return sorted(clauses, key=keys[self._view.sort or Sort.LEVEL])

    def _first_place(self, clause: ClauseV1) -> tuple[str, int]:
        places = [
            (one.path, one.line) for check in clause.checks for one in self.findings(check)
        ] or [(one.path, one.line) for check in clause.checks for one in self.evidence(check)]
        return min(places, default=(_LAST, 0))


def _admits(wanted: Collection[object], value: object) -> bool:
    """Return whether a filter lets something through; one that names nothing lets everything."""
    return not wanted or value in wanted


def flags(view: View) -> list[str]:
    """Return the flags that filter as a view does."""
    words = [word for one in view.show for word in ("--show", one)]
    for flag, values in (("--outcome", view.outcomes), ("--level", view.levels)):
        words += (flag, ",".join(one.value.casefold() for one in values)) if values else ()
    words += [word for one in view.paths for word in ("--path", one)]
    return [*words, *(("--new",) if view.new else ())]


def _expanded(ids: Iterable[str], clauses: Iterable[ClauseV1]) -> frozenset[str]:
    """Return the ids with those of the clauses that an umbrella among them restates."""
    asked = frozenset(ids)
    return asked.union(*(one.members for one in clauses if one.id in asked))
