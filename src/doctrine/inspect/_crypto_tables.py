"""Which library encrypts, signs and keeps keys, by what is imported or called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

ENCRYPTION, SIGNING, KEYS = "encryption", "signing", "keys"

OWN: Mapping[str, tuple[str, ...]] = {
    ENCRYPTION: (
        "cryptography.fernet",
        "cryptography.hazmat.primitives.ciphers",
        "cryptography.hazmat.decrepit.ciphers",
        "cryptography.hazmat.primitives.asymmetric",
        "cryptography.hazmat.primitives.hpke",
        "cryptography.hazmat.primitives.keywrap",
    ),
    SIGNING: (
        "cryptography.hazmat.primitives.asymmetric",
        "cryptography.x509",
        "cryptography.hazmat.primitives.hmac",
        "hmac",
        "itsdangerous",
        "django.core.signing",
    ),
    KEYS: (
        "cryptography.fernet",
        "cryptography.hazmat.primitives.kdf",
        "cryptography.hazmat.primitives.serialization",
        "cryptography.hazmat.primitives.asymmetric",
        "cryptography.x509",
        "keyring",
        "hvac",
        "azure.keyvault",
        "google.cloud.kms",
        "google.cloud.secretmanager",
    ),
}
"""What speaks for a clause: the library, what stands on it, and key stores."""

_OTHER_IMPORTS: Mapping[str, tuple[str, ...]] = {
    ENCRYPTION: (
        "Crypto.Cipher",
        "Cryptodome.Cipher",
        "pyaes",
        "simplecrypt",
        "pyDes",
        "blowfish",
        "M2Crypto.EVP",
        "M2Crypto.RSA",
    ),
    SIGNING: (
        "Crypto.Signature",
        "Cryptodome.Signature",
        "ecdsa",
        "ed25519",
        "starkbank_ecdsa",
        "M2Crypto.EVP",
        "M2Crypto.RSA",
    ),
    KEYS: (
        "Crypto.PublicKey",
        "Cryptodome.PublicKey",
        "Crypto.Protocol.KDF",
        "Cryptodome.Protocol.KDF",
    ),
}
_OTHER_CALLS: Mapping[str, tuple[str, ...]] = {
    ENCRYPTION: ("rsa.encrypt", "rsa.decrypt"),
    SIGNING: ("rsa.sign", "rsa.verify", "rsa.sign_hash"),
    KEYS: (
        "rsa.newkeys",
        "rsa.PrivateKey.load_pkcs1",
        "rsa.PublicKey.load_pkcs1",
        "OpenSSL.crypto.PKey().generate_key",
        "OpenSSL.crypto.load_privatekey",
        "OpenSSL.crypto.dump_privatekey",
        "ecdsa.SigningKey.generate",
        "ecdsa.SigningKey.from_pem",
        "ecdsa.SigningKey.from_string",
    ),
}
_OPEN_IMPORTS: Mapping[str, tuple[str, ...]] = {
    ENCRYPTION: ("nacl", "age", "pyrage", "gnupg", "jose", "jwcrypto", "joserfc"),
    SIGNING: ("nacl.signing", "jwt", "jose", "jwcrypto", "joserfc", "gnupg", "authlib.jose"),
    KEYS: ("nacl", "jose", "jwcrypto", "boto3"),
}
"""Sound libraries that may do what ``cryptography`` does not, or stand on it."""


class Sort(Struct, frozen=True, kw_only=True):
    """What an import or call is to a clause.

    Attributes:
        rule: The clause's rule.
        name: What was found in the table.
        verdict: ``own``, ``other`` or ``open``.
    """

    rule: str
    name: str
    verdict: str


@cache
def sorts_of_import(dotted: str) -> tuple[Sort, ...]:
    """Return what an import is to each clause it matters to."""
    return tuple(_sorts_of(dotted))


def _sorts_of(dotted: str) -> Iterator[Sort]:
    for verdict, table in (("own", OWN), ("other", _OTHER_IMPORTS), ("open", _OPEN_IMPORTS)):
        for rule, names in table.items():
            name = next((one for one in names if _is_below(dotted, one)), "")
            if name:
                yield Sort(rule=rule, name=name, verdict=verdict)


def other_call(dotted: str) -> tuple[str, ...]:
    """Return the rules that a call by another library is against."""
    return tuple(rule for rule, names in _OTHER_CALLS.items() if dotted in names)


def _is_below(dotted: str, name: str) -> bool:
    return dotted == name or dotted.startswith(f"{name}.")


ROOTS = frozenset(
    name.partition(".")[0]
    for table in (OWN, _OTHER_IMPORTS, _OTHER_CALLS, _OPEN_IMPORTS)
    for names in table.values()
    for name in names
) | {"hashlib"}
"""Top-level modules of the tables: a file that imports none of them needs no second look."""
