"""Whether a hash of ``cryptography`` is that of a signature, and whether others ask for it."""

from __future__ import annotations

import re

from tree_sitter import Node

from doctrine.syntax.language import ancestors
from doctrine.syntax.places import text_of

_WRAPPERS = frozenset({"ECDSA", "Prehashed"})
"""What takes a hash on behalf of the call around it."""
_PROTOCOLS = re.compile(
    r"(?i)cloud_?front|oauth|saml|dkim|ssh|xml_?(?:d?sig|sec)|rsa[-_]?sha1|legacy|compat|pkcs7|ocsp"
)
"""Words of formats that are older than SHA-256 and still name SHA-1."""


def signs(call: Node) -> bool:
    """Return whether what a call makes is the hash of a signature that is made here.

    Checking the signatures of others, padding, keyed hashes and fingerprints are not: there SHA-1 is
    another's choice, or not broken.
    """
    for above in ancestors(call):
        if above.type == "call":
            called = above.child_by_field_name("function")
            name = text_of(called).rpartition(".")[2] if called is not None else ""
            if name not in _WRAPPERS:
                return name == "sign"
        elif above.type not in {"argument_list", "keyword_argument"}:
            return False
    return False


def asked_for(call: Node) -> bool:
    """Return whether the function or class around a call, or its branch, speaks of a protocol."""
    return any(
        _PROTOCOLS.search(text_of(one))
        for one in ancestors(call)
        if one.type in {"function_definition", "class_definition", "if_statement"}
    )
