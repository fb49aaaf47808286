"""From recommendations to what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.advice.expectations import shortfall
from doctrine.applies import holds
from doctrine.checks.case import Case
from doctrine.checks.decide import decide
from doctrine.checks.evidence import SHOWN, places
from doctrine.documents import strings
from doctrine.gates import GateKind, distribution_of, match
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._tool_settings import Found, setting
from doctrine.model.guide import DeclaredCheck, FactCheck, Guide
from doctrine.model.observation import Evidence
from doctrine.model.project import Command, CommandKind, Project
from doctrine.model.recommendation import (
    Advice,
    AdviceState,
    CommandLook,
    Expect,
    FindingsLook,
    Look,
    Recommendation,
    SettingLook,
    Where,
)
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, ReportFinding
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.model.verdict import Outcome

_HOOKS = frozenset({".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"})
"""Files of hooks, which CI may run as well."""
_RUFF_DEFAULT = ("E", "F")
"""Families of the guide's list that Ruff checks where nothing is selected."""
_FROM_OUTCOME = {
    Outcome.PASS: AdviceState.FOLLOWED,
    Outcome.FAIL: AdviceState.NOT_FOLLOWED,
}
_WORST_FIRST = (AdviceState.NOT_FOLLOWED, AdviceState.UNSEEN, AdviceState.FOLLOWED)


class _Seen(Struct, frozen=True, kw_only=True):
    state: AdviceState
    detail: str
    evidence: tuple[Evidence, ...] = ()
    count: int = 0


def advise(guide: Guide, case: Case) -> tuple[Advice, ...]:
    """Return what became of every recommendation of a guide, in its order.

    Args:
        guide: The recommendations.
        case: What they are told by.
    """
    if not case.project.layout.files:
        return ()
    return tuple(_advice(one, case) for one in guide.recommendations)


def _advice(one: Recommendation, case: Case) -> Advice:
    seen = _excluded(one, case) or _looked(one, case)
    return Advice(
        recommendation=one,
        state=seen.state,
        detail=seen.detail,
        evidence=seen.evidence[:SHOWN],
        count=seen.count,
    )


def _excluded(one: Recommendation, case: Case) -> _Seen | None:
    applies, why, evidence = holds(one.condition, case.project.facts)
    if applies is not True:
        state = AdviceState.NOT_APPLICABLE if applies is False else AdviceState.UNSEEN
        return _Seen(state=state, detail=why, evidence=evidence)
    if one.about and not _uses(case.project, one.about):
        detail = f"the project does not use {one.about}"
        return _Seen(state=AdviceState.NOT_APPLICABLE, detail=detail)
    return None


def _uses(project: Project, program: str) -> bool:
    """Whether a program is declared, run or configured."""
    if any(one.name == program for one in project.dependencies) or program in project.pins:
        return True
    ran = (one.argv[0] for one in project.automation.commands if one.argv)
    if any(distribution_of(name) == program for name in ran):
        return True
    tables = project.layout.pyproject.data.get("tool") if project.layout.pyproject else None
    return isinstance(tables, dict) and program in tables


def _looked(one: Recommendation, case: Case) -> _Seen:
    seen = [_look(look, case) for look in one.looks]
    if not seen:
        return _Seen(state=AdviceState.UNSEEN, detail=one.unseen)
    return _worst(seen)


def _worst(seen: list[_Seen]) -> _Seen:
    """Return what the looks with the worst state say together; there is at least one look."""
    state = next(state for state in _WORST_FIRST if any(part.state is state for part in seen))
    deciding = [part for part in seen if part.state is state]
    return replace(
        deciding[0],
        detail="; ".join(dict.fromkeys(part.detail for part in deciding)),
        evidence=tuple(dict.fromkeys(place for part in deciding for place in part.evidence)),
        count=sum(part.count for part in deciding),
    )


def _look(look: Look, case: Case) -> _Seen:
    match look:
        case SettingLook():
            return _setting(look, case)
        case CommandLook():
            return _command(look, case)
        case FindingsLook():
            return _findings(look, case)
        case DeclaredCheck() | FactCheck():
            result = decide(look, case)
            state = _FROM_OUTCOME.get(result.outcome, AdviceState.UNSEEN)
            return _Seen(state=state, detail=result.detail, evidence=result.evidence)


