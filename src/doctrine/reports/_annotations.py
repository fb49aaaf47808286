"""Chooses and writes the annotations that GitHub shows of a step.

GitHub shows 10 annotations of a kind for a step and 50 for a job, and drops the rest without a word
(https://github.com/actions/toolkit/pull/734, https://github.com/orgs/community/discussions/26680); a
message is cut after 4,096 characters (``_maxIssueMessageLength`` of actions/runner). So the worst are
chosen here, and a notice says what is not among them.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from doctrine.model.guide import Level
from doctrine.reports._difference import difference
from doctrine.reports._format import Canvas
from doctrine.reports._issues import PROJECT, Issue, issues
from doctrine.reports._partial import withheld
from doctrine.reports._shape import ReportV1
from doctrine.reports._standing import grade_in_words, open_counts
from doctrine.reports._text import counted, sentence, visible

OWN = "doctrine"
"""Whose notices they are."""
PER_KIND = 10
"""Annotations of one kind that GitHub shows of a step."""
_KINDS = {Level.MUST: "error", Level.SHOULD: "warning", Level.MAY: "notice"}
_LONGEST_LINE = 1000
"""Characters of one of the three lines of a message, which together stay below 4,096."""
_LONGEST_TITLE = 200
_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY_ESCAPES = str.maketrans({":": "%3A", ",": "%2C"})


class _Chosen(Struct, frozen=True, kw_only=True):
    """The issues of a level that are shown, and how many there are."""

    kind: str
    shown: list[Issue]
    total: int


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield one workflow command a line.

    Args:
        report: Any report.
        canvas: Knows the project's folder inside the repository, and an earlier report: what is
            new since then comes first.
    """
    fresh = _fresh(report, canvas)
    every = list(issues(report))
    chosen = [
        _choose(_KINDS[level], [one for one in every if one.clause.level is level], fresh)
        for level in (Level.MUST, Level.SHOULD)
    ]
    for one in chosen:
        for issue in one.shown:
            yield _annotation(one.kind, issue, canvas)
    for problem in report.problems[: PER_KIND - 1]:
        text = sentence(problem.message, limit=_LONGEST_LINE)
        yield _command("notice", {"title": _titled(problem.tool)}, text)
    yield _command("notice", {"title": OWN}, _rest(report, chosen))


def _titled(tool: str) -> str:
    return OWN if tool in {"", OWN} else f"{OWN}: {visible(tool[:_LONGEST_TITLE])}"


def _fresh(report: ReportV1, canvas: Canvas) -> Container[str] | None:
    """Return the findings that an earlier report does not have; None without one."""
    if canvas.base is None:
        return None
    return {one.fingerprint for one in difference(canvas.base, report).new}


def _choose(kind: str, found: list[Issue], fresh: Container[str] | None) -> _Chosen:
    """Choose the worst: one issue of each clause, then the next of each, the costliest first.

    Otherwise one clause with a hundred findings would hide all the others.
    """
    found.sort(key=lambda one: (one.clause.id, one.path, one.line, one.column, one.fingerprint))
    seen: dict[tuple[str, bool], int] = {}
    keys: list[tuple[bool, int, float, str, int]] = []
    for index, issue in enumerate(found):
        old = fresh is not None and issue.fingerprint not in fresh
        turn = seen[issue.clause.id, old] = seen.get((issue.clause.id, old), -1) + 1
        keys.append((old, turn, -issue.clause.points_lost, issue.clause.id, index))
    best = heapq.nsmallest(PER_KIND, keys)
    return _Chosen(kind=kind, shown=[found[key[-1]] for key in best], total=len(found))


def _annotation(kind: str, issue: Issue, canvas: Canvas) -> str:
    clause = issue.clause
    lines = (
        sentence(issue.message, limit=_LONGEST_LINE),
        sentence(f"{clause.id} ({clause.level}): {clause.statement}", limit=_LONGEST_LINE),
        sentence(f"Remedy: {clause.remedy}", limit=_LONGEST_LINE) if clause.remedy else "",
    )
    title = visible(f"{clause.id} ({issue.rule})"[:_LONGEST_TITLE])
    return _command(
        kind, {**_place(issue, canvas.folder), "title": title}, "\n".join(lines).strip()
    )


def _place(issue: Issue, folder: str) -> dict[str, str]:
    """Return where an issue is, as far as GitHub can show it.

    Columns are for places on one line: GitHub refuses them for others.
    """
    if issue.path in {"", PROJECT}:
        return {}
    place = {"file": _file(folder, issue.path)}
    if issue.line < 1:
        return place
    place["line"] = str(issue.line)
    if issue.end_line > issue.line:
        return {**place, "endLine": str(issue.end_line)}
    if issue.column > 0 and issue.finding is not None:
        place["col"] = str(issue.column)
        if issue.end_column > issue.column:
            place["endColumn"] = str(issue.end_column)
    return place


def _file(folder: str, path: str) -> str:
    """Return a path inside the repository.

    The runner drops an equals sign at the beginning of a value.
    """
    whole = visible(f"{folder}/{path}" if folder else path)
    return f"./{whole}" if whole.startswith("=") else whole


def _rest(report: ReportV1, chosen: Iterable[_Chosen]) -> str:
    """Return the verdict, and what is not among the annotations."""
    text = f"{report.verdict.value}, {grade_in_words(report)}."
    left = [
        counted(one.total - len(one.shown), f"more {one.kind}")
        for one in chosen
        if one.total > len(one.shown)
    ]
    problems = len(report.problems) - (PER_KIND - 1)
    if problems > 0:
        left.append(counted(problems, "more problem"))
    if left:
        text += f" Not shown here: {', '.join(left)}."
    for clause, why in withheld(report):
        text += f" {visible(clause.id)} could not be judged: {visible(why)}."
    clauses = open_counts(report)
    return f"{text} Clauses: {clauses}." if clauses else text


def _command(kind: str, properties: dict[str, str], data: str) -> str:
    told = ",".join(
        f"{key}={_harmless(value).translate(_ESCAPES).translate(_PROPERTY_ESCAPES)}"
        for key, value in properties.items()
    )
    return f"::{kind} {told}::{_harmless(data).translate(_ESCAPES)}\n"


def _harmless(text: str) -> str:
    """Return text without what the older syntax of commands begins with, anywhere in a line."""
    return text.replace("##[", "## [")
