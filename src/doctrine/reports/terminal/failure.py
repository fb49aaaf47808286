"""One clause with what speaks against it: checks, findings with their source, evidence, remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.text import Text

from doctrine.model.outcome import Outcome
from doctrine.reports._digest import ROWS, Pile, Row, pile
from doctrine.reports._selection import Selection
from doctrine.reports._shape import (
    AttestationV1,
    CheckV1,
    ClauseV1,
    EvidenceV1,
    FindingV1,
    WaiverV1,
)
from doctrine.reports._text import counted, number
from doctrine.reports.terminal.excerpt import Span
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.quoting import Quotes
from doctrine.reports.terminal.styles import outcome_style
from doctrine.statements.excusing import told

_QUOTED = 3
"""Findings of a check that are quoted, where not all are wanted; the others are named."""
_MESSAGE = 240
"""Characters of a message; the JSON report has all of it."""
_RULES = 6
"""Rules of a pile that are named."""
_PRINT = 8
"""Characters of a fingerprint: enough to ask ``doctrine explain`` for the finding."""


class Writer(Struct, frozen=True, kw_only=True):
    """Writes clauses on a page.

    Attributes:
        page: Where.
        chosen: What is shown.
        quotes: Quotes the sources.
        new: Fingerprints of what is new, to be marked; empty where nothing or everything is.
        whole: Whether all findings, all evidence and all checks are wanted.
        again: The command that shows a report again.
    """

    page: Page
    chosen: Selection
    quotes: Quotes
    new: frozenset[str]
    whole: bool
    again: str

    def title(self, clause: ClauseV1, tail: str = "") -> None:
        """Write a clause's mark, id, level and statement."""
        page, style = self.page, outcome_style(clause.outcome)
        lead = styled(f"{page.mark(clause.outcome)} ", style)
        lead.append(page.plain(clause.id).plain, style="bold")
        lead.append(f" {clause.level.value:<6} ", style="dim")
        body = page.prose(clause.statement)
        if tail:
            body.append(f"  {tail}", style="dim")
        if page.narrow:
            page.line(lead)
            page.paragraph(body, "  ")
        else:
            page.paragraph(body, lead)

    def clause(self, clause: ClauseV1) -> None:
        """Write a clause with everything about it that is shown."""
        lost = clause.points_lost
        tail = f"costs {counted_points(lost)}" if lost else ""
        self.title(clause, tail if clause.outcome is Outcome.FAIL else "")
        others, held = _parted(clause.checks, whole=self.whole)
        wide = _width(clause, others, held)
        self._reasons(clause, others, wide)
        if held:
            self._labelled("holds", self.page.plain(", ".join(held), "dim"), wide)
        self._excuse(clause, wide)
        self._labelled("why", self.page.prose(clause.rationale, "dim"), wide)
        if clause.members:
            self._labelled("of", self.page.plain(", ".join(clause.members)), wide)
        if clause.outcome not in {Outcome.PASS, Outcome.NOT_APPLICABLE}:
            self._labelled("fix", self.page.prose(clause.remedy), wide)

    def _reasons(self, clause: ClauseV1, checks: Sequence[CheckV1], wide: int) -> None:
        """Write why a clause is what it is: its own reason, unless a check says why it fails."""
        fails = clause.outcome is Outcome.FAIL
        if not fails:
            style = outcome_style(clause.outcome)
            self._labelled(clause.outcome.value, self.page.prose(clause.reason), wide, style)
        for check in checks:
            self._check(check, clause, wide)
        if fails and not any(one.outcome is Outcome.FAIL for one in checks):
            self._labelled("", self.page.prose(clause.reason), wide)

    def _excuse(self, clause: ClauseV1, wide: int) -> None:
        waiver = clause.waiver
        if waiver is not None and clause.outcome is Outcome.FAIL:
            count = counted(len(waiver.findings), "more finding")
            self._labelled("waived", self.page.prose(f"{count} {_waived(waiver)}"), wide)
            return
        excuse: WaiverV1 | AttestationV1 | None = waiver or clause.attestation
        if excuse is not None:
            hidden = f"without it: {excuse.outcome_without}, {excuse.reason_without}"
            self._labelled("hides", self.page.prose(hidden, "dim"), wide)

    def _labelled(self, label: str, body: Text, wide: int, style: str = "dim") -> None:
        if not body.plain:
            return
        label = self.page.plain(label).plain
        if self.page.narrow:
            lead = Text("  ", end="").append(f"{label}: " if label else "", style=style)
            self.page.paragraph(lead[2:].append_text(body), "  ")
        else:
            self.page.paragraph(body, styled(f"  {label:<{wide}}", style))

    def _check(self, check: CheckV1, clause: ClauseV1, wide: int) -> None:
        page = self.page
        style = outcome_style(check.outcome)
        prints = [one.fingerprint for one in self.chosen.findings(check)]
        found = pile(prints, self.chosen.known, whole=self.whole)
        # Where there is one finding, the detail of its check is the finding.
        alone = found.total == 1 and check.outcome is Outcome.FAIL
        detail = page.prose("1 finding" if alone else check.detail)
        if check.outcome is not Outcome.FAIL:
            detail.append(f" ({check.outcome.value})", style=style)
        if found.fixable:
            detail.append(f", {found.fixable:,} with a safe fix", style="green")
        fresh = sum(one in self.new for one in prints)
        if fresh:
            detail.append(f", {fresh:,} new", style="yellow")
        self._labelled(check.id, detail, wide, style)
        indent = " " * (4 if page.narrow else wide + 2)
        if found.total:
            self._pile(found, clause, indent)
        self._evidence(check, clause, indent, found)

    def _pile(self, found: Pile, clause: ClauseV1, indent: str) -> None:
        page = self.page
        if found.message:
            page.paragraph(page.prose(found.message, limit=_MESSAGE), indent)
        if found.total > len(found.rows) and len(found.rules) > 1:
            page.paragraph(self._rules(found), styled(f"{indent}by rule: ", "dim"))
        self._rows(found, indent)
        if found.left:
            left = f"and {found.left:,} more in {counted(found.left_files, 'file')}"
            self._more(left, clause, indent)

    def _rows(self, found: Pile, indent: str) -> None:
        page = self.page
        counts = [f"{row.count:,}{page.marks.times} " for row in found.rows]
        several = any(row.count > 1 for row in found.rows)
        wide = max(map(len, counts)) if several else 0
        # Of a pile of many files the first finding is an example; of a few findings most are quoted.
        quoted = 1 if found.total > len(found.rows) else _QUOTED
        for row, count in zip(found.rows, counts, strict=True):
            lead = styled(indent + count.rjust(wide) if wide else indent, "dim")
            self._finding(row, lead, shared=bool(found.message))
            if self.whole or (quoted > 0 and not _is_file(row.finding)):
                below = " " * (cell_len(lead.plain) + 2)
                self.quotes.write(row.finding.path, _span(row.finding), below)
                quoted -= 1

    def _rules(self, found: Pile) -> Text:
        """Return the most frequent rules of a pile that has several."""
        page = self.page
        named = [f"{rule} {page.marks.times}{count:,}" for rule, count in found.rules[:_RULES]]
        more = len(found.rules) - _RULES
        tail = [f"and {counted(more, 'more rule', 'more rules')}"] if more > 0 else []
        return page.plain(", ".join((*named, *tail)), "dim")

    def _finding(self, row: Row, lead: Text, *, shared: bool) -> None:
        page, found = self.page, row.finding
        body = Text(end="")
        if not shared:
            first = "first: " if row.count > 1 else ""
            limit = 2_000 if self.whole else _MESSAGE
            body.append_text(page.prose(f"{first}{found.message}", limit=limit))
        tail = page.rules(found.reported_by)
        if found.fingerprint in self.new:
            tail.append("  " if tail.plain else "").append("new", style="yellow")
        if self.whole:
            tail.append("  " if tail.plain else "")
            tail.append_text(page.plain(found.fingerprint[:_PRINT], "dim"))
        page.entry(page.place(found.path, found.line, found.column), body, lead, tail)

    def _evidence(self, check: CheckV1, clause: ClauseV1, indent: str, found: Pile) -> None:
        """Write the evidence; where findings were written, only if all of it is wanted."""
        if found.total and not self.whole:
            return
        told = {(row.finding.path, row.finding.line) for row in found.rows}
        evidence = [one for one in self.chosen.evidence(check) if (one.path, one.line) not in told]
        shown: Sequence[EvidenceV1] = evidence if self.whole else evidence[:ROWS]
        page = self.page
        for one in shown:
            detail = "" if one.detail == check.detail else one.detail
            where = page.place(one.path, one.line)
            page.entry(where, page.prose(detail, "dim", limit=_MESSAGE), indent)
        more = len(evidence) - len(shown)
        if more > 0:
            self._more(f"and {counted(more, 'more place', 'more places')}", clause, indent)

    def _more(self, left: str, clause: ClauseV1, indent: str) -> None:
        """Write what is left out, and the command that shows it."""
        page = self.page
        told = page.prose(f"{left}: `{self.again} --show {clause.id}`", "dim")
        page.paragraph(told, f"{indent}{page.marks.more} ")


