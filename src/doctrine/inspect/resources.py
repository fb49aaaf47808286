"""Connections and other resources that nobody closes for certain.

``unmanaged``: an async resource that is closed by hand and not in ``finally``, so that an
exception or a cancellation before leaves it open; closing in ``finally`` is advice.
``left-open``: an async resource that a function opens, keeps to itself, and never closes;
``never-closed`` is the same of what no ``async with`` can open. ``kept-open``: one that is kept on
``self`` or in a module, and nothing in the project closes what has that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._calls import called, keyword
from doctrine.inspect._code import CodeReporter, function_around, name_of
from doctrine.inspect._gathered import sound_paths
from doctrine.inspect._inspector import gathering
from doctrine.inspect._ownership import Fate, Held, fate_of
from doctrine.inspect._resources import ASYNC, CLOSERS, OPENERS, any_root
from doctrine.inspect._sightings import Sighting, reading
from doctrine.inspect._sockets import SOCKET, may_open_sockets, opens_socket
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.language import ancestors
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "resources"
_UNMANAGED = "unmanaged"
_LEFT = "left-open"
_NEVER = "never-closed"
_KEPT = "kept-open"

_CLOSER = re.compile(rf"\.(?:{'|'.join(sorted(CLOSERS))})\b".encode())
_OWNER = re.compile(rb"\b(?:\w+(?:\(\))?\.){1,8}\Z")
_ENTERED = re.compile(
    rb"\bwith[ \t(]+(?:await[ \t]+)?((?:\w+\.){0,8}\w+)(?:\(\))?[ \t]*(?:\bas\b|:|,)"
    rb"|\b(?:enter_async_context|enter_context|aclosing|closing)\(\s*((?:\w+\.){0,8}\w+)"
)
"""Names that are entered somewhere; the project's own spelling is all that counts."""
_TRANSPORTS = ("ASGITransport", "MockTransport", "WSGITransport")
_WORD = re.compile(r"\w+")


class _Kept(Struct, frozen=True, kw_only=True):
    """A resource under a name that other files may close.

    Attributes:
        name: The name.
        owner: The class, or else the module, that has it.
        finding: What is to be said if nothing closes it.
    """

    name: str
    owner: str
    finding: Finding


class _Note(Struct, frozen=True, kw_only=True):
    """What a file tells.

    Attributes:
        seen: Findings that nothing in another file changes, and what speaks for the rules.
        kept: Resources that another file may close.
        closed: Names that this file closes.
        imported: Last parts of what this file imports, for who can know of a private name.
    """

    seen: tuple[Finding | Support, ...]
    kept: tuple[_Kept, ...]
    closed: frozenset[str]
    imported: frozenset[str]


def _note(parsed: ParsedFile, layout: Layout) -> _Note | None:
    del layout
    if parsed.module.role is not Role.SOURCE:
        return None
    closed = _closed(parsed.source)
    imported = frozenset(item.dotted.rpartition(".")[2] for item in parsed.module.imports)
    if not any_root(item.module for item in parsed.module.imports):
        return _Note(seen=(), kept=(), closed=closed, imported=imported)
    names = parsed.names
    seen: list[Finding | Support] = []
    kept: list[_Kept] = []
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in _openings(parsed):
        held = fate_of(call, names)
        if held.fate is Fate.KEPT:
            finding = _kept(reporter, call, dotted, held)
            kept.append(_Kept(name=held.name, owner=_owner(call, parsed), finding=finding))
        else:
            seen.extend(_seen(reporter, call, dotted, held))
    return _Note(seen=tuple(seen), kept=tuple(kept), closed=closed, imported=imported)


def _closed(source: bytes) -> frozenset[str]:
    """Return every name that stands before a method that closes, or is entered."""
    entered = (name for found in _ENTERED.findall(source) for name in found if name)
    written = b" ".join((*entered, *_closing(source))).decode("utf-8", "replace")
    return frozenset(_WORD.findall(written))


def _closing(source: bytes) -> Iterator[bytes]:
    """Yield what stands before each method that closes: looked for from there, since few do."""
    for closer in _CLOSER.finditer(source):
        dot = closer.start()
        owner = _OWNER.search(source, source.rfind(b"\n", 0, dot) + 1, dot + 1)
        if owner is not None:
            yield owner[0]


def _owner(call: Node, parsed: ParsedFile) -> str:
    owner = next((one for one in ancestors(call) if one.type == "class_definition"), None)
    path = PurePosixPath(parsed.module.path)
    module = path.parent.name if path.stem == "__init__" else path.stem
    return name_of(owner) or module


