"""The WebSockets of aiohttp: where one is opened, and where its messages are waited for."""

from __future__ import annotations

from tree_sitter import Node

from doctrine.inspect._calls import called, has_splat, keyword, last_name
from doctrine.inspect._word_set import word_set
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

SOCKET = "aiohttp.ClientSession().ws_connect"
"""How the call that opens one is named; sessions mostly come from where no name tells it."""
_CONNECTS = "ws_connect"
_RECEIVES = word_set("""receive receive_bytes receive_json receive_str""")
_LIMITS = ("receive_timeout", "heartbeat")
"""Arguments of the opening call that end a wait for a peer that is gone (aiohttp's reference)."""


def may_open_sockets(parsed: ParsedFile) -> bool:
    """Return whether a file uses aiohttp, whose sessions alone have such a method."""
    roots = (item.module.partition(".")[0] for item in parsed.module.imports)
    return parsed.wording.holds(_CONNECTS.encode()) and "aiohttp" in roots


def opens_socket(call: Node) -> bool:
    """Return whether a call opens a WebSocket as a client."""
    return last_name(called(call)) == _CONNECTS


def waits_without_limit(call: Node, names: Names) -> bool:
    """Return whether a call waits for a message, and what opened its socket sets no limit.

    Args:
        call: The call; without an argument that sets a limit itself.
        names: The names of its file.
    """
    function = called(call)
    if function.type != "attribute" or last_name(function) not in _RECEIVES:
        return False
    socket = function.child_by_field_name("object")
    opened = [_opening(value) for value in names.values(socket)] if socket is not None else []
    return any(one is not None and not _has_limit(one) for one in opened)


def _opening(value: Node) -> Node | None:
    """Return the call that opens a socket, of ``await session.ws_connect(url)`` and the like."""
    while value.type in {"await", "parenthesized_expression"} and value.named_children:
        value = value.named_children[0]
    return value if value.type == "call" and opens_socket(value) else None


def _has_limit(opening: Node) -> bool:
    if has_splat(opening):
        return True
    given = keyword(opening, *_LIMITS)
    if given is not None and given.type not in {"none", "false"}:
        return True
    # ``timeout`` was the limit of closing alone before it became an object that may hold both.
    timeout = keyword(opening, "timeout")
    return timeout is not None and "ws_receive" in text_of(timeout)