def _setting(look: SettingLook, case: Case) -> _Seen:
    found = _selected(look, case.project) or setting(case.project, look.tool, look.key)
    if isinstance(found, Unknown):
        return _Seen(state=AdviceState.UNSEEN, detail=found.reason)
    if found is None:
        if look.unset_holds:
            detail = f"`{look.key}` of {look.tool} is left at its default"
            return _Seen(state=AdviceState.FOLLOWED, detail=detail)
        detail = f"`{look.key}` of {look.tool} is not set"
        return _Seen(state=AdviceState.NOT_FOLLOWED, detail=detail)
    lacking = shortfall(look, found.value, case.project.layout)
    state = AdviceState.NOT_FOLLOWED if lacking else AdviceState.FOLLOWED
    return _Seen(state=state, detail=lacking or f"`{look.key}` is set", evidence=(found.place,))


def _is_run_by(command: Command, where: Where) -> bool:
    match where:
        case Where.ANY:
            return True
        case Where.CI:
            return command.kind is CommandKind.CI
        case Where.HOOK:
            return command.kind is CommandKind.HOOK or command.place.path in _HOOKS


def _selected(look: SettingLook, project: Project) -> Found | None:
    """Return what two settings select together, as Ruff adds one to the other."""
    if look.expect is not Expect.SELECTS:
        return None
    both = [
        found
        for key in (look.key, look.key.replace("select", "extend-select"))
        if isinstance(found := setting(project, look.tool, key), Found)
    ]
    if not both:
        return None
    items = [item for one in both for item in strings(one.value)]
    selects = isinstance(setting(project, look.tool, look.key), Found)
    return replace(both[0], value=items if selects else [*_RUFF_DEFAULT, *items])


def _command(look: CommandLook, case: Case) -> _Seen:
    automation = case.project.automation
    commands = tuple(one for one in automation.commands if _is_run_by(one, look.where))
    found = match(look.gates, commands)
    if found.kind is GateKind.HOLDS:
        return _Seen(state=AdviceState.FOLLOWED, detail=found.detail, evidence=found.evidence)
    if found.kind is GateKind.ABSENT and automation.unread:
        path = min(automation.unread)
        detail = f"{path} could not be followed: {automation.unread[path]}"
        return _Seen(state=AdviceState.UNSEEN, detail=detail)
    detail = found.detail.replace(" is no gate: ", ": ")
    if found.kind is GateKind.ABSENT:
        who = {Where.ANY: "neither CI nor a hook", Where.CI: "no CI job", Where.HOOK: "no hook"}
        wanted = " ".join((look.gates[0].program, *look.gates[0].subcommands[:1]))
        detail = f"{who[look.where]} runs `{wanted}`"
    return _Seen(state=AdviceState.NOT_FOLLOWED, detail=detail, evidence=found.evidence)


def _findings(look: FindingsLook, case: Case) -> _Seen:
    by_rule = case.findings.get(look.tool, {})
    unique = {one.fingerprint: one for rule in look.rules for one in by_rule.get(rule, ())}
    found = [one for one in unique.values() if one.status is FindingStatus.NEW]
    return _against(found) if found else _silent(look, case.runs.get(look.tool))


def _against(found: list[ReportFinding]) -> _Seen:
    count = len(found)
    first = min(found, key=lambda one: (one.location.path, one.location.line))
    detail = first.message if count == 1 else f"{count:,} places; {first.message}"
    return _Seen(state=AdviceState.NOT_FOLLOWED, detail=detail, evidence=places(found), count=count)


def _silent(look: FindingsLook, run: ToolRun | None) -> _Seen:
    """Return what it means that a tool reports nothing: only one that looked tells anything."""
    if run is None or run.status is not ToolStatus.OK or not run.reading.analysed:
        return _Seen(state=AdviceState.UNSEEN, detail=f"{look.tool} could not look")
    if any(rule in run.reading.undecided for rule in look.rules):
        why = next(_undecided(look, run.reading.undecided))
        return _Seen(state=AdviceState.UNSEEN, detail=why)
    return _Seen(state=AdviceState.FOLLOWED, detail=f"{run.program} found nothing against it")


def _undecided(look: FindingsLook, undecided: Mapping[str, str]) -> Iterator[str]:
    return (undecided[rule] for rule in look.rules if rule in undecided)
