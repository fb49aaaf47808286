from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.inspect import event_loop, randomness
from doctrine.inspect.blocking import INSPECTOR
from doctrine.model.observation import Severity
from tests.inspect.code import failing, inspected

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
    "source",
    [
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
    ]
)


@given(st.lists(PIECES, max_size=8).map("\n".join))
@settings(max_examples=100, deadline=None)
def test_any_file_can_be_inspected(source: str) -> None:
    for inspector in (INSPECTOR, randomness.INSPECTOR, event_loop.INSPECTOR):
        for one in inspected(inspector, source):
            assert 1 <= one.location.line <= source.count("\n") + 1
