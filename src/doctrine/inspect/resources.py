"""Connections and other resources that nobody closes for certain.

``unmanaged``: an async resource that is closed by hand and not in ``finally``, so that an
exception or a cancellation before leaves it open; closing in ``finally`` is advice.
``left-open``: a resource that a function opens, keeps to itself, and never closes.
``kept-open``: one that is kept on ``self`` or in a module, and nothing in the project closes
what has that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, function_around, name_of
from doctrine.inspect._inspector import gathering
from doctrine.inspect._ownership import Fate, Held, fate_of
from doctrine.inspect._resources import ASYNC, CLOSERS, OPENERS, any_root
from doctrine.inspect._sightings import Sighting, reading
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.places import line_of
from doctrine.syntax.tree import ParsedFile

_NAME = "resources"
_UNMANAGED = "unmanaged"
_LEFT = "left-open"
_KEPT = "kept-open"

_CLOSED = re.compile(
    rf"\b((?:\w+(?:\(\))?\.){{1,8}})(?:{'|'.join(sorted(CLOSERS))})\b"
    r"|\bwith[ \t(]+(?:await[ \t]+)?((?:\w+\.){0,8}\w+)(?:\(\))?[ \t]*(?:\bas\b|:|,)"
    r"|\b(?:enter_async_context|enter_context|aclosing|closing)\(\s*((?:\w+\.){0,8}\w+)".encode()
)
"""Names that are closed, or entered, somewhere; the project's own spelling is all that counts."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A resource under a name that other files may close."""

    name: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """What a file tells.

    Attributes:
        seen: Findings that nothing in another file changes, and what speaks for the rules.
        kept: Resources that another file may close.
        closed: Names that this file closes.
    """

    seen: tuple[Finding | Support, ...]
    kept: tuple[_Kept, ...]
    closed: frozenset[str]


def _note(parsed: ParsedFile, layout: Layout) -> _Note | None:
    del layout
    if parsed.module.role is not Role.SOURCE:
        return None
    closed = _closed(parsed.source)
    if not any_root(item.module for item in parsed.module.imports):
        return _Note(seen=(), kept=(), closed=closed)
    names = parsed.names
    seen: list[Finding | Support] = []
    kept: list[_Kept] = []
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in _openings(parsed):
        held = fate_of(call, names)
        if held.fate is Fate.KEPT:
            finding = _kept(reporter, call, dotted, held)
            kept.append(_Kept(name=held.name, finding=finding))
        else:
            seen.extend(_seen(reporter, call, dotted, held))
    return _Note(seen=tuple(seen), kept=tuple(kept), closed=closed)


def _closed(source: bytes) -> frozenset[str]:
    """Return every name that stands before a method that closes, or is entered."""
    written = (name for found in _CLOSED.findall(source) for name in found if name)
    return frozenset(_WORD.findall(" ".join(name.decode("utf-8", "replace") for name in written)))


def _openings(parsed: ParsedFile) -> Iterator[tuple[Node, str]]:
    for call in parsed.calls:
        dotted = parsed.names.dotted(called(call))
        if dotted in OPENERS:
            yield call, dotted


def _seen(
    reporter: CodeReporter, call: Node, dotted: str, held: Held
) -> Iterator[Finding | Support]:
    named = f"{held.name} = {dotted}()" if held.name else f"{dotted}()"
    is_async = dotted in ASYNC
    if held.fate is Fate.SAFE and is_async:
        place = Evidence(
            path=reporter.parsed.module.path, line=line_of(call), detail=f"{named} in a block"
        )
        yield Support(rule=_UNMANAGED, evidence=place)
    elif held.fate is Fate.OPEN:
        where = name_of(function_around(call)) or "the function"
        instead = "open it with `async with`" if is_async else "close it in `finally`"
        message = f"{named} is never closed in {where}: {instead}"
        yield reporter.finding(_LEFT, call, message, Severity.ERROR, symbol=dotted)
    elif held.fate is Fate.EXPOSED:
        message = f"{named} stays open when an exception comes before its close: use a `with` block"
        severity = Severity.ERROR if is_async else Severity.INFO
        yield reporter.finding(_UNMANAGED, call, message, severity, symbol=dotted)
    elif held.fate is Fate.CLOSED and is_async:
        message = f"{named} is closed by hand; `async with` does the same and cannot be forgotten"
        yield reporter.finding(_UNMANAGED, call, message, Severity.INFO, symbol=dotted)


def _kept(reporter: CodeReporter, call: Node, dotted: str, held: Held) -> Finding:
    message = (
        f"{dotted}() is kept as {held.name}, and nothing in the project closes that: give its "
        "owner a method that does, and call it when the program ends"
    )
    severity = Severity.INFO if held.shared else Severity.ERROR
    return reporter.finding(_KEPT, call, message, severity, symbol=dotted)


def _conclude(project: Project, notes: Mapping[str, _Note]) -> Reading:
    closed = frozenset[str]().union(*(note.closed for note in notes.values()))
    sightings: list[Sighting] = []
    for note in notes.values():
        sightings += note.seen
        sightings += [kept.finding for kept in note.kept if kept.name not in closed]
    return reading(sightings, (module.path for module in project.modules if module.flaw is None))


INSPECTOR = gathering(name=_NAME, rules=(_UNMANAGED, _LEFT, _KEPT), note=_note, conclude=_conclude)
