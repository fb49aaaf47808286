"""Labels to be filled in: what has none yet, sampled so that a person can read it all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from unicodedata import category

from benchmarks.corpus.labels import Labels
from benchmarks.corpus.matching import unlabelled
from benchmarks.corpus.verdicts import Sighting, Verdicts

_LONE = "Cs"
"""Category of surrogates, which stand for bytes that are no text."""


def sample(labels: Labels, verdicts: Verdicts, most: int) -> tuple[Sighting, ...]:
    """Choose sightings to be labelled.

    Args:
        labels: What is labelled already; it counts towards the number.
        verdicts: What doctrine says.
        most: How many labels a clause may have in a project.

    Returns:
        Sightings by clause, path and line. The choice depends on nothing but each place, so it is
        spread over the project and stays the same when other findings come or go.
    """
    taken = Counter(one.clause for one in labels.findings)
    chosen: dict[tuple[str, str, int], Sighting] = {}
    for one in sorted(unlabelled(labels, verdicts), key=_lot):
        place = (one.clause, one.path, one.line)
        if place not in chosen and taken[one.clause] < most:
            taken[one.clause] += 1
            chosen[place] = one
    return tuple(chosen[place] for place in sorted(chosen))


def _lot(sighting: Sighting) -> tuple[bytes, tuple[str, ...]]:
    place = f"{sighting.clause}\0{sighting.path}\0{sighting.line}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).digest(), sighting.rules


def stubs(labels: Labels, verdicts: Verdicts, most: int) -> Iterator[str]:
    """Yield what has no label yet as TOML, with an empty verdict for a person to fill in.

    Args:
        labels: What is labelled already.
        verdicts: What doctrine says.
        most: How many labels a clause may have in a project.
    """
    for sighting in sample(labels, verdicts, most):
        yield (
            f"# {_comment(sighting.message)}\n"
            "[[findings]]\n"
            f"clause = {quoted(sighting.clause)}\n"
            f"rule = {quoted(sighting.rules[0] if sighting.rules else '')}\n"
            f"path = {quoted(sighting.path)}\n"
            f"line = {sighting.line}\n"
            'verdict = ""\n'
            'why = ""\n\n'
        )
    known = {one.clause for one in labels.outcomes}
    for clause, decided in verdicts.clauses.items():
        if clause not in known:
            yield (
                f"# {decided.outcome}: {_comment(decided.reason)}\n"
                "[[outcomes]]\n"
                f"clause = {quoted(clause)}\n"
                'outcome = ""\n'
                'why = ""\n\n'
            )


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def quoted(text: str) -> str:
    """Return a string as TOML.

    Args:
        text: Any string; what TOML cannot carry is replaced.
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(map(_escaped, escaped))}"'


def _escaped(sign: str) -> str:
    if sign.isprintable():
        return sign
    return "\\uFFFD" if category(sign) == _LONE else f"\\U{ord(sign):08X}"
