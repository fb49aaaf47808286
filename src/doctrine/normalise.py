"""From what each tool reported to one list of defects. Pure, in a fixed order of steps.

1. keep what lies inside the project, with the clauses that it is about
2. mark what an inline suppression covers
3. merge reports of the same defect, *after* suppressions: silencing one tool silences the defect
4. sort, and only then number equals, so that fingerprints do not depend on the tools' order
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from msgspec import Struct, field

from doctrine.model.defect import Defects, rule_key
from doctrine.model.guide import Guide, RuleCheck, Scope, ThresholdCheck
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Definition, Ignore, Module, Role
from doctrine.model.report import FindingStatus, Reporter, ReportFinding, Silence
from doctrine.model.run import ToolRun
from doctrine.silencing import ignored, silenced

Lines = Callable[[str], Sequence[str]]
"""The lines of a file of the project; empty when it cannot be read."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_FINGERPRINT_DIGITS = 16


class Context(Struct, frozen=True, kw_only=True):
    """What normalising needs besides the findings.

    Attributes:
        guide: Its checks say which rule is about which clause.
        modules: Python files by path.
        defects: Rules about the same defect.
        lines: Text of files.
        ignores: Comments that ask doctrine to ignore something, and are honoured, by path.
        audit: Whether suppressions are ignored.
    """

    guide: Guide
    modules: Mapping[str, Module]
    defects: Defects
    lines: Lines
    ignores: Mapping[str, tuple[Ignore, ...]] = field(default_factory=dict[str, tuple[Ignore, ...]])
    audit: bool = False


class _Tracer(Struct):
    """Finds the clauses of a rule; one look-up for each rule and kind of file."""

    guide: Guide
    known: dict[tuple[str, str, bool], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str, bool], tuple[str, ...]]
    )

    keys: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def key(self, run: str, rule: str) -> str:
        pair = (run, rule)
        if pair not in self.keys:
            self.keys[pair] = rule_key(run, rule)
        return self.keys[pair]

    def clauses(self, run: str, rule: str, *, source: bool) -> tuple[str, ...]:
        key = (run, rule, source)
        if key not in self.known:
            self.known[key] = tuple(
                sorted(
                    clause.id
                    for clause in self.guide.clauses
                    if any(_asks(check, run, rule, source=source) for check in clause.checks)
                )
            )
        return self.known[key]


def _asks(check: object, run: str, rule: str, *, source: bool) -> bool:
    if not isinstance(check, RuleCheck | ThresholdCheck) or check.tool != run:
        return False
    if check.scope is Scope.SOURCE and not source:
        return False
    return check.asks(rule)


_Order = tuple[tuple[str, int, int, str, str, str], tuple[str, int, int]]


class _Item(Struct):
    """A finding on its way; not frozen, because there are hundreds of thousands of them."""

    run: ToolRun
    finding: Finding
    key: str
    clauses: tuple[str, ...]
    silence: Silence | None
    order: _Order


def normalise(
    reported: Iterable[tuple[ToolRun, Finding]], context: Context
) -> tuple[ReportFinding, ...]:
    """Turn what tools reported into one sorted list of defects.

    Args:
        reported: Every finding with the run it came from.
        context: What is needed besides.

    Returns:
        Findings sorted by path, line, column and fingerprint; suppressed ones included.
    """
    tracer = _Tracer(context.guide)
    items = sorted(
        (_item(run, finding, context, tracer) for run, finding in reported),
        key=lambda item: item.order,
    )
    merged: list[ReportFinding] = []
    for path, group in groupby(items, key=lambda item: item.finding.location.path):
        merged.extend(_one_file(path, list(group), context))
    return tuple(sorted(merged, key=_sort_key))


def _sort_key(finding: ReportFinding) -> tuple[str, int, int, str]:
    where = finding.location
    return (where.path, where.line, where.column, finding.fingerprint)


def _item(run: ToolRun, finding: Finding, context: Context, tracer: _Tracer) -> _Item:
    where = finding.location
    module = context.modules.get(where.path)
    source = module is None or module.role is Role.SOURCE
    clauses = tracer.clauses(run.name, finding.rule, source=source)
    return _Item(
        run,
        finding,
        tracer.key(run.name, finding.rule),
        clauses,
        None if context.audit else _silence(run, finding, clauses, module, context),
        (
            (where.path, where.line, where.column, run.name, finding.rule, finding.message),
            # Two that differ in less must not be told apart by which one came first.
            (finding.symbol, where.end_line, where.end_column),
        ),
    )


def _silence(
    run: ToolRun,
    finding: Finding,
    clauses: tuple[str, ...],
    module: Module | None,
    context: Context,
) -> Silence | None:
    ignores = context.ignores.get(finding.location.path, ())
    own = ignored(finding, clauses, ignores) if ignores else None
    return own or silenced(run, finding, module, context.defects)


def _one_file(path: str, items: list[_Item], context: Context) -> list[ReportFinding]:
    module = context.modules.get(path)
    symbols = Symbols(module)
    clusters = _clusters(items, symbols, context.defects)
    lines = context.lines(path)
    drafts = sorted(
        (_merge(cluster, context.defects, symbols, lines) for cluster in clusters),
        key=lambda draft: draft[1],
    )
    seen: dict[str, int] = {}
    findings: list[ReportFinding] = []
    for identity, _, build in drafts:
        seen[identity] = ordinal = seen.get(identity, 0) + 1
        findings.append(build(_fingerprint(identity, ordinal)))
    return findings


