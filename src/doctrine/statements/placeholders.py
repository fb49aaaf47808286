"""Text that says nothing: written to get past a form."""

from __future__ import annotations

import re

_LEAST = 8
"""Bytes of the shortest reason that can say something; a script without letters needs few signs."""
_LEAST_VARIED = 4
_PHRASES = frozenset(
    {
        *("a reason", "because", "because reasons", "blah", "changeme", "change me", "dummy"),
        *("explain", "explanation", "fill in", "fill me in", "fix it later", "fix later"),
        *("fix this later", "for now", "foo bar", "ignore", "ignore this", "it is so", "later"),
        *("legacy", "lorem ipsum", "n a", "needed", "no reason", "none", "not applicable"),
        *("not now", "no time", "placeholder", "reason", "reason here", "see above", "some reason"),
        *("something", "statement", "statement here", "tbd", "temporary", "temporarily", "temp"),
        *("test", "testing", "the reason", "to be decided", "to be defined", "to be done"),
        *("undefined", "unknown", "waived", "waiver", "why", "why it is so", "will fix"),
        *("will fix later", "wip", "wontfix", "won t fix", "workaround", "works for me", "yes"),
        *("your reason", "your reason here"),
    }
)
_OPENINGS = ("todo", "fixme", "xxx", "tbd", "lorem ipsum", "asdf")
_NOBODY = frozenset(
    {
        *("anonymous", "anyone", "changeme", "everybody", "everyone", "me", "n a", "name"),
        *("name here", "nobody", "none", "no one", "owner", "placeholder", "somebody", "someone"),
        *("tbd", "team name", "unknown", "user", "xxx", "your name", "your name here"),
    }
)
_NO_WORD = re.compile(r"[\W_]+")


def says_nothing(text: str) -> bool:
    """Return whether a reason or statement is a placeholder.

    Args:
        text: What was written.
    """
    plain = _plain(text)
    return (
        len(plain.encode("utf-8", "replace")) < _LEAST
        or len(set(plain)) < _LEAST_VARIED
        or plain in _PHRASES
        or plain.split()[0] in _OPENINGS
        or plain.startswith(_OPENINGS[-2])
    )


def names_nobody(owner: str) -> bool:
    """Return whether an owner is a placeholder.

    Args:
        owner: What was written.
    """
    plain = _plain(owner)
    return not plain or plain in _NOBODY or plain.split()[0] in _OPENINGS


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", text).strip().casefold()
