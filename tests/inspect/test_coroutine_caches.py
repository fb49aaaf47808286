from __future__ import annotations

import pytest

from doctrine.inspect.coroutine_caches import INSPECTOR
from doctrine.model.observation import Severity
from tests.inspect.code import failing, inspected

HEAD = "import cachetools, functools\nfrom functools import lru_cache as lru\n"


@pytest.mark.parametrize(
    "decorator",
    [
        "@lru",
        "@lru(maxsize=3)",
        "@functools.cache",
        "@cachetools.cached({})",
        "@functools.cached_property",
    ],
)
def test_a_cache_that_keeps_the_coroutine(decorator: str) -> None:
    source = f"{HEAD}{decorator}\nasync def f(x): ...\n"
    assert failing(INSPECTOR, source) == [("keeps-coroutine", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "@lru\ndef f(x): ...\nasync def g(): ...\n",
        "from aiocache import cached\n@cached(ttl=3)\nasync def f(x): ...\n",
        "@lru\ndef f(x):\n    async def g(): ...\n    return g\n",
        "def f(lru):\n    @lru\n    async def g(): ...\n",
    ],
)
def test_what_is_fine(source: str) -> None:
    assert inspected(INSPECTOR, HEAD + source) == []


@pytest.mark.parametrize(
    "source",
    [
        "@lru\n@in_thread\nasync def f(x): ...\n",
        "from async_lru import alru_cache\n@alru_cache\nasync def f(x): ...\n",
    ],
)
def test_what_is_in_doubt(source: str) -> None:
    assert [one.severity for one in inspected(INSPECTOR, HEAD + source)] == [Severity.INFO]
