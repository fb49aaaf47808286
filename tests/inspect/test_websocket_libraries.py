from __future__ import annotations

import pytest

from doctrine.inspect.websocket_libraries import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.project import Role
from tests.inspect.code import failing, inspected


@pytest.mark.parametrize(
    "source",
    [
        "import websocket\n",
        "from ws4py.client import WebSocketBaseClient\n",
        "from websocket import create_connection\n",
        "try:\n    import picows\nexcept ImportError:\n    picows = None\n",
        "import aiohttp\nasync def f(s: aiohttp.ClientSession): await s.ws_connect('x')\n",
        "from tornado.websocket import websocket_connect\nwebsocket_connect('x')\n",
    ],
)
def test_another_library(source: str) -> None:
    assert [rule for rule, _ in failing(INSPECTOR, source)] == ["other-library"]


@pytest.mark.parametrize(
    "source",
    [
        "import websockets\n",
        "from .websocket import connect\n",
        "import socketio\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import websocket\n",
        "def f(s): s.ws_connect('x')\n",
        "import aiohttp\ndef f(own): own.ws_connect()\n",
    ],
)
def test_what_is_fine(source: str) -> None:
    assert inspected(INSPECTOR, source) == []


def test_the_projects_own_module() -> None:
    assert failing(INSPECTOR, "import websocket\n", path="src/websocket/feed.py") == []


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("from fastapi import WebSocket\n", "framework-route"),
        ("from starlette.websockets import WebSocket\n", "framework-route"),
        ("from aiohttp import web\nweb.WebSocketResponse()\n", "framework-route"),
        ("from websockets.server import serve\n", "old-api"),
        ("from websockets import WebSocketServerProtocol\n", "old-api"),
    ],
)
def test_advice(source: str, rule: str) -> None:
    found = inspected(INSPECTOR, source)
    assert [(one.rule, one.severity) for one in found] == [(rule, Severity.INFO)]


LOOP = (
    "import websockets\nasync def f(u):\n    while True:\n        try:\n"
    "            async with websockets.connect(u) as ws:\n                await ws.recv()\n"
    "        except {}:\n            pass\n"
)


def test_a_loop_that_a_refused_connection_ends() -> None:
    (one,) = inspected(INSPECTOR, LOOP.format("websockets.ConnectionClosed"))
    assert (one.rule, one.location.line, one.severity) == ("no-reconnect", 7, Severity.INFO)
    for caught in ("(OSError, websockets.ConnectionClosed)", "Exception"):
        assert inspected(INSPECTOR, LOOP.format(caught)) == []


def test_tests_may_use_what_they_want() -> None:
    assert inspected(INSPECTOR, "import websocket\n", role=Role.TEST) == []
