"""Awaited calls to other systems that nothing limits in time.

``no-timeout``: a call whose library sets no limit, and neither does an argument, a block around
it, or a block around every use of its function. ``timeout-removed``: a limit that a library sets
is taken away with ``timeout=None``. ``long-timeout`` (advice): aiohttp's default of five minutes.
``child-timeout`` (advice): waiting for a child process, which is no external system.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._bounds import Bounds
from doctrine.inspect._calls import arguments, awaited, called, has_splat, keyword, last_name
from doctrine.inspect._code import (
    CodeReporter,
    function_around,
    function_named,
    in_loop,
    is_coroutine,
)
from doctrine.inspect._external_calls import (
    BLOCKING_HTTP,
    CHILD,
    HTTP_CALL,
    HTTP_LIMIT,
    HTTPX_CLIENT,
    MOVERS,
    UNLIMITED,
    any_root,
)
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect._sockets import may_open_sockets, waits_without_limit
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout, Role
from doctrine.syntax.language import ancestors
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "timeouts"
_NONE = "no-timeout"
_REMOVED = "timeout-removed"
_LONG = "long-timeout"
_CHILD = "child-timeout"

_SESSIONS = frozenset({"aiohttp.ClientSession", "aiohttp.client.ClientSession"})
_OPEN_ENDED = ("stream", "ws_connect")
"""Calls that are meant to last."""
_ENDLESS = ("stream", "event", "sse", "listen", "poll", "watch", "subscribe", "proxy")
"""Parts of the names of functions whose reads have to stay open."""


class _File(Struct, frozen=True, kw_only=True):
    """What is asked about one file."""

    names: Names
    bounds: Bounds
    report: CodeReporter
    sets_commands: bool
    sockets: bool


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    del layout
    module = parsed.module
    if module.role is not Role.SOURCE or "async" not in module.features:
        return
    if not any_root(item.module for item in module.imports):
        return
    names = parsed.names
    file = _File(
        names=names,
        bounds=Bounds(parsed.tree, names),
        report=CodeReporter(tool=_NAME, parsed=parsed),
        # asyncpg's limit for queries belongs to the pool, which may be made anywhere in the file
        sets_commands=b"command_timeout" in parsed.source,
        sockets=may_open_sockets(parsed),
    )
    hops = frozenset(_hops(parsed))
    for call in parsed.calls:
        finding = _of_call(call, names.dotted(called(call)), file, hops)
        if finding is not None:
            yield finding


def _hops(parsed: ParsedFile) -> Iterator[int]:
    """Yield the synchronous functions that coroutines call or move to a thread."""
    for call in parsed.calls:
        moved = arguments(call) if last_name(called(call)) in MOVERS else ()
        asks = (called(call), *moved) if is_coroutine(function_around(call)) else moved
        for node in asks:
            function = function_named(node, parsed.names)
            if function is not None and not is_coroutine(function):
                yield function.id


def _of_call(call: Node, dotted: str, file: _File, hops: frozenset[int]) -> Finding | None:
    if file.sockets and waits_without_limit(call, file.names):
        return _message(call, file)
    if dotted in _SESSIONS:
        return _session(call, file)
    if dotted == HTTPX_CLIENT or dotted in HTTP_LIMIT:
        return _limit_removed(call, dotted, file)
    if last_name(called(call)) in MOVERS:
        return _moved(call, file)
    return _of_function(call, dotted, file, hops) if dotted else None


def _of_function(call: Node, dotted: str, file: _File, hops: frozenset[int]) -> Finding | None:
    around = function_around(call)
    if is_coroutine(around):
        return _in_coroutine(call, dotted, file)
    hopped = around is not None and around.id in hops and BLOCKING_HTTP.fullmatch(dotted)
    return _unlimited(call, dotted, file) if hopped else None


def _in_coroutine(call: Node, dotted: str, file: _File) -> Finding | None:
    http = HTTP_CALL.fullmatch(dotted)
    if http is not None:
        return _http(call, dotted, http["verb"], file)
    if CHILD.fullmatch(dotted):
        return _child(call, dotted, file)
    blocks = BLOCKING_HTTP.fullmatch(dotted) is not None
    if not blocks and (not UNLIMITED.fullmatch(dotted) or not _is_waited_for(call)):
        return None
    if dotted.startswith("asyncpg.") and file.sets_commands:
        return None
    if dotted.endswith(".create_connection") and _is_connected(call):
        return None
    return _unlimited(call, dotted, file)


def _is_connected(call: Node) -> bool:
    """Return whether a connection is made of a socket, which has one already."""
    given = keyword(call, "sock")
    return given is not None and given.type != "none"


def _is_waited_for(call: Node) -> bool:
    """Return whether a call is awaited or entered here, and not handed to somebody else."""
    above = call.parent
    return above is not None and above.type in {"await", "as_pattern", "with_item"}


def _has_limit(call: Node) -> bool:
    """Return whether an argument limits a call, or may."""
    given = keyword(call, "timeout", "timeout_ms")
    return has_splat(call) if given is None else given.type != "none"


def _unlimited(call: Node, dotted: str, file: _File) -> Finding | None:
    if _has_limit(call) or file.bounds.limited(call):
        return None
    message = f"{dotted}() may wait for ever: put it in `async with asyncio.timeout(SECONDS):`"
    return file.report.finding(_NONE, call, message, Severity.ERROR, symbol=dotted)


def _http(call: Node, dotted: str, verb: str, file: _File) -> Finding | None:
    given = keyword(call, "timeout")
    if given is None or given.type != "none" or verb in _OPEN_ENDED:
        return None
    if file.bounds.limited(call):
        return None
    message = f"{dotted}(timeout=None) takes the limit away that the client has: name a number"
    severity = Severity.INFO if _stays_open(call) else Severity.ERROR
    return file.report.finding(_REMOVED, call, message, severity, symbol=dotted)


def _stays_open(call: Node) -> bool:
    """Return whether a response is read for as long as it comes."""
    function = function_around(call)
    name = text_of(function.child_by_field_name("name") or call).lower() if function else ""
    if any(part in name for part in _ENDLESS):
        return True
    block = next((one for one in ancestors(call) if one.type == "with_statement"), None)
    return block is not None and b"async for" in (block.text or b"")


def _limit_removed(call: Node, dotted: str, file: _File) -> Finding | None:
    """Look at a client, or a limit, that says None and nothing else."""
    if not _takes_limit(call, dotted) or has_splat(call):
        return None
    others = ("connect", "read", "write", "pool", "sock_connect", "sock_read")
    if dotted in HTTP_LIMIT and keyword(call, *others) is not None:
        return None
    if file.bounds.limited(call):
        return None
    # Whether each request has a limit of its own is for the requests to say, in any file.
    message = f"{dotted}() without a limit: every request through it may wait for ever"
    endless = _stays_open(call) or _limits_elsewhere(file)
    severity = Severity.INFO if endless else Severity.ERROR
    return file.report.finding(_REMOVED, call, message, severity, symbol=dotted)


def _takes_limit(call: Node, dotted: str) -> bool:
    """Return whether the argument for the whole of a request is None."""
    first = next(arguments(call), None) if dotted == "httpx.Timeout" else None
    given = first or keyword(call, "timeout" if dotted == HTTPX_CLIENT else "total")
    return given is not None and given.type == "none"


def _limits_elsewhere(file: _File) -> bool:
    source = file.report.parsed.source
    words = (
        b"asyncio.timeout",
        b"wait_for(",
        b"fail_after(",
        b"move_on_after(",
        b"stream(",
        b"ws_connect",
    )
    return any(word in source for word in words)


def _session(call: Node, file: _File) -> Finding | None:
    if keyword(call, "timeout") is not None or has_splat(call) or file.bounds.limited(call):
        return None
    message = "aiohttp.ClientSession() gives a request five minutes: say how long it may take"
    return file.report.finding(_LONG, call, message, Severity.INFO, symbol="aiohttp.ClientSession")


def _child(call: Node, dotted: str, file: _File) -> Finding | None:
    if file.bounds.limited(call):
        return None
    message = f"{dotted}() waits for a child process for ever: give it a limit, and end it then"
    return file.report.finding(_CHILD, call, message, Severity.INFO, symbol=dotted)


def _message(call: Node, file: _File) -> Finding | None:
    """``await socket.receive()``: an answer that never comes is waited for for ever.

    A loop around it reads for as long as messages come, as ``async for`` does: that is meant.
    """
    if not awaited(call) or in_loop(call) or _has_limit(call) or file.bounds.limited(call):
        return None
    name = f"{last_name(called(call))}()"
    message = (
        f"{name} may wait for ever: put it in `async with asyncio.timeout(SECONDS):`, or give "
        "`ws_connect` a `heartbeat=`"
    )
    return file.report.finding(_NONE, call, message, Severity.ERROR, symbol=name)


def _moved(call: Node, file: _File) -> Finding | None:
    """``to_thread(requests.get, url)``: ruff's S113 sees no call of ``requests`` there."""
    moved = next(
        (
            name
            for argument in arguments(call)
            if BLOCKING_HTTP.fullmatch(name := file.names.dotted(argument))
        ),
        "",
    )
    return _unlimited(call, moved, file) if moved else None


INSPECTOR = FileInspector(name=_NAME, rules=(_NONE, _REMOVED, _LONG, _CHILD), inspect=_inspect)
