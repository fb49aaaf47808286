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
from operator import attrgetter, itemgetter

from msgspec import Struct, field

from doctrine.model.defect import Defects, rule_key
from doctrine.model.guide import Guide, RuleCheck, Scope, ThresholdCheck
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Definition, Ignore, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Reporter, ReportFinding, Silence
from doctrine.model.run import ToolRun
from doctrine.silencing import ignored, silenced

Lines = Callable[[str], Sequence[str]]
"""The lines of a file of the project; empty when it cannot be read."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_FINGERPRINT_DIGITS = 16
# Asked of each finding: an enumeration takes five times as long to find its member before Python 3.12.
_NEW = FindingStatus.NEW
_SUPPRESSED = FindingStatus.SUPPRESSED


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


class _Rule(Struct, frozen=True, kw_only=True):
    """What all findings of a rule have in common.

    Attributes:
        key: The rule as the table of defects has it.
        clauses: The clauses that it is about.
        defect: Its class of defects; None if other tools do not report the same.
        cluster: What its findings are grouped by: the class, or the program and the rule.
        head: The beginning of the identity of a finding that nothing else reports.
        reported_by: Who reports such a finding.
        traces: The run and the rule.
    """

    key: str
    clauses: tuple[str, ...]
    defect: str | None
    cluster: str
    head: str
    reported_by: tuple[Reporter, ...]
    traces: tuple[tuple[str, str], ...]


class _Tracer(Struct):
    """Finds what is to be known of a rule; one look-up for each rule and kind of file."""

    guide: Guide
    defects: Defects
    known: dict[tuple[str, str, bool], _Rule] = field(
        default_factory=dict[tuple[str, str, bool], _Rule]
    )

    def rule(self, run: ToolRun, rule: str, *, source: bool) -> _Rule:
        found = self.known.get((run.name, rule, source))
        if found is None:
            found = self.known[run.name, rule, source] = self._rule(run, rule, source=source)
        return found

    def _rule(self, run: ToolRun, rule: str, *, source: bool) -> _Rule:
        key = rule_key(run.name, rule)
        defect = self.defects.classes.get(key)
        clauses = tuple(
            sorted(
                clause.id
                for clause in self.guide.clauses
                if any(_asks(check, run.name, rule, source=source) for check in clause.checks)
            )
        )
        return _Rule(
            key=key,
            clauses=clauses,
            defect=defect,
            # ruff runs twice, with the project's rules and with the guide's: one rule, one defect.
            cluster=defect or f"{run.program}:{rule.split('/', 1)[0]}",
            head=_head(clauses, defect or rule),
            reported_by=_reporters([(run.program, rule)]),
            traces=((run.name, rule),),
        )


def _asks(check: object, run: str, rule: str, *, source: bool) -> bool:
    if not isinstance(check, RuleCheck | ThresholdCheck) or check.tool != run:
        return False
    if check.scope is Scope.SOURCE and not source:
        return False
    return check.asks(rule)


_Order = tuple[int, int, str, str, str, str, int, int]


class _Item(Struct):
    """A finding on its way; not frozen, because there are hundreds of thousands of them."""

    run: ToolRun
    finding: Finding
    rule: _Rule
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
    tracer = _Tracer(context.guide, context.defects)
    placed = by_path(reported)
    # What is merged is let go of, for there is as much again to come.
    return tuple(
        one
        for path in sorted(placed)
        for one in sorted(_one_file(path, placed.pop(path), context, tracer), key=_sort_key)
    )


def by_path(
    reported: Iterable[tuple[ToolRun, Finding]],
) -> dict[str, list[tuple[ToolRun, Finding]]]:
    """Return what tools reported by the file that it is about, in the order in which it came.

    Args:
        reported: Every finding with the run it came from.
    """
    placed: dict[str, list[tuple[ToolRun, Finding]]] = {}
    for pair in reported:
        placed.setdefault(pair[1].location.path, []).append(pair)
    return placed


def _sort_key(finding: ReportFinding) -> tuple[int, int, str]:
    where = finding.location
    return (where.line, where.column, finding.fingerprint)


def _item(run: ToolRun, finding: Finding, rule: _Rule, silence: Silence | None) -> _Item:
    where = finding.location
    # Two that differ in anything must not be told apart by which one came first.
    order = (
        where.line, where.column, run.name, finding.rule, finding.message,
        finding.symbol, where.end_line, where.end_column,
    )  # fmt: skip
    return _Item(run, finding, rule, silence, order)


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


def _one_file(
    path: str, reported: list[tuple[ToolRun, Finding]], context: Context, tracer: _Tracer
) -> list[ReportFinding]:
    surroundings = _Surroundings(path, context)
    items = _items(context.modules.get(path), reported, context, tracer)
    clusters = _clusters(items, surroundings.symbols, context.defects)
    drafts = sorted(
        (_merge(cluster, context.defects, surroundings) for cluster in clusters),
        key=itemgetter(0),
    )
    seen: dict[str, int] = {}
    findings: list[ReportFinding] = []
    for _, identity, clauses, ranked in drafts:
        seen[identity] = ordinal = seen.get(identity, 0) + 1
        findings.append(_finding(ranked, clauses, _fingerprint(identity, ordinal)))
    return findings


def _items(
    module: Module | None,
    reported: list[tuple[ToolRun, Finding]],
    context: Context,
    tracer: _Tracer,
) -> list[_Item]:
    """Return the findings of one file in order."""
    source = module is None or module.role is Role.SOURCE
    path = reported[0][1].location.path
    comments = path in context.ignores or (module is not None and bool(module.suppressions))
    may_be_silent = comments and not context.audit
    items: list[_Item] = []
    for run, finding in reported:
        rule = tracer.rule(run, finding.rule, source=source)
        silence = _silence(run, finding, rule.clauses, module, context) if may_be_silent else None
        items.append(_item(run, finding, rule, silence))
    return sorted(items, key=attrgetter("order"))


class _Surroundings:
    """What tells where a finding is, and outlives edits elsewhere in the file."""

    def __init__(self, path: str, context: Context) -> None:
        self.symbols = Symbols(context.modules.get(path))
        self._path = path
        self._lines = context.lines(path)
        self._known: dict[int, str] = {}

    def of(self, line: int) -> str:
        """Return the end of the identity of whatever is found on a line."""
        found = self._known.get(line)
        if found is None:
            parts = (self._path, self.symbols.around(line)[0], _text(self._lines, line))
            found = self._known[line] = "\0".join(parts)
        return found


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
    clusters: dict[tuple[object, ...], list[_Item]] = {}
    again: dict[tuple[object, ...], int] = {}
    for item in items:
        place = _place(item, symbols, defects)
        cluster = clusters.get(place)
        if cluster is None:  # most are alone
            clusters[place] = [item]
        elif item.rule.defect in defects.by_definition or not _speaks(item.rule.key, cluster):
            cluster.append(item)
        else:
            turn = (*place, item.rule.key)
            ordinal = again[turn] = again.get(turn, 0) + 1
            clusters.setdefault((*place, ordinal), []).append(item)
    return clusters.values()


def _speaks(key: str, cluster: Iterable[_Item]) -> bool:
    """Return whether a rule is among those that report a defect, of which each does so once."""
    return any(one.rule.key == key for one in cluster)


def _place(item: _Item, symbols: Symbols, defects: Defects) -> tuple[object, ...]:
    """Return what all reports of one defect share: its class, and where it is."""
    rule, where = item.rule, item.finding.location
    if rule.defect is None:
        return rule.cluster, where.line, where.column
    if rule.defect in defects.by_definition:
        return rule.cluster, symbols.around(where.line)
    return rule.cluster, where.line, item.finding.symbol if rule.defect in defects.by_symbol else ""


_Draft = tuple[tuple[int, int, str, str], str, tuple[str, ...], list[_Item]]


def _merge(cluster: list[_Item], defects: Defects, surroundings: _Surroundings) -> _Draft:
    """Return order, identity, clauses, and the reports, of which the first speaks for all."""
    ranked = cluster
    rule = ranked[0].rule
    clauses, head = rule.clauses, rule.head
    if len(cluster) > 1:
        ranked = sorted(cluster, key=lambda one: (defects.rank.get(one.rule.key, 0), one.order))
        rule = ranked[0].rule
        clauses = tuple(sorted({clause for item in ranked for clause in item.rule.clauses}))
        head = _head(clauses, rule.defect or ranked[0].finding.rule)
    chief = ranked[0].finding
    where = chief.location
    order = (where.line, where.column, chief.rule, chief.message)
    return order, f"{head}\0{surroundings.of(where.line)}", clauses, ranked


def _head(clauses: tuple[str, ...], rule: str) -> str:
    return "\0".join((*clauses, rule))


def _finding(ranked: list[_Item], clauses: tuple[str, ...], fingerprint: str) -> ReportFinding:
    """Return the merged finding; most are reported once, and need no merging."""
    first = ranked[0]
    silence = next((one.silence for one in ranked if one.silence is not None), None)
    alone = _alone(first, clauses, fingerprint, silence)
    return alone if len(ranked) == 1 else _united(alone, ranked)


def _alone(
    item: _Item, clauses: tuple[str, ...], fingerprint: str, silence: Silence | None
) -> ReportFinding:
    """Return a finding as one tool reported it."""
    chief = item.finding
    return ReportFinding(
        fingerprint=fingerprint,
        clauses=clauses,
        location=chief.location,
        message=chief.message,
        severity=chief.severity,
        reported_by=item.rule.reported_by,
        status=_NEW if silence is None else _SUPPRESSED,
        suppression=silence,
        fix=chief.fix,
        needs_environment=chief.needs_environment,
        traces=item.rule.traces,
    )


def _united(finding: ReportFinding, ranked: list[_Item]) -> ReportFinding:
    """Return a finding with what the others who reported it add."""
    return replace(
        finding,
        severity=min((one.finding.severity for one in ranked), key=_SEVERITIES.index),
        fix=next((one.finding.fix for one in ranked if one.finding.fix), None),
        needs_environment=all(one.finding.needs_environment for one in ranked),
        reported_by=_reporters((one.run.program, one.finding.rule) for one in ranked),
        traces=tuple(dict.fromkeys((one.run.name, one.finding.rule) for one in ranked)),
    )


def _reporters(reports: Iterable[tuple[str, str]]) -> tuple[Reporter, ...]:
    """Return who made reports, each once, of (program, rule) pairs."""
    return tuple(
        dict.fromkeys(
            Reporter(tool=program, rule=rule.split("/", 1)[0]) for program, rule in reports
        )
    )


def _text(lines: Sequence[str], line: int) -> str:
    """Return a line with its white space folded, so that reformatting keeps the identity."""
    return " ".join(lines[line - 1].split()) if 0 < line <= len(lines) else ""


def _fingerprint(identity: str, ordinal: int) -> str:
    text = f"{identity}\0{ordinal}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:_FINGERPRINT_DIGITS]
