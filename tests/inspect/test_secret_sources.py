from __future__ import annotations

import pytest

from doctrine.inspect.secret_sources import INSPECTOR
from tests.inspect.gathered import advice, failing, reading_of

HEAD = "import os, secrets, time, uuid\nimport numpy as np\nfrom datetime import datetime as dt\n"


@pytest.mark.parametrize(
    "source",
    [
        "reset_token = str(uuid.uuid1())",
        "token = hashlib.md5(str(time.time()).encode()).hexdigest()",
        "def make_token():\n    return str(time.time_ns())",
        "user.api_key = f'{time.time()}'",
        "password = dt.now().isoformat()",
        "token = hash(user)",
        "salt = np.random.bytes(16)",
        "User(secret=user + str(time.time()))",
    ],
)
def test_a_predictable_secret_is_found(source: str) -> None:
    assert {rule for rule, _ in failing(INSPECTOR, HEAD + source + "\n")} == {"predictable-secret"}


@pytest.mark.parametrize(
    "source",
    [
        "token_seen = time.time()",
        "token_expires_at = time.time() + 3600",
        "nonce = int(time.time() * 1000)",
        "token = jwt.encode({'iat': time.time()}, key)",
        "token = sign(user, time.time())",
        "token = f'{time.time()}-{secrets.token_hex()}'",
        "def get_access_token():\n    now = time.time()\n    return fetch(now)",
        "request_id = uuid.uuid1()",
        "weights = np.random.rand(3)",
        "digest = hash(x)",
    ],
)
def test_time_beside_a_secret_is_time(source: str) -> None:
    assert failing(INSPECTOR, HEAD + source + "\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "import secrets as s\nx = s.token_hex()\n",
        "from secrets import token_urlsafe\nfield(default_factory=token_urlsafe)\n",
        "from cryptography.fernet import Fernet\nkey = Fernet.generate_key()\n",
        "import jwt\nt = jwt.encode({}, key)\n",
        "import os\nsalt = os.urandom(16)\n",
        "import uuid\nsession_key = uuid.uuid4().hex\n",
    ],
)
def test_sound_sources_speak_for_the_clause(source: str) -> None:
    reading = reading_of(INSPECTOR, source)
    assert reading.supports
    assert not reading.undecided


def test_the_systems_generator_by_another_name_is_advice() -> None:
    source = "import os, uuid\nsalt = os.urandom(16)\ntoken = uuid.uuid4().hex\nx = uuid.uuid4()\n"
    assert advice(INSPECTOR, source) == ["other-source", "other-source"]


def test_without_any_source_nothing_is_known() -> None:
    assert set(reading_of(INSPECTOR, "def make_token(): return draw()\n").undecided) == {
        "predictable-secret"
    }


def test_tests_say_nothing() -> None:
    tests = {"tests/test_a.py": "import secrets\nx = secrets.token_hex()\n", "src/app/a.py": ""}
    assert reading_of(INSPECTOR, tests).undecided


def test_a_uuid_of_a_name_may_be_no_secret_whatever_else_draws() -> None:
    source = HEAD + "a = secrets.token_hex()\nreset_token = str(uuid.uuid5(SPACE, user.name))\n"
    reading = reading_of(INSPECTOR, source)
    assert failing(INSPECTOR, source) == []
    assert "uuid.uuid5()" in reading.undecided["predictable-secret"]
    other = HEAD + "a = secrets.token_hex()\npage_id = str(uuid.uuid5(SPACE, url))\n"
    assert reading_of(INSPECTOR, other).undecided == {}
