"""Whether a clause's condition holds, in three values. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.guide import Condition, Term
from doctrine.model.observation import Evidence
from doctrine.model.project import Fact


def holds(
    condition: Condition, facts: Mapping[str, Fact]
) -> tuple[bool | None, str, tuple[Evidence, ...]]:
    """Return whether a condition holds, with the fact that decides it.

    Args:
        condition: In conjunctive normal form.
        facts: Facts by id.

    Returns:
        True, False or None (unknown); for the latter two the reason and the evidence.
    """
    groups = [(group, _group(group, facts)) for group in condition.groups]
    for group, value in groups:
        if value is False:
            return False, *_told(group, facts, known=True)
    for group, value in groups:
        if value is None:
            undecided = tuple(term for term in group if _term(term, facts) is None)
            return None, *_told(undecided, facts, known=False)
    return True, "", ()


def _group(group: tuple[Term, ...], facts: Mapping[str, Fact]) -> bool | None:
    """Return whether one of the terms holds; unknown when only an unknown one could."""
    values = {_term(term, facts) for term in group}
    if True in values:
        return True
    return None if None in values else False


def _term(term: Term, facts: Mapping[str, Fact]) -> bool | None:
    fact = facts.get(term.fact)
    if fact is None or fact.value is None:
        return None
    return fact.value is not term.negated


def _told(
    terms: tuple[Term, ...], facts: Mapping[str, Fact], *, known: bool
) -> tuple[str, tuple[Evidence, ...]]:
    """Say why the terms do not hold, or cannot be settled."""
    evidence = tuple(
        one for term in terms if (fact := facts.get(term.fact)) for one in fact.evidence
    )
    names = " or ".join(
        ("not " if term.negated else "") + term.fact.replace("-", " ") for term in terms
    )
    told = "; ".join(dict.fromkeys(one.detail for one in evidence[:2]))
    lead = f"applies only where: {names}" if known else f"cannot settle whether it applies: {names}"
    return lead + (f" ({told})" if told else ""), evidence