class Symbols:
    """The innermost function or class around a line."""

    def __init__(self, module: Module | None) -> None:
        """Sort the definitions of a module; None has none."""
        definitions = module.definitions if module else ()
        self._definitions = sorted(definitions, key=lambda one: (one.line, -one.end_line))
        self._starts = [one.line for one in self._definitions]
        self._parents = _parents(self._definitions)

    def around(self, line: int) -> tuple[str, int]:
        """Return the qualified name and first line of what encloses a line."""
        index = bisect_right(self._starts, line) - 1
        # What starts last before the line may have ended; then only what holds *it* can hold
        # the line. Walking back over siblings instead would be quadratic in large files.
        while index >= 0 and self._definitions[index].end_line < line:
            index = self._parents[index]
        if index < 0:
            return "", 0
        return self._definitions[index].qualname, self._definitions[index].line


def _parents(definitions: Sequence[Definition]) -> list[int]:
    """Return the index of the definition around each one, -1 at module level."""
    parents: list[int] = []
    around: list[int] = []
    for index, definition in enumerate(definitions):
        while around and definitions[around[-1]].end_line < definition.line:
            around.pop()
        parents.append(around[-1] if around else -1)
        around.append(index)
    return parents


def _clusters(items: Iterable[_Item], symbols: Symbols, defects: Defects) -> Iterable[list[_Item]]:
    """Group the reports of each defect.

    One rule of one run reports a defect once: its second report on a line is a second defect,
    which goes with the second report of every other tool.
    """
    clusters: dict[tuple[str, object, int], list[_Item]] = {}
    seen: dict[tuple[str, object, str], int] = {}
    for item in items:
        name, anchor = _cluster(item, symbols, defects)
        turn = (name, anchor, item.key)
        ordinal = 0 if name in defects.by_definition else seen.get(turn, 0)
        seen[turn] = ordinal + 1
        clusters.setdefault((name, anchor, ordinal), []).append(item)
    return clusters.values()


def _cluster(item: _Item, symbols: Symbols, defects: Defects) -> tuple[str, object]:
    name = defects.classes.get(item.key)
    where = item.finding.location
    if name is None:
        # ruff runs twice, with the project's rules and with the guide's: one rule, one defect.
        rule = item.finding.rule.split("/", 1)[0]
        own = f"{item.run.program}:{rule}"
        return own, (where.line, where.column)
    if name in defects.by_definition:
        return name, symbols.around(where.line)
    return name, (where.line, item.finding.symbol if name in defects.by_symbol else "")


_Draft = tuple[str, tuple[int, int, str, str], Callable[[str], ReportFinding]]


def _merge(
    cluster: list[_Item], defects: Defects, symbols: Symbols, lines: Sequence[str]
) -> _Draft:
    """Return identity, order, and a constructor that only needs the fingerprint."""
    ranked = cluster
    if len(cluster) > 1:
        ranked = sorted(cluster, key=lambda one: (defects.rank.get(one.key, 0), one.order))
    chief = ranked[0].finding
    where = chief.location
    clauses = ranked[0].clauses
    if len(ranked) > 1:
        clauses = tuple(sorted({clause for item in ranked for clause in item.clauses}))
    identity = "\0".join(
        (
            *clauses,
            defects.classes.get(ranked[0].key) or chief.rule,
            where.path,
            symbols.around(where.line)[0],
            _text(lines, where.line),
        )
    )
    order = (where.line, where.column, chief.rule, chief.message)
    return identity, order, lambda fingerprint: _finding(ranked, clauses, fingerprint)


def _finding(ranked: list[_Item], clauses: tuple[str, ...], fingerprint: str) -> ReportFinding:
    """Return the merged finding; most are reported once, and need no merging."""
    chief = ranked[0].finding
    severity, fix, needs = chief.severity, chief.fix, chief.needs_environment
    if len(ranked) > 1:
        severity = min((one.finding.severity for one in ranked), key=_SEVERITIES.index)
        fix = next((one.finding.fix for one in ranked if one.finding.fix), None)
        needs = all(one.finding.needs_environment for one in ranked)
    silence = next((one.silence for one in ranked if one.silence is not None), None)
    return ReportFinding(
        fingerprint=fingerprint,
        clauses=clauses,
        location=chief.location,
        message=chief.message,
        severity=severity,
        reported_by=_reporters(tuple((one.run.program, one.finding.rule) for one in ranked)),
        status=FindingStatus.NEW if silence is None else FindingStatus.SUPPRESSED,
        suppression=silence,
        fix=fix,
        needs_environment=needs,
        traces=_traces(tuple((one.run.name, one.finding.rule) for one in ranked)),
    )


@lru_cache(maxsize=4096)
def _reporters(reports: tuple[tuple[str, str], ...]) -> tuple[Reporter, ...]:
    """Return the reporters of (program, rule) pairs; few combinations occur, each very often."""
    return tuple(
        dict.fromkeys(
            Reporter(tool=program, rule=rule.split("/", 1)[0]) for program, rule in reports
        )
    )


@lru_cache(maxsize=4096)
def _traces(reports: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(reports))


def _text(lines: Sequence[str], line: int) -> str:
    """Return a line with its white space folded, so that reformatting keeps the identity."""
    return " ".join(lines[line - 1].split()) if 0 < line <= len(lines) else ""


def _fingerprint(identity: str, ordinal: int) -> str:
    text = f"{identity}\0{ordinal}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:_FINGERPRINT_DIGITS]
