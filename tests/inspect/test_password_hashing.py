from __future__ import annotations

import pytest

from doctrine.inspect.password_hashing import INSPECTOR
from tests.inspect.gathered import advice, failing, reading_of

HASHER = "from argon2 import PasswordHasher\nh = PasswordHasher().hash(password)\n"
DEF = "import hashlib\ndef f(password, x):\n    "


def declared(*requirements: str) -> dict[str, str]:
    return {"pyproject.toml": f"[project]\nname = 'app'\ndependencies = {list(requirements)}\n"}


@pytest.mark.parametrize(
    "source",
    [
        "import hashlib\nh = hashlib.sha256(password.encode()).hexdigest()\n",
        "from hashlib import sha512 as digest\nh = digest((salt + user.password).encode())\n",
        "import hashlib as hl\nh = hl.new('sha256', passwd)\n",
        "import hashlib\nm = hashlib.sha1()\nm.update(form['password'])\n",
        "import hashlib\ndata = user.password.encode()\nh = hashlib.sha256(data).hexdigest()\n",
    ],
)
def test_a_fast_hash_of_a_password_is_found(source: str) -> None:
    assert {rule for rule, _ in failing(INSPECTOR, source)} == {"fast-hash"}


@pytest.mark.parametrize(
    "source",
    [
        "import hashlib\ndef is_pwned(password):\n    return hashlib.sha1(password).hexdigest()\n",
        "import hashlib\ncache_key = hashlib.sha256(password).hexdigest()\n",
        "import hashlib\ndef f(password):\n    key = hashlib.sha256(password).digest()\n",
        "import hashlib\ndef ha1(user, realm, password):\n    return hashlib.md5(user + realm + password)\n",
        "import hashlib\ndef verify_legacy(password):\n    return hashlib.sha1(password).hexdigest()\n",
        "import hashlib\nclass Sha1Hasher:\n    def go(self, password):\n        return hashlib.sha1(password)\n",
    ],
)
def test_what_stores_no_password_is_advice(source: str) -> None:
    assert failing(INSPECTOR, source) == []
    assert advice(INSPECTOR, source) == ["hash-of-password"]


@pytest.mark.parametrize(
    "source",
    [
        "import hashlib\nh = hashlib.sha256(password_hash)\n",
        "import hashlib\nh = hashlib.sha256(body, password_policy)\n",
        "import hashlib\nh = hashlib.sha256(compass)\n# password\n",
        "import hashlib\nbody = dumps({'a': password}).encode()\nh = hashlib.sha256(body)\n",
    ],
)
def test_other_hashes_are_none_of_its_business(source: str) -> None:
    assert reading_of(INSPECTOR, source).findings == ()


@pytest.mark.parametrize(
    "source",
    [
        "import bcrypt\nh = bcrypt.hashpw(password, bcrypt.gensalt())\n",
        "from werkzeug.security import generate_password_hash as g\nh = g(password)\n",
        "from passlib.hash import sha256_crypt\nh = sha256_crypt.hash(password)\n",
        "from passlib.context import CryptContext\npasswords = CryptContext(['bcrypt'])\n",
        "from pwdlib import PasswordHash\nimport bcrypt\nh = PasswordHash((BcryptHasher(),))\n",
        "from hashlib import scrypt\ndef hash_password(password):\n    return scrypt(password)\n",
        "PASSWORD_HASHERS = [\n    # slow\n    'django.contrib.auth.hashers.PBKDF2PasswordHasher',\n]\n",
    ],
)
def test_another_scheme_is_found(source: str) -> None:
    assert {rule for rule, _ in failing(INSPECTOR, source)} == {"other-scheme"}


@pytest.mark.parametrize(
    "source",
    [
        "from argon2 import PasswordHasher as P\nh = P().hash(password)\n",
        "from passlib.context import CryptContext\nc = CryptContext(schemes=['argon2', 'bcrypt'])\n# password\n",
        "from pwdlib import PasswordHash\nh = PasswordHash.recommended()\n# password\n",
        "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']\n",
    ],
)
def test_argon2_speaks_for_the_clause(source: str) -> None:
    reading = reading_of(INSPECTOR, {"src/app/a.py": source, **declared("argon2-cffi>=25")})
    assert reading.supports
    assert not reading.undecided
    assert failing(INSPECTOR, source) == []


def test_hashers_may_stand_in_another_file_than_the_apps() -> None:
    apps = "INSTALLED_APPS = ['django.contrib.auth']\n"
    assert failing(INSPECTOR, apps) == [("other-scheme", 1)]
    hashers = "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']\n"
    assert failing(INSPECTOR, {"src/a/base.py": apps, "src/a/prod.py": hashers}) == []


def test_a_key_from_a_password_is_no_stored_password() -> None:
    source = "import hashlib\nkey = hashlib.pbkdf2_hmac('sha256', password, salt, 600000)\n"
    assert failing(INSPECTOR, source) == []


def test_weak_parameters_and_entries_that_stay_old_are_advice() -> None:
    source = (
        "from argon2 import PasswordHasher\nhasher = PasswordHasher(time_cost=1, parallelism=8)\n"
        "hasher.verify(stored, password)\n"
    )
    assert advice(INSPECTOR, source) == ["no-rehash", "weak-parameters"]
    assert advice(INSPECTOR, source + "hasher.check_needs_rehash(stored)\n") == ["weak-parameters"]


def test_nothing_recognised_is_nothing_known() -> None:
    assert set(
        reading_of(INSPECTOR, "def check_password(password): return ask(password)\n").undecided
    )


@pytest.mark.parametrize(
    "files",
    [
        {},
        declared("argon2pure", "django[bcrypt]"),
        {"pyproject.toml": "[dependency-groups]\ndev = ['argon2-cffi']\n"},
    ],
)
def test_a_package_that_nobody_declares_is_there_by_chance(files: dict[str, str]) -> None:
    reading = reading_of(INSPECTOR, {"src/app/a.py": HASHER, **files})
    assert "src/app/a.py:1" in reading.undecided["other-scheme"]
    assert failing(INSPECTOR, {"src/app/a.py": HASHER, **files}) == []


@pytest.mark.parametrize(
    "requirement", ["Argon2_CFFI", "pwdlib[argon2]", "passlib[bcrypt, argon2]"]
)
def test_what_brings_argon2_declares_it(requirement: str) -> None:
    assert not reading_of(INSPECTOR, {"src/app/a.py": HASHER, **declared(requirement)}).undecided


def test_an_import_of_argon2_that_nothing_uses_hashes_nothing() -> None:
    unused = "from argon2 import PasswordHasher\ndef save(password): store(password)\n"
    reading = reading_of(INSPECTOR, unused)
    assert (reading.supports, set(reading.undecided)) == ((), {"other-scheme"})
    handed = "from argon2 import PasswordHasher\nCONFIG = {'password': PasswordHasher}\n"
    assert {one.rule for one in reading_of(INSPECTOR, handed).supports} == {"other-scheme"}
