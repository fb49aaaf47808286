"""What is written down of a judgement, and what stands below while it is watched. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from doctrine.model.outcome import Outcome
from doctrine.reports._difference import ClauseTurn, Difference, counts
from doctrine.reports._shape import ClauseV1, FindingV1, ReportV1
from doctrine.reports._text import counted, number
from doctrine.watch.events import Effect, List, Say, Show
from doctrine.watch.lines import Line, Span, Style, prose, span
from doctrine.watch.state import State

_MOST_TURNS = 12
_MOST_FINDINGS = 8
_MOST_PLACES = 3
_MOST_PATHS = 3
_HELD = frozenset({Outcome.PASS, Outcome.ATTESTED})
_OPEN = frozenset({Outcome.UNVERIFIED, Outcome.ERROR})
_KEYS = "q quit   r judge again   f what fails"


def written(effect: Effect) -> tuple[Line, ...]:
    """Return what is written down of an effect.

    Args:
        effect: What is to be done; only what shows something has lines.
    """
    match effect:
        case Show(difference=None):
            return (_summary(effect), *_failing(effect.report, effect.undecided))
        case Show(difference=Difference() as difference):
            return (_summary(effect), *_changes(effect, difference))
        case List():
            return tuple(_failing(effect.report, effect.undecided, most=1_000))
        case Say():
            return tuple(_said(effect))
        case _:
            return ()


def _said(effect: Say) -> Iterator[Line]:
    style = Style.BAD if effect.bad else Style.DIM
    yield (prose(effect.text, style, limit=600),)
    if effect.hint:
        yield (span("  "), prose(effect.hint, Style.DIM, limit=600))


def _summary(effect: Show) -> Line:
    report = effect.report
    gained = effect.difference.score.change if effect.difference else None
    change = f" ({gained:+.1f})" if gained else ""
    open_ = counted(len(effect.undecided), "clause") + " being judged"
    return (
        *standing(report, effect.undecided),
        span(change, Style.GOOD if gained and gained > 0 else Style.BAD),
        span(f"  {effect.seconds:.1f} s", Style.DIM),
        *((span(f"  {open_}", Style.OPEN),) if effect.undecided else ()),
        *((span(f"  {_named(effect.paths)}", Style.DIM),) if effect.paths else ()),
    )


def _named(paths: Collection[str]) -> str:
    shown = ", ".join([*paths][:_MOST_PATHS])
    more = len(paths) - _MOST_PATHS
    return f"{shown} and {more:,} more" if more > 0 else shown


def standing(report: ReportV1, undecided: Collection[str] = ()) -> Line:
    """Return the grade and the counts on one line.

    Args:
        report: What is known.
        undecided: Ids of the clauses that are being judged: neither held nor failing for now.
    """
    grade = report.grade
    tally = Counter(one.outcome for one in _scored(report) if one.id not in undecided)
    score = "" if grade.score is None else f" {number(grade.score)}"
    known = f"{grade.letter or '?'}{score}  {report.verdict.value}"
    return (
        span(f"({known})" if undecided else known, Style.DIM if undecided else Style.BOLD),
        *_counts(tally),
    )


def _counts(tally: Counter[Outcome]) -> Line:
    failing = tally[Outcome.FAIL]
    open_ = sum(tally[one] for one in _OPEN)
    held = sum(tally[one] for one in _HELD)
    return (
        span(f"  {failing} fail", Style.BAD if failing else Style.DIM),
        span(f"  {open_} open", Style.OPEN if open_ else Style.DIM),
        span(f"  {held} hold", Style.GOOD),
    )


def _scored(report: ReportV1) -> Iterator[ClauseV1]:
    return (one for one in report.clauses if one.scored)


def _changes(effect: Show, difference: Difference) -> Iterator[Line]:
    turns = [
        one
        for one in difference.clauses
        if one.clause.id not in effect.undecided and one.clause.scored
    ]
    turns.sort(key=lambda one: not one.worse)
    found = {one.fingerprint: one for one in effect.report.findings}
    for turn in turns[:_MOST_TURNS]:
        yield from _turn(turn, found, difference)
    if len(turns) > _MOST_TURNS:
        yield (span(f"  and {len(turns) - _MOST_TURNS} more clauses", Style.DIM),)
    yield from _came(difference, turns)
    gone = [one for one in difference.fixed if counts(one)]
    if gone:
        yield (span(f"  - {counted(len(gone), 'finding')} gone", Style.GOOD),)


def _turn(turn: ClauseTurn, found: dict[str, FindingV1], difference: Difference) -> Iterator[Line]:
    clause = turn.clause
    style = Style.BAD if turn.worse else Style.GOOD
    yield (
        span("  x " if turn.worse else "  + ", style),
        span(clause.id, Style.BOLD),
        span(f" {clause.level.value}", Style.DIM),
        span(f" {_course(turn)}: ", style),
        prose(_why(turn)),
    )
    if turn.worse and turn.after is Outcome.FAIL:
        fresh = {one.fingerprint for one in difference.new}
        places = [found[one] for one in clause.findings if one in fresh and one in found]
        yield from _where(clause, places)


def _where(clause: ClauseV1, places: Sequence[FindingV1]) -> Iterator[Line]:
    """Yield where a clause fails by now, and what mends it."""
    yield from (_place(one) for one in places[:_MOST_PLACES])
    if not places:
        yield from _evidence(clause)
    yield (span("      mend: ", Style.DIM), prose(clause.remedy))


def _course(turn: ClauseTurn) -> str:
    """Return in words what happened to a clause."""
    before = turn.before.value if turn.before else "not judged"
    after = turn.after.value if turn.after else "not judged"
    if turn.before is not turn.after:
        return f"{before} -> {after}"
    return f"{after} as before, and worse" if turn.worse else f"{after} as before, but better"


def _why(turn: ClauseTurn) -> str:
    if turn.before is not turn.after:
        return turn.clause.reason if turn.worse else turn.clause.statement
    said = [one.detail for one in turn.checks if one.worse is turn.worse]
    return "; ".join(said) or turn.clause.reason


def _evidence(clause: ClauseV1) -> Iterator[Line]:
    failed = (check for check in clause.checks if check.outcome is Outcome.FAIL)
    places = [place for check in failed for place in check.evidence]
    for one in places[:_MOST_PLACES]:
        where = f"{one.path}:{one.line}" if one.line else one.path
        yield span("      "), span(f"{where} ", Style.BOLD), prose(one.detail)


def _place(finding: FindingV1, mark: str = "      ") -> Line:
    rule = ", ".join(dict.fromkeys(f"{one.tool} {one.rule}" for one in finding.reported_by))
    where = f"{finding.path}:{finding.line}:{finding.column}"
    return (
        span(mark),
        span(where, Style.BOLD),
        span(" "),
        prose(finding.message),
        span(f"  [{rule}]", Style.DIM),
    )


def _came(difference: Difference, turns: Iterable[ClauseTurn]) -> Iterator[Line]:
    """Yield the new findings that no clause's turn has shown."""
    shown = {print_ for one in turns if one.worse for print_ in one.clause.findings}
    fresh = [one for one in difference.new if counts(one) and one.fingerprint not in shown]
    for one in fresh[:_MOST_FINDINGS]:
        clauses = ", ".join(one.clauses)
        yield (span("  x ", Style.BAD), *_place(one, ""), span(f" {clauses}", Style.DIM))
    if len(fresh) > _MOST_FINDINGS:
        more = counted(len(fresh) - _MOST_FINDINGS, "new finding")
        yield (span(f"  x and {more} more", Style.BAD),)


