from __future__ import annotations

import pytest

from doctrine.inspect.query_limits import INSPECTOR
from tests.inspect.gathered import reading_of


@pytest.mark.parametrize(
    ("source", "is_open"),
    [
        ("import asyncpg\np = await asyncpg.create_pool(URL)", True),
        ("from asyncpg import connect as c\nd = await c(URL, timeout=5)", True),
        ("import asyncpg\np = await asyncpg.create_pool(URL, command_timeout=5)", False),
        ("import asyncpg\np = await asyncpg.create_pool(URL, **options)", False),
        ("import asyncpg\noptions.command_timeout = 5\np = asyncpg.connect(URL)", False),
        (
            "from sqlalchemy.ext.asyncio import create_async_engine as e\nE = e(URL, pool_size=5)",
            True,
        ),
        (
            (
                "from sqlalchemy.ext.asyncio import create_async_engine as e\n"
                "E = e(URL, connect_args={'command_timeout': 5})"
            ),
            False,
        ),
        (
            (
                "from sqlalchemy.ext.asyncio import create_async_engine as e\n"
                "E = e('sqlite+aiosqlite:///a.db')"
            ),
            False,
        ),
        ("from psycopg_pool import AsyncConnectionPool\nP = AsyncConnectionPool(URL)", True),
        (
            (
                "from psycopg_pool import AsyncConnectionPool\n"
                "P = AsyncConnectionPool(URL, kwargs={'options': '-c statement_timeout=5000'})"
            ),
            False,
        ),
        ("from pymongo import AsyncMongoClient\nC = AsyncMongoClient(URL)", True),
        ("from pymongo import AsyncMongoClient\nC = AsyncMongoClient(URL, timeoutMS=500)", False),
        ("import aiomysql\nP = await aiomysql.create_pool(host=H)", True),
        ("import other as asyncpg\np = await asyncpg.create_pool(URL)", False),
    ],
)
def test_a_connection_without_a_limit_leaves_its_queries_open(
    source: str, *, is_open: bool
) -> None:
    reading = reading_of(INSPECTOR, source)
    assert reading.findings == ()
    assert set(reading.undecided) == ({"unlimited-queries"} if is_open else set())


def test_an_engine_is_told_what_each_driver_calls_it() -> None:
    source = "from sqlalchemy.ext.asyncio import create_async_engine\nE = create_async_engine(URL)"
    (reason,) = reading_of(INSPECTOR, source).undecided.values()
    assert "command_timeout of asyncpg" in reason
    assert "read_timeout of MySQL's" in reason
