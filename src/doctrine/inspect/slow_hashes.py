"""Hashing of passwords in programs with an event loop.

It takes long by design, a tenth of a second and more, and it computes, so that a coroutine that
waits for it keeps the loop from everybody. Services mostly hide it behind methods of models,
further away than calls can be followed: such a call leaves the question open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from doctrine.inspect._calls import called
from doctrine.inspect._gathered import weighing
from doctrine.inspect._sightings import Sighting, Undecided
from doctrine.model.project import Project, Role
from doctrine.syntax.tree import ParsedFile

_RULE = "slow-hash"
_NEEDLES = (b"pbkdf2_hmac", b"scrypt", b"argon2", b"bcrypt", b"passlib", b"pwdlib", b"werkzeug")
_SLOW = re.compile(
    r"hashlib\.(?:pbkdf2_hmac|scrypt)"
    r"|bcrypt\.(?:hashpw|checkpw|kdf)"
    r"|passlib\.context\.CryptContext\(\)\.(?:hash|verify|verify_and_update)"
    r"|passlib\.hash\.\w+(?:\.using\(\))?\.(?:hash|verify)"
    r"|argon2\.PasswordHasher\(\)\.(?:hash|verify)"
    r"|pwdlib\.PasswordHash(?:\.recommended)?\(\)\.(?:hash|verify|verify_and_update)"
    r"|werkzeug\.security\.(?:generate|check)_password_hash"
)


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE or not parsed.wording.holds(*_NEEDLES):
        return
    for call in parsed.calls:
        slow = parsed.names.dotted(called(call))
        if _SLOW.fullmatch(slow):
            place = f"{parsed.module.path}:{call.start_point.row + 1}"
            yield Undecided(
                rule=_RULE,
                reason=f"{slow}() at {place} takes long by design: confirm that no coroutine waits "
                "for it, or hand the function to asyncio.to_thread",
            )


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    del project
    return seen[:1]


INSPECTOR = weighing(name="slow-hashes", rules=(_RULE,), look=_look, weigh=_weigh)
