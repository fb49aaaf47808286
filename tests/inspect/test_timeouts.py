from __future__ import annotations

import pytest

from doctrine.inspect.timeouts import INSPECTOR
from doctrine.model.observation import Severity
from tests.inspect.code import failing, inspected

HEAD = (
    "import aiohttp, anyio, asyncio, asyncpg, functools, httpx, requests\n"
    "import app_pb2_grpc\n"
    "import asyncio as aio\n"
    "from async_timeout import timeout as limit\n"
)


def in_coroutine(body: str) -> str:
    return (
        HEAD
        + "async def f(x, c: httpx.AsyncClient, s: aiohttp.ClientSession, d: asyncpg.connect):\n    "
        + body.replace("\n", "\n    ")
        + "\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        "await aio.open_connection(x, 1)",
        "r, w = (await asyncio.open_connection(x, 1))",
        "async with asyncio.timeout(None):\n    await asyncio.open_connection(x, 1)",
        "await asyncio.wait_for(g(), timeout=None)\nawait asyncio.open_connection(x, 1)",
        "await d.fetch('select')",
        "await app_pb2_grpc.ApiStub(x).Get(x)",
        "await asyncio.to_thread(requests.get, x)",
        "await asyncio.get_running_loop().run_in_executor(None, requests.Session().get, x)",
        "requests.get(x)",
        "await asyncio.get_running_loop().create_connection(g, x, 1)",
        "await asyncio.get_running_loop().create_connection(g, x, 1, sock=None)",
    ],
)
def test_a_call_without_a_limit(body: str) -> None:
    assert [rule for rule, _ in failing(INSPECTOR, in_coroutine(body))] == ["no-timeout"]


def test_a_connection_made_of_a_connected_socket_waits_for_nobody() -> None:
    body = "await asyncio.get_running_loop().create_connection(g, sock=x)"
    assert failing(INSPECTOR, in_coroutine(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "await c.get(x, timeout=None)",
        "async with s.get(x, timeout=None) as r:\n    await r.text()",
        "httpx.AsyncClient(timeout=None)",
        "httpx.AsyncClient(timeout=httpx.Timeout(None))",
        "aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))",
    ],
)
def test_a_limit_that_is_taken_away(body: str) -> None:
    assert [rule for rule, _ in failing(INSPECTOR, in_coroutine(body))] == ["timeout-removed"]


@pytest.mark.parametrize(
    "body",
    [
        "async with asyncio.timeout(3):\n    await asyncio.open_connection(x, 1)",
        "async with limit(3):\n    await asyncio.open_connection(x, 1)",
        "with anyio.fail_after(3):\n    await asyncio.open_connection(x, 1)",
        "async with x.own_timeout():\n    await asyncio.open_connection(x, 1)",
        "await asyncio.wait_for(asyncio.open_connection(x, 1), 3)",
        "await asyncio.wait_for(requests_later(asyncio.open_connection(x, 1)), timeout=x)",
        "await asyncio.to_thread(requests.get, x, timeout=3)",
        "await asyncio.to_thread(functools.partial(requests.get, timeout=3), x)",
        "await d.fetch('select', timeout=3)",
        "await d.fetch('select', **x)",
        "await c.get(x)",
        "await c.get(x, timeout=x)",
        "async with c.stream('GET', x, timeout=None) as r:\n    pass",
        "async with s.get(x, timeout=None) as r:\n    async for line in r.content:\n        pass",
        "aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_read=5))",
        "httpx.Timeout(None, connect=5)",
        "await app_pb2_grpc.ApiStub(x).Get(x, timeout=3)",
        "for one in app_pb2_grpc.ApiStub(x).List(x):\n    pass",
        "task = asyncio.open_connection(x, 1)",
        "await x.get(x)",
        "def g():\n    requests.get(x)",
    ],
)
def test_a_call_with_a_limit(body: str) -> None:
    assert failing(INSPECTOR, in_coroutine(body)) == []


CONNECT = "async def connect():\n    await asyncio.open_connection('a', 1)\n"


