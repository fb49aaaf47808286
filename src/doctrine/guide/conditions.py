"""From the ``when`` of a registry table to a condition."""

from __future__ import annotations

import re

from doctrine.guide.fields import Fields
from doctrine.model.guide import Condition, Term

_FACT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def read_condition(fields: Fields) -> Condition:
    """Return a condition in conjunctive normal form.

    Args:
        fields: Its ``when`` has a string for each group, whose terms are parted by ``|``.

    Raises:
        RegistryError: A term is no fact.
    """
    groups: list[tuple[Term, ...]] = []
    for group in fields.texts("when"):
        terms: list[Term] = []
        for word in group.split("|"):
            name = word.strip()
            fact = name.removeprefix("not ").strip()
            if not _FACT.fullmatch(fact):
                raise fields.wrong("when", f"{group!r} is not made of facts")
            terms.append(Term(fact=fact, negated=fact != name))
        groups.append(tuple(terms))
    return Condition(groups=tuple(groups))
