from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.inspect import (
    coroutine_caches,
    event_loop,
    parallelism,
    program_loop,
    randomness,
    resources,
    timeouts,
    websocket_libraries,
)
from doctrine.inspect.blocking import INSPECTOR
from doctrine.model.observation import Severity
from tests.inspect.code import failing, gathered, inspected

HEAD = (
    "import asyncio, os, queue, requests, shutil, socket, sqlite3, subprocess, threading, time\n"
    "import shutil as sh\n"
)


def in_coroutine(body: str) -> str:
    return HEAD + "async def f(x, s: requests.Session):\n    " + body.replace("\n", "\n    ") + "\n"


@pytest.mark.parametrize(
    "body",
    [
        "requests.Session().get(x)",
        "s.post(x)",
        "with requests.Session() as r:\n    r.get(x)",
        "queue.Queue().get()",
        "sh.copytree(x, x)",
        "sqlite3.connect('a.db')",
        "socket.getaddrinfo(x, 1)",
        "subprocess.Popen(x).communicate()",
        "threading.Event().wait()",
        "asyncio.run(x)",
        "if x:\n    for y in x:\n        shutil.rmtree(y)",
    ],
)
def test_a_blocking_call_in_a_coroutine(body: str) -> None:
    assert [rule for rule, _ in failing(INSPECTOR, in_coroutine(body))] == ["blocking-call"]


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.to_thread(shutil.rmtree, x)",
        "await asyncio.to_thread(lambda: shutil.rmtree(x))",
        "def g():\n    shutil.rmtree(x)\nawait asyncio.to_thread(g)",
        "queue.Queue().get(block=False)",
        "queue.Queue().get_nowait()",
        "sqlite3.connect(':memory:')",
        "await s.get(x)",
        "requests.Session().close()",
        "time.sleep(1)",
        "k = socket.socket()\nk.setblocking(False)\nk.connect(x)",
        "k = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nk.connect(x)",
        "socket.getaddrinfo(x, 1, flags=y | socket.AI_NUMERICHOST)",
        "k = socket.socket()\ntry:\n    k.connect(x)\nexcept BlockingIOError:\n    await y",
        "x.get()",
    ],
)
def test_what_does_not_block_or_is_ruffs(body: str) -> None:
    assert failing(INSPECTOR, in_coroutine(body)) == []


def test_a_synchronous_function_may_block() -> None:
    assert inspected(INSPECTOR, HEAD + "async def f(): ...\ndef g():\n    shutil.rmtree(1)\n") == []


def test_metadata_is_advice() -> None:
    (one,) = inspected(INSPECTOR, in_coroutine("os.stat(x)"))
    assert one.severity is Severity.INFO


def test_one_hop() -> None:
    source = HEAD + "def slow():\n    time.sleep(1)\nasync def f():\n    slow()\n"
    assert failing(INSPECTOR, source) == [("one-hop", 6)]
    (one,) = inspected(INSPECTOR, source)
    assert "line 4" in one.message


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            (
                "class A:\n    def slow(self):\n        time.sleep(1)\n"
                "    async def f(self):\n        self.slow()\n"
            ),
            7,
        ),
        ("async def f():\n    def slow():\n        time.sleep(1)\n    slow()\n", 6),
    ],
)
def test_one_hop_to_methods_and_nested_functions(source: str, line: int) -> None:
    assert failing(INSPECTOR, HEAD + source) == [("one-hop", line)]


LOCKED = "L = threading.Lock()\nasync def f():\n    {} L:\n        {}\n"


def test_a_lock_that_is_held_across_an_await() -> None:
    assert failing(INSPECTOR, HEAD + LOCKED.format("with", "await g()")) == [("held-lock", 5)]
    (one,) = inspected(INSPECTOR, HEAD + LOCKED.format("with", "g()"))
    assert (one.rule, one.severity) == ("held-lock", Severity.INFO)
    assert inspected(INSPECTOR, HEAD + LOCKED.format("async with", "await g()")) == []
    assert (
        inspected(INSPECTOR, HEAD + LOCKED.format("with", "await g()").replace("L =", "M =")) == []
    )


