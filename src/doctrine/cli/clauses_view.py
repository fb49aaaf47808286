"""All clauses of a guide, as a table for people or as JSON for programs."""

from __future__ import annotations

import msgspec

from doctrine.cli.checks_in_words import check_in_words, tools_of
from doctrine.cli.conditions import condition_in_words
from doctrine.model.guide import Clause, Guide, Level
from doctrine.model.recommendation import Recommendation
from doctrine.reports._format import Canvas
from doctrine.reports._text import counted
from doctrine.reports.terminal.page import Page, styled

SCHEMA = "doctrine.clauses/v1"
_STYLES = {Level.MUST: "red", Level.SHOULD: "yellow", Level.MAY: "cyan"}
_WIDE = 110
"""Columns from which the table has room for who decides."""


class CheckEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A check, in words."""

    id: str
    asks: str


class ClauseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A clause as the list gives it."""

    id: str
    level: Level
    keyword: str
    section: str
    line: int
    statement: str
    applies: str
    verification: str
    scored: bool
    restates: tuple[str, ...]
    checks: tuple[CheckEntry, ...]
    remedy: str


class RecommendationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A recommendation as the list gives it."""

    id: str
    line: int
    clauses: tuple[str, ...]
    statement: str
    remedy: str


class ClauseList(msgspec.Struct, frozen=True, kw_only=True):
    """The guide and its clauses."""

    schema: str
    guide: str
    version: str
    clauses: tuple[ClauseEntry, ...]
    recommendations: tuple[RecommendationEntry, ...]


def render_clauses(guide: Guide, canvas: Canvas) -> str:
    """Return a table of every clause, by section.

    Args:
        guide: The guide.
        canvas: What it is shown on.
    """
    page = Page(canvas)
    section = ""
    for clause in guide.clauses:
        if clause.section != section:
            section = clause.section
            page.heading(page.prose(section).plain)
        _write(page, clause)
    if guide.recommendations:
        page.heading("Recommendations", "shown without a keyword, and never scored")
    for one in guide.recommendations:
        _write_recommendation(page, one)
    counts = ", ".join(
        f"{sum(clause.level is level for clause in guide.clauses)} {level.value}" for level in Level
    )
    page.line()
    page.paragraph(
        page.plain(
            f"{counted(len(guide.clauses), 'clause')} of {guide.title} {guide.version}: {counts}",
            "dim",
        )
    )
    return page.drain()


def clauses_json(guide: Guide) -> str:
    """Return every clause as ``doctrine.clauses/v1``."""
    listing = ClauseList(
        schema=SCHEMA,
        guide=guide.id,
        version=guide.version,
        clauses=tuple(_entry(clause) for clause in guide.clauses),
        recommendations=tuple(_recommended(one) for one in guide.recommendations),
    )
    return msgspec.json.format(msgspec.json.encode(listing), indent=2).decode() + "\n"


def _write(page: Page, clause: Clause) -> None:
    lead = styled(f"{clause.id:<7} ", "bold").append(
        f"{clause.level.value:<6}  ", style=_STYLES[clause.level]
    )
    body = page.prose(clause.statement)
    how = f"{clause.verification.value}: {tools_of(clause)}".removesuffix(": ")
    if page.width >= _WIDE:
        body.append("  ").append_text(page.plain(how, "dim"))
        page.paragraph(body, lead)
    elif page.narrow:
        page.line(lead)
        page.paragraph(body, "  ")
        page.paragraph(page.plain(how, "dim"), "  ")
    else:
        page.paragraph(body, lead)
        page.paragraph(page.plain(how, "dim"), " " * len(lead.plain))


def _write_recommendation(page: Page, one: Recommendation) -> None:
    lead = styled(f"{one.id}  ", "bold")
    body = page.prose(one.statement)
    if one.clauses:
        body.append_text(page.plain(f"  {', '.join(one.clauses)}", "dim"))
    page.paragraph(body, lead)


def _recommended(one: Recommendation) -> RecommendationEntry:
    return RecommendationEntry(
        id=one.id,
        line=one.line,
        clauses=one.clauses,
        statement=one.statement,
        remedy=one.remedy,
    )


def _entry(clause: Clause) -> ClauseEntry:
    return ClauseEntry(
        id=clause.id,
        level=clause.level,
        keyword=clause.keyword,
        section=clause.section,
        line=clause.line,
        statement=clause.statement,
        applies=condition_in_words(clause.condition),
        verification=clause.verification.value,
        scored=clause.scored,
        restates=clause.members,
        checks=tuple(
            CheckEntry(id=check.id, asks=check_in_words(check)) for check in clause.checks
        ),
        remedy=clause.remedy,
    )
