from __future__ import annotations

import pytest

from doctrine.inspect.resources import INSPECTOR
from doctrine.model.observation import Severity
from tests.inspect.code import gathered

HEAD = (
    "import aio_pika, aiohttp, aiokafka, asyncio, asyncpg, contextlib, httpx, sqlite3, atexit\n"
    "import httpx as h\nfrom sqlalchemy.ext.asyncio import AsyncSession\n"
)
LINES = HEAD.count("\n")


def seen(source: str, **others: str) -> list[tuple[str, int]]:
    """Return rule and line, in the code below the imports, of what fails a check."""
    files = {"src/app/a.py": HEAD + source}
    files |= {f"src/app/{name}.py": text for name, text in others.items()}
    return [
        (one.rule, one.location.line - LINES)
        for one in gathered(INSPECTOR, files).findings
        if one.severity is not Severity.INFO
    ]


def in_coroutine(body: str) -> str:
    return "async def f(x, stack):\n    " + body.replace("\n", "\n    ") + "\n"


@pytest.mark.parametrize(
    "body",
    [
        "s = aiohttp.ClientSession()\nawait s.get(x)",
        "s: object = h.AsyncClient()\nreturn (await s.get(x)).text",
        "await httpx.AsyncClient().get(x)",
        "(s := httpx.AsyncClient())",
        "s = aiohttp.ClientSession()\nawait fetch(s, x)",
        "s = await aio_pika.connect_robust(x)\nawait s.channel()",
        "s = aiokafka.AIOKafkaProducer()\nawait s.start()\nawait s.send(x)",
        "s = AsyncSession(x)\nawait s.execute(x)",
    ],
)
def test_what_a_function_leaves_open(body: str) -> None:
    assert [rule for rule, _ in seen(in_coroutine(body))] == ["left-open"]


@pytest.mark.parametrize(
    "body",
    [
        "s = await asyncpg.connect(x)\nprint(s)\nif s:\n    await s.fetch(x)",
        "r, w = await asyncio.open_connection(x, 1)\nreturn await r.read()",
        "s = sqlite3.connect(x)\ns.execute(x)",
        "asyncpg.connect(x)",
    ],
)
def test_what_no_block_could_close(body: str) -> None:
    assert [rule for rule, _ in seen(in_coroutine(body))] == ["never-closed"]


def test_an_exception_that_skips_the_close() -> None:
    body = "s = httpx.AsyncClient()\nawait s.get(x)\nawait s.aclose()"
    assert seen(in_coroutine(body)) == [("unmanaged", 2)]


@pytest.mark.parametrize(
    "body",
    [
        "async with aiohttp.ClientSession() as s:\n    await s.get(x)",
        "async with (aiohttp.ClientSession() as s, s.get(x) as r):\n    pass",
        "s = aiohttp.ClientSession()\nasync with s:\n    pass",
        "s = await stack.enter_async_context(httpx.AsyncClient())",
        "s = httpx.AsyncClient()\nstack.push_async_callback(s.aclose)",
        "s = httpx.AsyncClient()\nasync with contextlib.aclosing(s):\n    pass",
        "s = httpx.AsyncClient()\ntry:\n    await s.get(x)\nfinally:\n    await s.aclose()",
        "s = aiokafka.AIOKafkaProducer()\ntry:\n    await s.send(x)\nfinally:\n    await s.stop()",
        "s = httpx.AsyncClient()\nreturn s",
        "s = httpx.AsyncClient()\nreturn Api(s)",
        "return httpx.AsyncClient()",
        "return Api(client=httpx.AsyncClient())",
        "x.state.client = httpx.AsyncClient()",
        "x['client'] = httpx.AsyncClient()",
        "s = x or httpx.AsyncClient()\nx.client = s",
        "s = httpx.AsyncClient()\nyield s\nawait s.aclose()",
        "s = httpx.AsyncClient()\nasync def end():\n    await s.aclose()\nx.on_shutdown(end)",
        "r, w = await asyncio.open_connection(x, 1)\ntry:\n    pass\nfinally:\n    w.close()",
        "s = httpx.AsyncClient()\nawait shut_down_and_close(s)\nawait x\nreturn s",
        "await httpx.AsyncClient(transport=httpx.ASGITransport(app=x)).get(x)",
        "client = httpx.AsyncClient()\nreturn lambda: client.aclose()",
    ],
)
def test_what_somebody_closes(body: str) -> None:
    assert seen(in_coroutine(body)) == []


