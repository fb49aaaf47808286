"""What is new, gone and turned since an earlier run."""

from __future__ import annotations

from rich.text import Text

from doctrine.model.outcome import Outcome
from doctrine.reports._since import Since, Turned, in_words
from doctrine.reports.terminal.page import Page
from doctrine.reports.terminal.styles import outcome_style

_TURNED = 8
"""Clauses that are named; the rest is counted."""
_GOOD = frozenset({Outcome.PASS, Outcome.ATTESTED})
_BAD = frozenset({Outcome.FAIL, Outcome.ERROR})


def write_changes(page: Page, change: Since | None) -> None:
    """Write what changed since an earlier run: a sentence, and the clauses that turned."""
    if change is None:
        return
    sentence = in_words(change)
    page.paragraph(page.plain(sentence[:1].upper() + sentence[1:], _mood(change)), "  ")
    turned = sorted(change.turned, key=lambda one: one.after not in _BAD)
    parts = [_turn(page, one) for one in turned[:_TURNED]]
    if len(turned) > _TURNED:
        parts.append(page.plain(f"and {len(turned) - _TURNED} more", "dim"))
    if parts:
        page.paragraph(Text(", ", end="").join(parts), "    ")
    notes = (
        f"what is gone may be there still: {change.doubt}" if change.doubt else "",
        *change.notes,
    )
    for note in filter(None, notes):
        page.paragraph(page.prose(note, "yellow"), "    ")


def _turn(page: Page, one: Turned) -> Text:
    before = one.before.value if one.before else "not judged"
    text = page.plain(one.id, "bold").append(f" {before} {page.marks.turns} ")
    return text.append(one.after.value, style=outcome_style(one.after))


def _mood(change: Since) -> str:
    """Return the colour of the sentence: red for the worse, green for the better."""
    if change.new or change.worse:
        return "yellow"
    better = change.gone or any(one.after in _GOOD for one in change.turned)
    return "green" if better else "dim"
