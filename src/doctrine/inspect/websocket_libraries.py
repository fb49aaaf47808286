"""What opens and serves WebSockets.

``other-library``: a client or server library that is not ``websockets``. Advice only:
``framework-route``, where a web framework leaves the protocol to its server (uvicorn uses
``websockets`` for it); ``old-api``, the deprecated half of ``websockets``; ``no-reconnect``, a
loop that survives a closed connection and not a refused one.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._calls import arguments, called, keyword, last_name
from doctrine.inspect._code import CodeReporter
from doctrine.inspect._first_party import first_party
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect._sockets import opens_socket
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Import, Layout, Role
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "websocket-libraries"
_OTHER = "other-library"
_ROUTE = "framework-route"
_OLD = "old-api"
_RECONNECT = "no-reconnect"

_OURS = "websockets"
_OTHERS = frozenset(
    {
        "websocket",
        "autobahn",
        "picows",
        "httpx_ws",
        "wsproto",
        "lomond",
        "aiowebsocket",
        "ws4py",
        "geventwebsocket",
    }
)
_CALLS = {
    "tornado.websocket.websocket_connect": _OTHER,
    "aiohttp.web.WebSocketResponse": _ROUTE,
}
_ROUTES = (
    "channels",
    "fastapi.WebSocket",
    "flask_sock",
    "litestar.WebSocket",
    "quart.websocket",
    "starlette.websockets",
    "tornado.websocket",
)
_OLD_MODULES = ("websockets.client", "websockets.server", "websockets.legacy")
_OLD_NAMES = frozenset({"websockets.WebSocketServerProtocol", "websockets.WebSocketClientProtocol"})
_WORDS = (b"ebsocket", b"ebSocket", b"ws_connect", b"autobahn", b"picows", b"httpx_ws", b"wsproto",
          b"channels", b"lomond", b"flask_sock", b"ws4py")  # fmt: skip


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding | Support]:
    module = parsed.module
    if module.role is not Role.SOURCE or not parsed.wording.holds(*_WORDS):
        return
    report = CodeReporter(tool=_NAME, parsed=parsed)
    yield from _imported(parsed, layout, report)
    roots = {item.module.partition(".")[0] for item in module.imports}
    if roots & {"aiohttp", "tornado"}:
        yield from _called(parsed, report)
    if _OURS in roots:
        yield from _fragile_loops(parsed, report)


def _imported(
    parsed: ParsedFile, layout: Layout, report: CodeReporter
) -> Iterator[Finding | Support]:
    told: set[str] = set()
    for item in parsed.module.imports:
        root = item.module.partition(".")[0]
        if item.dots or item.typing_only or root in told:
            continue
        if root in _OTHERS and not _is_own(root, layout):
            told.add(root)
            message = f"{root} is another WebSocket library: use `websockets`"
            yield _at(item, report, _OTHER, message, Severity.WARNING)
        elif item.dotted.startswith(_ROUTES):
            told.add(root)
            message = f"{item.dotted}: the server of the framework speaks the protocol here"
            yield _at(item, report, _ROUTE, message, Severity.INFO)
        elif root == _OURS:
            yield from _own_library(item, report)


def _own_library(item: Import, report: CodeReporter) -> Iterator[Finding | Support]:
    path, line = item.location.path, item.location.line
    place = Evidence(path=path, line=line, detail=f"imports {item.dotted}")
    yield Support(rule=_OTHER, evidence=place)
    if item.module.startswith(_OLD_MODULES) or item.dotted in _OLD_NAMES:
        message = f"{item.dotted} is deprecated: import from websockets.asyncio"
        yield _at(item, report, _OLD, message, Severity.INFO)


def _at(item: Import, report: CodeReporter, rule: str, message: str, severity: Severity) -> Finding:
    return Finding(
        tool=report.tool,
        rule=rule,
        message=message,
        location=item.location,
        severity=severity,
        symbol=item.dotted,
    )


def _is_own(root: str, layout: Layout) -> bool:
    """Return whether the project itself has a top-level module of that name."""
    return root in first_party(layout).prefixes


def _called(parsed: ParsedFile, report: CodeReporter) -> Iterator[Finding]:
    for call in parsed.calls:
        name = last_name(called(call))
        dotted = parsed.names.dotted(called(call))
        takes = next(arguments(call), None) is not None or keyword(call, "url") is not None
        if (opens_socket(call) and takes) or _CALLS.get(dotted) == _OTHER:
            message = f"{dotted or name}() opens a WebSocket: use `websockets.connect` for it"
            yield report.finding(_OTHER, call, message, Severity.WARNING, symbol=name)
        elif dotted in _CALLS:
            message = f"{dotted}(): the server of the framework speaks the protocol here"
            yield report.finding(_ROUTE, call, message, Severity.INFO, symbol=name)


def _fragile_loops(parsed: ParsedFile, report: CodeReporter) -> Iterator[Finding]:
    """Yield the handlers of a closed connection that let a refused one end the loop."""
    for node in of_types(parsed.tree, "except_clause"):
        if "ConnectionClosed" not in _caught(node) or not _is_in_loop(node):
            continue
        statement = node.parent
        if statement is not None and _connects(statement) and not _catches_refusal(statement):
            message = (
                "a refused connection ends this loop: catch OSError as well, or iterate over "
                "`async for connection in connect(…)`"
            )
            yield report.finding(_RECONNECT, node, message, Severity.INFO)


def _is_in_loop(node: Node) -> bool:
    return any(one.type == "while_statement" for one in ancestors(node))


def _connects(statement: Node) -> bool:
    return b"connect(" in (statement.text or b"")


def _catches_refusal(statement: Node) -> bool:
    clauses = [one for one in statement.named_children if one.type == "except_clause"]
    caught = " ".join(map(_caught, clauses))
    return any(one in caught for one in _BROAD)


_BROAD = ("OSError", "Exception", "ConnectionError", "ConnectionRefusedError", "<all>")


def _caught(clause: Node) -> str:
    values = clause.children_by_field_name("value")
    return " ".join(map(text_of, values)) if values else "<all>"


INSPECTOR = FileInspector(name=_NAME, rules=(_OTHER, _ROUTE, _OLD, _RECONNECT), inspect=_inspect)
