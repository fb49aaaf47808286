"""What a file does that asks for a test, and what a test file does that shows one.

Source files are looked at by one module a subject, test files by the table ``signs.toml``.
"""

from __future__ import annotations

from doctrine.model.project import Role, Sight
from doctrine.sights._caches import cache_sights
from doctrine.sights._hasty import hasty_sights
from doctrine.sights._migrations import migration_sights
from doctrine.sights._repeats import repeats
from doctrine.sights._schema import schema_sights
from doctrine.sights._scripts import text_sights
from doctrine.sights._tests import test_sights
from doctrine.sights._threads import thread_sights
from doctrine.syntax.tree import ParsedFile

__all__ = ["sights"]


def sights(parsed: ParsedFile, watched: frozenset[str] = frozenset()) -> tuple[Sight, ...]:
    """Return what is to be seen in a file, sorted by line.

    Args:
        parsed: The file.
        watched: Names of operations whose repetition in tests is of interest.
    """
    role = parsed.module.role
    if role is Role.SOURCE:
        found = (
            *thread_sights(parsed),
            *schema_sights(parsed),
            *migration_sights(parsed),
            *cache_sights(parsed),
        )
    elif role is Role.TEST:
        found = (
            *test_sights(parsed),
            *text_sights(parsed),
            *hasty_sights(parsed),
            *repeats(parsed, watched),
        )
    else:
        return ()
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.line, one.name, one.detail)))
