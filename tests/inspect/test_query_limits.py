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
        ("import other as asyncpg\np = await asyncpg.create_pool(URL)", False),
    ],
)
def test_a_connection_without_a_limit_leaves_its_queries_open(
    source: str, *, is_open: bool
) -> None:
    reading = reading_of(INSPECTOR, source)
    assert reading.findings == ()
    assert set(reading.undecided) == ({"unlimited-queries"} if is_open else set())
