"""Every example of every clause gets the outcome it is there to show, from the real tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from doctrine.model.example import Example
from doctrine.model.guide import Clause, FactCheck, Level, ManualCheck
from doctrine.model.outcome import Outcome
from tests.guide.examples import deciding_places, guide, judge, plant, starts_tools, told

ENOUGH = 2
"""Violating and complying examples that each clause has at least."""


def _examples() -> Iterator[object]:
    for clause in guide().clauses:
        marks = [pytest.mark.live] if starts_tools(clause) else []
        for example in clause.examples:
            name = f"{clause.id}-{example.name}"
            yield pytest.param(clause, example, id=name, marks=marks)


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
@pytest.mark.parametrize(("clause", "example"), tuple(_examples()))
def test_an_example_shows_what_it_says(
    clause: Clause, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    plant(tmp_path, example.tree)
    report, verdict = judge(tmp_path, clause)
    assert verdict.outcome is example.outcome, told(report, verdict)
    if example.violates or example.places:
        found = deciding_places(report, verdict)
        assert sorted(found) == sorted(example.places), told(report, verdict)


NEVER_FAILS = {
    "BGJ002": "only a measurement tells whether work keeps the processor busy",
    "COV002": "it fails by a measured figure, which takes a run of the tests",
    "PRF001": "no file shows that nobody has measured",
    "PRF002": "what runs in production is not in the repository",
    "RES003": "tests elsewhere may well try the failures, so their lack leaves it open",
}
"""Clauses that have checks which can fail, but not in an example, and why."""

NEVER_HELD = {
    "PRF001": "only a person can say it; an attestation decides it, and no example is attested",
}
"""Clauses that no example complies with by itself, and why; they show two more open ones."""


def _can_fail(clause: Clause) -> bool:
    """Return whether an example could fail a clause: by a check, or with another clause."""
    deciding = (
        not isinstance(check, ManualCheck)
        and not (isinstance(check, FactCheck) and check.false_is == Outcome.UNVERIFIED.value)
        for check in clause.checks
    )
    return clause.id not in NEVER_FAILS and (bool(clause.parents) or any(deciding))


def _is_complete(clause: Clause) -> bool:
    """Return whether a clause has its examples.

    A clause that nothing can fail is violated by what leaves it open, and one that only permits
    something by nothing at all.
    """
    outcomes = [example.outcome for example in clause.examples]
    if clause.level is Level.MAY:
        return len(outcomes) >= ENOUGH
    bad = Outcome.FAIL if _can_fail(clause) else Outcome.UNVERIFIED
    if clause.id in NEVER_HELD:
        return outcomes.count(bad) >= 2 * ENOUGH
    violating = outcomes.count(bad)
    return violating >= ENOUGH and len(outcomes) - violating >= ENOUGH


def test_every_clause_has_examples_of_both_kinds() -> None:
    lacking = {one.id for one in guide().clauses if not one.umbrella and not _is_complete(one)}
    assert sorted(lacking) == []
