"""What hashes passwords, by dotted name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doctrine.inspect._word_set import word_set

FAST = frozenset(
    f"hashlib.{name}"
    for name in word_set("""md5 sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512
    blake2b blake2s new""")
)
"""Hashes that are made to be fast."""

ARGON2: tuple[str, ...] = (
    "argon2.PasswordHasher",
    "argon2.hash_password",
    "argon2.low_level.hash_secret",
    "argon2.profiles",
    "passlib.hash.argon2",
    "pwdlib.PasswordHash.recommended",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "fastapi_users.password.PasswordHelper",
)
"""What hashes with argon2, itself or through argon2-cffi."""

BRING_ARGON2 = frozenset({"argon2-cffi", "fastapi-users"})
"""Distributions that install argon2-cffi; of others an extra ``argon2`` does."""

OTHERS: Mapping[str, str] = {
    "bcrypt.hashpw": "bcrypt",
    "crypt.crypt": "crypt",
    "flask_bcrypt.Bcrypt": "bcrypt",
    "flask_bcrypt.generate_password_hash": "bcrypt",
    "werkzeug.security.generate_password_hash": "scrypt or PBKDF2",
}
"""What hashes with another scheme."""

CHECKS: Mapping[str, str] = {
    "bcrypt.checkpw": "bcrypt",
    "werkzeug.security.check_password_hash": "scrypt or PBKDF2",
    "flask_bcrypt.check_password_hash": "bcrypt",
}
"""What only checks with another scheme: alone it may serve old entries."""

DERIVED = frozenset({"hashlib.pbkdf2_hmac", "hashlib.scrypt"})
"""What makes hashes of passwords as well as keys from them."""

PWDLIB = "pwdlib.PasswordHash"
CONTEXT = "passlib.context.CryptContext"
CONTEXTS = frozenset(
    {CONTEXT, "passlib.context.LazyCryptContext", "passlib.apps.custom_app_context"}
)
PASSLIB = re.compile(r"^passlib\.hash\.(?!argon2)(\w+)(?:\.using\(\))?\.(?:hash|encrypt|using)$")

ROOTS = frozenset(
    {"argon2", "bcrypt", "crypt", "django", "fastapi_users", "flask_bcrypt", "hashlib", "passlib"}
    | {"pwdlib", "werkzeug", "Crypto", "Cryptodome"}
)
