"""Coroutines that call a synchronous function of another file which keeps them waiting.

``far-hop``: the function is the project's own, no decorator changes it, and in its own body it makes a call
that blocks. What that calls in its turn is not followed, nor are methods of objects.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.inspect._blocking_calls import ROOTS
from doctrine.inspect._code import is_coroutine, name_of
from doctrine.inspect._gathered import sound_paths
from doctrine.inspect._hops import Hop, hops_of, unawaited_calls
from doctrine.inspect._inspector import gathering
from doctrine.inspect._reach import Callee, Reach, callee_of
from doctrine.inspect._sightings import Reporter, Sighting, Spot, reading
from doctrine.model.project import Import, Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.language import of_types
from doctrine.syntax.places import line_of
from doctrine.syntax.tree import ParsedFile

_NAME = "blocking-elsewhere"
_RULE = "far-hop"
_RARELY = frozenset({"os", "glob", "asyncio", "signal"})
"""Modules that are imported everywhere, and of which few functions wait for anything."""
_WAITS = frozenset({b"system", b"popen", b"wait", b"waitpid", b"fsync", b"pause", b"run"})


class Ask(Struct, frozen=True, kw_only=True):
    """A call in a coroutine of something that the file imports.

    Attributes:
        line: Where.
        coroutine: The coroutine's name.
        callee: What is called.
    """

    line: int
    coroutine: str
    callee: Callee


class Blocking(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        hops: Its functions that block, by name.
        asks: What its coroutines call.
    """

    hops: Mapping[str, Hop]
    asks: tuple[Ask, ...]


def _note(parsed: ParsedFile, layout: Layout) -> Blocking | None:
    del layout
    if parsed.module.role is not Role.SOURCE:
        return None
    hops = dict(_hops(parsed)) if _may_block(parsed) else {}
    asks = tuple(_asks(parsed)) if "async" in parsed.module.features else ()
    return Blocking(hops=hops, asks=asks) if hops or asks else None


def _may_block(parsed: ParsedFile) -> bool:
    roots = ROOTS & {item.module.partition(".")[0] for item in parsed.module.imports}
    return not roots <= _RARELY or (bool(roots) and not parsed.wording.words.isdisjoint(_WAITS))


def _hops(parsed: ParsedFile) -> Iterator[tuple[str, Hop]]:
    top = [one for one in parsed.tree.named_children if one.type == "function_definition"]
    if not top:
        return
    found = hops_of(top, parsed.names)
    yield from ((name_of(one), found[one.id]) for one in top if one.id in found)


def _asks(parsed: ParsedFile) -> Iterator[Ask]:
    bound = {item.bound for item in parsed.module.imports if _may_be_own(item)}
    for function in of_types(parsed.tree, "function_definition") if bound else ():
        for call in unawaited_calls(function) if is_coroutine(function) else ():
            callee = callee_of(call)
            if callee is not None and callee.bound in bound:
                yield Ask(line=line_of(call), coroutine=name_of(function), callee=callee)


def _may_be_own(item: Import) -> bool:
    top = item.module.partition(".")[0]
    return not item.typing_only and (bool(item.dots) or top not in sys.stdlib_module_names)


def _conclude(project: Project, notes: Mapping[str, Blocking]) -> Reading:
    return reading(_found(project, notes), sound_paths(project))


def _found(project: Project, notes: Mapping[str, Blocking]) -> Iterator[Sighting]:
    if not any(note.hops for note in notes.values()):
        return
    reach, reporter = Reach(project), Reporter(tool=_NAME)
    for path, note in sorted(notes.items()):
        for ask in note.asks:
            function = reach.function(path, ask.callee)
            home = notes.get(function.path) if function is not None else None
            if function is None or home is None or function.path == path:
                continue
            hop = home.hops.get(function.name)
            if hop is not None:
                yield reporter.finding(
                    _RULE,
                    Spot(path=path, line=ask.line),
                    _message(ask, hop, function.path),
                    symbol=ask.callee.written,
                )


def _message(ask: Ask, hop: Hop, home: str) -> str:
    name = ask.callee.written
    return (
        f"{name}() in coroutine {ask.coroutine}() blocks the event loop: it calls {hop.dotted}()"
        f" ({home}:{hop.line}); await asyncio.to_thread({name}, ...) instead"
    )


INSPECTOR = gathering(name=_NAME, rules=(_RULE,), note=_note, conclude=_conclude)
