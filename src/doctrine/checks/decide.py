"""The closed union of checks, each kind to its own decision."""

from __future__ import annotations

from typing import assert_never

from doctrine.checks.case import Case
from doctrine.checks.evidence import change
from doctrine.checks.findings import rules, threshold
from doctrine.checks.use import declared, fact, gate
from doctrine.model.guide import (
    Check,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    ManualCheck,
    RuleCheck,
    ThresholdCheck,
)
from doctrine.model.replacing import replace
from doctrine.model.verdict import CheckResult, Outcome


def decide(check: Check, case: Case) -> CheckResult:
    """Decide one check.

    Args:
        check: The check.
        case: What it can be decided from.

    Returns:
        Its outcome with one sentence and the places that say so.
    """
    return _about_what_is_there(_decided(check, case), case)


def _about_what_is_there(result: CheckResult, case: Case) -> CheckResult:
    """Return an error in place of a pass where files changed while they were judged.

    The tools read one after another: what one of them passed may be what none of the others saw.
    """
    if not case.changed or result.outcome is not Outcome.PASS:
        return result
    detail = f"{result.detail}; but {change(case.changed)}"
    return replace(result, outcome=Outcome.ERROR, detail=detail, partial=False)


def _decided(check: Check, case: Case) -> CheckResult:
    match check:
        case RuleCheck():
            return rules(check, case)
        case ThresholdCheck():
            return threshold(check, case)
        case DeclaredCheck():
            return declared(check, case)
        case GateCheck():
            return gate(check, case)
        case FactCheck():
            return fact(check, case)
        case ManualCheck():
            return CheckResult(id=check.id, outcome=Outcome.UNVERIFIED, detail=check.reason)
        case _:
            assert_never(check)
