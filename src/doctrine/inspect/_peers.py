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
_TOPICS = (b"CERT_NONE", b"verify_ssl", b"ssl=False", b"ssl = False", b"check_hostname", b".verify")

Peer = tuple[Node, str, str]
"""A place, what is wrong there, and why it may be wanted (empty if it may not)."""


def speaks_of_peers(parsed: ParsedFile) -> bool:
    """Return whether a file holds a word without which nothing of this is in it."""
    return parsed.wording.holds(*_TOPICS)


def unchecked_peers(parsed: ParsedFile, names: Names) -> Iterator[Peer]:
    """Yield the places where certificates are not checked."""
    for node in captures(_ASSIGNED, parsed.tree).get("assignment", []):
        yield from _assigned(node)
    for call in captures(_CALLS, parsed.tree).get("call", []):
        yield from _passed(call, names)


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
