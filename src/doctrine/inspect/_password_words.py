"""Whether an expression is a password, and what is done with it besides being stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._secret_flow import last_name
from doctrine.inspect._secret_names import words
from doctrine.inspect._word_set import word_set
from doctrine.syntax.language import ancestors, walk
from doctrine.syntax.places import text_of

_PASSWORD = word_set("password passwd pwd passphrase pw userpassword")
_ABOUT = word_set(
    "hash hashed hasher file field path name id url key keys salt length len policy reset history"
)
_PROTOCOL = re.compile(
    r"(?i)realm|nonce|challenge|cnonce|digest_?auth|authorization|scramble|scram|ntlm|apop|pwned|hibp|breach"
    r"|htpasswd|vnc|mschap|chap|wsse|handshake|unicode_?hash|nthash|lmhash|sasl|keepass"
)
_LEGACY = re.compile(
    r"(?i)legacy|deprecat|unsalted|migrat|old_|_old|obsolete|upgrade|compat|import"
)
_KEY = word_set(
    "key keys iv aes cipher fernet secretkey encryption encrypt decrypt derive derived kdf"
)
_CACHE = word_set("cache cached etag fingerprint checksum session")


def is_password(expression: Node) -> bool:
    """Return whether an expression holds an identifier that is a password's."""
    return any(_names_password(name) for name in _names(expression))


def _names(expression: Node) -> Iterator[str]:
    for node in walk(expression):
        if node.type == "identifier" and not _is_label(node):
            yield text_of(node)
        elif node.type == "string" and node.parent is not None and node.parent.type == "subscript":
            yield text_of(node).strip("\"'")


def _is_label(node: Node) -> bool:
    """Return whether an identifier is the name of a keyword argument or of what is called."""
    above = node.parent
    if above is None:
        return False
    if above.type == "keyword_argument":
        return above.child_by_field_name("name") == node
    return above.type == "call" and above.child_by_field_name("function") == node


def _names_password(name: str) -> bool:
    parts = words(name)
    return bool(parts) and bool(_PASSWORD & set(parts)) and parts[-1] not in _ABOUT


def excuse(call: Node) -> str:
    """Return why hashing a password fast is no way of storing it here; empty if it may be one."""
    function = function_around(call)
    around = text_of(function) if function is not None else text_of(_statement(call))
    if _PROTOCOL.search(around) or _PROTOCOL.search(_class_name(call)):
        return "part of a protocol that asks for this hash"
    names = _targets(call) | set(words(name_of(function)))
    if names & _KEY:
        return "makes a key, not an entry of a table"
    if names & _CACHE:
        return "names a cache entry or a session, and is not stored as a password"
    if _LEGACY.search(name_of(function)) or _LEGACY.search(_class_name(call)):
        return "reads entries of the past"
    if "hasher" in words(_class_name(call)):
        return "a scheme that the project offers beside others"
    return ""


def makes_key(call: Node) -> bool:
    """Return whether what a call gives is named as a key, or the function around it is."""
    return bool((_targets(call) | set(words(name_of(function_around(call))))) & _KEY)


def stores(call: Node) -> bool:
    """Return whether names around a call say that a password is hashed or checked."""
    names = (
        _targets(call) | set(words(name_of(function_around(call)))) | set(words(_class_name(call)))
    )
    return bool(names & _PASSWORD) or "hash" in names


_TARGETS = {"assignment": "left", "keyword_argument": "name", "pair": "key"}
"""The field in which each kind of node names what it gives a value to."""


def _targets(call: Node) -> set[str]:
    """Return the words of the names that the value of a call is given."""
    for above in ancestors(call):
        if above.type in _TARGETS:
            named = above.child_by_field_name(_TARGETS[above.type])
            return set(words(last_name(named))) if named is not None else set()
        if above.type == "call" and (called := _called_words(above)) & _KEY:
            return called
        if above.type in {"block", "module", "function_definition"}:
            break
    return set()


def _called_words(call: Node) -> set[str]:
    called = call.child_by_field_name("function")
    return set(words(text_of(called).rpartition(".")[2])) if called is not None else set()


def _statement(call: Node) -> Node:
    found = call
    for above in ancestors(call):
        if above.type in {"block", "module"}:
            break
        found = above
    return found


def _class_name(call: Node) -> str:
    owner = next((one for one in ancestors(call) if one.type == "class_definition"), None)
    return name_of(owner)
