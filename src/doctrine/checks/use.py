"""Checks that are decided by what the project declares, runs and is."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.checks.case import Case
from doctrine.checks.evidence import SHOWN, reasons
from doctrine.gates import Asked, GateKind, GateMatch, brings, match
from doctrine.model.guide import DeclaredCheck, FactCheck, GateCheck, GatePattern
from doctrine.model.observation import Evidence
from doctrine.model.project import Command
from doctrine.model.replacing import replace
from doctrine.model.verdict import CheckResult, Outcome


def declared(check: DeclaredCheck, case: Case) -> CheckResult:
    """Decide whether the project names a tool among its own."""
    project = case.project
    wanted = dict.fromkeys(check.distributions)
    places = [
        (dependency.name, dependency.place)
        for dependency in project.dependencies
        if dependency.name in wanted
    ]
    evidence = (*(place for _, place in places), *brings(check.distributions, _commands(case)))
    first = check.distributions[0]
    if evidence:
        names = ", ".join(dict.fromkeys(name for name, _ in places)) or first
        note = "" if first in names.split(", ") else f" (which stands for {first})"
        return CheckResult(
            id=check.id,
            outcome=Outcome.PASS,
            detail=f"{names} declared{note}",
            evidence=evidence[:SHOWN],
        )
    unread = {**project.unread, **project.automation.unread}
    if unread:
        return _unsettled(check.id, f"no declaration of {first} was found", unread)
    return CheckResult(
        id=check.id,
        outcome=Outcome.FAIL,
        detail=f"{first} is not among the project's dependencies, hooks or CI actions",
    )


def _commands(case: Case) -> tuple[Command, ...]:
    return case.project.automation.commands


def _unsettled(check_id: str, found: str, unread: Mapping[str, str]) -> CheckResult:
    path = min(unread)
    return CheckResult(
        id=check_id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{found}, but {path} could not be read or followed: {unread[path]}",
        evidence=reasons(unread),
    )


def gate(check: GateCheck, case: Case) -> CheckResult:
    """Decide whether CI or a hook runs a tool in a way that can fail."""
    automation = case.project.automation
    counting = _counting(check, case, values=frozenset({True}))
    asked = Asked(ci_only=check.ci_only, on_change=check.on_change)
    found = match(counting, automation.commands, asked)
    if found.kind is GateKind.HOLDS:
        return CheckResult(
            id=check.id, outcome=Outcome.PASS, detail=found.detail, evidence=found.evidence[:SHOWN]
        )
    if automation.unread:  # what nobody could follow may hold where this command does not
        return _unsettled(check.id, found.detail, automation.unread)
    open_one = match(counting, automation.commands, replace(asked, settled=False))
    if open_one.kind is GateKind.HOLDS:
        return _open(check.id, open_one, f", but {_doubt(open_one)}")
    perhaps = _counting(check, case, values=frozenset({True, None}))
    wider = match(perhaps, automation.commands, asked)
    if wider.kind is GateKind.HOLDS:
        return _open(
            check.id, wider, "; whether the configuration makes that a gate is not settled"
        )
    detail = found.detail
    if not automation.has_ci and not automation.commands:
        detail = "the project has no CI configuration and no hooks, so nothing runs " + (
            check.gates[0].program
        )
    return CheckResult(
        id=check.id, outcome=Outcome.FAIL, detail=detail, evidence=found.evidence[:SHOWN]
    )


def _open(check_id: str, found: GateMatch, why: str) -> CheckResult:
    return CheckResult(
        id=check_id,
        outcome=Outcome.UNVERIFIED,
        detail=f"{found.detail}{why}",
        evidence=found.evidence[:SHOWN],
    )


def _doubt(found: GateMatch) -> str:
    return found.command.perhaps if found.command is not None else ""


def _counting(
    check: GateCheck, case: Case, *, values: frozenset[bool | None]
) -> tuple[GatePattern, ...]:
    """Return the patterns that need no fact, or whose fact has one of the values."""
    facts = case.project.facts
    return tuple(
        pattern
        for pattern in check.gates
        if not pattern.fact or (pattern.fact in facts and facts[pattern.fact].value in values)
    )


def fact(check: FactCheck, case: Case) -> CheckResult:
    """Decide a check of a fact; what nothing settled stays unverified."""
    found = case.project.facts.get(check.fact)
    name = check.fact.replace("-", " ")
    evidence = found.evidence if found else ()
    if found is None or found.value is None:
        told = evidence[0].detail if evidence else f"nothing settles whether {name}"
        return _of_fact(check, Outcome.UNVERIFIED, told, evidence)
    if found.value:
        told = "; ".join(dict.fromkeys(one.detail for one in evidence[:2]))
        return _of_fact(check, Outcome.PASS, told or name, evidence)
    outcome = Outcome.UNVERIFIED if check.false_is == "unverified" else Outcome.FAIL
    return _of_fact(check, outcome, check.otherwise, evidence)


def _of_fact(
    check: FactCheck, outcome: Outcome, detail: str, evidence: tuple[Evidence, ...]
) -> CheckResult:
    return CheckResult(
        id=check.id,
        outcome=outcome,
        detail=detail,
        evidence=evidence[:SHOWN],
        partial=check.partial and outcome is Outcome.PASS,
    )
