"""Connections to a database whose queries nothing is seen to limit.

asyncpg waits for an answer as long as it takes unless ``command_timeout`` says otherwise. Where the
connection is opened and where it asks are often different files, so that a limit around each
query may be out of sight: such a connection leaves the question open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.inspect._calls import called, has_splat, keyword
from doctrine.inspect._gathered import weighing
from doctrine.inspect._sightings import Sighting, Undecided
from doctrine.model.project import Project, Role
from doctrine.syntax.tree import ParsedFile

_RULE = "unlimited-queries"
_OPENERS = frozenset(
    {
        "asyncpg.connect",
        "asyncpg.connection.connect",
        "asyncpg.create_pool",
        "asyncpg.pool.create_pool",
    }
)


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE or b"asyncpg" not in parsed.source:
        return
    if b"command_timeout" in parsed.source:
        return
    for call in parsed.calls:
        opened = parsed.names.dotted(called(call))
        if opened in _OPENERS and not has_splat(call) and keyword(call, "command_timeout") is None:
            place = f"{parsed.module.path}:{call.start_point.row + 1}"
            yield Undecided(
                rule=_RULE,
                reason=f"{opened}() at {place} sets no command_timeout, so that its queries may "
                "wait for ever: set it, or confirm that each of them has a limit",
            )


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    del project
    return seen[:1]


INSPECTOR = weighing(name="query-limits", rules=(_RULE,), look=_look, weigh=_weigh)
