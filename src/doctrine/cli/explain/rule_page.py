"""A tool's rule: the clauses it is evidence for, and what it is merged with."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.cli.checks_in_words import check_in_words
from doctrine.cli.explain.project import Seen, write_findings
from doctrine.cli.explain.rules import Rule, clauses_of, merged_with, programs
from doctrine.model.defect import Defects
from doctrine.model.guide import Guide
from doctrine.reports.terminal.page import Page, styled

_WHERE = {
    "definition": "on one function are one defect",
    "symbol": "about one name on one line are one defect",
    "line": "on one line are one defect",
}


def write_rule(page: Page, guide: Guide, defects: Defects, rule: Rule, seen: Seen | None) -> None:
    """Write everything about a rule.

    Args:
        page: Where.
        guide: The clauses.
        defects: Rules about the same defect.
        rule: The rule.
        seen: A project, if one was named.
    """
    page.line()
    page.paragraph(page.plain(f"{rule.tool}:{rule.name}", "bold"))
    if rule.summary:
        page.paragraph(page.prose(rule.summary), "  ")
    page.line()
    asking = clauses_of(guide, rule)
    if not asking:
        page.paragraph(
            page.prose(
                "No clause asks for this rule: a finding of it is advice and fails nothing."
            ),
            "  ",
        )
    for clause, check in asking:
        title = styled(clause.id, "bold").append(f"  {clause.keyword}  ", style="dim")
        page.paragraph(title.append_text(page.prose(clause.statement)), "  ")
        body = styled(f"{check.id}: ", "cyan").append_text(page.prose(check_in_words(check)))
        page.paragraph(body, f"    {page.marks.idle} ")
    for words in _merged(guide, defects, rule):
        page.line()
        page.paragraph(page.prose(words), "  ")
    if seen is not None:
        _write_project(page, rule, seen)


def _merged(guide: Guide, defects: Defects, rule: Rule) -> Iterator[str]:
    """Yield one paragraph for each class of defects that the rule belongs to."""
    own = {_shown(f"{run}:{rule.name}") for run in rule.runs}
    for name, members in merged_with(defects, rule).items():
        names = list(dict.fromkeys(_shown(key) for key in members))
        others = ", ".join(f"`{one}`" for one in names if one not in own)
        kind = "line"
        if name in defects.by_definition:
            kind = "definition"
        elif name in defects.by_symbol:
            kind = "symbol"
        yield (
            f"Merged with {others}: their reports {_WHERE[kind]} ({name.replace('-', ' ')}), told "
            f"in the words of `{names[0]}` where that is among them{_also(guide, rule, members)}."
        )


def _shown(key: str) -> str:
    return key.replace("ruff-guide:", "ruff:")


def _also(guide: Guide, rule: Rule, members: tuple[str, ...]) -> str:
    """Return the clauses that a merged report counts for besides the rule's own."""
    own = {clause.id for clause, _ in clauses_of(guide, rule)}
    through: dict[str, None] = {}
    for key in members:
        run, _, name = key.partition(":")
        other = Rule(tool=run, name=name, runs=(run,))
        through |= dict.fromkeys(clause.id for clause, _ in clauses_of(guide, other))
    more = [one for one in through if one not in own]
    return f"; together they count for {', '.join(more)} as well" if more else ""


def _write_project(page: Page, rule: Rule, seen: Seen) -> None:
    known = programs()
    wanted = {(name, rule.name) for run in rule.runs for name in (run, known[run])}
    found = [
        one
        for one in seen.report.findings
        if any((by.tool, by.rule) in wanted for by in one.reported_by)
    ]
    page.heading(f"In {page.plain(seen.report.project.name).plain}", page.plain(seen.source).plain)
    count = "1 finding" if len(found) == 1 else f"{len(found):,} findings"
    page.paragraph(page.plain(count), "  ")
    write_findings(page, found, seen)
