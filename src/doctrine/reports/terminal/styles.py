"""The colours of outcomes and letters, alike wherever a terminal shows one."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.outcome import Outcome

_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.FAIL: "red",
    Outcome.ERROR: "magenta",
    Outcome.UNVERIFIED: "yellow",
    Outcome.WAIVED: "cyan",
    Outcome.ATTESTED: "cyan",
    Outcome.PASS: "green",
}
_LETTERS: Mapping[str, str] = {"A": "green", "B": "green", "C": "yellow", "D": "red", "F": "red"}


def outcome_style(outcome: Outcome | None) -> str:
    """Return the style of an outcome; what does not apply, or is not there, is dim."""
    return _OUTCOMES.get(outcome, "dim") if outcome else "dim"


def letter_style(letter: str | None) -> str:
    """Return the style of a letter, or of its absence."""
    return _LETTERS.get(letter or "", "magenta")
