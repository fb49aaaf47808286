"""Is each operation that must not happen twice tested by doing it twice?"""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import Seen, Tests, asserts
from doctrine.model.observation import Severity
from doctrine.model.project import Project
from doctrine.model.stated import Declaration, OperationKind

_RULE = "idempotence"
RULES = (_RULE,)
_WANTED = "a test that runs it twice with the same input and asserts one effect"


def repetitions(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against tests of idempotence.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    declared = project.declarations.get(OperationKind.CRITICAL, ())
    if not declared:
        named = tests.of("idempotence")
        hint = f" ({named[0].text} is about idempotence)" if named else ""
        reason = (
            f"no repository says which operations are critical{hint}: name them under "
            "tool.doctrine.critical-operations"
        )
        yield Undecided(rule=_RULE, reason=reason)
    for operation in declared:
        yield _judged(operation, tests, report)


def _judged(operation: Declaration, tests: Tests, report: Reporter) -> Sighting:
    name = operation.qualname.rpartition(".")[2]
    shown = list(_shown(name, tests))
    if shown:
        told = f"{shown[0].sight.symbol} does {operation.text} twice"
        return support(_RULE, shown[0].spot, told)
    doubt = tests.doubt
    if named := tests.of("idempotence"):
        doubt = f"{named[0].text} is about idempotence, and does not name {operation.text}"
    if doubt:
        return Undecided(rule=_RULE, reason=f"{doubt}; {_WANTED} decides it")
    spot = Spot(path=operation.path or operation.place.path, line=operation.line)
    message = f"no test in {tests.count} does {operation.text} twice: write {_WANTED}"
    return report.finding(_RULE, spot, message, Severity.WARNING, symbol=operation.qualname)


def _shown(name: str, tests: Tests) -> Iterator[Seen]:
    """Yield the tests that repeat an operation, or do it and say that they are about repeating."""
    for one in tests.of("call-repeated"):
        if one.sight.detail == name and asserts(one):
            yield one
    for one in tests.of("idempotence"):
        if name in one.sight.words and asserts(one):
            yield one
