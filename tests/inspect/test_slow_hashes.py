from __future__ import annotations

import pytest

from doctrine.inspect.slow_hashes import INSPECTOR
from tests.inspect.gathered import reading_of

CONTEXT = "from passlib.context import CryptContext\ncontext = CryptContext(schemes=['argon2'])\n"
HASHER = "from argon2 import PasswordHasher\n"


@pytest.mark.parametrize(
    ("source", "is_open"),
    [
        (f"{CONTEXT}def hash(word): return context.hash(word)", True),
        (f"{HASHER}def hash(word): return PasswordHasher().hash(word)", True),
        ("import bcrypt as b\nb.checkpw(word, known)", True),
        (f"{CONTEXT}async def f(w): return await asyncio.to_thread(context.hash, w)", False),
        ("import bcrypt\nsalt = bcrypt.gensalt()", False),
        ("import other as bcrypt\nbcrypt.hashpw(word, salt)", False),
    ],
)
def test_a_password_that_is_hashed_somewhere_may_keep_the_loop(
    source: str, *, is_open: bool
) -> None:
    reading = reading_of(INSPECTOR, source)
    assert reading.findings == ()
    assert set(reading.undecided) == ({"slow-hash"} if is_open else set())


def test_tests_may_hash_as_they_like() -> None:
    files = {"tests/test_a.py": "import bcrypt\nbcrypt.hashpw(b'a', salt)"}
    assert reading_of(INSPECTOR, files).undecided == {}
