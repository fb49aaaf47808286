"""``python -m benchmarks.interruptions``: end doctrine at random moments, and look what is left.

A project is checked again and again; each time one of the signals that end programs is sent at
another moment between the start and the end. What must hold: no traceback, an exit code of the
documented table, no process that still works on the project, no file but a whole report, and
nothing in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE)
_WHOLE = frozenset({0, 1, 3})
"""Exit codes of a check that came to its end; SIGPIPE is ignored, as by every Python program."""
_PATIENCE = 30.0
_DRAFTS = (".doctrine-", ".kept-")
"""How files are called until they are whole."""
_STARTING = 0.04
"""Seconds in which Python itself starts: a signal that it meets there is not doctrine's to answer."""
_FAKE = """\
#!{python} -IS
import sys, time
if "--version" in sys.argv:
    print("1.0"); sys.exit()
time.sleep({seconds})
print("[]")
"""
_PYPROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.11"
"""
_FAKED = {"ruff": "0.15.0", "mypy": "1.18.0", "pyright": "1.1.405", "semgrep": "1.140.0"}


class World(msgspec.Struct, frozen=True):
    """The folders of all tries: the project, and what a try may write to."""

    top: Path

    @property
    def project(self) -> Path:
        return self.top / "project"

    @property
    def temporary(self) -> Path:
        return self.top / "tmp"

    @property
    def cache(self) -> Path:
        return self.top / "cache"

    @property
    def report(self) -> Path:
        return self.top / "out" / "report.json"


def make_world(top: Path, *, real: bool, seconds: float = 0.15) -> World:
    """Write a project, with tools that only wait unless real ones are wanted."""
    world = World(top)
    body = "".join(f"def f{i}(a: int) -> int:\n    return a + {i}\n\n\n" for i in range(40))
    files = {"pyproject.toml": _PYPROJECT, "src/sample/__init__.py": body}
    if not real:
        fake = _FAKE.format(python=sys.executable, seconds=seconds)
        files[".venv/pyvenv.cfg"] = "home = /usr/bin\nversion = 3.11.7\n"
        for name, version in _FAKED.items():
            files[f".venv/bin/{name}"] = fake
            info = f".venv/lib/python3.11/site-packages/{name}-{version}.dist-info/METADATA"
            files[info] = f"Name: {name}\nVersion: {version}\n"
        files[".venv/bin/python"] = fake
    for name, content in files.items():
        path = world.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o755 if "/bin/" in name else 0o644)
    return world


def empty(world: World) -> None:
    """Take away what earlier tries have left, but for the cache."""
    for folder in (world.temporary, world.report.parent):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


def start(world: World, report: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a check.

    Args:
        world: Where.
        report: Where the report is to be, if not in its usual place.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("DOCTRINE_")}
    env |= {"TMPDIR": str(world.temporary), "XDG_CACHE_HOME": str(world.cache)}
    # A handler is not inherited, an ignored signal is: whoever starts in the background ignores one.
    previous = {one: signal.signal(one, _nothing) for one in _SIGNALS}
    try:
        return subprocess.Popen(
            [Path(sys.executable).with_name("doctrine"), "check", str(world.project),
             "--output", f"json={report or world.report}"],
            cwd=world.top, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        for one, handler in previous.items():
            signal.signal(one, handler)


def _nothing(_number: int, _frame: object) -> None:
    """Handle a signal by doing nothing."""


def interrupt(
    world: World, number: signal.Signals, moment: float, *, begun: bool = False
) -> tuple[bool, list[str]]:
    """Start a check, send it a signal.

    Args:
        world: Where.
        number: The signal.
        moment: Seconds after the start.
        begun: Count them from when something has been begun that has to be ended.

    Returns:
        Whether it was still running, and what is wrong afterwards.
    """
    empty(world)
    process = start(world)
    deadline = time.monotonic() + _PATIENCE
    while (
        begun
        and process.poll() is None
        and not any(world.temporary.iterdir())
        and time.monotonic() < deadline
    ):
        time.sleep(0.005)
    time.sleep(moment)
    reached = process.poll() is None
    process.send_signal(number)
    try:
        _, stderr = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return reached, [f"it did not end within {_PATIENCE:g} s"]
    words = stderr.decode("utf-8", "replace")
    told = "Traceback" in words and "doctrine" in words
    wrong = [f"stderr: {words[-3000:]}"] if told or "internal error" in words else []
    # Before doctrine's first line Python has its own words and codes for it.
    allowed = {*_WHOLE, 128 + number, -number, *((1,) if "Traceback" in words else ())}
    if process.returncode not in allowed:
        wrong.append(f"exit code {process.returncode}: {words[-300:]}")
    return reached, [*wrong, *left_behind(world)]


def left_behind(world: World) -> list[str]:
    """Return what an ended check should not have left."""
    wrong: list[str] = []
    deadline = time.monotonic() + 3
    while (alive := _family(str(world.project))) and time.monotonic() < deadline:
        time.sleep(0.05)
    wrong += [f"still running: {one}" for one in alive]
    wrong += [f"left: {path.relative_to(world.top)}" for path in world.temporary.iterdir()]
    for path in world.report.parent.iterdir():
        if path != world.report:
            wrong.append(f"left: {path.name}")
        else:
            msgspec.json.decode(path.read_bytes())
    unfinished = [
        path for path in world.cache.rglob("*")
        if path.parent.name == "tmp" or path.name.startswith(_DRAFTS)
    ]  # fmt: skip
    return wrong + [f"left: {path.relative_to(world.top)}" for path in unfinished]


def _length(world: World) -> float:
    empty(world)
    began = time.monotonic()
    start(world).communicate()
    return time.monotonic() - began


def _family(mark: str) -> list[str]:
    found: list[str] = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if mark in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(words[:200])
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interruptions", description=__doc__)
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", action="store_true", help="with the real tools, which is slower")
    parser.add_argument("--signal", choices=[one.name for one in _SIGNALS], help="only this one")
    parser.add_argument(
        "--until", type=float, default=0.0, help="last moment in seconds; 0: the end"
    )
    options = parser.parse_args(argv)
    # The moments only have to be different ones, and the same ones for the same seed.
    drawn = random.Random(options.seed)  # noqa: S311
    failed = 0
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="interruptions-") as folder:
        world = make_world(Path(folder), real=options.real)
        lengths = [options.until or _length(world) for _ in range(2)]
        print("a whole check takes {:.2f} s, one of the same tree {:.2f} s".format(*lengths))
        for number in range(options.tries):
            cold = number % 4 != 0
            if cold:
                shutil.rmtree(world.cache, ignore_errors=True)
            what = signal.Signals[options.signal] if options.signal else drawn.choice(_SIGNALS)
            moment = drawn.uniform(_STARTING, lengths[0 if cold else 1])
            reached, wrong = interrupt(world, what, moment)
            counted[what.name] += reached
            failed += bool(wrong)
            for line in wrong:
                print(f"{what.name} after {moment:.3f} s: {line}", flush=True)
    told = ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
    print(f"{options.tries} tries, {sum(counted.values())} before the end ({told}), {failed} bad")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
