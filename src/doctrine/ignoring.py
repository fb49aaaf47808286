"""Which comments that ask doctrine to ignore something are honoured, and which silence nothing. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from doctrine.model.guide import Guide, RuleCheck, ThresholdCheck
from doctrine.model.project import Ignore, IgnoreScope, Module
from doctrine.model.replacing import replace
from doctrine.model.report import ReportFinding
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.statements.placeholders import says_nothing


class Ignoring(Struct, frozen=True, kw_only=True):
    """The comments of a project.

    Attributes:
        honoured: By path, with the clauses that are honoured.
        refused: One message for each that is not.
    """

    honoured: Mapping[str, tuple[Ignore, ...]] = field(
        default_factory=dict[str, tuple[Ignore, ...]]
    )
    refused: tuple[str, ...] = ()


def screened_ignores(modules: Iterable[Module], guide: Guide, known: Collection[str]) -> Ignoring:
    """Part the comments that can be honoured from those that cannot.

    Args:
        modules: Every Python file.
        guide: The clauses that are judged.
        known: Ids of all clauses there are.
    """
    honoured: dict[str, tuple[Ignore, ...]] = {}
    refused: list[str] = []
    for module in modules:
        for one in module.ignores:
            wrong = {clause: _why_not(one, clause, guide, known) for clause in one.clauses}
            flaws = [*_flaws(one), *filter(None, wrong.values())]
            refused += [_told(one, f"is not honoured: {flaw}") for flaw in flaws]
            clauses = tuple(clause for clause, why in wrong.items() if not why)
            if clauses and not any(_flaws(one)):
                kept = replace(one, clauses=clauses)
                honoured[module.path] = (*honoured.get(module.path, ()), kept)
    return Ignoring(honoured=honoured, refused=tuple(refused))


def _flaws(one: Ignore) -> Iterator[str]:
    """Yield what keeps a comment from being honoured at all, each with what mends it."""
    if one.scope is IgnoreScope.NONE:
        yield f"there is no `{one.word}`: write ignore, ignore-block or ignore-file"
    elif not one.clauses:
        yield f"it names no clause: write `# doctrine: {one.word}[SEC005] why`"
    elif not one.reason:
        yield f"it gives no reason: write why behind `{one.word}[{', '.join(one.clauses)}]`"
    elif says_nothing(one.reason):
        yield f"its reason {one.reason!r} says nothing: write what a reader can check"
    elif not one.first_line:
        what = "no block begins" if one.scope is IgnoreScope.BLOCK else "there is no code"
        yield f"{what} where it stands"


def _why_not(one: Ignore, clause_id: str, guide: Guide, known: Collection[str]) -> str:
    """Return why one of its clauses cannot be ignored; empty where it can."""
    if clause_id not in known:
        near = difflib.get_close_matches(clause_id.upper(), sorted(known), n=1, cutoff=0.5)
        hint = f", did you mean {near[0]}?" if near else "; `doctrine clauses` lists them"
        return f"the guide has no clause {clause_id!r}{hint}"
    clause = guide.clause(clause_id)
    if clause is None:
        return ""
    if clause.umbrella:
        return f"{clause_id} restates others and follows them: name {', '.join(clause.members)}"
    if not clause.waivable and one.scope is not IgnoreScope.LINE:
        return f"{clause_id} can be ignored on a line only, where a reader sees what it is about"
    return ""


def unused_ignores(
    ignoring: Ignoring,
    findings: Iterable[ReportFinding],
    guide: Guide,
    runs: Iterable[ToolRun],
) -> Iterator[str]:
    """Yield a message for each comment, or clause in one, that silences nothing.

    Args:
        ignoring: The comments that are honoured.
        findings: Every finding.
        guide: The clauses that are judged.
        runs: Every tool run: where one failed, nobody knows what it would have reported.
    """
    if not ignoring.honoured:
        return
    lines = _lines(findings)
    decided = _decided(guide, runs)
    for path, found in sorted(ignoring.honoured.items()):
        for one in found:
            reach = range(one.first_line, one.last_line + 1)
            idle = [
                clause
                for clause in one.clauses
                if clause in decided
                and not any(line in reach for line in lines.get((path, clause), ()))
            ]
            if idle:
                yield _told(one, f"silences nothing about {', '.join(idle)}: remove it")


def _lines(findings: Iterable[ReportFinding]) -> Mapping[tuple[str, str], Sequence[int]]:
    """Return the lines that findings of a clause are on, or are suppressed on, by path and clause."""
    found: dict[tuple[str, str], list[int]] = {}
    for finding in findings:
        lines = [finding.location.line]
        if finding.suppression is not None:
            lines.append(finding.suppression.line)
        for clause in finding.clauses:
            found.setdefault((finding.location.path, clause), []).extend(lines)
    return found


def _decided(guide: Guide, runs: Iterable[ToolRun]) -> frozenset[str]:
    """Return the clauses whose every tool has looked, and did not miss the project's packages."""
    sound = {
        run.name for run in runs if run.status is ToolStatus.OK and not run.reading.missing_packages
    }
    return frozenset(
        clause.id
        for clause in guide.clauses
        if all(
            check.tool in sound or (isinstance(check, RuleCheck) and check.optional)
            for check in clause.checks
            if isinstance(check, RuleCheck | ThresholdCheck)
        )
    )


def _told(one: Ignore, what: str) -> str:
    listed = f"[{', '.join(one.clauses)}]" if one.clauses else ""
    return f"{one.location.path}:{one.location.line}: `# doctrine: {one.word}{listed}` {what}"
