"""Whether a report satisfies the gate, as an exit code. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doctrine.model.guide import Level
from doctrine.model.settings import FailOn

if TYPE_CHECKING:
    from doctrine.model.report import Report

SATISFIED = 0
UNSATISFIED = 1
USAGE = 2
INCOMPLETE = 3
INTERNAL = 4

_LEVELS = {
    FailOn.MUST: frozenset({Level.MUST}),
    FailOn.SHOULD: frozenset({Level.MUST, Level.SHOULD}),
    FailOn.NEVER: frozenset[Level](),
}


def exit_code(report: Report, fail_on: FailOn) -> int:
    """Return the exit code that a report deserves.

    Args:
        report: The finished report.
        fail_on: Which levels the gate looks at.

    Returns:
        2 when there was nothing to judge, 1 when a clause that the gate looks at fails, 3 when one
        is in error and none fails, else 0.
    """
    from doctrine.model.verdict import Outcome

    if not report.project.python_files:
        return USAGE
    seen = {
        verdict.outcome
        for verdict in report.clauses
        if verdict.clause.scored and verdict.clause.level in _LEVELS[fail_on]
    }
    if Outcome.FAIL in seen:
        return UNSATISFIED
    return INCOMPLETE if Outcome.ERROR in seen else SATISFIED
