"""TLS that trusts everybody, unless somebody chose that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords
from doctrine.inspect._secret_flow import last_name
from doctrine.syntax.language import Pattern, ancestors, captures
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_ASSIGNED = Pattern("(assignment left: (attribute) right: (_)) @assignment")
_CALLS = Pattern("(call arguments: (argument_list (keyword_argument))) @call")
_OFF = {
    "verify_ssl": "False",
    "cert_reqs": "CERT_NONE",
    "ssl": "False",
}
_CONDITIONS = frozenset(
    {
        "if_statement",
        "elif_clause",
        "else_clause",
        "conditional_expression",
        "case_clause",
        "boolean_operator",
    }
)
_CHOSEN = re.compile(
    r"(?i)insecure|unverified|no_?verify|skip|disable|trust_?all|self_?signed|without"
)
_TOPICS = (
    b"CERT_NONE", b"verify_ssl", b"ssl=False", b"ssl = False", b"check_hostname", b".verify",
    b"verify=False", b"verify = False",
)  # fmt: skip
_SENDERS = frozenset({"requests", "httpx"})
_SENDING = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream"]
)
_SENDER = re.compile(r"(?i)session|client")

Peer = tuple[Node, str, str]
"""A place, what is wrong there, and why it may be wanted (empty if it may not)."""


def speaks_of_peers(parsed: ParsedFile) -> bool:
    """Return whether a file holds a word without which nothing of this is in it."""
    return parsed.wording.holds(*_TOPICS)


def unchecked_peers(parsed: ParsedFile, names: Names) -> Iterator[Peer]:
    """Yield the places where certificates are not checked."""
    sends = any(one.module.partition(".")[0] in _SENDERS for one in parsed.module.imports)
    for node in captures(_ASSIGNED, parsed.tree).get("assignment", []):
        yield from _assigned(node)
        if sends:
            yield from _trusting(node)
    for call in captures(_CALLS, parsed.tree).get("call", []):
        yield from _passed(call, names)
        if sends:
            yield from _sent(call, names)


def _assigned(node: Node) -> Iterator[Peer]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    name = last_name(left)
    if name == "verify_mode" and _is_off(right, "CERT_NONE"):
        yield (
            node,
            "no certificate is checked here; keep CERT_REQUIRED, and load the CA that is missing",
            _doubt(node),
        )


def _trusting(node: Node) -> Iterator[Peer]:
    """Yield ``session.verify = False``, after which every request trusts whoever answers."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    holder = left.child_by_field_name("object") if left is not None else None
    if left is None or right is None or holder is None or last_name(left) != "verify":
        return
    if _is_off(right, "False") and _SENDER.search(text_of(holder)):
        yield node, "verify = False trusts every certificate; leave the check on", _doubt(node)


def _sent(call: Node, names: Names) -> Iterator[Peer]:
    """Yield ``session.get(url, verify=False)``; what calls the module itself is ruff's S501."""
    called = call.child_by_field_name("function")
    value = keywords(call).get("verify")
    if called is None or value is None or not _is_off(value, "False"):
        return
    before, _, method = (names.dotted(called) or text_of(called)).rpartition(".")
    if method in _SENDING and before not in _SENDERS:
        yield call, "verify=False trusts every certificate; leave the check on", _doubt(call)


def _passed(call: Node, names: Names) -> Iterator[Peer]:
    called = call.child_by_field_name("function")
    dotted = names.dotted(called) if called is not None else ""
    root = dotted.partition(".")[0]
    for name, value in keywords(call).items():
        off = _OFF.get(name)
        if off is None or not _is_off(value, off):
            continue
        if name == "cert_reqs" or root == "aiohttp":
            yield (
                call,
                f"{name}={text_of(value)} trusts every certificate; leave the check on",
                _doubt(call),
            )


def _is_off(value: Node, off: str) -> bool:
    """Return whether a value is the one that switches checks off, and no choice between two."""
    plain = value.type in {"attribute", "identifier", "string", "false"}
    return plain and text_of(value).rpartition(".")[2].strip("\"'") == off


def _doubt(node: Node) -> str:
    """Return why somebody may have chosen it: a condition, or a name that says so."""
    for above in ancestors(node):
        if above.type in _CONDITIONS:
            return " (a condition decides, and may ask the user)"
        if above.type in {"function_definition", "class_definition"}:
            name = above.child_by_field_name("name")
            if name is not None and _CHOSEN.search(text_of(name)):
                return " (the name says so, and its callers may ask the user)"
    return ""
