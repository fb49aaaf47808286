"""The name that a value is given as it is, with nothing but conversions between the two."""

from __future__ import annotations

import re

from tree_sitter import Node

from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._secret_flow import last_name
from doctrine.inspect._secret_names import words
from doctrine.inspect._word_set import word_set
from doctrine.syntax.language import ancestors
from doctrine.syntax.places import text_of

_CONVERTERS = word_set("""str int hex oct repr round float bytes format encode hexdigest digest b64encode b32encode
    urlsafe_b64encode md5 sha1 sha256 sha512 new replace strip isoformat timestamp strftime decode lower
    upper rjust zfill""")
_NAMING = {
    "assignment": "left",
    "keyword_argument": "name",
    "pair": "key",
    "named_expression": "name",
}
_PASSING = frozenset(
    {
        "attribute",
        "argument_list",
        "parenthesized_expression",
        "interpolation",
        "string",
        "subscript",
    }
)
_GOOD_COMPANY = re.compile(
    r"secrets\.|urandom|hmac|sign|uuid4|SystemRandom|encrypt|randbits|token_"
)
_ITSELF = word_set(
    "token secret password passwd key salt otp csrf xsrf passphrase credential apikey signature"
)


def is_itself(name: str) -> bool:
    """Return whether a name ends with the secret's own word: ``reset_token``, not ``token_seen``."""
    parts = words(name)
    return bool(parts) and parts[-1] in _ITSELF


def direct_target(call: Node) -> str:
    """Return the name a value is given where nothing but conversions lies between; else nothing.

    A clock is in most things that are made: only what is the time itself can be predicted.
    """
    for above in ancestors(call):
        if above.type in _NAMING or above.type == "return_statement":
            return _named_by(above) if _is_plain(above) else ""
        if not _passes(above):
            return ""
    return ""


def _named_by(statement: Node) -> str:
    """Return the name that a value gets: that of the target, or of the function it returns from."""
    if statement.type == "return_statement":
        return name_of(function_around(statement))
    named = statement.child_by_field_name(_NAMING[statement.type])
    return last_name(named) if named is not None else ""


def _passes(above: Node) -> bool:
    """Return whether what surrounds a value is that value in another form."""
    match above.type:
        case "call":
            return _converts(above)
        case "binary_operator":
            # ``time() + 3600`` is a date, ``user + str(time())`` may be a token
            return _is_text(above)
        case kind:
            return kind in _PASSING


def _is_plain(statement: Node) -> bool:
    return _GOOD_COMPANY.search(text_of(statement)) is None


def _is_text(operation: Node) -> bool:
    return any(sign in text_of(operation) for sign in ("str(", '"', "'"))


def _converts(call: Node) -> bool:
    called = call.child_by_field_name("function")
    return called is not None and text_of(called).rpartition(".")[2] in _CONVERTERS
