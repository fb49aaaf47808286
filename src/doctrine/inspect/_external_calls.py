"""Awaited calls that leave the process, and what limits the time that each may take."""

from __future__ import annotations

import re
from collections.abc import Iterable

from doctrine.inspect._word_set import word_set

_VERBS = "delete|get|head|options|patch|post|put|request|send|stream|ws_connect"
HTTP_CALL = re.compile(
    rf"(?P<client>httpx\.AsyncClient|aiohttp(?:\.client)?\.ClientSession)\(\)\.(?P<verb>{_VERBS})"
)
"""Calls of clients that have a limit of their own unless it is taken away."""
HTTP_LIMIT = frozenset({"httpx.Timeout", "aiohttp.ClientTimeout", "aiohttp.client.ClientTimeout"})
HTTPX_CLIENT = "httpx.AsyncClient"

UNLIMITED = re.compile(
    r"asyncio\.open_connection"
    r"|asyncio\.(?:get_running_loop|get_event_loop)\(\)\.create_connection"
    r"|asyncpg\.(?:connect|create_pool)\(\)(?:\.acquire\(\))?\."
    r"(?:copy_\w+|execute|executemany|fetch|fetchrow|fetchval)"
    r"|(?:\w+\.)*\w+_pb2_grpc\.\w+Stub\(\)\.\w+"
)
"""Calls that wait for ever unless something else limits them."""

BLOCKING_HTTP = re.compile(
    r"requests\.(?:delete|get|head|options|patch|post|put|request)"
    r"|requests\.(?:sessions\.)?(?:Session|session)\(\)\.(?:delete|get|head|options|patch|post|put)"
)
"""Synchronous calls without a limit of their own, which coroutines move to threads."""
MOVERS = word_set("""run_in_executor run_sync to_thread""")

CHILD = re.compile(
    r"asyncio\.(?:subprocess\.)?create_subprocess_(?:exec|shell)\(\)\.(?:communicate|wait)"
)

LIMITS = frozenset(
    {
        "anyio.CancelScope",
        "anyio.fail_after",
        "anyio.move_on_after",
        "async_timeout.timeout",
        "async_timeout.timeout_at",
        "asyncio.timeout",
        "asyncio.timeout_at",
        "trio.fail_after",
        "trio.move_on_after",
    }
)
"""Blocks that end what is inside of them in time."""
WAITERS = frozenset({"asyncio.wait_for", "asyncio.wait"})
LIMITING = ("timeout", "fail_after", "move_on_after", "deadline", "time_limit")
"""Parts of the names of a project's own blocks, decorators and functions that do the same."""

ROOTS = frozenset({"aiohttp", "asyncio", "asyncpg", "grpc", "httpx", "requests"})


def any_root(modules: Iterable[str]) -> bool:
    """Return whether any of the imported modules leaves the process."""
    parts = (module.split(".") for module in modules)
    return any(part[0] in ROOTS or part[-1].endswith("_pb2_grpc") for part in parts)
