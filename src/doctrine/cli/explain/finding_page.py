"""One finding of a project, with the clauses that it is about."""

from __future__ import annotations

from difflib import get_close_matches

from doctrine.cli.explain.project import Seen
from doctrine.errors import UsageError
from doctrine.model.guide import Guide
from doctrine.reports._shape import FindingV1
from doctrine.reports.terminal.page import Page, styled

_NEAREST = 3
_STATUS = {
    "new": "it counts",
    "baseline": "it is in the baseline: known, and not looked at by the gate",
    "suppressed": "a comment in the code silences it",
    "waived": "a waiver excuses it",
}


def find_finding(seen: Seen, start: str) -> FindingV1:
    """Return the finding whose fingerprint begins in a way.

    Args:
        seen: The project.
        start: How it begins.

    Raises:
        UsageError: There is none, or more than one.
    """
    prints = {one.fingerprint: one for one in seen.report.findings}
    found = [one for one in prints if one.startswith(start)]
    if len(found) == 1:
        return prints[found[0]]
    where = f"in {seen.source}"
    if found:
        shown = ", ".join(sorted(found)[:_NEAREST])
        raise UsageError(
            f"{len(found)} findings {where} begin with {start!r}", hint=f"write more of it: {shown}"
        )
    near = get_close_matches(start, prints, n=_NEAREST, cutoff=0.5)
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else ("the code around it may have changed since: a JSON report lists the fingerprints")
    )
    raise UsageError(f"no finding {where} has the fingerprint {start!r}", hint=hint)


def write_finding(page: Page, guide: Guide, finding: FindingV1, seen: Seen) -> None:
    """Write everything about a finding.

    Args:
        page: Where.
        guide: The clauses.
        finding: The finding.
        seen: The project that has it.
    """
    page.line()
    page.paragraph(page.prose(finding.message, "bold"))
    page.entry(page.place(finding.path, finding.line, finding.column), page.plain(""), "  ")
    page.line()
    by = ", ".join(f"{one.tool}:{one.rule}" for one in finding.reported_by)
    page.paragraph(page.plain(f"reported by {by}"), "  ")
    status = f"{finding.severity.value}, {finding.status.value}: {_STATUS[finding.status.value]}"
    if finding.severity == "info":
        status = f"{finding.severity.value}: advice, which fails nothing"
    page.paragraph(page.plain(status), "  ")
    if finding.fix is not None:
        page.paragraph(
            page.prose(f"a fix is offered ({finding.fix.applicability.value}): "
                       f"{finding.fix.description}"), "  "
        )  # fmt: skip
    page.paragraph(page.plain(f"fingerprint {finding.fingerprint}", "dim"), "  ")
    if not finding.clauses:
        page.line()
        page.paragraph(page.prose("No clause asks for it."), "  ")
    for clause_id in finding.clauses:
        clause, verdict = guide.clause(clause_id), seen.clause(clause_id)
        page.line()
        outcome = f"  {verdict.outcome.value}" if verdict else ""
        page.paragraph(styled(clause_id, "bold").append(outcome, style="dim"), "  ")
        if clause is not None:
            page.paragraph(page.prose(clause.statement), "    ")
            page.paragraph(page.prose(f"To mend it: {clause.remedy}"), "    ")
        page.paragraph(page.prose(f"`doctrine explain {clause_id}` says more.", "dim"), "    ")
