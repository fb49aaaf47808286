"""The clauses: what fails with everything about it, and what holds in a line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._shape import CheckV1, ClauseV1, FindingV1, ReportV1, WaiverV1
from doctrine.reports._text import counted, number
from doctrine.reports.terminal.digest import ROWS, Pile, by_outcome, pile, rule_of
from doctrine.reports.terminal.page import Page, styled
from doctrine.statements.excusing import told

_SEE_ALL = "doctrine check --format json shows all"
_STYLES = {
    Outcome.FAIL: "red",
    Outcome.ERROR: "magenta",
    Outcome.UNVERIFIED: "yellow",
    Outcome.PASS: "green",
}


class Clauses:
    """Writes the clauses of one report on a page."""

    def __init__(self, page: Page, report: ReportV1) -> None:
        """Index the report's findings once."""
        self._page = page
        self._report = report
        self._known: dict[str, FindingV1] = {one.fingerprint: one for one in report.findings}
        marks = page.marks
        self._marks = {
            Outcome.FAIL: marks.failed,
            Outcome.ERROR: marks.error,
            Outcome.UNVERIFIED: marks.unverified,
            Outcome.PASS: marks.passed,
        }

    def write_failing(self, level: Level) -> None:
        """Write every failing clause of a level, umbrellas in a line at the end."""
        failing = [one for one in by_outcome(self._report, Outcome.FAIL) if one.level is level]
        own = [one for one in failing if not one.members]
        if not failing:
            return
        self._page.heading(f"{level.value} fails", counted(len(own), "clause"), "bold red")
        for verdict in own:
            self._page.line()
            self._write_failure(verdict)
        self._write_umbrellas([one for one in failing if one.members])

    def _write_umbrellas(self, umbrellas: list[ClauseV1]) -> None:
        if umbrellas:
            self._page.line()
        for verdict in umbrellas:
            self._page.paragraph(
                self._page.prose(f"{verdict.id} restates others: {verdict.reason}", "dim"),
                "  ",
            )

    def write_open(self, outcome: Outcome, title: str) -> None:
        """Write the clauses that could not be decided, one reason for all that share it."""
        found = by_outcome(self._report, outcome)
        if not found:
            return
        style = _STYLES[outcome]
        self._page.heading(title, counted(len(found), "clause"), f"bold {style}")
        for reason, verdicts in _by_reason(found):
            self._page.line()
            for verdict in verdicts:
                self._title(verdict, self._marks[outcome], style)
            indent = "  " if self._page.narrow else "    "
            self._page.paragraph(self._page.prose(reason, "dim"), indent)

    def write_excepted(self) -> None:
        """Write what a waiver or a person's word settles, and what it hides."""
        found = [
            *by_outcome(self._report, Outcome.WAIVED),
            *by_outcome(self._report, Outcome.ATTESTED),
        ]
        if not found:
            return
        page = self._page
        page.heading("Waived or attested", counted(len(found), "clause"), "bold cyan")
        for verdict in found:
            self._title(verdict, page.marks.excepted, "cyan")
            excuse = verdict.waiver or verdict.attestation
            if excuse is None:
                told = f"{verdict.outcome.value}: {verdict.reason}"
                page.paragraph(page.prose(told, "dim"), "    ")
                continue
            page.paragraph(page.prose(verdict.reason), "    ")
            hidden = f"without it: {excuse.outcome_without}, {excuse.reason_without}"
            page.paragraph(page.prose(hidden, "dim"), "    ")

    def write_holding(self) -> None:
        """Write the ids of what holds, those on partial proof marked."""
        found = by_outcome(self._report, Outcome.PASS)
        if not found:
            return
        marks = self._page.marks
        partial = sum(one.partial for one in found)
        note = counted(len(found), "clause")
        if partial:
            note += f", {partial} on partial proof ({marks.excepted})"
        self._page.heading("Holds", note, "bold green")
        self._page.grid(
            styled(f"{marks.excepted if one.partial else marks.passed} ", "green").append(one.id)
            for one in found
        )

    def write_idle(self) -> None:
        """Write what does not apply, with the fact that says so."""
        found = by_outcome(self._report, Outcome.NOT_APPLICABLE)
        if not found:
            return
        self._page.heading("Does not apply", counted(len(found), "clause"), "bold")
        for reason, verdicts in _by_reason(found):
            ids = Text(", ".join(one.id for one in verdicts), end="")
            ids.append("  ").append_text(self._page.prose(reason, "dim"))
            self._page.paragraph(ids, f"{self._page.marks.idle} ")

    def _title(self, clause: ClauseV1, mark: str, style: str, tail: str = "") -> None:
        lead = styled(f"{mark} ", style).append(clause.id, style="bold")
        lead.append(f" {clause.level.value:<6} ", style="dim")
        body = self._page.prose(clause.statement)
        if tail:
            body.append(f"  {tail}", style="dim")
        if self._page.narrow:
            self._page.line(lead)
            self._page.paragraph(body, "  ")
        else:
            self._page.paragraph(body, lead)

    def _write_failure(self, verdict: ClauseV1) -> None:
        lost = verdict.points_lost
        tail = f"costs {counted_points(lost)}" if lost else ""
        self._title(verdict, self._page.marks.failed, "red", tail)
        others, held = _parted(verdict.checks)
        labels = ("holds" if held else "why", "waived" if verdict.waiver else "why")
        wide = max(map(len, (*(one.id for one in others), *labels))) + 2
        for check in others:
            self._write_check(check, wide)
        if all(one.outcome is not Outcome.FAIL for one in others):
            self._labelled("", self._page.prose(verdict.reason), wide)
        if held:
            self._labelled("holds", self._page.plain(", ".join(held), "dim"), wide)
        if verdict.waiver is not None:
            count = counted(len(verdict.waiver.findings), "more finding")
            self._labelled("waived", self._page.prose(f"{count} {_waived(verdict.waiver)}"), wide)
        self._labelled("why", self._page.prose(verdict.rationale, "dim"), wide)
        self._labelled("fix", self._page.prose(verdict.remedy), wide)

    def _labelled(self, label: str, body: Text, wide: int, style: str = "dim") -> None:
        if not body.plain:
            return
        if self._page.narrow:
            lead = Text("  ", end="").append(f"{label}: " if label else "", style=style)
            self._page.paragraph(lead[2:].append_text(body), "  ")
        else:
            self._page.paragraph(body, styled(f"  {label:<{wide}}", style))

    def _write_check(self, check: CheckV1, wide: int) -> None:
        page = self._page
        style = _STYLES.get(check.outcome, "dim")
        found = pile(check.findings, self._known)
        alone = found.total == 1 and check.outcome is Outcome.FAIL
        detail = page.prose(check.detail)
        if check.outcome is not Outcome.FAIL:
            detail.append(f" ({check.outcome.value})", style=style)
        if found.fixable:
            detail.append(f", {found.fixable:,} with a safe fix", style="green")
        if alone:
            detail = page.prose("1 finding")
        self._labelled(check.id, detail, wide, style)
        indent = " " * (4 if page.narrow else wide + 2)
        if found.total:
            self._write_pile(found, indent)
        else:
            self._write_evidence(check, indent)

    def _write_pile(self, found: Pile, indent: str) -> None:
        page = self._page
        if found.message:
            page.paragraph(page.prose(found.message, limit=240), indent)
        counts = [f"{row.count:,}{page.marks.times} " for row in found.rows]
        wide = max(map(len, counts)) if found.total > len(found.rows) else 0
        for row, count in zip(found.rows, counts, strict=True):
            where = row.finding
            body = page.plain(rule_of(row.finding), "dim")
            if not found.message:
                first = "first: " if row.count > 1 else ""
                told = page.prose(f"{first}{row.finding.message}", limit=240)
                body = told.append("  ").append_text(body)
            lead = styled(indent + (count.rjust(wide) if wide else ""), "dim")
            page.entry(page.place(where.path, where.line, where.column), body, lead)
        if found.left:
            page.paragraph(
                page.plain(
                    f"and {found.left:,} more in {counted(found.left_files, 'file')} ({_SEE_ALL})",
                    "dim",
                ),
                f"{indent}{page.marks.more} ",
            )

    def _write_evidence(self, check: CheckV1, indent: str) -> None:
        page = self._page
        for one in check.evidence[:ROWS]:
            told = "" if one.detail == check.detail else one.detail
            page.entry(page.place(one.path, one.line), page.prose(told, "dim", limit=240), indent)
        more = len(check.evidence) - ROWS
        if more > 0:
            page.paragraph(
                page.plain(f"and {counted(more, 'more place', 'more places')} ({_SEE_ALL})", "dim"),
                f"{indent}{page.marks.more} ",
            )


def _waived(waiver: WaiverV1) -> str:
    return told(
        "waived",
        owner=waiver.owner,
        expires=waiver.expires,
        days_left=waiver.days_left,
        words=waiver.reason,
        paths=waiver.paths,
    )


def counted_points(points: float) -> str:
    """Return ``1 point``, ``3.5 points``."""
    shown = number(points)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def _by_reason(
    verdicts: Iterable[ClauseV1],
) -> Iterable[tuple[str, list[ClauseV1]]]:
    groups: dict[str, list[ClauseV1]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.reason, []).append(verdict)
    return groups.items()


def _parted(checks: tuple[CheckV1, ...]) -> tuple[list[CheckV1], list[str]]:
    """Return the checks that do not hold, and the ids of those that do."""
    others = [one for one in checks if one.outcome is not Outcome.PASS]
    return others, [one.id for one in checks if one.outcome is Outcome.PASS]
