"""An interrupted doctrine leaves no child behind and says why it ended."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import pytest

from benchmarks.interruptions import World, empty, family, interrupt, left_behind, make_world, start
from tests.binary.running import write
from tests.signals import interruptible

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_everything(tmp_path: Path, number: signal.Signals, code: int) -> None:
    body = "".join(f"def f{i}(a: int) -> int:\n    return a + {i}\n\n\n" for i in range(3000))
    write(tmp_path, {"pyproject.toml": '[project]\nname = "s"\nversion = "1"\n', "s.py": body})
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "doctrine", "check", str(tmp_path), "--quiet"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while not psutil.Process(process.pid).children() and time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"ended before a tool was started: {process.communicate()}")
        time.sleep(0.01)
    time.sleep(0.6)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert b"Traceback" not in stderr
    assert process.returncode == code
    deadline = time.monotonic() + 10
    while family(str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert family(str(tmp_path)) == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A project whose tools only wait."""
    return make_world(tmp_path_factory.mktemp("world"), real=False)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"] if os.name != "nt" else [])
def test_at_whatever_moment_nothing_is_left_behind(world: World, number: str) -> None:
    """`python -m benchmarks.interruptions` does the same hundreds of times."""
    for seed in range(2):
        moment = random.Random(f"{number}{seed}").uniform(0, 0.6)  # noqa: S311 - a moment
        with interruptible():
            _, wrong = interrupt(world, signal.Signals[number], moment, begun=True)
        assert wrong == [], (number, moment)


def test_several_at_once_say_the_same_and_leave_nothing_behind(world: World) -> None:
    empty(world)
    shutil.rmtree(world.cache, ignore_errors=True)
    reports = [world.report.with_name(f"{number}.json") for number in range(3)]
    running = [start(world, report) for report in reports]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert said == [b""] * len(running)
    assert len({process.returncode for process in running}) == 1
    decoded = [msgspec.json.decode(report.read_bytes(), type=_Said) for report in reports]
    assert decoded[0].clauses
    assert decoded == decoded[:1] * len(decoded)
    for report in reports:
        report.unlink()
    assert left_behind(world) == []
    assert list(world.cache.rglob("v1/survey/*/*")), "something was kept"


class _Said(msgspec.Struct):
    verdict: str
    grade: dict[str, object]
    clauses: list[dict[str, object]]
    findings: list[dict[str, object]]
    problems: list[dict[str, object]]


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, {"s.py": "x = 1\n"})
    shell = f"'{sys.executable}' -m doctrine clauses | head -1"
    done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


_INTERRUPTED_AT = """\
import atexit, os, signal, sys
moment = {moment!r}

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == moment:
            os.kill(os.getpid(), signal.SIGINT)
        return None

if moment == "the exit":
    atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))
sys.meta_path.insert(0, Finder())
sys.argv = ["doctrine", *{arguments!r}]
import doctrine.__main__
doctrine.__main__.main()
"""


@pytest.mark.parametrize(
    "moment",
    ["doctrine.cli.main", "doctrine.cli.quick", "doctrine.config", "doctrine.app", "the exit"],
)
def test_an_interruption_while_nothing_is_begun_is_answered_without_a_traceback(
    tmp_path: Path, moment: str
) -> None:
    write(tmp_path, {"pyproject.toml": "", "s.py": "x = 1\n"})
    arguments = ["--version"] if moment == "the exit" else ["check", str(tmp_path)]
    code = _INTERRUPTED_AT.format(moment=moment, arguments=arguments)
    with interruptible():
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
        )
    assert done.stderr.decode() == "interrupted\n"
    assert done.returncode == 130


def test_who_ignores_interruptions_goes_on_ignoring_them(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "s.py": "x = 1\n"})
    code = _INTERRUPTED_AT.format(moment="doctrine.cli.main", arguments=["--version"])
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
        )
    finally:
        signal.signal(signal.SIGINT, previous)
    assert done.returncode == 0
    assert done.stdout.startswith(b"doctrine ")