def test_one_hop_to_the_callers() -> None:
    limited = "async def f():\n    await asyncio.wait_for(connect(), 3)\n"
    assert failing(INSPECTOR, HEAD + CONNECT + limited) == []
    assert failing(INSPECTOR, HEAD + CONNECT) != []
    free = "async def g():\n    await connect()\n"
    assert failing(INSPECTOR, HEAD + CONNECT + limited + free) != []


BLOCKS = "def load():\n    requests.get('x')\n"


def test_one_hop_to_what_a_coroutine_calls_or_moves() -> None:
    for use in ("load()", "await asyncio.to_thread(load)"):
        source = f"{HEAD}{BLOCKS}async def f():\n    {use}\n"
        assert failing(INSPECTOR, source) == [("no-timeout", 6)]
    assert failing(INSPECTOR, f"{HEAD}{BLOCKS}async def f(load):\n    load()\n") == []
    assert failing(INSPECTOR, f"{HEAD}{BLOCKS}def g():\n    load()\nasync def f(): ...\n") == []


def test_a_limit_of_the_pool_is_one_for_each_query() -> None:
    source = "POOL = asyncpg.create_pool('x', command_timeout=5)\n"
    query = "async def f():\n    await POOL.fetch('select')\n"
    assert failing(INSPECTOR, HEAD + source + query) == []
    assert failing(INSPECTOR, HEAD + source.replace(", command_timeout=5", "") + query) != []


def test_a_decorator_may_set_the_limit() -> None:
    assert failing(INSPECTOR, HEAD + "@with_timeout(3)\n" + CONNECT) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("aiohttp.ClientSession()", "long-timeout"),
        (
            "p = await asyncio.create_subprocess_exec(x)\nawait p.communicate()",
            "child-timeout",
        ),
        (
            "await c.get(x, timeout=None)\n",
            "timeout-removed",
        ),
    ],
)
def test_advice(body: str, rule: str) -> None:
    source = in_coroutine(body).replace("async def f", "async def stream")
    assert [(one.rule, one.severity) for one in inspected(INSPECTOR, source)] == [
        (rule, Severity.INFO)
    ]


@pytest.mark.parametrize(
    ("opening", "waiting", "found"),
    [
        ("x.ws_connect(1)", "await w.receive_json()", True),
        ("x.ws_connect(1, heartbeat=None)", "await w.receive()", True),
        ("s.ws_connect(1)", "if x:\n    return await w.receive_str()", True),
        ("x.ws_connect(1, heartbeat=30)", "await w.receive_json()", False),
        ("x.ws_connect(1, receive_timeout=30)", "await w.receive_json()", False),
        (
            "x.ws_connect(1, timeout=aiohttp.ClientWSTimeout(ws_receive=9))",
            "await w.receive()",
            False,
        ),
        ("x.ws_connect(1, **x)", "await w.receive_json()", False),
        ("x.ws_connect(1)", "await w.receive_json(timeout=9)", False),
        ("x.ws_connect(1)", "async with asyncio.timeout(9):\n    await w.receive()", False),
        ("x.ws_connect(1)", "while x:\n    await w.receive()", False),
        ("x.ws_connect(1)", "async for m in w:\n    print(m)", False),
        ("x.other(1)", "await w.receive_json()", False),
    ],
)
def test_the_answer_of_a_socket(opening: str, waiting: str, *, found: bool) -> None:
    body = f"w = await {opening}\n{waiting}"
    rules = [rule for rule, _ in failing(INSPECTOR, in_coroutine(body))]
    assert rules == (["no-timeout"] if found else [])


def test_a_socket_that_its_object_keeps() -> None:
    source = (
        "import aiohttp\n"
        "class Link:\n"
        "    def __init__(self) -> None:\n"
        "        self.socket: aiohttp.ClientWebSocketResponse | None = None\n"
        "    async def open(self) -> None:\n"
        "        self.socket = await self.cloud.session.ws_connect('x')\n"
        "    async def answer(self) -> object:\n"
        "        return await self.socket.receive_json()\n"
    )
    assert failing(INSPECTOR, source) == [("no-timeout", 8)]
    assert failing(INSPECTOR, source.replace("('x')", "('x', heartbeat=9)")) == []
