"""How programs start their event loop.

``hand-run-loop``: an entry point makes a loop and runs it, where ``asyncio.run`` would also cancel
what is left and close what has to be closed; or a coroutine calls ``asyncio.run``, which refuses to
run inside of a loop. Nothing that starts a loop at all leaves the rule
undecided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, function_around, is_coroutine
from doctrine.inspect._entry_points import Programs, is_start
from doctrine.inspect._gathered import sound_paths
from doctrine.inspect._inspector import gathering
from doctrine.inspect._loop_threads import loop_threads
from doctrine.inspect._sightings import Sighting, Undecided, reading
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "program-loop"
_BY_HAND = "hand-run-loop"

_STARTERS = frozenset(
    {
        "anyio.run",
        "asyncio.Runner",
        "asyncio.run",
        "asyncio.runners.run",
        "trio.run",
        "uvloop.run",
    }
)
_REFUSING = _STARTERS - {"asyncio.Runner"}
"""Those of them that raise an error where a loop runs already."""
_LOOP = re.compile(
    r"(?:asyncio|uvloop)\.(?:events\.)?(?:get_event_loop|new_event_loop|get_running_loop"
    r"|SelectorEventLoop|ProactorEventLoop|Loop"
    r"|(?:get_event_loop_policy|DefaultEventLoopPolicy)\(\)\.(?:get|new)_event_loop)\(\)"
    r"\.run_(?:until_complete|forever)"
)
_PLAIN = re.compile(r"(?:event_?)?loop\.run_(?:until_complete|forever)")
"""A loop that came from one of several places, so that its name is all there is to go by."""
_ROOTS = frozenset({"anyio", "asyncio", "trio", "uvloop"})
_OWNERS = frozenset({"asyncqt", "gbulb", "qasync", "quamash", "telethon", "tkinter", "pyrogram"})
"""Libraries that bring a loop of their own, or say that theirs is to be run by hand."""


class _Note(Struct, frozen=True, kw_only=True):
    """What a file says about starting loops."""

    seen: tuple[Finding | Support, ...]


def _note(parsed: ParsedFile, layout: Layout) -> _Note | None:
    roots = {item.module.partition(".")[0] for item in parsed.module.imports}
    if parsed.module.role is not Role.SOURCE or not roots & _ROOTS:
        return None
    own = () if roots & _OWNERS else _by_hand(parsed, layout)
    return _Note(seen=(*_started(parsed), *_refused(parsed), *own))


def _started(parsed: ParsedFile) -> Iterator[Support]:
    for call in parsed.calls:
        dotted = parsed.names.dotted(called(call))
        if dotted in _STARTERS and not is_coroutine(function_around(call)):
            place = Evidence(
                path=parsed.module.path, line=line_of(call), detail=f"{dotted}() starts the loop"
            )
            yield Support(rule=_BY_HAND, evidence=place)


def _refused(parsed: ParsedFile) -> Iterator[Finding]:
    """Yield the calls that ask for a loop inside of a coroutine, which one runs already."""
    report = CodeReporter(tool=_NAME, parsed=parsed)
    for call in parsed.calls:
        dotted = parsed.names.dotted(called(call))
        if dotted in _REFUSING and is_coroutine(function_around(call)):
            message = (
                f"{dotted}() in a coroutine raises RuntimeError, for a loop runs already: await it"
            )
            yield report.finding(_BY_HAND, call, message, Severity.ERROR, symbol=dotted)


def _by_hand(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    programs, whole = Programs(parsed), is_start(parsed.module.path, layout)
    threads = loop_threads(parsed)
    report = CodeReporter(tool=_NAME, parsed=parsed)
    for call in parsed.calls:
        if not _runs(call, parsed) or not (whole or programs.started(call)) or threads.own(call):
            continue
        message = (
            f"{text_of(called(call))}() runs a loop by hand: put the program in a coroutine, and "
            "call asyncio.run(main())"
        )
        yield report.finding(_BY_HAND, call, message, Severity.ERROR, symbol="asyncio.run")


def _runs(call: Node, parsed: ParsedFile) -> bool:
    written = text_of(called(call))
    if not written.endswith((".run_until_complete", ".run_forever")):
        return False
    dotted = parsed.names.dotted(called(call))
    return bool(_LOOP.fullmatch(dotted) if dotted else _PLAIN.fullmatch(written))


def _conclude(project: Project, notes: Mapping[str, _Note]) -> Reading:
    sightings: list[Sighting] = [one for note in notes.values() for one in note.seen]
    if not sightings:
        reason = (
            "nothing in the sources starts a loop in a way that can be seen: look at the entry "
            "points, and confirm that they call `asyncio.run`, or leave the loop to a framework"
        )
        sightings.append(Undecided(rule=_BY_HAND, reason=reason))
    return reading(sightings, sound_paths(project))


INSPECTOR = gathering(name=_NAME, rules=(_BY_HAND,), note=_note, conclude=_conclude)
