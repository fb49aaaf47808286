"""The clauses: what fails with everything about it, and what holds in a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._shape import ClauseV1
from doctrine.reports._text import counted
from doctrine.reports._view import Sort
from doctrine.reports.terminal.failure import Writer
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import outcome_style

_TOGETHER = frozenset({Sort.GUIDE, Sort.SECTION, Sort.ID, Sort.FINDINGS, Sort.PATH})
"""Orders that a heading for each level would tear apart."""


class Clauses:
    """Writes the clauses of a selection on a page, the most urgent first."""

    def __init__(self, writer: Writer, sort: Sort | None) -> None:
        """Take what writes a single one, and the order that was asked for."""
        self._writer = writer
        self._page: Page = writer.page
        self._clauses = writer.chosen.clauses
        self._sort = sort

    def write_failing(self) -> None:
        """Write every failing clause, MUST before SHOULD unless the order says otherwise."""
        if self._sort in _TOGETHER:
            self._write_failing("Fails", tuple(Level))
            return
        for level in Level:
            self._write_failing(f"{level.value} fails", (level,))

    def _write_failing(self, title: str, levels: tuple[Level, ...]) -> None:
        failing = [one for one in self._of(Outcome.FAIL) if one.level in levels]
        own = [one for one in failing if not one.members]
        if not failing:
            return
        self._page.heading(title, counted(len(own), "clause"), "bold red")
        for clause in own:
            self._page.line()
            self._writer.clause(clause)
        self._write_umbrellas([one for one in failing if one.members])

    def _write_umbrellas(self, umbrellas: Sequence[ClauseV1]) -> None:
        if umbrellas:
            self._page.line()
        for one in umbrellas:
            told = self._page.prose(f"{one.id} restates others: {one.reason}", "dim")
            self._page.paragraph(told, "  ")

    def write_open(self, outcome: Outcome, title: str) -> None:
        """Write the clauses that could not be decided, one reason for all that share it."""
        found = self._of(outcome)
        if not found:
            return
        self._page.heading(title, counted(len(found), "clause"), f"bold {outcome_style(outcome)}")
        if self._writer.whole:
            self._write_whole(found)
            return
        for reason, clauses in _by_reason(found):
            self._page.line()
            for clause in clauses:
                self._writer.title(clause)
            indent = "  " if self._page.narrow else "    "
            self._page.paragraph(self._page.prose(reason, "dim"), indent)

    def write_excepted(self) -> None:
        """Write what a waiver or a person's word settles, and what it hides."""
        found = [*self._of(Outcome.WAIVED), *self._of(Outcome.ATTESTED)]
        if not found:
            return
        page = self._page
        page.heading("Waived or attested", counted(len(found), "clause"), "bold cyan")
        if self._writer.whole:
            self._write_whole(found)
            return
        for clause in found:
            self._writer.title(clause)
            excuse = clause.waiver or clause.attestation
            if excuse is None:
                told = f"{clause.outcome.value}: {clause.reason}"
                page.paragraph(page.prose(told, "dim"), "    ")
                continue
            page.paragraph(page.prose(clause.reason), "    ")
            hidden = f"without it: {excuse.outcome_without}, {excuse.reason_without}"
            page.paragraph(page.prose(hidden, "dim"), "    ")

    def write_holding(self) -> None:
        """Write the ids of what holds, those on partial proof marked."""
        found = self._of(Outcome.PASS)
        if not found:
            return
        marks = self._page.marks
        partial = sum(one.partial for one in found)
        note = counted(len(found), "clause")
        if partial:
            note += f", {partial} on partial proof ({marks.excepted})"
        self._page.heading("Holds", note, "bold green")
        if self._writer.whole:
            self._write_whole(found)
            return
        self._page.grid(
            styled(f"{marks.excepted if one.partial else marks.passed} ", "green").append(
                self._page.plain(one.id).plain
            )
            for one in found
        )

    def write_idle(self) -> None:
        """Write what does not apply, with the fact that says so."""
        found = self._of(Outcome.NOT_APPLICABLE)
        if not found:
            return
        self._page.heading("Does not apply", counted(len(found), "clause"), "bold")
        for reason, clauses in _by_reason(found):
            ids = Text(", ".join(one.id for one in clauses), end="")
            ids.append("  ").append_text(self._page.prose(reason, "dim"))
            self._page.paragraph(ids, f"{self._page.marks.idle} ")

    def _write_whole(self, clauses: Iterable[ClauseV1]) -> None:
        for clause in clauses:
            self._page.line()
            self._writer.clause(clause)

    def _of(self, outcome: Outcome) -> list[ClauseV1]:
        return [one for one in self._clauses if one.outcome is outcome]


def _by_reason(clauses: Iterable[ClauseV1]) -> Iterable[tuple[str, list[ClauseV1]]]:
    groups: dict[str, list[ClauseV1]] = {}
    for clause in clauses:
        groups.setdefault(clause.reason, []).append(clause)
    return groups.items()
