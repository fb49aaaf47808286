"""What a run over a few files can tell of a guide's clauses, and what it has to leave open. Pure.

Such a run proves failures: a finding in one of the files fails its clause in the whole project, too.
It never proves that a clause holds. So all that is not a failure, an error or a waived failure is
unverified here, whatever the checks say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from doctrine.checks.case import Case
from doctrine.evaluate import evaluate
from doctrine.model.guide import Check, Clause, Guide, Level, RuleCheck, ThresholdCheck
from doctrine.model.partial import Partial
from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.report import ReportFinding
from doctrine.model.settings import Settings
from doctrine.model.verdict import CheckResult, ClauseVerdict, Outcome

_PROVEN = frozenset({Outcome.FAIL, Outcome.ERROR, Outcome.WAIVED})
"""What a look at a few files settles."""
_OPEN = "not judged in this run, which looks at a few files only"
_IN_FILES = "nothing found in these files; the rest of the project was not judged"


def kept(layout: Layout, settings: Settings, partial: Partial) -> tuple[Layout, Settings, Partial]:
    """Keep the picked files that are the project's own, and ask for nothing that takes more.

    Args:
        layout: The whole project.
        settings: What the user asked for.
        partial: The files that were picked.
    """
    picked = frozenset(partial.files)
    files = tuple(file for file in layout.files if file.path in picked)
    paths = tuple(file.path for file in files)
    return (
        replace(layout, files=files, restricted=True),
        replace(settings, paths=paths, install=False, tests=False, network=False),
        replace(partial, files=paths, others=partial.others + len(picked) - len(paths)),
    )


def decided(
    guide: Guide, case: Case, findings: tuple[ReportFinding, ...], partial: Partial | None
) -> tuple[tuple[ClauseVerdict, ...], Partial | None]:
    """Decide every clause, or what a few files tell of it.

    Args:
        guide: The whole guide.
        case: What checks are decided from.
        findings: Every finding.
        partial: What was looked at; None for the whole project.

    Returns:
        One verdict a clause, and what was looked at with the clauses that were judged in it.
    """
    if partial is None:
        return evaluate(guide, case, findings), None
    found = evaluate(narrowed(guide, case.runs.keys()), case, findings)
    verdicts, judged = left_open(guide, found)
    return verdicts, replace(partial, clauses=judged)


def narrowed(guide: Guide, tools: Collection[str]) -> Guide:
    """Return a guide whose clauses ask only for what can be told file by file.

    A stand-in (``instead_of``) is left out: all it could do is to make a pass of an open check.

    Args:
        guide: The whole guide.
        tools: Names of the tools and inspectors that judge each file by itself.
    """
    return replace(guide, clauses=tuple(_narrowed(one, tools) for one in guide.clauses))


def _narrowed(clause: Clause, tools: Collection[str]) -> Clause:
    if clause.level is Level.MAY:
        return replace(clause, checks=())
    return replace(clause, checks=tuple(one for one in clause.checks if _is_local(one, tools)))


def _is_local(check: Check, tools: Collection[str]) -> bool:
    if not isinstance(check, RuleCheck | ThresholdCheck):
        return False
    return check.tool in tools and not check.instead_of


def left_open(
    guide: Guide, verdicts: Iterable[ClauseVerdict]
) -> tuple[tuple[ClauseVerdict, ...], tuple[str, ...]]:
    """Return the verdicts of a narrowed guide as verdicts of the whole one.

    Args:
        guide: The whole guide.
        verdicts: One for each of its clauses, by what is left of it.

    Returns:
        The verdicts, and the ids of the clauses that were judged in the files.
    """
    whole = {clause.id: clause for clause in guide.clauses}
    every = tuple(verdicts)
    judged = tuple(one.clause.id for one in every if _is_judged(one))
    return tuple(_left_open(whole[one.clause.id], one) for one in every), judged


def _is_judged(verdict: ClauseVerdict) -> bool:
    """Return whether the files were looked at for a clause, and it applies to them."""
    asked = _asked(verdict)
    held = (check for check in verdict.checks if check.outcome is Outcome.PASS)
    return verdict.outcome in _PROVEN or any(check.id in asked for check in held)


def _asked(verdict: ClauseVerdict) -> frozenset[str]:
    return frozenset(check.id for check in verdict.clause.checks)


def _left_open(clause: Clause, verdict: ClauseVerdict) -> ClauseVerdict:
    asked = _asked(verdict)
    proven = verdict.outcome in _PROVEN
    return replace(
        verdict,
        clause=clause,
        outcome=verdict.outcome if proven else Outcome.UNVERIFIED,
        reason=verdict.reason if proven else _reason(verdict),
        verification=clause.verification.value,
        checks=tuple(_result(check, asked) for check in verdict.checks),
        partial=False,
        attestation=None,
    )


def _result(check: CheckResult, asked: Collection[str]) -> CheckResult:
    if check.outcome in {Outcome.FAIL, Outcome.ERROR}:
        return check
    held = check.outcome is Outcome.PASS and check.id in asked
    detail = f"{check.detail}; {_IN_FILES}" if held else check.detail
    return replace(check, outcome=Outcome.UNVERIFIED, detail=detail, partial=False)


def _reason(verdict: ClauseVerdict) -> str:
    if _is_judged(verdict):
        return _IN_FILES
    if not verdict.clause.checks:
        return _OPEN
    asked = _asked(verdict)
    told = dict.fromkeys(check.detail for check in verdict.checks if check.id in asked)
    return f"{_OPEN}: {'; '.join(told) or 'they do not show that it applies'}"