def _openings(parsed: ParsedFile) -> Iterator[tuple[Node, str]]:
    sockets = may_open_sockets(parsed)
    for call in parsed.calls:
        # Whatever a session is called, and wherever it comes from, only aiohttp's has this method.
        socket = sockets and opens_socket(call)
        dotted = SOCKET if socket else parsed.names.dotted(called(call))
        if dotted in OPENERS and not _is_inside_process(call):
            yield call, dotted


def _is_inside_process(call: Node) -> bool:
    """Return whether a client talks to an application object, and opens no connection."""
    transport = keyword(call, "transport")
    return transport is not None and any(one in text_of(transport) for one in _TRANSPORTS)


def _seen(
    reporter: CodeReporter, call: Node, dotted: str, held: Held
) -> Iterator[Finding | Support]:
    opened = "ws_connect()" if dotted == SOCKET else f"{dotted}()"
    named = f"{held.name} = {opened}" if held.name else opened
    seen = _seen_async if dotted in ASYNC else _seen_sync
    yield from seen(reporter, call, dotted, named, held.fate)


def _seen_async(
    reporter: CodeReporter, call: Node, dotted: str, named: str, fate: Fate
) -> Iterator[Finding | Support]:
    instead = "open it with `async with`"
    if fate is Fate.SAFE:
        place = Evidence(
            path=reporter.parsed.module.path, line=line_of(call), detail=f"{named} in a block"
        )
        yield Support(rule=_UNMANAGED, evidence=place)
    elif fate is Fate.OPEN:
        message = f"{_never_closed(call, named)}: {instead}"
        yield reporter.finding(_LEFT, call, message, Severity.ERROR, symbol=dotted)
    elif fate is Fate.ABANDONED:
        message = (
            f"{named} {_STAYS_OPEN} in {name_of(function_around(call))}: close it there in "
            "`except BaseException`, or give the class a method that closes"
        )
        yield reporter.finding(_LEFT, call, message, Severity.ERROR, symbol=dotted)
    elif fate is Fate.EXPOSED:
        message = f"{named} {_STAYS_OPEN}: {instead}"
        yield reporter.finding(_UNMANAGED, call, message, Severity.ERROR, symbol=dotted)
    elif fate is Fate.CLOSED:
        message = f"{named} is closed by hand; `async with` does the same and cannot be forgotten"
        yield reporter.finding(_UNMANAGED, call, message, Severity.INFO, symbol=dotted)


def _seen_sync(
    reporter: CodeReporter, call: Node, dotted: str, named: str, fate: Fate
) -> Iterator[Finding | Support]:
    instead = "close it in `finally`"
    if fate is Fate.OPEN:
        message = f"{_never_closed(call, named)}: {instead}"
        yield reporter.finding(_NEVER, call, message, Severity.ERROR, symbol=dotted)
    elif fate is Fate.EXPOSED:
        message = f"{named} {_STAYS_OPEN}: {instead}"
        yield reporter.finding(_UNMANAGED, call, message, Severity.INFO, symbol=dotted)


_STAYS_OPEN = "stays open when an exception comes before its close"


def _never_closed(call: Node, named: str) -> str:
    where = name_of(function_around(call)) or "the function"
    return f"{named} is never closed in {where}"


def _kept(reporter: CodeReporter, call: Node, dotted: str, held: Held) -> Finding:
    message = (
        f"{dotted}() is kept as {held.name}, and nothing in the project closes that: give its "
        "owner a method that does, and call it when the program ends"
    )
    severity = Severity.INFO if held.shared else Severity.ERROR
    return reporter.finding(_KEPT, call, message, severity, symbol=dotted)


def _conclude(project: Project, notes: Mapping[str, _Note]) -> Reading:
    sightings: list[Sighting] = []
    for note in notes.values():
        sightings += note.seen
        sightings += [
            kept.finding
            for kept in note.kept
            if not any(_closes(other, kept, own=other is note) for other in notes.values())
        ]
    return reading(sightings, sound_paths(project))


def _closes(note: _Note, kept: _Kept, *, own: bool) -> bool:
    """Return whether a file closes what is kept; a private name only where its owner is known."""
    if kept.name not in note.closed:
        return False
    return own or not kept.name.startswith("_") or kept.owner in note.imported


INSPECTOR = gathering(
    name=_NAME, rules=(_UNMANAGED, _LEFT, _NEVER, _KEPT), note=_note, conclude=_conclude
)