def _failing(
    report: ReportV1, undecided: Collection[str], *, most: int = _MOST_TURNS
) -> Iterator[Line]:
    failing = [
        one
        for one in _scored(report)
        if one.outcome in {Outcome.FAIL, Outcome.ERROR} and one.id not in undecided
    ]
    failing.sort(key=lambda one: -one.points_lost)
    for one in failing[:most]:
        yield (
            span("  x ", Style.BAD),
            span(one.id, Style.BOLD),
            span(f" {one.level.value} ", Style.DIM),
            prose(one.reason, limit=160),
        )
    if len(failing) > most:
        yield (span(f"  and {len(failing) - most} more", Style.DIM),)


def footer(state: State, at: float, *, keys: bool) -> tuple[Line, ...]:
    """Return what stands below everything that was written down.

    Args:
        state: What is known.
        at: The time, on the clock of the state.
        keys: Whether keys are listened to.
    """
    return tuple(_footer(state, at, keys=keys))


def _footer(state: State, at: float, *, keys: bool) -> Iterator[Line]:
    if state.known is not None:
        changed = state.undecided if state.judging else frozenset[str]()
        yield standing(state.known, changed)
    yield _work(state, at)
    if keys:
        yield (span(_KEYS, Style.DIM),)


def _work(state: State, at: float) -> Line:
    if state.refused and not state.judging:
        return (span("waiting for a change: ", Style.OPEN), prose(state.refused))
    if not state.judging:
        names = ", ".join(sorted(state.residents))
        doubt = f", {names} by the server and to be confirmed" if names else ""
        return (span(f"watching{doubt}", Style.DIM),)
    longest = sorted(state.running.items(), key=lambda pair: pair[1])
    tools: list[Span] = [span(f"  {name} {at - since:.1f}s", Style.DIM) for name, since in longest]
    waiting = f", {len(state.undecided)} clauses open" if state.spoken else ""
    verb = "confirming" if state.confirming else "judging"
    return (span(f"{verb} {at - state.since:.1f} s{waiting}", Style.OPEN), *tools)
