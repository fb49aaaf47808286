"""Facts that come from what people state: their declarations, and facts stated outright."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.model.observation import Evidence
from doctrine.model.project import Fact
from doctrine.model.replacing import replace
from doctrine.model.stated import Declaration, OperationKind, StatedFact
from doctrine.project.facts.outcomes import SHOWN

_UNDECLARED = (
    "which operations are {word} cannot be read off the sources: "
    "name them under tool.doctrine.{kind}"
)


def operation_facts(declarations: Iterable[Declaration]) -> Iterator[Fact]:
    """Yield a fact for each kind of operation: true where some are declared, else open."""
    declared = tuple(declarations)
    for kind in OperationKind:
        places = tuple(one.place for one in declared if one.kind is kind)
        if places:
            yield Fact(id=kind.value, value=True, evidence=places[:SHOWN], stated=True)
        else:
            detail = _UNDECLARED.format(word=kind.value.partition("-")[0], kind=kind.value)
            nothing = Evidence(path=".", line=0, detail=detail)
            yield Fact(id=kind.value, value=None, evidence=(nothing,))


def overridden(name: str, said: StatedFact, observed: Fact | None) -> Fact:
    """Return a fact as it is stated, with what was observed as further evidence.

    A statement against what can be seen is the strongest thing a configuration can say, so it is
    shown as what it is.

    Args:
        name: Id of the fact.
        said: What the user states.
        observed: What was observed.
    """
    seen = observed.evidence if observed is not None else ()
    place = said.place
    if observed is not None and observed.value is (not said.value):
        place = replace(place, detail=f"stated against what was observed: {said.reason}")
    return Fact(id=name, value=said.value, evidence=(place, *seen), stated=True)