def test_a_close_in_finally_is_told() -> None:
    body = "s = httpx.AsyncClient()\ntry:\n    await s.get(x)\nfinally:\n    await s.aclose()"
    reading = gathered(INSPECTOR, {"src/app/a.py": HEAD + in_coroutine(body)})
    assert [(one.rule, one.severity) for one in reading.findings] == [("unmanaged", Severity.INFO)]


KEPT = "class A:\n    def __init__(self):\n        self._s = httpx.AsyncClient()\n"


def test_a_client_that_nothing_closes() -> None:
    assert seen(KEPT) == [("kept-open", 3)]
    assert seen("S = httpx.AsyncClient()\n") == [("kept-open", 1)]
    lazy = "S = None\ndef get():\n    global S\n    S = httpx.AsyncClient()\n"
    assert seen(lazy) == [("kept-open", 4)]


@pytest.mark.parametrize(
    "rest",
    [
        "    async def aclose(self): await self._s.aclose()\n",
        "    async def __aexit__(self, *a): await self._s.__aexit__(*a)\n",
        "    async def stop(self):\n        async with self._s: pass\n",
        "    def own(self, stack): stack.push_async_callback(self._s.aclose)\n",
        "    async def end(self): await close_all(self._s)\n",
        "class B(A):\n    async def aclose(self): await self._s.aclose()\n",
    ],
)
def test_a_client_that_its_owner_closes(rest: str) -> None:
    assert seen(KEPT + rest) == []


def test_another_file_may_close_what_is_kept() -> None:
    source = "class A:\n    def __init__(self):\n        self.http = httpx.AsyncClient()\n"
    assert seen(source, main="async def stop(a):\n    await a.http.aclose()\n") == []
    assert seen(source, main="async def stop(a):\n    await a.other.aclose()\n") == [
        ("kept-open", 3)
    ]
    assert seen("C = httpx.AsyncClient()\n", main="from app import a\na.C.aclose()\n") == []


def test_a_private_name_is_closed_where_its_owner_is_known() -> None:
    closes = "async def stop(a):\n    await a._s.aclose()\n"
    assert seen(KEPT, main=closes) == [("kept-open", 3)]
    assert seen(KEPT, main=f"from app.a import A\n{closes}") == []


def test_what_is_given_away_is_in_doubt() -> None:
    source = KEPT + "    def get(self):\n        return self._s\n"
    (one,) = gathered(INSPECTOR, {"src/app/a.py": HEAD + source}).findings
    assert (one.rule, one.severity) == ("kept-open", Severity.INFO)


def test_tests_may_leave_what_they_want() -> None:
    files = {"tests/test_a.py": HEAD + in_coroutine("s = httpx.AsyncClient()")}
    assert gathered(INSPECTOR, files).findings == ()


def kept_socket(opening: str, closing: str) -> str:
    return (
        "class Link:\n"
        "    async def open(self):\n"
        f"        {opening}\n"
        "    async def tokens(self):\n"
        "        try:\n"
        "            return await self.socket.receive_json()\n"
        "        finally:\n"
        "            await self.socket.close()\n"
        f"{closing}"
    )


_OPENING = "self.socket = await self.cloud.session.ws_connect('x')"
_HELLO = "await self.socket.send_json({})"


@pytest.mark.parametrize(
    "opening",
    [
        f"{_OPENING}; {_HELLO}",
        (
            f"{_OPENING}\n        try:\n            {_HELLO}\n        except ValueError:\n"
            "            await self.socket.close()"
        ),
    ],
)
def test_what_the_method_that_opens_abandons(opening: str) -> None:
    assert seen(kept_socket(opening, "")) == [("left-open", 3)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        (_OPENING, ""),
        (f"{_OPENING}; {_HELLO}", "    async def disconnect(self): await self.socket.close()\n"),
        (f"{_OPENING}; {_HELLO}", "    async def __aexit__(self, *x): await self.socket.close()\n"),
        (
            (
                f"{_OPENING}\n        try:\n            {_HELLO}\n        except BaseException:\n"
                "            await self.socket.close()\n            raise"
            ),
            "",
        ),
        (
            (
                f"{_OPENING}\n        try:\n            {_HELLO}\n        except:\n"
                "            await self.socket.close()\n            raise"
            ),
            "",
        ),
    ],
)
def test_what_an_owner_can_close(opening: str, closing: str) -> None:
    assert seen(kept_socket(opening, closing)) == []
