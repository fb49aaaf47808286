"""What a project has of a clause: facts, checks with their evidence, and findings."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from doctrine.cli.conditions import fact_in_words
from doctrine.model.guide import Clause, FactCheck
from doctrine.model.outcome import Outcome
from doctrine.reports._shape import ClauseV1, FindingV1, ReportV1
from doctrine.reports.terminal.page import Page, styled

_SHOWN = 5
_STYLES = {
    Outcome.FAIL: "bold red",
    Outcome.ERROR: "bold magenta",
    Outcome.UNVERIFIED: "bold yellow",
    Outcome.PASS: "bold green",
}


class Seen(Struct, frozen=True, kw_only=True):
    """A project as a report shows it.

    Attributes:
        report: The report.
        source: Where it came from.
        whole: Whether every tool ran. Where some did not, findings lack what the others would
            have said of them, and so their fingerprints are not those of a whole check.
    """

    report: ReportV1
    source: str
    whole: bool = True

    def clause(self, clause_id: str) -> ClauseV1 | None:
        """Return what became of a clause."""
        return next((one for one in self.report.clauses if one.id == clause_id), None)


def write_clause(page: Page, seen: Seen, clause: Clause) -> None:
    """Write what a project has of a clause.

    Args:
        page: Where.
        seen: The project.
        clause: The clause.
    """
    found = seen.clause(clause.id)
    page.heading(f"In {page.plain(seen.report.project.name).plain}", page.plain(seen.source).plain)
    if found is None:
        page.paragraph(page.prose("The report does not know this clause: check again."), "  ")
        return
    outcome = styled(found.outcome.value, _STYLES.get(found.outcome, "bold"))
    page.paragraph(outcome.append(": ").append_text(page.prose(found.reason)), "  ")
    for fact in _facts(clause):
        _write_fact(page, seen, fact)
    wanted = set(found.findings)
    findings = [one for one in seen.report.findings if one.fingerprint in wanted]
    told = {(one.path, one.line) for one in findings}
    for check in found.checks:
        words = styled(f"{check.id}: ", "cyan").append(check.outcome.value, style="bold")
        if check.detail != found.reason:
            words.append(", ").append_text(page.prose(check.detail))
        page.paragraph(words, f"  {page.marks.idle} ")
        for one in check.evidence[:_SHOWN]:
            if (one.path, one.line) not in told:
                page.entry(page.place(one.path, one.line), page.prose(one.detail, "dim"), "      ")
    write_findings(page, findings, seen)


def _facts(clause: Clause) -> Iterable[str]:
    conditions = [term.fact for group in clause.condition.groups for term in group]
    asked = [check.fact for check in clause.checks if isinstance(check, FactCheck)]
    return dict.fromkeys((*conditions, *asked))


def _write_fact(page: Page, seen: Seen, fact_id: str) -> None:
    fact = next((one for one in seen.report.project.facts if one.id == fact_id), None)
    if fact is None:
        return
    if fact.value is None:
        words = f"whether {fact_in_words(fact_id)} is not settled"
    else:
        words = fact_in_words(fact_id, negated=not fact.value)
    lead = f"  {page.marks.idle} "
    page.paragraph(styled("fact: ", "cyan").append_text(page.prose(words)), lead)
    for one in fact.evidence[:_SHOWN]:
        page.entry(page.place(one.path, one.line), page.prose(one.detail, "dim"), "      ")


def write_findings(page: Page, findings: Iterable[FindingV1], seen: Seen) -> None:
    """Write the first findings with their fingerprints, and how many more there are.

    Args:
        page: Where.
        findings: What was found, in the report's order.
        seen: The project that has them.
    """
    listed = list(findings)
    if not listed:
        return
    page.line()
    for one in listed[:_SHOWN]:
        state = "" if one.status == "new" else f"  ({one.status.value})"
        known_as = f"  {one.fingerprint}" if seen.whole else ""
        body = page.prose(one.message).append(f"{known_as}{state}", style="dim")
        page.entry(page.place(one.path, one.line, one.column), body, "  ")
    if len(listed) > _SHOWN:
        page.paragraph(page.plain(f"and {len(listed) - _SHOWN:,} more", "dim"), "  ")
