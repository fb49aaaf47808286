"""What is to be said of the run and not of the code: nothing that nobody could decide is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from doctrine.model.run import ToolStatus
from doctrine.model.verdict import Outcome
from doctrine.reports._partial import partial_in_words
from doctrine.reports._shape import ClauseV1, ReportV1, ToolV1
from doctrine.reports._text import counted
from doctrine.reports.sarif.limits import MESSAGE, RESULTS, fitted
from doctrine.reports.sarif.results import Kept
from doctrine.reports.sarif.rules import Rules, rule_id
from doctrine.reports.sarif.shape import (
    Descriptor,
    Invocation,
    Level,
    Message,
    Notification,
    Reference,
)

_KINDS = {
    "configuration": "Something in the project's configuration or files is to be mended.",
    "tool-trouble": "A tool did not do its part.",
    "clause-error": "A clause could not be decided, because something broke.",
    "clause-unverified": "Nobody has shown that a clause holds, or that it does not.",
    "cut": "Not everything that was found is in this file.",
}
DESCRIPTORS = tuple(
    Descriptor(
        id=name,
        short_description=Message(text=text),
        full_description=Message(text=text),
        help=Message(text=text),
    )
    for name, text in _KINDS.items()
)
"""Every kind of notification; code scanning wants all three texts of each."""
_WELL = frozenset({ToolStatus.OK, ToolStatus.SKIPPED})
_PARTIAL = Message(text="A few files were judged, and not the whole project.")
_PARTIALLY = Descriptor(
    id="partial",
    short_description=_PARTIAL,
    full_description=_PARTIAL,
    help=_PARTIAL,
)
_INDEX = {one.id: index for index, one in enumerate((*DESCRIPTORS, _PARTIALLY))}
_EXITS = {
    0: "the gate is satisfied",
    1: "the gate is not satisfied",
    2: "nothing to judge, or a wrong configuration",
    3: "incomplete: what the gate looks at is in error",
}


def descriptors(report: ReportV1) -> tuple[Descriptor, ...]:
    """Return every kind of notification that a report can have.

    Args:
        report: Any report.
    """
    return DESCRIPTORS if report.partial is None else (*DESCRIPTORS, _PARTIALLY)


def invocation(report: ReportV1, kept: Kept, rules: Rules) -> Invocation:
    """Return how the run went.

    Args:
        report: Any report.
        kept: What it tells, and how much more there is.
        rules: The rules of the run, which its notifications name.
    """
    failed = [tool for tool in report.run.tools if tool.status not in _WELL]
    broken = any(clause.outcome is Outcome.ERROR for clause in report.clauses)
    code = report.gate.exit_code if report.gate else None
    return Invocation(
        execution_successful=not failed and not broken,
        exit_code=code,
        exit_code_description=None if code is None else _EXITS.get(code),
        start_time_utc=_time(report.run.started),
        tool_execution_notifications=(
            *_partial(report),
            *_cut(kept),
            *_tools(report, failed),
            *_undecided(report.clauses, rules),
        ),
        tool_configuration_notifications=tuple(
            _note("configuration", "warning", problem.message)
            for problem in report.problems
            if problem.tool == "doctrine"
        ),
    )


def _partial(report: ReportV1) -> Iterator[Notification]:
    if report.partial is not None:
        yield _note("partial", "warning", partial_in_words(report))


def _cut(kept: Kept) -> Iterator[Notification]:
    if kept.total > len(kept.entries):
        yield _note(
            "cut",
            "warning",
            f"{counted(kept.total - len(kept.entries), 'result')} of {kept.total:,} left out, since "
            f"code scanning takes {RESULTS:,}: first what does not count, then what is of the "
            "lowest level. The JSON report has them all.",
        )


def _tools(report: ReportV1, failed: Iterable[ToolV1]) -> Iterator[Notification]:
    said: set[tuple[str, str]] = set()
    for problem in report.problems:
        if problem.tool != "doctrine":
            said.add((problem.tool, problem.message))
            yield _note("tool-trouble", "error", f"{problem.tool}: {problem.message}")
    for tool in failed:
        message = tool.message or f"ended as {tool.status}"
        if (tool.name, message) not in said:
            yield _note("tool-trouble", "error", f"{tool.name}: {message}")


def _undecided(clauses: Iterable[ClauseV1], rules: Rules) -> Iterator[Notification]:
    kinds: dict[Outcome, tuple[str, Level]] = {
        Outcome.ERROR: ("clause-error", "error"),
        Outcome.UNVERIFIED: ("clause-unverified", "note"),
    }
    for clause in clauses:
        if clause.outcome in kinds:
            kind, level = kinds[clause.outcome]
            name = rule_id(clause)
            index = rules.index.get(name)
            rule = None if index is None else Reference(id=name, index=index)
            yield _note(kind, level, f"{clause.id} ({clause.level}): {clause.reason}", rule)


def _note(kind: str, level: Level, text: str, rule: Reference | None = None) -> Notification:
    return Notification(
        level=level,
        message=Message(text=fitted(text, MESSAGE)),
        descriptor=Reference(id=kind, index=_INDEX[kind]),
        associated_rule=rule,
    )


def _time(started: str) -> str | None:
    """Return a time as SARIF has it, in UTC with a Z; none where the report has none."""
    try:
        moment = datetime.fromisoformat(started)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None
