from __future__ import annotations

import pytest

from doctrine.inspect.cryptography_use import INSPECTOR
from tests.inspect.gathered import advice, failing, reading_of

AEAD = "from cryptography.hazmat.primitives.ciphers.aead import AESGCM as A\n"
HASHES = "from cryptography.hazmat.primitives import hashes\n"
MODES = "from cryptography.hazmat.primitives.ciphers import algorithms, modes\n"


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("from Crypto.Cipher import DES\nc = DES.new(key)\n", "weak-cipher"),
        ("import Cryptodome.Cipher.ARC4 as R\nc = R.new(key)\n", "weak-cipher"),
        ("from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_ECB)\n", "weak-cipher"),
        (MODES + "c = algorithms.TripleDES(key)\n", "weak-cipher"),
        (MODES + "m = modes.CBC(b'0123456789abcdef')\n", "fixed-nonce"),
        (MODES + "IV = b'\\x00' * 16\nm = modes.CBC(IV)\n", "fixed-nonce"),
        (AEAD + "x = A(key).encrypt(bytes(12), data, None)\n", "fixed-nonce"),
        ("import hashlib\nk = hashlib.pbkdf2_hmac('sha256', p, b'salty', 1)\n", "fixed-nonce"),
        ("import hashlib\ntoken = hashlib.md5(user.encode()).hexdigest()\n", "weak-hash"),
        (HASHES + "s = key.sign(data, pad, hashes.SHA1())\n", "weak-hash"),
        (HASHES + "s = key.sign(data, ec.ECDSA(hashes.SHA1()))\n", "weak-hash"),
        (HASHES + "c = builder.sign(key, algorithm=hashes.MD5())\n", "weak-hash"),
        ("import hmac\nok = hmac.new(k, b, 'sha256').hexdigest() == given\n", "digest-equality"),
        (
            "import hmac\ndef f(k, given):\n    w = hmac.new(k, b'x', 'sha1').digest()\n    return given != w\n",
            "digest-equality",
        ),
        ("import ssl\nc = ssl.SSLContext()\nc.verify_mode = ssl.CERT_NONE\n", "unchecked-peer"),
        ("import urllib3\np = urllib3.PoolManager(cert_reqs='CERT_NONE')\n", "unchecked-peer"),
        ("import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n", "unchecked-peer"),
        ("import requests\ns = requests.Session()\ns.get(url, verify=False)\n", "unchecked-peer"),
        ("import requests\nself.session.verify = False\n", "unchecked-peer"),
        ("import httpx\nclient.post(url, verify=False)\n", "unchecked-peer"),
        ("import jwt\nc = jwt.decode(t, k, algorithms=['HS256', 'none'])\n", "unverified-token"),
    ],
)
def test_what_is_weak_fixed_or_off_is_found(source: str, rule: str) -> None:
    assert {one for one, _ in failing(INSPECTOR, source)} == {rule}


@pytest.mark.parametrize(
    "source",
    [
        AEAD + "import os\nn = os.urandom(12)\nx = A(key).encrypt(n, data, None)\n",
        MODES + "m = modes.CBC(iv)\n",
        MODES + "TABLE = {'3des-cbc': algorithms.TripleDES(key)}\n",
        MODES + "def decrypt(d):\n    return modes.CBC(b'0123456789abcdef'), d.decryptor()\n",
        "import hashlib\netag = hashlib.md5(body).hexdigest()\n",
        "import hashlib\ntoken = hashlib.md5(x, usedforsecurity=False).hexdigest()\n",
        "import hmac\nok = hmac.compare_digest(hmac.new(k, b, 'sha256').digest(), given)\n",
        "import hmac\ndef f():\n    d = hmac.new(k, b, 'sha256').digest()\n    return d == b''\n",
        "import ssl\nif insecure:\n    c.verify_mode = ssl.CERT_NONE\n",
        "import ssl\nc.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE\n",
        "import ssl\nx = make(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)\n",
        "import ssl\ndef insecure_context():\n    c.verify_mode = ssl.CERT_NONE\n",
        "import jwt\nc = jwt.decode(t, k, algorithms=['HS256'])\n",
        "import requests\nrequests.get(url, verify=False)\n",  # ruff says so, once is enough
        "import requests\nself.session.get(url, verify=self.verify)\n",
        "import requests\nself.verify = False\n",
        "import requests\nmodel.save(verify=False)\n",
        "client.post(url, verify=False)\n",
    ],
)
def test_what_is_sound_or_chosen_fails_nothing(source: str) -> None:
    assert failing(INSPECTOR, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "key.verify(signature, data, pad, hashes.SHA1())\n",
        "pad = padding.OAEP(mgf=padding.MGF1(algorithm=hashes.SHA1()), algorithm=hashes.SHA1())\n",
        "def cloudfront_url(key, policy):\n    return key.sign(policy, pad, hashes.SHA1())\n",
        "if method == 'RSA-SHA1':\n    s = key.sign(data, pad, hashes.SHA1())\n",
        "shown = certificate.fingerprint(hashes.SHA1())\n",
        "h = HOTP(key, 6, hashes.SHA1())\n",
    ],
)
def test_sha1_that_others_ask_for_is_advice(source: str) -> None:
    assert failing(INSPECTOR, HASHES + source) == []
    assert set(advice(INSPECTOR, HASHES + source)) == {"hash-advice"}


def test_a_checksum_is_advice_and_a_test_vector_nothing() -> None:
    source = "import hashlib\netag = hashlib.sha1(body).hexdigest()\n"
    assert advice(INSPECTOR, source) == ["hash-advice"]
    assert reading_of(INSPECTOR, {"tests/test_a.py": source, "src/a.py": ""}).findings == ()


def test_a_token_that_is_only_read_decides_nothing() -> None:
    source = "import jwt\nc = jwt.decode(t, options={'verify_signature': False})\n"
    reading = reading_of(INSPECTOR, source)
    assert failing(INSPECTOR, source) == []
    assert "src/app/a.py:2" in reading.undecided["unverified-token"]