def test_leaving_an_executor_is_advice() -> None:
    source = (
        "from concurrent.futures import ThreadPoolExecutor as Pool\nasync def f(loop):\n"
        "    with Pool() as pool:\n        await loop.run_in_executor(pool, g)\n"
    )
    (one,) = inspected(INSPECTOR, HEAD + source)
    assert (one.rule, one.severity) == ("executor-block", Severity.INFO)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("async def f(db: Session):\n    db.query(A).filter(b).all()\n", 1),
        ("async def f(db: Session):\n    db.query(A).filter(b)\n", 0),
        ("async def f(db: AsyncSession):\n    await db.execute(b)\n", 0),
    ],
)
def test_a_synchronous_database_session(source: str, count: int) -> None:
    head = "from sqlalchemy.orm import Session\nfrom sqlalchemy.ext.asyncio import AsyncSession\n"
    assert len(failing(INSPECTOR, head + source)) == count


@pytest.mark.parametrize(
    "source",
    [
        (
            "class A:\n    @in_thread\n    def slow(self):\n        time.sleep(1)\n"
            "    async def f(self):\n        await self.slow()\n"
        ),
        (
            "class B:\n    def slow(self):\n        time.sleep(1)\n"
            "class A:\n    async def f(self):\n        self.slow()\n"
        ),
        "def slow():\n    time.sleep(1)\nasync def f():\n    await asyncio.to_thread(slow)\n",
        "def slow():\n    return lambda: time.sleep(1)\nasync def f():\n    slow()\n",
        "def slow():\n    time.sleep(1)\n    yield\nasync def f():\n    slow()\n",
        "@in_thread\ndef slow():\n    time.sleep(1)\nasync def f():\n    await slow()\n",
        "def slow():\n    time.sleep(1)\nasync def f(slow):\n    slow()\n",
        "def quick():\n    os.stat(1)\nasync def f():\n    quick()\n",
        "def slow():\n    time.sleep(1)\ndef f():\n    slow()\n",
    ],
)
def test_no_hop(source: str) -> None:
    assert failing(INSPECTOR, HEAD + source) == []


FILE_INSPECTORS = (
    INSPECTOR,
    coroutine_caches.INSPECTOR,
    event_loop.INSPECTOR,
    randomness.INSPECTOR,
    timeouts.INSPECTOR,
    websocket_libraries.INSPECTOR,
)
GATHERING_INSPECTORS = (parallelism.INSPECTOR, program_loop.INSPECTOR, resources.INSPECTOR)
PIECES = st.sampled_from(
    [
        "import random, asyncio, threading, shutil",
        "from random import *",
        "x = random.random",
        "token = x()",
        "async def f(x, *y, **z):\n    shutil.copy(x)\n    x()",
        "def x():\n    return shutil.copy()",
        "threading.Thread(target=x.run_forever)",
        "x = asyncio.new_event_loop()",
        "d = {'token': random.random(), **x, 1: 2}",
        "token, *y = [random.random() for x in y if x]",
        "lambda token=random.random(): (yield token)",
        "x[random.random()] = token = x.append(random.random())",
        "if __name__ == '__main__': asyncio.get_event_loop()",
        "random.shuffle()",
        "class A:\n    token = random.random()\n    def f(self): return self.token.f()",
        "import httpx, aiohttp, websockets, functools",
        "x, *y = z = httpx.AsyncClient(**x)",
        "self.x = (y := httpx.AsyncClient(timeout=None)).get",
        "class B:\n    async def f(self):\n        self.x = await aiohttp.ClientSession().get(x)",
        "async with httpx.AsyncClient() as x, y: await x.get(timeout=None)",
        "async def x():\n    async with asyncio.timeout():\n        await asyncio.open_connection(*x)",
        "@functools.cache\n@x\nasync def x(): return await asyncio.wait_for()",
        "x = [threading.Thread(target=x) for x in x]\nfor x in x: x.join()",
        "while x:\n    try: websockets.connect(x)\n    except websockets.ConnectionClosed: pass",
        "for x in as_completed(x): x.result(timeout=3)",
    ]
)


@given(st.lists(PIECES, max_size=8).map("\n".join))
@settings(max_examples=100, deadline=None)
def test_any_file_can_be_inspected(source: str) -> None:
    files = {"src/app/a.py": source}
    found = [one for inspector in FILE_INSPECTORS for one in inspected(inspector, source)]
    for inspector in GATHERING_INSPECTORS:
        found += gathered(inspector, files).findings
    for one in found:
        assert 1 <= one.location.line <= source.count("\n") + 1
