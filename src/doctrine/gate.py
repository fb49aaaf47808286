"""Whether a report satisfies the gate: each condition with what is to say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.model.gate import Condition, Held
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.replacing import replace
from doctrine.model.report import Report, ReportFinding
from doctrine.model.settings import FailOn, GateRules, Settings
from doctrine.model.stated import EntryKind
from doctrine.standing import failed_checks, failing_findings, name_of

if TYPE_CHECKING:
    from doctrine.model.baseline import Debt
    from doctrine.model.verdict import ClauseVerdict

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
_SHOWN = 5


def judged(report: Report, settings: Settings) -> Report:
    """Return a report with what became of each condition of the gate, and the exit code.

    Args:
        report: A report that lacks nothing else; failures that a baseline accepts are not looked
            at.
        settings: What the gate asks for. ``--fail-on never`` on the command line asks for nothing,
            whatever the file says.

    Returns:
        The report with exit code 2 when there was nothing to judge (a partial run may find
        nothing in its way all the same), 1 when a condition is not
        satisfied, 3 when one could not be told and none is unsatisfied, else 0.
    """
    flagged = settings.origins.get("fail-on", "").startswith("--")
    silent = settings.fail_on is FailOn.NEVER and flagged
    rules, left_out = _told_by(report, settings.gate)
    if silent:
        rules, left_out = GateRules(), ()
    asked = () if silent else tuple(_asked(report, settings, rules))
    answered = replace(
        report, gate=asked, exit_code=_exit_code(report, {one.held for one in asked})
    )
    if report.partial is None:
        return answered
    return replace(answered, partial=replace(report.partial, left_out=left_out))


def _told_by(report: Report, rules: GateRules) -> tuple[GateRules, tuple[str, ...]]:
    """Return the conditions that a report can tell of, and the names of those that it cannot."""
    if report.partial is None:
        return rules, ()
    whole = {
        "verdict": rules.verdict,
        "min-score": rules.min_score,
        "min-assurance": rules.min_assurance,
    }
    left = tuple(name for name, asked in whole.items() if asked is not None)
    return replace(rules, verdict=None, min_score=None, min_assurance=None), left


def _exit_code(report: Report, held: set[Held]) -> int:
    if not report.project.python_files and report.partial is None:
        return USAGE
    if Held.NO in held:
        return UNSATISFIED
    return INCOMPLETE if Held.OPEN in held else SATISFIED


def _asked(report: Report, settings: Settings, rules: GateRules) -> Iterator[Condition]:
    yield from _asked_of_clauses(report, settings, rules)
    if rules.verdict is not None:
        yield _verdict(report, rules.verdict)
    if rules.min_score is not None:
        yield _least("min-score", rules.min_score, report.grade.score, report)
    if rules.min_assurance is not None:
        yield _least("min-assurance", rules.min_assurance, report.grade.assurance, report)
    if rules.new_findings is not None:
        yield _new_findings(report, rules.new_findings)
    if rules.expired_waivers is not None:
        yield _expired_waivers(settings, rules.expired_waivers)


def _asked_of_clauses(report: Report, settings: Settings, rules: GateRules) -> Iterator[Condition]:
    """Look at the clauses of the levels, and at those of the names, that may not fail."""
    levels = _LEVELS[settings.fail_on]
    partial = report.partial
    looked = [one for one in report.clauses if partial is None or one.id in partial.clauses]
    if levels:
        chosen = [one for one in looked if one.clause.level in levels]
        yield _clauses("fail-on", settings.fail_on.value, chosen, report)
    if rules.clauses:
        chosen = [one for one in looked if _is_named(one, rules.clauses)]
        yield _clauses("clauses", ", ".join(rules.clauses), chosen, report)


def _is_named(verdict: ClauseVerdict, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(verdict.clause.id, pattern) for pattern in patterns)


class _Faults(Struct, frozen=True):
    """What the gate holds against a clause."""

    failing: tuple[str, ...]
    unknown: tuple[str, ...]


def _clauses(name: str, asked: str, chosen: Iterable[ClauseVerdict], report: Report) -> Condition:
    """Look at clauses: none may fail beyond what a baseline accepts, and none be in error."""
    found = [(one.clause.id, _faults(one, report.baseline)) for one in chosen if one.clause.scored]
    held, told = _answer(found, report)
    return Condition(name=name, asked=asked, held=held, detail=told)


def _answer(found: Sequence[tuple[str, _Faults]], report: Report) -> tuple[Held, str]:
    """Return whether clauses hold as far as the gate asks, and why it says so."""
    failing = [_failing(clause_id, one, report.baseline) for clause_id, one in found if one.failing]
    unknown = [f"{clause_id} ({one.unknown[0]})" for clause_id, one in found if one.unknown]
    beyond = " beyond the baseline" if report.baseline else ""
    if failing:
        told = f"{_counted(failing, 'clause fails', 'clauses fail')}{beyond}: {_listed(failing)}"
        return Held.NO, told
    if unknown:
        told = f"{_counted(unknown, 'clause', 'clauses')} could not be checked: {_listed(unknown)}"
        return Held.OPEN, told
    told = f"{_counted(found, 'clause', 'clauses')} looked at, none of them fails{beyond}"
    return Held.YES, told + (" in these files" if report.partial else "")


def _failing(clause_id: str, faults: _Faults, debt: Debt | None) -> str:
    """Return a clause that fails, with the reason where its entry in the report has another one."""
    return f"{clause_id} ({faults.failing[0]})" if debt else clause_id


def _faults(verdict: ClauseVerdict, debt: Debt | None) -> _Faults:
    if verdict.outcome is Outcome.ERROR:
        return _Faults((), (verdict.reason,))
    if verdict.outcome is not Outcome.FAIL:
        return _Faults((), ())
    if debt is None:
        return _Faults((verdict.reason,), ())
    # An accepted failure must not hide that another check of the clause came to nothing.
    unknown = (check.detail for check in verdict.checks if check.outcome is Outcome.ERROR)
    return _Faults(tuple(_beyond(verdict, debt)), tuple(unknown))


def _beyond(verdict: ClauseVerdict, debt: Debt) -> Iterator[str]:
    """Yield what makes a clause fail and is not accepted."""
    for check in failed_checks(verdict):
        accepted = (debt.accepted.get(one, frozenset()) for one in check.findings)
        new = sum(verdict.clause.id not in clauses for clauses in accepted)
        if new:
            yield f"{new:,} new finding{'s' if new > 1 else ''}"
        elif not check.findings and name_of(verdict, check) not in debt.checks:
            yield check.detail


_VERDICTS = tuple(Verdict)
"""The best first."""


def _verdict(report: Report, asked: Verdict) -> Condition:
    held = Held.YES
    if _VERDICTS.index(report.verdict) > _VERDICTS.index(asked):
        crashed = any(
            one.outcome is Outcome.ERROR and one.clause.level is Level.MUST
            for one in report.clauses
            if one.clause.scored
        )
        undecided = report.verdict is Verdict.INDETERMINATE and crashed
        held = Held.OPEN if undecided else Held.NO
    detail = f"the project is {report.verdict}"
    return Condition(name="verdict", asked=asked.value, held=held, detail=detail)


def _least(name: str, asked: float, found: float | None, report: Report) -> Condition:
    """Hold a figure against the least that it may be; what tools failed to tell is not known."""
    if found is None:
        detail = "there is none, as nothing was judged"
        return Condition(name=name, asked=f"{asked:g}", held=Held.NO, detail=detail)
    lost = report.grade.points_lost
    errors = (one.clause.id for one in report.clauses if one.outcome is Outcome.ERROR)
    most = found + sum(lost.get(clause_id, 0.0) for clause_id in errors)
    # As it is shown, so that a report never says that 80.0 is less than 80.
    if round(found, 1) >= asked:
        held, detail = Held.YES, f"it is {found:.1f}"
    elif round(most, 1) >= asked:
        held, detail = Held.OPEN, f"it is {found:.1f}, and {most:.1f} but for checks in error"
    else:
        held, detail = Held.NO, f"it is {found:.1f}"
    return Condition(name=name, asked=f"{asked:g}", held=held, detail=detail)


def _new_findings(report: Report, most: int) -> Condition:
    debt = report.baseline
    new = set(debt.new if debt else failing_findings(report))
    places = [_place(one) for one in report.findings if one.fingerprint in new]
    told = _counted(places, "new finding", "new findings")
    detail = f"{told}: {_listed(places)}" if places else "there is none"
    held = Held.YES if len(places) <= most else Held.NO
    return Condition(name="new-findings", asked=str(most), held=held, detail=detail)


def _place(finding: ReportFinding) -> str:
    return f"{finding.location.path}:{finding.location.line}"


def _expired_waivers(settings: Settings, most: int) -> Condition:
    today = settings.today
    expired = [
        f"{one.clause} (since {one.expires})"
        for one in settings.entries
        if one.kind is EntryKind.WAIVER and one.expires and today and one.expires < today
    ]
    told = _counted(expired, "waiver is over", "waivers are over")
    detail = f"{told}: {_listed(expired)}" if expired else "there is none"
    held = Held.YES if len(expired) <= most else Held.NO
    return Condition(name="expired-waivers", asked=str(most), held=held, detail=detail)


def _counted(items: Sequence[object], one: str, many: str) -> str:
    return f"{len(items):,} {one if len(items) == 1 else many}"


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
