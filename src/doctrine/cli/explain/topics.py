"""What the user asks about: a clause, a rule, or the fingerprint of a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from msgspec import Struct

from doctrine.cli.explain.rules import Rule, clauses_of, is_shaped, known_rules, programs, runs_of
from doctrine.cli.explain_view import find_clause
from doctrine.errors import UsageError
from doctrine.model.defect import Defects
from doctrine.model.guide import Clause, Guide
from doctrine.model.replacing import replace
from doctrine.reports._text import visible

_FINGERPRINT = re.compile(r"[0-9a-f]{6,16}")
_NEAREST = 3


class Fingerprint(Struct, frozen=True, kw_only=True):
    """The fingerprint of a finding, or how it begins."""

    start: str


Topic = Clause | Rule | Fingerprint


def topic_of(guide: Guide, defects: Defects, asked: str) -> Topic:
    """Return what a word of the command line is about.

    Args:
        guide: The clauses.
        defects: Rules about the same defect.
        asked: ``SEC005``, ``ruff:S311``, or a fingerprint.

    Raises:
        UsageError: It is none of them; the hint names the nearest.
    """
    word = asked.strip()
    if ":" in word:
        return _rule(guide, defects, word)
    if guide.clause(word.upper()) is None and _FINGERPRINT.fullmatch(word.lower()):
        return Fingerprint(start=word.lower())
    try:
        return find_clause(guide, word)
    except UsageError as error:
        found = _bare(guide, defects, word)
        if not found:
            raise
        raise UsageError(error.message, hint=f"did you mean {' or '.join(found)}?") from error


def _bare(guide: Guide, defects: Defects, word: str) -> list[str]:
    """Return the rules that have a word as their name: the tool was forgotten."""
    return [
        f"{run}:{word}"
        for run in programs()
        if word and run != "ruff-guide" and word in known_rules(guide, defects, run)
    ]


def _rule(guide: Guide, defects: Defects, word: str) -> Rule:
    tool, _, name = word.partition(":")
    runs = runs_of(tool)
    if not runs:
        names = {*programs(), *programs().values()}
        raise _unknown(f"there is no tool {visible(tool)!r}", tool, names, "the tools")
    name = _in_full(tool, name)
    known = {run: known_rules(guide, defects, run) for run in runs}
    having = tuple(run for run in runs if name in known[run] or is_shaped(run, name))
    if not having:
        raise _no_rule(tool, name, known)
    summary = next((known[run][name] for run in having if known[run].get(name)), "")
    return Rule(tool=tool, name=name, runs=having, summary=summary)


def _in_full(tool: str, name: str) -> str:
    """Return a rule's name with the prefix that users leave out of doctrine's Semgrep rules."""
    bare = tool == "semgrep" and not name.startswith("doctrine.")
    return f"doctrine.{name}" if bare else name


def _no_rule(tool: str, name: str, known: Mapping[str, Mapping[str, str]]) -> UsageError:
    every = {rule for rules in known.values() for rule in rules}
    message = f"{tool} has no rule {visible(name)!r} that doctrine knows of"
    return _unknown(message, name, every, "its rules", prefix=f"{tool}:")


def _unknown(
    message: str, name: str, known: Iterable[str], what: str, prefix: str = ""
) -> UsageError:
    names = sorted(known)
    near = get_close_matches(name, names, n=_NEAREST, cutoff=0.5)
    if near:
        return UsageError(
            message, hint=f"did you mean {' or '.join(prefix + one for one in near)}?"
        )
    shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")  # noqa: PLR2004 - one line
    return UsageError(message, hint=f"{what}: {shown}" if names else "")


def needed(guide: Guide, topic: Topic) -> Guide | None:
    """Return the clauses by which to judge for what is asked about; None for the whole guide.

    Args:
        guide: All clauses.
        topic: What is asked about.
    """
    match topic:
        case Clause():
            return guide.narrowed(topic.id)
        case Rule():
            asking = dict.fromkeys(clause.id for clause, _ in clauses_of(guide, topic))
            # Without their parents: what a rule reports does not depend on another clause.
            chosen = (replace(one, parents=()) for one in guide.clauses if one.id in asking)
            return replace(guide, clauses=tuple(chosen)) if asking else None
        case Fingerprint():
            return None
