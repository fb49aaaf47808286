"""The development check that ties a registry to its guide's text, both ways."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from doctrine.guide.loader import Registry
from doctrine.guide.mandates import Mandate, mandates
from doctrine.model.guide import Clause


class Flaw(StrEnum):
    """How a registry and a guide can disagree."""

    GUIDE_CHANGED = "guide-changed"
    """The text is not the one the registry was written for."""
    UNCLAIMED = "unclaimed"
    """A keyword that no clause stands for and no aside explains."""
    NO_KEYWORD = "no-keyword"
    """A clause whose lines do not hold its keyword."""
    SENTENCE_CHANGED = "sentence-changed"
    """A clause whose sentence has another digest."""
    ASIDE_UNKNOWN = "aside-unknown"
    """An aside that fits no sentence with a keyword."""


class Discrepancy(Struct, frozen=True, kw_only=True):
    """One disagreement.

    Attributes:
        flaw: Its kind.
        line: 1-based line of the guide; 0 where the whole text is meant.
        clause: The clause it is about; empty if none.
        message: What does not fit.
    """

    flaw: Flaw
    line: int
    clause: str
    message: str


def crosscheck(registry: Registry, text: str) -> tuple[Discrepancy, ...]:
    """Compare a registry with a guide.

    Args:
        registry: The clauses and asides.
        text: The guide, as Markdown.

    Returns:
        Every disagreement, by line; empty when each keyword is accounted for and each clause
        stands where it says.
    """
    found = mandates(text)
    problems = [
        *_same_guide(registry, text),
        *_same_sentences(registry, found),
        *_all_claimed(registry, found),
        *_asides(registry, found),
    ]
    return tuple(sorted(problems, key=lambda one: (one.line, one.clause, one.flaw)))


def text_digest(text: str) -> str:
    """Return the digest of a whole guide, as ``guide.toml`` holds it."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def record_digest(text: str, clause: Clause) -> str | None:
    """Return the digest a clause file has to hold for its sentence.

    Args:
        text: The guide, as Markdown.
        clause: Its lines and keyword name the sentence.

    Returns:
        The digest, or None when the lines do not hold the keyword.
    """
    sentence = next(iter(_sentences_of(clause, mandates(text))), None)
    return sentence.digest if sentence else None


def _sentences_of(clause: Clause, found: Iterable[Mandate]) -> Iterator[Mandate]:
    """Yield the mandates that a clause may stand for; its lines lie inside the sentence."""
    for mandate in found:
        inside = mandate.line <= clause.line and clause.end_line <= mandate.end_line
        if inside and mandate.keyword == clause.keyword:
            yield mandate


def _same_guide(registry: Registry, text: str) -> Iterator[Discrepancy]:
    digest = text_digest(text)
    if digest != registry.guide.digest:
        yield Discrepancy(
            flaw=Flaw.GUIDE_CHANGED,
            line=0,
            clause="",
            message=f"the text's digest is {digest}, the registry's {registry.guide.digest}",
        )


def _same_sentences(registry: Registry, found: Sequence[Mandate]) -> Iterator[Discrepancy]:
    for clause in registry.guide.clauses:
        digests = {mandate.digest for mandate in _sentences_of(clause, found)}
        if not digests:
            yield Discrepancy(
                flaw=Flaw.NO_KEYWORD,
                line=clause.line,
                clause=clause.id,
                message=f"no sentence around lines {clause.line} to {clause.end_line} has "
                f"{clause.keyword}",
            )
        elif registry.digests[clause.id] not in digests:
            yield Discrepancy(
                flaw=Flaw.SENTENCE_CHANGED,
                line=clause.line,
                clause=clause.id,
                message=f"the sentence's digest is {min(digests)}",
            )


def _all_claimed(registry: Registry, found: Sequence[Mandate]) -> Iterator[Discrepancy]:
    """Yield sentences that have a keyword more often than clauses stand for it."""
    claims: dict[tuple[int, str], int] = {}
    for clause in registry.guide.clauses:
        for place in {(one.line, one.keyword) for one in _sentences_of(clause, found)}:
            claims[place] = claims.get(place, 0) + 1
    explained = {(aside.line, aside.digest) for aside in registry.asides}
    for mandate in found:
        place = (mandate.line, mandate.keyword)
        claims[place] = claims.get(place, 0) - 1
        if claims[place] < 0 and (mandate.line, mandate.digest) not in explained:
            yield Discrepancy(
                flaw=Flaw.UNCLAIMED,
                line=mandate.line,
                clause="",
                message=f"no clause stands for {mandate.keyword} in: {mandate.text}",
            )


def _asides(registry: Registry, found: Sequence[Mandate]) -> Iterator[Discrepancy]:
    known = {(mandate.line, mandate.digest) for mandate in found}
    for aside in registry.asides:
        if (aside.line, aside.digest) not in known:
            yield Discrepancy(
                flaw=Flaw.ASIDE_UNKNOWN,
                line=aside.line,
                clause="",
                message="no sentence with a keyword starts here with that digest",
            )
