"""Recommendations as ``explain`` shows them: by themselves, and under their clause."""

from __future__ import annotations

from doctrine.cli.checks_in_words import check_in_words, gates_in_words
from doctrine.cli.conditions import condition_in_words
from doctrine.model.guide import Clause, DeclaredCheck, FactCheck, Guide
from doctrine.model.recommendation import (
    CommandLook,
    Expect,
    FindingsLook,
    Look,
    Recommendation,
    SettingLook,
    Where,
)
from doctrine.reports.terminal.page import Page, styled

_LABEL = 9
_WHO = {Where.ANY: "CI or a hook runs", Where.CI: "CI runs", Where.HOOK: "a hook runs"}
_EXPECTED = {
    Expect.EQUALS: "is {}",
    Expect.AT_LEAST: "is at least {}",
    Expect.HAS: "holds {}",
    Expect.SELECTS: "takes in {}",
    Expect.SOURCES: "names every source folder",
    Expect.FLOOR: "is the lowest Python that the project admits",
    Expect.NOT_OFF: "is not switched off",
}


def recommendation_of(guide: Guide, wanted: str) -> Recommendation | None:
    """Return the recommendation of an id in any case, or None."""
    wanted = wanted.strip().upper()
    return next((one for one in guide.recommendations if one.id == wanted), None)


def write_recommendation(page: Page, guide: Guide, one: Recommendation) -> None:
    """Write everything there is to know about a recommendation."""
    page.line()
    page.paragraph(styled(one.id, "bold").append("  recommendation", style="bold cyan"))
    page.line()
    page.paragraph(page.prose(one.statement, "bold"), "  ")
    page.line()
    about = f", where the project uses {one.about}" if one.about else ""
    parts = (
        ("applies", condition_in_words(one.condition) + about),
        ("belongs", ", ".join(one.clauses) or "to no clause"),
        ("remedy", one.remedy),
        ("source", f"{guide.title} {guide.version}, line {one.line}"),
        ("decides", "nothing: it is shown, and costs no point"),
        ("told by", one.unseen),
    )
    for label, words in parts:
        if words:
            _labelled(page, label, words)
    for number, look in enumerate(one.looks):
        _labelled(page, "" if number else "told by", look_in_words(look))


def write_advised(page: Page, guide: Guide, clause: Clause) -> None:
    """Write the recommendations that belong to a clause."""
    found = [one for one in guide.recommendations if clause.id in one.clauses]
    for number, one in enumerate(found):
        _labelled(page, "" if number else "advice", f"{one.id}: {one.statement}")


def look_in_words(look: Look) -> str:
    """Return what tells whether a recommendation is followed."""
    match look:
        case SettingLook():
            words = _EXPECTED[look.expect].format(", ".join(look.values) or "something")
            default = "; left alone, it is" if look.unset_holds else ""
            return f"`{look.key}` of {look.tool} {words}{default}"
        case CommandLook():
            return f"{_WHO[look.where]} {gates_in_words(look.gates)}"
        case FindingsLook():
            return f"{look.tool} reports no {' or '.join(look.rules)}"
        case DeclaredCheck() | FactCheck():
            return check_in_words(look)


def _labelled(page: Page, label: str, words: str) -> None:
    if page.narrow:
        page.paragraph(
            styled(f"{label}: " if label else "", "dim").append_text(page.prose(words)), "  "
        )
    else:
        page.paragraph(page.prose(words), styled(f"  {label:<{_LABEL}}", "dim"))
