from __future__ import annotations

import pytest

from doctrine.inspect.crypto_libraries import INSPECTOR
from tests.inspect.gathered import advice, failing, reading_of


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ("from Crypto.Cipher import AES\n", {"encryption"}),
        ("import pyaes\n", {"encryption"}),
        ("from ecdsa import SigningKey as K\nk = K.generate()\n", {"signing", "keys"}),
        ("import rsa as r\nr.sign(m, k, 'SHA-256')\n", {"signing"}),
        ("from Crypto.PublicKey import RSA\n", {"keys"}),
        ("from OpenSSL import crypto\nk = crypto.load_privatekey(t, d)\n", {"keys"}),
        ("import hashlib\nkey = hashlib.md5(password).digest()\n", {"keys"}),
        ("import hashlib\nkey = hashlib.pbkdf2_hmac('sha256', password, s, 9)\n", {"keys"}),
        (
            "import hashlib as h\nkey = b64(h.sha256(passphrase).digest())\n",
            {"keys"},
        ),
        (
            "def decrypt_name(data, key):\n    return bytes(a ^ b for a, b in zip(data, key))\n",
            {"encryption"},
        ),
    ],
)
def test_what_goes_another_way_is_found(source: str, rules: set[str]) -> None:
    assert {one for one, _ in failing(INSPECTOR, source)} == rules


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("from cryptography.fernet import Fernet\n", "encryption"),
        ("import jwt\nt = jwt.encode(claims, key, 'RS256')\n", "signing"),
        (
            "import jwt as j\nALLOWED = ['ES256']\nc = j.decode(t, k, algorithms=ALLOWED)\n",
            "signing",
        ),
        ("from jwt import encode\nt = encode(claims, key)\n", "signing"),
        ("import hmac\nhmac.new(key, text, 'sha256')\n", "signing"),
        ("import hmac as h\nh.new(key, text, 'sha256')\n", "signing"),
        ("from hmac import digest\n", "signing"),
        ("from cryptography.hazmat.primitives.kdf import scrypt\n", "keys"),
        ("import keyring\n", "keys"),
    ],
)
def test_what_goes_through_the_library_speaks_for_it(source: str, rule: str) -> None:
    reading = reading_of(INSPECTOR, source)
    assert rule not in reading.undecided
    assert rule in {one.rule for one in reading.supports}
    assert failing(INSPECTOR, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from Crypto.Cipher import AES\nexcept ImportError:\n    AES = None\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ecdsa\n",
        "from .ecdsa import sign\n",
        "from nacl.public import SealedBox\n",
        "import ssl\n",
        "def encrypt(text):\n    return bytes(one ^ 171 for one in text)\n",
        "def toggle(flags, key):\n    return flags ^ key\n",
    ],
)
def test_these_fail_nothing(source: str) -> None:
    assert failing(INSPECTOR, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import hmac\nhmac.compare_digest(a, b)\n",
        "from hmac import compare_digest\ncompare_digest(a, b)\n",
    ],
)
def test_comparing_digests_signs_nothing(source: str) -> None:
    reading = reading_of(INSPECTOR, source)
    assert "signing" in reading.undecided
    assert reading.findings == ()


def test_sound_libraries_that_do_more_are_for_people_to_judge() -> None:
    undecided = reading_of(INSPECTOR, "from nacl.public import SealedBox\n").undecided
    assert "nacl" in undecided["encryption"]


def test_shared_secrets_iterations_and_keys_in_the_clear_are_advice() -> None:
    source = (
        "import hmac\nhmac.new(k, t)\n"
        "from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC as P\n"
        "from cryptography.hazmat.primitives.serialization import NoEncryption\n"
        "p = P(algorithm=a, length=32, salt=s, iterations=100_000)\nn = NoEncryption()\n"
    )
    assert advice(INSPECTOR, source) == ["derivation", "mac", "unencrypted-key"]


def test_tokens_by_a_shared_secret_are_advice() -> None:
    source = "import jwt\nc = jwt.decode(t, k, algorithms=('HS256', 'HS512'))\n"
    assert advice(INSPECTOR, source) == ["mac"]
    assert advice(INSPECTOR, source.replace("'HS512'", "'EdDSA'")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import jwt\n",
        "import jwt\nt = jwt.encode(claims, key, algorithm=settings.ALGORITHM)\n",
        "import jwt\nc = jwt.decode(t, key, algorithms=['HS256', settings.OTHER])\n",
        "import jwt\nc = jwt.decode(t, key, algorithms=[])\n",
    ],
)
def test_an_import_of_jwt_alone_says_nothing_of_how_it_signs(source: str) -> None:
    reading = reading_of(INSPECTOR, source)
    assert "jwt" in reading.undecided["signing"]
    assert reading.findings == ()
