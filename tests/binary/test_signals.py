"""An interrupted doctrine leaves no child behind and says why it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.binary.running import write
from tests.signals import interruptible

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
]


def family(root: Path) -> list[psutil.Process]:
    """Every living process that works on the project, whoever its parent is by now."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if str(root) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("delay", [0.05, 0.6, 1.5])
def test_a_signal_ends_everything(
    tmp_path: Path, number: signal.Signals, code: int, delay: float
) -> None:
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
    time.sleep(delay)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert b"Traceback" not in stderr
    assert process.returncode == code
    deadline = time.monotonic() + 10
    while family(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert family(tmp_path) == []


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
