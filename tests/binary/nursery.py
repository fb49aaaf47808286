"""A process that has imported doctrine, and becomes one run of it after the other by forking.

What a start takes is imports, half a second each time, and the tests start the program hundreds of
times. Everything else is as ever: a process of its own with its arguments, folder, variables and
streams. ``test_nursery`` compares the two.

Started as a script it serves the socket that it is given; imported it is what asks.
"""

from __future__ import annotations

import gc
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import msgspec

_MOST = 1 << 20
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "TZ", "LD_", "COVERAGE")
"""Beginnings of variables that are looked at before any module is."""


class _Order(msgspec.Struct, frozen=True):
    """What a forked process is to be."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]


def can_become(env: Mapping[str, str]) -> bool:
    """Return whether a run with these variables can be had by forking."""
    return hasattr(os, "fork") and _early(env) == _early(os.environ)


def _early(env: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in env.items() if key.startswith(_OF_THE_INTERPRETER)}


def become(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of doctrine, and return what became of it.

    Args:
        argv: Arguments after the program's name.
        cwd: Its current folder.
        env: All of its variables.
        timeout: Seconds after which it is a failure.
    """
    asked, group = _nursery()
    order = msgspec.json.encode(_Order(argv=tuple(argv), cwd=str(cwd), env=env))
    with (
        Path(os.devnull).open("rb") as stdin,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        streams = [one.fileno() for one in (stdin, stdout, stderr)]
        asked.settimeout(timeout)
        socket.send_fds(asked, [order], streams)
        try:
            answer = asked.recv(_MOST)
        except TimeoutError:
            _nursery.cache_clear()
            os.killpg(group, signal.SIGKILL)
            raise
        assert answer, "nobody is there any more"
        code = int(answer)
        for one in (stdout, stderr):
            one.seek(0)
        return subprocess.CompletedProcess(list(argv), code, stdout.read(), stderr.read())


@cache
def _nursery() -> tuple[socket.socket, int]:
    """Start it; it ends with the socket, and that with the process that asks.

    It is nobody's child: tests look for what was left among those of the process that asks.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        running = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    assert running.wait() == 0
    return ours, running.pid


def _serve(asked: socket.socket) -> None:
    """Answer until nobody is there any more; a child returns, to run the program and end."""
    while True:
        order, streams, _, _ = socket.recv_fds(asked, _MOST, 3)
        if not order:
            sys.exit()
        child = os.fork()
        if child == 0:
            asked.close()
            _settle(msgspec.json.decode(order, type=_Order), streams)
            return
        for one in streams:
            os.close(one)
        _, status = os.waitpid(child, 0)
        asked.send(b"%d" % os.waitstatus_to_exitcode(status))


def _settle(order: _Order, streams: Sequence[int]) -> None:
    """Become what was ordered."""
    for number, one in enumerate(streams):
        os.dup2(one, number)
        os.close(one)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.env)
    sys.argv = [sys.argv[0], *order.argv]


def _main() -> NoReturn:
    if os.fork():
        os._exit(0)
    # The folder of this script is none that the program would find modules in.
    del sys.path[:1]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from doctrine.cli.lean import import_asyncio, import_msgspec

    import_msgspec()
    import_asyncio()
    import doctrine
    from doctrine.__main__ import main

    for module in pkgutil.walk_packages(doctrine.__path__, "doctrine."):
        if not module.name.startswith("doctrine.drivers."):
            import_module(module.name)
    import_module("doctrine.cli.command_line").reader()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    main()
    raise AssertionError


if __name__ == "__main__":
    _main()
