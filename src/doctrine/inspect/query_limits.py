"""Connections to a database whose queries nothing is seen to limit.

asyncpg waits for an answer as long as it takes unless ``command_timeout`` says otherwise, and so do
other drivers, each with a setting of its own. Where the connection is opened and where it asks are
often different files, so that a limit around each query may be out of sight: such a connection
leaves the question open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tree_sitter import Node

from doctrine.inspect._arguments import literal, positional
from doctrine.inspect._calls import called, has_splat
from doctrine.inspect._gathered import weighing
from doctrine.inspect._sightings import Sighting, Undecided
from doctrine.model.project import Project, Role
from doctrine.syntax.tree import ParsedFile

_RULE = "unlimited-queries"
_COMMAND = ("command_timeout",)
_STATEMENT = ("statement_timeout",)
_READ = ("read_timeout", "max_execution_time")
_ENGINE = (*_COMMAND, *_STATEMENT, *_READ)
_OF_DRIVERS = "limit of its driver (command_timeout of asyncpg, statement_timeout of psycopg, read_timeout of MySQL's)"
"""What an engine can be told, whose driver stands in an address that is put together elsewhere."""
_MONGO = ("timeoutMS", "socketTimeoutMS", "timeoutms", "maxTimeMS")
_OPENERS: Mapping[str, tuple[str, ...]] = {
    "asyncpg.connect": _COMMAND,
    "asyncpg.connection.connect": _COMMAND,
    "asyncpg.create_pool": _COMMAND,
    "asyncpg.pool.create_pool": _COMMAND,
    "psycopg.AsyncConnection.connect": _STATEMENT,
    "psycopg_pool.AsyncConnectionPool": _STATEMENT,
    "psycopg_pool.AsyncNullConnectionPool": _STATEMENT,
    "aiomysql.connect": _READ,
    "aiomysql.create_pool": _READ,
    "asyncmy.connect": _READ,
    "asyncmy.create_pool": _READ,
    "motor.motor_asyncio.AsyncIOMotorClient": _MONGO,
    "pymongo.AsyncMongoClient": _MONGO,
    "sqlalchemy.ext.asyncio.create_async_engine": _ENGINE,
}
"""What opens a connection, and the settings of which one limits its queries."""
_WORDS = tuple(sorted({name.partition(".")[0].encode() for name in _OPENERS}))


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE or not parsed.wording.holds(*_WORDS):
        return
    for call in parsed.calls:
        opened = parsed.names.dotted(called(call))
        settings = _OPENERS.get(opened, ())
        if not settings or has_splat(call) or _is_file(call):
            continue
        if any(one.encode() in parsed.source for one in settings):
            continue
        place = f"{parsed.module.path}:{call.start_point.row + 1}"
        yield Undecided(
            rule=_RULE,
            reason=f"{opened}() at {place} sets no {_named(settings)}, so that its queries may "
            "wait for ever: set it, or confirm that each of them has a limit",
        )


def _named(settings: tuple[str, ...]) -> str:
    return _OF_DRIVERS if settings == _ENGINE else settings[0]


def _is_file(call: Node) -> bool:
    """Return whether a database is a file, or in memory: nobody else has to answer."""
    address = literal(next(iter(positional(call)), None))
    return address is not None and address.startswith("sqlite")


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    del project
    return seen[:1]


INSPECTOR = weighing(name="query-limits", rules=(_RULE,), look=_look, weigh=_weigh)
