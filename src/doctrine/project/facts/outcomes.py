"""Facts as values: settled by what was found, or left open by what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from doctrine.model.observation import Evidence
from doctrine.model.project import Fact

SHOWN = 3
"""Places that are shown for a fact."""


def settled(name: str, found: Iterable[Evidence], otherwise: str) -> Fact:
    """Return a fact that is true if anything was found, and false if not.

    Args:
        name: Id of the fact.
        found: What says that it holds.
        otherwise: What was looked at, for a false fact.
    """
    evidence = tuple(islice(dict.fromkeys(found), SHOWN))
    nothing = (Evidence(path=".", line=0, detail=otherwise),)
    return Fact(id=name, value=bool(evidence), evidence=evidence or nothing)


def unsettled(name: str, paths: Iterable[str], detail: str) -> Fact:
    """Return a fact that files which could not be read leave open.

    Args:
        name: Id of the fact.
        paths: The files.
        detail: What is the matter with them.
    """
    evidence = tuple(Evidence(path=path, line=0, detail=detail) for path in islice(paths, SHOWN))
    return Fact(id=name, value=None, evidence=evidence)
