"""Whether a tool that reported nothing is proven to have looked."""

from __future__ import annotations

from doctrine.checks.case import Case
from doctrine.checks.evidence import reasons
from doctrine.model.guide import RuleCheck, ThresholdCheck
from doctrine.model.made import MOST, is_made
from doctrine.model.run import Covers, ToolRun, ToolStatus
from doctrine.model.verdict import CheckResult, Outcome


def run_trouble(check: RuleCheck | ThresholdCheck, case: Case) -> CheckResult | None:
    """Return the outcome when the tool's silence cannot be believed."""
    run = case.runs.get(check.tool)
    if run is None:
        return CheckResult(
            id=check.id,
            outcome=Outcome.ERROR,
            detail=f"{check.tool} is not part of this installation of doctrine",
        )
    if run.status is ToolStatus.OK:
        return None
    outcome = Outcome.UNVERIFIED if run.status is ToolStatus.SKIPPED else Outcome.ERROR
    detail = run.message or f"{run.name}: {run.status}"
    return CheckResult(id=check.id, outcome=outcome, detail=detail)


def unproven(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    """Return an error unless the tool proved that it read what it had to."""
    return (
        _unread(check_id, run, case)
        or _looked_at_nothing(check_id, run, case)
        or _hardly_looked(check_id, run, case)
        or _left_some_out(check_id, run, case)
    )


def _unread(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    """Return an error for source files that the tool itself could not read."""
    unread = {path: why for path, why in run.reading.unread.items() if path in case.sources}
    if not unread:
        return None
    first = min(unread)
    return CheckResult(
        id=check_id,
        outcome=Outcome.ERROR,
        detail=f"{run.program} could not read {_files(len(unread))}, {first} among them: "
        f"{unread[first]}",
        evidence=reasons(unread),
    )


def _looked_at_nothing(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    read = run.reading.analysed
    if read and (run.covers is Covers.PROJECT or not case.sources or read & case.sources):
        return None
    if case.project.layout.restricted and run.covers is Covers.CONFIGURED and run.reading.excluded:
        return CheckResult(
            id=check_id,
            outcome=Outcome.UNVERIFIED,
            detail=f"the project's configuration keeps these files from {run.program}",
        )
    return CheckResult(
        id=check_id,
        outcome=Outcome.ERROR,
        detail=f"{run.program} reported nothing, and nothing proves that it looked at a source file",
    )


def _hardly_looked(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    """Return an error when most of the source was kept from a tool, by whatever does that.

    What settings hide is found where they stand; but a list of ignored files, or a stub beside a
    module, does it just as well.
    """
    if run.covers is not Covers.CONFIGURED or case.project.layout.restricted:
        return None
    # A stub says nothing of the module beside it, in whose place type checkers read it.
    shipped = {path for path in case.sources if not is_made(path) and not path.endswith(".pyi")}
    missing = shipped - run.reading.analysed
    read = len(shipped) - len(missing)
    if read >= MOST * len(shipped):
        return None
    return CheckResult(
        id=check_id,
        outcome=Outcome.ERROR,
        detail=f"{run.program} read only {read:,} of {_files(len(shipped))}, and left out "
        f"{min(missing)}: let it read what is shipped",
        evidence=reasons(dict.fromkeys(missing, "not read, though it is shipped")),
    )


def _left_some_out(check_id: str, run: ToolRun, case: Case) -> CheckResult | None:
    """Return an error when a tool that must read every source file proved less."""
    missing = case.sources - run.reading.analysed if run.covers is Covers.ALL else frozenset[str]()
    if not missing:
        return None
    return CheckResult(
        id=check_id,
        outcome=Outcome.ERROR,
        detail=f"nothing proves that {run.program} read {len(missing):,} of "
        f"{_files(len(case.sources))}, {min(missing)} among them",
        evidence=reasons(dict.fromkeys(missing, "not proven to be read")),
    )


def _files(count: int) -> str:
    return "1 source file" if count == 1 else f"{count:,} source files"
