"""The closed union of checks, each kind to its own decision."""

from __future__ import annotations

from typing import assert_never

from doctrine.checks.case import Case
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
from doctrine.model.verdict import CheckResult, Outcome


def decide(check: Check, case: Case) -> CheckResult:
    """Decide one check.

    Args:
        check: The check.
        case: What it can be decided from.

    Returns:
        Its outcome with one sentence and the places that say so.
    """
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
