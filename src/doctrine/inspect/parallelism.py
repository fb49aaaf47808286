"""Threads that are started by hand, and what they are given to do.

``threads-by-hand``: threads are started in a loop and joined in one, which is what an executor
does, with results and exceptions. ``thread-pool``: a thread pool of ``multiprocessing``.
``useless-limit`` (advice): a time limit on a future that is done. ``busy-threads`` (advice): a
thread is given a function that only computes; a project that uses threads leaves this rule
undecided, because nothing but a measurement tells which work is bound by the processor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, name_of
from doctrine.inspect._gathered import sound_paths
from doctrine.inspect._inspector import gathering
from doctrine.inspect._sightings import Sighting, Undecided, reading
from doctrine.inspect._thread_pools import (
    POOLS,
    THREAD,
    busy_submissions,
    started_and_joined,
    thread_classes,
    useless_limits,
)
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.places import line_of
from doctrine.syntax.tree import ParsedFile

_NAME = "parallelism"
_BY_HAND = "threads-by-hand"
_POOL = "thread-pool"
_USELESS = "useless-limit"
_BUSY = "busy-threads"

_ROOTS = frozenset({"_thread", "concurrent", "joblib", "multiprocessing", "threading", "asyncio"})
_EXECUTOR = "concurrent.futures.ThreadPoolExecutor"
_PROCESSES = frozenset(
    {
        "concurrent.futures.InterpreterPoolExecutor",
        "concurrent.futures.ProcessPoolExecutor",
        "multiprocessing.Pool",
        "multiprocessing.Process",
        "multiprocessing.pool.Pool",
    }
)
_THREADED = POOLS | {THREAD, _EXECUTOR, "asyncio.to_thread", "_thread.start_new_thread"}


class _Note(Struct, frozen=True, kw_only=True):
    """What a file does side by side.

    Attributes:
        seen: Findings, and what speaks for the rules.
        threads: Whether it gives work to threads.
    """

    seen: tuple[Finding | Support, ...]
    threads: bool


def _note(parsed: ParsedFile, layout: Layout) -> _Note | None:
    del layout
    roots = {item.module.partition(".")[0] for item in parsed.module.imports}
    if parsed.module.role is not Role.SOURCE or not roots & _ROOTS:
        return None
    made = [parsed.names.dotted(called(call)) for call in parsed.calls]
    threads = any(name in _THREADED or name.endswith("run_in_executor") for name in made)
    threads = threads or any(True for _ in thread_classes(parsed))
    return _Note(seen=tuple(_seen(parsed)), threads=threads)


def _seen(parsed: ParsedFile) -> Iterator[Finding | Support]:
    report = CodeReporter(tool=_NAME, parsed=parsed)
    for call in started_and_joined(parsed):
        message = (
            "these threads are started and joined by hand: submit the work to a "
            "`concurrent.futures.ThreadPoolExecutor`"
        )
        yield report.finding(_BY_HAND, call, message, Severity.WARNING, symbol=THREAD)
    for call in useless_limits(parsed):
        message = "a future of as_completed() is done: give as_completed() the limit instead"
        yield report.finding(_USELESS, call, message, Severity.INFO)
    for call, function in busy_submissions(parsed):
        message = (
            f"{name_of(function)}() seems to compute only: threads take turns at that, processes "
            "(`ProcessPoolExecutor`) do not"
        )
        yield report.finding(_BUSY, call, message, Severity.INFO, symbol=name_of(function))
    yield from _made(parsed, report)


def _made(parsed: ParsedFile, report: CodeReporter) -> Iterator[Finding | Support]:
    for call in parsed.calls:
        dotted = parsed.names.dotted(called(call))
        place = Evidence(path=parsed.module.path, line=line_of(call), detail=f"{dotted}()")
        if dotted in POOLS:
            message = f"{dotted}() is a pool of threads: use `ThreadPoolExecutor` instead"
            yield report.finding(_POOL, call, message, Severity.WARNING, symbol=dotted)
        elif dotted == _EXECUTOR:
            yield Support(rule=_BY_HAND, evidence=place)
        elif dotted in _PROCESSES:
            yield Support(rule=_BUSY, evidence=place)


def _conclude(project: Project, notes: Mapping[str, _Note]) -> Reading:
    sightings: list[Sighting] = [one for note in notes.values() for one in note.seen]
    if any(note.threads for note in notes.values()):
        reason = (
            "nothing but a measurement tells which work is bound by the processor: look at what "
            "the threads do, and confirm that such work runs in processes"
        )
        sightings.append(Undecided(rule=_BUSY, reason=reason))
    return reading(sightings, sound_paths(project))


INSPECTOR = gathering(
    name=_NAME, rules=(_BY_HAND, _POOL, _USELESS, _BUSY), note=_note, conclude=_conclude
)
