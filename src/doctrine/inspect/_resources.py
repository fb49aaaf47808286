"""What has to be closed, by the dotted name of the call that opens it."""

from __future__ import annotations

from collections.abc import Iterable

from doctrine.inspect._word_set import word_set

ASYNC = frozenset(
    {
        "aio_pika.connect",
        "aio_pika.connect_robust",
        "aioboto3.Session().client",
        "aioboto3.Session().resource",
        "aiobotocore.session.get_session().create_client",
        "aiofiles.open",
        "aiohttp.ClientSession",
        "aiohttp.ClientSession().ws_connect",
        "aiohttp.client.ClientSession",
        "aiokafka.AIOKafkaConsumer",
        "aiokafka.AIOKafkaProducer",
        "aiomysql.connect",
        "aiomysql.create_pool",
        "aiosqlite.connect",
        "anyio.open_file",
        "asyncpg.create_pool",
        "asyncssh.connect",
        "httpx.AsyncClient",
        "playwright.async_api.async_playwright",
        "psycopg.AsyncConnection.connect",
        "psycopg_pool.AsyncConnectionPool",
        "redis.asyncio.ConnectionPool.from_url",
        "redis.asyncio.Redis",
        "redis.asyncio.Redis.from_url",
        "redis.asyncio.StrictRedis",
        "redis.asyncio.client.Redis",
        "redis.asyncio.from_url",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "websockets.asyncio.client.connect",
        "websockets.client.connect",
        "websockets.connect",
    }
)
"""Async resources that ``async with`` opens and closes."""

BY_HAND = frozenset({"asyncio.open_connection", "asyncio.open_unix_connection", "asyncpg.connect"})
"""Async connections that no ``async with`` can close: a writer, a connection of asyncpg."""

SYNC = frozenset(
    {
        "ftplib.FTP",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "imaplib.IMAP4_SSL",
        "psycopg.connect",
        "psycopg2.connect",
        "pymysql.connect",
        "smtplib.SMTP",
        "smtplib.SMTP_SSL",
        "socket.create_connection",
        "socket.socket",
        "sqlite3.connect",
    }
)
"""Synchronous connections."""

OPENERS = ASYNC | BY_HAND | SYNC
ROOTS = frozenset(name.partition(".")[0] for name in OPENERS)

CLOSERS = word_set(
    """__aexit__ __exit__ abort aclose cleanup close close_all close_clients detach disconnect
    dispose logout quit release shutdown stop terminate wait_closed"""
)
"""Methods that end a resource, or begin to."""

KEEPERS = word_set(
    """aclosing callback closing create_cleanup enter_async_context enter_context finalize
    push push_async_callback push_async_exit register"""
)
"""Functions that take a resource, or its closing, into their care."""


def any_root(modules: Iterable[str]) -> bool:
    """Return whether any of the imported modules opens something of the tables."""
    return any(module.partition(".")[0] in ROOTS for module in modules)
