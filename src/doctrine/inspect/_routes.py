"""The routes that a file serves, and which of them a limiter is asked before.

Most limiters of web frameworks limit nothing by being made: a route asks for a limit, in a decorator,
a dependency or an attribute of its class, unless there is one for every route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile

from msgspec import Struct
from tree_sitter import Node

from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_VERB = re.compile(r"\.(?:get|post|put|patch|delete|head|options|route|api_route|api_operation)$")
_VIEW = "rest_framework.decorators.api_view"
_CLASSES = re.compile(
    r"^(?:rest_framework\.(?:views|viewsets|generics)|flask_rest(?:ful|x)|flask\.views|django\.views)\."
)
_PROBE = re.compile(
    r"(?i)^/?(?:api/|v\d+/)*(?:health\w*|heartbeat|ready\w*|live\w*|ping|metrics|version|favicon\.ico)/?$"
)
"""Routes that ask whether the service is up; a limit there would take it out of service."""
_ASKS = re.compile(r"(?i)\.(?:shared_)?limit\(|rate_?limit|throttl|\blimits?\(")
_EMPTY = re.compile(r"\bthrottle_classes\s*=\s*(?:\[\s*\]|\(\s*\))")
_USES = re.compile(
    rb"\.(?:shared_)?limit\(|\.hit\(|\.check\(|RateLimiter\(|\bratelimit\(|\bthrottle(?:_classes)?\s*=|\w\(\*\*"
)
"""What limits something, wherever it stands, or may."""
_USING = frozenset(b"limit shared_limit hit check ratelimit throttle throttle_classes".split())
"""One of these words, or ``RateLimiter``, or ``(**``, stands in every match of it: that is found sooner."""
_VERBS = frozenset(
    b"get post put patch delete head options route api_route api_operation api_view".split()
)
_DECORATOR = re.compile(rb"(?m)^[ \t]*@")
_MODULES = (b"views", b"viewsets", b"generics", b"flask_rest")
"""One of these stands in a file in which a class can be a view."""
_EVERYWHERE = re.compile(
    rb"\b(?:default|application|global)_limits(?:_per_method)?\s*=(?!\s*(?:\[\s*\]|None\b|=))"
    rb"|\bRATELIMIT_(?:DEFAULTS?|APPLICATION)\b"
    rb"|\bDEFAULT_THROTTLE_CLASSES\b[\"']?\s*[:=](?!\s*(?:\[\s*\]|\(\s*\)))"
)
_WORDS = (b"_limits", b"RATELIMIT_", b"DEFAULT_THROTTLE_CLASSES")
_APPLICATIONS = (b"FastAPI", b"NinjaAPI", b"NinjaExtraAPI")
_APPLICATION = re.compile(r"(?:^|\.)(?:FastAPI|NinjaAPI|NinjaExtraAPI)$")


class Route(Struct, frozen=True, kw_only=True):
    """A function or class that answers requests.

    Attributes:
        line: Where.
        name: What it is called.
        limited: Whether a limiter is asked before it.
    """

    line: int
    name: str
    limited: bool


class Routes(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        served: Its routes, without those that only ask whether the service is up.
        everywhere: Line of a limit that is for every route; 0 if there is none.
        used: Whether anything at all in it may ask a limiter.
    """

    served: tuple[Route, ...] = ()
    everywhere: int = 0
    used: bool = False


def routes(parsed: ParsedFile) -> Routes:
    """Return what a file that has to do with a web framework serves.

    Args:
        parsed: The file.
    """
    found = (*_functions(parsed), *_classes(parsed))
    used = any(one.limited for one in found) or _uses(parsed)
    return Routes(served=found, everywhere=everywhere(parsed), used=used)


def _uses(parsed: ParsedFile) -> bool:
    wording, source = parsed.wording, parsed.source
    if (
        wording.words.isdisjoint(_USING)
        and not wording.holds(b"RateLimiter")
        and b"(**" not in source
    ):
        return False
    return any(_is_code(parsed.tree, match.start()) for match in _USES.finditer(source))


def _is_code(tree: Node, start: int) -> bool:
    node = tree.descendant_for_byte_range(start, start + 1)
    return node is not None and not any(
        one.type in {"comment", "string"} for one in (node, *ancestors(node))
    )


def everywhere(parsed: ParsedFile) -> int:
    """Return the line of a limit that is for every route of an application; 0 if there is none.

    Args:
        parsed: The file.
    """
    if parsed.wording.holds(*_WORDS):
        for match in _EVERYWHERE.finditer(parsed.source):
            node = parsed.tree.descendant_for_byte_range(match.start(), match.start() + 1)
            if node is not None and node.type != "comment":
                return node.start_point.row + 1
    return next(_limited_applications(parsed), 0)


def _limited_applications(parsed: ParsedFile) -> Iterator[int]:
    for call in parsed.calls if parsed.wording.holds(*_APPLICATIONS) else ():
        called = call.child_by_field_name("function")
        if called is not None and _APPLICATION.search(text_of(called)) and _asks(call):
            yield line_of(call)


def _functions(parsed: ParsedFile) -> Iterator[Route]:
    if parsed.wording.words.isdisjoint(_VERBS) or not _DECORATOR.search(parsed.source):
        return
    for node in of_types(parsed.tree, "decorated_definition"):
        definition = node.child_by_field_name("definition")
        decorators = [one for one in node.named_children if one.type == "decorator"]
        # What stands above the decorator of the route wraps what the framework never calls.
        inner = list(dropwhile(lambda one: not _serves(one, parsed), decorators))
        if inner and definition is not None and definition.type == "function_definition":
            parameters = definition.child_by_field_name("parameters")
            limited = any(map(_asks, (*inner, parameters or definition)))
            yield Route(line=line_of(definition), name=_name(definition), limited=limited)


def _serves(decorator: Node, parsed: ParsedFile) -> bool:
    call = next((one for one in decorator.named_children if one.type == "call"), None)
    called = call.child_by_field_name("function") if call is not None else None
    if call is None or called is None:
        return False
    if b"api_view" in parsed.wording.words and parsed.names.dotted(called) == _VIEW:
        return True
    if not _VERB.search(text_of(called)):
        return False
    path = next(iter(of_types(call, "string_content")), None)
    return path is None or not _PROBE.search(text_of(path))


def _classes(parsed: ParsedFile) -> Iterator[Route]:
    if not parsed.wording.holds(*_MODULES):
        return
    for node in of_types(parsed.tree, "class_definition"):
        bases = node.child_by_field_name("superclasses")
        above = bases.named_children if bases is not None else []
        if not any(_CLASSES.search(parsed.names.dotted(one)) for one in above):
            continue
        around = node.parent
        whole = around if around is not None and around.type == "decorated_definition" else node
        yield Route(line=line_of(node), name=_name(node), limited=_asks(whole))


def _asks(node: Node) -> bool:
    return bool(_ASKS.search(_EMPTY.sub("", _code(node))))


def _name(definition: Node) -> str:
    name = definition.child_by_field_name("name")
    return text_of(name) if name is not None else ""


def _code(node: Node) -> str:
    """Return what is written in a node, without its comments and strings."""
    source = bytearray(node.text or b"")
    offset = node.start_byte
    for inner in of_types(node, "comment", "string"):
        start, end = inner.start_byte - offset, inner.end_byte - offset
        source[start:end] = b" " * (end - start)
    return source.decode("utf-8", "replace")