def _width(clause: ClauseV1, checks: Iterable[CheckV1], held: Collection[str]) -> int:
    """Return how many cells the labels of a clause take."""
    labels = ["holds" if held else "why", "waived" if clause.waiver else "why"]
    if clause.outcome is not Outcome.FAIL:
        labels.append(clause.outcome.value)
    return min(28, max(map(len, (*(one.id for one in checks), *labels))) + 2)


def counted_points(points: float) -> str:
    """Return ``1 point``, ``3.5 points``."""
    shown = number(points)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def _span(found: FindingV1) -> Span:
    return Span(
        line=found.line,
        column=found.column,
        end_line=found.end_line,
        end_column=found.end_column,
    )


def _is_file(found: FindingV1) -> bool:
    """Return whether a finding is about a file and not about its first line."""
    return (found.line, found.column, found.end_line, found.end_column) == (1, 1, 1, 1)


def _waived(waiver: WaiverV1) -> str:
    return told(
        "waived",
        owner=waiver.owner,
        expires=waiver.expires,
        days_left=waiver.days_left,
        words=waiver.reason,
        paths=waiver.paths,
    )


def _parted(checks: Iterable[CheckV1], *, whole: bool) -> tuple[list[CheckV1], list[str]]:
    """Return the checks to tell of, and the ids of those that hold and are only named."""
    every = list(checks)
    if whole:
        return every, []
    others = [one for one in every if one.outcome is not Outcome.PASS]
    return others, [one.id for one in every if one.outcome is Outcome.PASS]
