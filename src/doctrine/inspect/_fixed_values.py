"""Nonces, initialisation vectors, salts and keys that are the same every time."""

from __future__ import annotations

from collections.abc import Mapping

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._file_calls import value_of
from doctrine.syntax.language import ancestors
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_MODES = ("CBC", "CTR", "GCM", "OFB", "CFB", "CFB8")
_AEAD = ("AESGCM", "AESCCM", "AESOCB3", "AESSIV", "AESGCMSIV", "ChaCha20Poly1305")
_CIPHERS = "cryptography.hazmat.primitives.ciphers"
_KDF = "cryptography.hazmat.primitives.kdf"

VARYING: Mapping[str, tuple[int, str]] = {
    **{f"{_CIPHERS}.modes.{mode}": (0, "initialization_vector") for mode in _MODES},
    **{f"{_CIPHERS}.aead.{aead}().encrypt": (0, "nonce") for aead in _AEAD},
    f"{_CIPHERS}.algorithms.ChaCha20": (1, "nonce"),
    f"{_KDF}.pbkdf2.PBKDF2HMAC": (2, "salt"),
    f"{_KDF}.scrypt.Scrypt": (0, "salt"),
    "hashlib.pbkdf2_hmac": (2, "salt"),
    "hashlib.scrypt": (9, "salt"),
    **{
        f"{root}.Cipher.{cipher}.new": (2, key)
        for root in ("Crypto", "Cryptodome")
        for cipher, key in (("AES", "iv"), ("DES3", "iv"), ("ChaCha20", "nonce"))
    },
}
"""Position and keyword of what must never repeat, by what takes it."""

KEYED: Mapping[str, int] = {
    "cryptography.fernet.Fernet": 0,
    **{f"{_CIPHERS}.aead.{aead}": 0 for aead in _AEAD},
    f"{_CIPHERS}.algorithms.AES": 0,
    "Crypto.Cipher.AES.new": 0,
    "Cryptodome.Cipher.AES.new": 0,
}
"""Position of the key, by what takes it."""

_FEWEST = 16
"""Bytes of the shortest key."""


def fixed(call: Node, position: int, keyword: str, parsed: ParsedFile) -> Node | None:
    """Return the argument of a call that is written out in the source; None if it is not.

    Args:
        call: The call.
        position: Where the argument stands.
        keyword: Its keyword.
        parsed: The file.
    """
    given = positional(call)
    argument = keywords(call).get(keyword) or (given[position] if position < len(given) else None)
    return argument if argument is not None and _is_constant(value_of(argument, parsed)) else None


def _is_constant(node: Node) -> bool:
    """Return whether an expression is a literal, or a literal repeated, or so many zeros."""
    match node.type:
        case "string":
            return text_of(node).strip("bBrRuU\"'") != "" and "{" not in text_of(node)
        case "binary_operator":
            return _is_repeated(node)
        case "call":
            return _is_of_constants(node)
        case _:
            return False


def _is_repeated(operation: Node) -> bool:
    """Return whether an operation is a literal and a number: ``b"0" * 16``."""
    left, right = operation.child_by_field_name("left"), operation.child_by_field_name("right")
    if left is None or right is None:
        return False
    return left.type == "string" and _is_constant(left) and right.type == "integer"


def _is_of_constants(call: Node) -> bool:
    """Return whether a call gives the same bytes every time: ``bytes(16)``, ``"salt".encode()``."""
    called = call.child_by_field_name("function")
    given = positional(call)
    if called is None:
        return False
    if text_of(called) in {"bytes", "bytearray"}:
        return len(given) == 1 and given[0].type == "integer"
    owner = called.child_by_field_name("object")
    return text_of(called).endswith(".encode") and owner is not None and _is_constant(owner)


def fixed_key(call: Node, position: int, parsed: ParsedFile) -> bool:
    """Return whether a key is written out in the source."""
    given = positional(call)
    argument = keywords(call).get("key") or (given[position] if position < len(given) else None)
    if argument is None:
        return False
    value = value_of(argument, parsed)
    return value.type == "string" and _is_constant(value) and len(text_of(value)) >= _FEWEST


def only_decrypts(call: Node) -> bool:
    """Return whether the function around a call undoes what others encrypted."""
    around = next((one for one in ancestors(call) if one.type == "function_definition"), None)
    text = text_of(around) if around is not None else ""
    return "decrypt" in text and not any(
        word in text for word in (".encryptor(", ".encrypt(", "def encrypt")
    )
