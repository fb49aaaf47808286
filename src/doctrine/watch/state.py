"""From what happened to what is known, and what is to be done. Pure.

A change ends the judgement of the state before it: what that would say is about files that are
not there any more. Only when changes come faster than any judgement can speak, one is let through
to its first words; those are said, and judged again at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from doctrine.errors import UsageError
from doctrine.model.replacing import replace
from doctrine.reports._difference import difference
from doctrine.reports._shape import ReportV1
from doctrine.watch.events import (
    Began,
    Broke,
    Changed,
    Effect,
    End,
    Ended,
    Event,
    Forget,
    Gone,
    Idle,
    Judge,
    List,
    Noted,
    Pressed,
    Refused,
    Say,
    Show,
    Signalled,
    Told,
    Wait,
)
from doctrine.watch.waiting import believed, undecided

_PATIENCE = 3
"""Judgements in a row that changes may end before they have said anything."""
_QUIT, _AGAIN, _LIST = "q", "r", "f"


class State(Struct, frozen=True, kw_only=True):
    """What is known.

    Attributes:
        number: The judgement that runs, or ran last.
        judging: Whether it runs.
        since: When it began, in seconds on a clock that only grows.
        spoken: Whether it has said anything.
        running: The tools that run, with the time of their start.
        known: What is known of everything, part of it perhaps from earlier; None at first.
        complete: The last report that missed nothing.
        undecided: Ids of the clauses that are being judged.
        touched: Files that were changed since the last complete report.
        unheard: Judgements in a row that ended before they said anything.
        stale: Whether files were changed since the judgement began, which goes on all the same.
        refused: Why the last judgement could not be made; empty if it could.
        residents: Tools of whose word the last complete report still is to be confirmed.
        confirming: Whether the judgement that runs confirms it.
    """

    number: int = 0
    judging: bool = False
    since: float = 0.0
    spoken: bool = False
    running: Mapping[str, float] = field(default_factory=dict[str, float])
    known: ReportV1 | None = None
    complete: ReportV1 | None = None
    undecided: frozenset[str] = frozenset()
    touched: tuple[str, ...] = ()
    unheard: int = 0
    stale: bool = False
    refused: str = ""
    residents: frozenset[str] = frozenset()
    confirming: bool = False


Step = tuple[State, tuple[Effect, ...]]


def begin(at: float) -> Step:
    """Return the first state, in which everything is to be judged."""
    return _judge(State(), at)


def step(state: State, event: Event, at: float) -> Step:
    """Return the next state, and what is to be done.

    Args:
        state: What is known.
        event: What happened.
        at: When, in seconds on a clock that only grows.
    """
    match event:
        case Changed():
            return _changed(state, event, at)
        case Told():
            return _told(state, event, at)
        case Refused():
            return _refused(state, event, at)
        case Pressed():
            return _pressed(state, event.key, at)
        case Broke():
            return _broke(state, event, at)
        case _:
            return _remarked(state, event, at)


def _remarked(
    state: State, event: Began | Ended | Noted | Gone | Idle | Signalled, at: float
) -> Step:
    match event:
        case Idle():
            return _confirm(state, event, at)
        case Began():
            return replace(state, running={**state.running, event.tool: at}), ()
        case Ended():
            rest = {name: since for name, since in state.running.items() if name != event.tool}
            return replace(state, running=rest), ()
        case Noted():
            return state, (Say(text=event.text),)
        case Gone():
            gone = Say(text="the project's folder is gone", bad=True)
            return state, (gone, End(code=UsageError.exit_code))
        case Signalled():
            return state, (End(code=128 + event.number),)


def _judge(state: State, at: float, *, anew: bool = False, confirming: bool = False) -> Step:
    begun = replace(
        state,
        number=state.number + 1,
        judging=True,
        since=at,
        spoken=False,
        running={},
        stale=False,
        confirming=confirming,
    )
    return begun, (Judge(number=begun.number, anew=anew, confirming=confirming),)


def _confirm(state: State, event: Idle, at: float) -> Step:
    if state.judging or event.number != state.number or not state.residents:
        return state, ()
    return _judge(state, at, confirming=True)


def _changed(state: State, event: Changed, at: float) -> Step:
    if not event.paths and not state.judging:
        return state, ()
    touched = replace(state, touched=tuple(sorted({*state.touched, *event.paths})))
    if not state.judging or state.spoken:
        return _judge(replace(touched, unheard=0), at)
    if state.unheard < _PATIENCE:
        return _judge(replace(touched, unheard=state.unheard + 1), at)
    return replace(touched, stale=True), ()


def _told(state: State, event: Told, at: float) -> Step:
    """Take what a judgement says; one that was ended says nothing, one that confirms all at once."""
    if event.number != state.number or not state.judging or (state.confirming and event.waiting):
        return state, ()
    known = believed(event.report, state.known, event.asked, event.programs)
    open_ = undecided(event.report, event.asked)
    said = _shown(state, event, known, open_, at)
    told = replace(
        state,
        spoken=True,
        unheard=0,
        known=known,
        undecided=open_,
        refused="",
        confirming=False,
    )
    if not event.waiting:
        told = _completed(told, event)
    if state.stale:
        again, effects = _judge(told, at)
        return again, (*said, *effects)
    waits = (Wait(number=state.number),) if event.residents and not event.waiting else ()
    return told, (*said, *waits)


def _completed(state: State, event: Told) -> State:
    return replace(
        state,
        complete=event.report,
        judging=False,
        touched=state.touched if state.stale else (),
        residents=event.residents,
    )


def _shown(
    state: State, event: Told, known: ReportV1, open_: frozenset[str], at: float
) -> tuple[Effect, ...]:
    """Return what is written down of a report; nothing where it only confirms what is known."""
    earlier = state.known if state.complete is not None else None
    changed = None if earlier is None else difference(earlier, known)
    if (event.waiting or state.confirming) and (changed is None or changed.same):
        return ()
    shown = Show(
        report=known,
        difference=changed,
        undecided=open_,
        seconds=at - state.since,
        paths=state.touched,
    )
    if not state.confirming:
        return (shown,)
    names = " and ".join(sorted(state.residents))
    text = f"{names}, run as a check does, told otherwise than by the server; that is started anew"
    return (Say(text=text, bad=True), shown, Forget())


def _refused(state: State, event: Refused, at: float) -> Step:
    if event.number != state.number or not state.judging:
        return state, ()
    refused = replace(state, judging=False, running={}, refused=event.message)
    said = Say(text=event.message, hint=event.hint, bad=True)
    if not state.stale:
        return refused, () if event.message == state.refused else (said,)
    again, effects = _judge(refused, at)
    return again, (said, *effects)


def _broke(state: State, event: Broke, at: float) -> Step:
    """Judge again, trusting nothing: what stays in memory may be what broke."""
    if event.number != state.number or not state.judging:
        return state, ()
    said = Say(text=f"the judgement broke off ({event.text})", bad=True)
    again, effects = _judge(state, at, anew=True)
    return again, (said, *effects)


def _pressed(state: State, key: str, at: float) -> Step:
    if key == _QUIT:
        return state, (End(code=0),)
    if key == _AGAIN:
        return _judge(state, at, anew=True)
    if key == _LIST and state.known is not None:
        return state, (List(report=state.known, undecided=state.undecided),)
    return state, ()
