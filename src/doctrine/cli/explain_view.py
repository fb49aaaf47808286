"""Everything there is to know about one clause."""

from __future__ import annotations

from difflib import get_close_matches

from rich.text import Text

from doctrine.cli.advice_view import recommendation_of, write_advised, write_recommendation
from doctrine.cli.checks_in_words import check_in_words
from doctrine.cli.conditions import condition_in_words
from doctrine.cli.examples_view import chosen_examples, show_example
from doctrine.errors import UsageError
from doctrine.model.guide import Clause, Guide, Level, Verification
from doctrine.reports._format import Canvas
from doctrine.reports._text import visible
from doctrine.reports.terminal.page import Page, styled

_NEAREST = 3
_HOW_FAR = {
    Verification.AUTOMATED: "by machine",
    Verification.PARTIAL: "by machine in part: it can prove a failure, and a pass only half",
    Verification.ATTESTATION: "by a person, whose word is on record",
}
_LABEL = 9


def find_clause(guide: Guide, clause_id: str) -> Clause:
    """Return a clause by its id, in any case.

    Args:
        guide: Where to look.
        clause_id: What the user typed.

    Raises:
        UsageError: There is none; the hint names the nearest.
    """
    wanted = clause_id.strip().upper()
    found = guide.clause(wanted)
    if found is None:
        ids = [clause.id for clause in guide.clauses]
        near = (
            get_close_matches(wanted, ids, n=_NEAREST, cutoff=0.5)
            or [one for one in ids if wanted and one.startswith(wanted[:3])][:_NEAREST]
        )
        hint = f"did you mean {' or '.join(near)}?" if near else "`doctrine clauses` lists them all"
        raise UsageError(f"the guide has no clause {visible(clause_id)!r}", hint=hint)
    return found


def render_explain(guide: Guide, clause_id: str, canvas: Canvas) -> str:
    """Return what a clause asks, why, when, how it is decided, and what it looks like.

    Args:
        guide: The guide.
        clause_id: Id of a clause or a recommendation, in any case.
        canvas: What it is shown on.

    Raises:
        UsageError: The guide has no such clause.
    """
    page = Page(canvas)
    if wanted := recommendation_of(guide, clause_id):
        write_recommendation(page, guide, wanted)
        return page.drain()
    clause = find_clause(guide, clause_id)
    page.line()
    title = (
        styled(clause.id, "bold").append("  ").append(clause.keyword, style=_level_style(clause))
    )
    page.paragraph(title.append("  ").append_text(page.prose(clause.section, "dim")))
    page.line()
    page.paragraph(page.prose(clause.statement, "bold"), "  ")
    page.line()
    for label, words in _parts(guide, clause):
        _labelled(page, label, page.prose(words))
    page.line()
    if not clause.umbrella:
        _labelled(page, "decided", page.prose(_HOW_FAR[clause.verification]))
    for check in clause.checks:
        body = styled(f"{check.id}: ", "cyan").append_text(page.prose(check_in_words(check)))
        page.paragraph(body, f"{' ' * (4 if page.narrow else _LABEL + 2)}{page.marks.idle} ")
    if clause.parents:
        _labelled(page, "needs", page.prose(f"{', '.join(clause.parents)}: fails where they fail"))
    if not clause.waivable:
        _labelled(page, "waivers", page.prose("none is honoured"))
    write_advised(page, guide, clause)
    for shown in chosen_examples(guide, clause):
        page.line()
        show_example(page, shown, clause, _LABEL + 2)
    return page.drain()


def _parts(guide: Guide, clause: Clause) -> list[tuple[str, str]]:
    lines = f"line {clause.line}"
    if clause.end_line > clause.line:
        lines = f"lines {clause.line} to {clause.end_line}"
    restates = ", ".join(clause.members)
    parts = (
        ("why", clause.rationale),
        ("applies", condition_in_words(clause.condition)),
        ("restates", f"{restates}: takes their outcome and is not scored" if restates else ""),
        ("remedy", clause.remedy),
        ("source", f"{guide.title} {guide.version}, {clause.section}, {lines}"),
    )
    return [(label, words) for label, words in parts if words]


def _labelled(page: Page, label: str, body: Text) -> None:
    if page.narrow:
        page.paragraph(styled(f"{label}: ", "dim").append_text(body), "  ")
    else:
        page.paragraph(body, styled(f"  {label:<{_LABEL}}", "dim"))


def _level_style(clause: Clause) -> str:
    return {Level.MUST: "bold red", Level.SHOULD: "bold yellow"}.get(clause.level, "bold cyan")
