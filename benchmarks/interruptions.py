"""``python -m benchmarks.interruptions``: end doctrine at random moments, and look what is left.

A project is checked, mended, watched … again and again; each time one of the signals that end programs
is sent at another moment between the start and the end, now and then twice. What must hold: no
traceback, an exit code of the documented table, no process that still works on the project, no file of
it or beside it but a whole one, old or new, and nothing in the folder for temporary files.

Figures: 475 tries with tools that only wait, and 315 with the real ones on a small project (check 45,
init 45, fix, baseline and watch 75 each), 264 of them before the end. No process was left, no file was
half written, no traceback was seen. What was found is mended: pyright's server left a folder while a
project is watched, and a second signal could keep a copy of the project from being removed; the last 90
tries, made after that, left nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
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
_MENDABLE = "import os, sys\nfrom typing import Optional\n\n\ndef f(a: Optional[int])->int:\n  return a or 0\n"
"""What the real tools find something in, and can mend."""
_FAKED = {"ruff": "0.15.0", "mypy": "1.18.0", "pyright": "1.1.405", "semgrep": "1.140.0"}


_FILES = ("json", "sarif", "html", "junit")
"""Formats of the reports that a check writes to files."""
_GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
_OWN = re.compile(r'File "[^"]*[/\\]doctrine[/\\]')
"""A line of a traceback in doctrine's package; the script that starts it lies elsewhere."""
_DAY = re.compile(rb"\d{4}-\d\d-\d\d")
Contents = Mapping[str, bytes]
"""What the files of a folder hold, by relative path."""


class Command(msgspec.Struct, frozen=True):
    """What is interrupted.

    Attributes:
        words: Behind ``doctrine``; the project and what the world names are put in.
        ends: Whether it comes to an end by itself.
    """

    words: tuple[str, ...]
    ends: bool = True


COMMANDS: Mapping[str, Command] = {
    "check": Command(
        (
            "check",
            "{project}",
            *(word for name in _FILES for word in ("--output", f"{name}={{out}}/report.{name}")),
        )
    ),
    "fix": Command(("fix", "{project}", "--yes")),
    "baseline": Command(("baseline", "create", "{project}")),
    "init": Command(("init", "{project}", "--yes")),
    "watch": Command(("watch", "{project}", "--no-color"), ends=False),
}


class World(msgspec.Struct, frozen=True):
    """The folders of all tries: the project, and what a try may write to."""

    top: Path

    @property
    def project(self) -> Path:
        return self.top / "project"

    @property
    def pristine(self) -> Path:
        return self.top / "pristine"

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
    if real:
        (world.project / "src/sample/mendable.py").write_text(_MENDABLE)
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
            subprocess.run((*_GIT, *words), cwd=world.project, check=True)
    shutil.copytree(world.project, world.pristine, symlinks=True)
    return world


def empty(world: World) -> None:
    """Take away what earlier tries have left and changed, but for the cache."""
    if contents(world.project) != contents(world.pristine):
        shutil.rmtree(world.project)
        shutil.copytree(world.pristine, world.project, symlinks=True)
    for folder in (world.temporary, world.report.parent):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


def contents(folder: Path) -> Contents:
    """Return what the files in a folder hold, days left out, and git's own left out but for locks."""
    return {
        path.relative_to(folder).as_posix(): _DAY.sub(b"DAY", path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
        and (".git" not in path.relative_to(folder).parts or path.suffix == ".lock")
    }


def start(
    world: World, report: Path | None = None, command: Command | None = None
) -> subprocess.Popen[bytes]:
    """Start a check, or another command.

    Args:
        world: Where.
        report: Where the report of the check is to be, if not in its usual place.
        command: What is started; a check with one report if None.
    """
    usual = Command(("check", "{project}", "--output", f"json={report or world.report}"))
    words = [
        word.format(project=world.project, out=world.report.parent)
        for word in (command or usual).words
    ]
    env = {key: value for key, value in os.environ.items() if not key.startswith("DOCTRINE_")}
    env |= {"TMPDIR": str(world.temporary), "XDG_CACHE_HOME": str(world.cache)}
    # A handler is not inherited, an ignored signal is: whoever starts in the background ignores one.
    previous = {one: signal.signal(one, _nothing) for one in _SIGNALS}
    try:
        return subprocess.Popen(
            [Path(sys.executable).with_name("doctrine"), *words],
            cwd=world.top, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        for one, handler in previous.items():
            signal.signal(one, handler)


def _nothing(_number: int, _frame: object) -> None:
    """Handle a signal by doing nothing."""


def interrupt(
    world: World,
    number: signal.Signals,
    moment: float,
    *,
    begun: bool = False,
    command: Command | None = None,
    again: float = 0.0,
    after: Contents | None = None,
) -> tuple[bool, list[str]]:
    """Start a check or another command, send it a signal.

    Args:
        world: Where.
        number: The signal.
        moment: Seconds after the start.
        begun: Count them from when something has been begun that has to be ended.
        command: What is started; a check with one report if None.
        again: Seconds until the same signal is sent once more; 0: it is not.
        after: What the project holds after the whole command; None where it changes nothing.

    Returns:
        Whether it was still running, and what is wrong afterwards.
    """
    empty(world)
    process = start(world, command=command)
    # Nothing ends when a pipe breaks that is not its own: the whole command has to have the time.
    patience = 6 * _PATIENCE if number is signal.SIGPIPE else _PATIENCE
    deadline = time.monotonic() + patience
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
    if again:
        time.sleep(again)
        process.send_signal(number)
    try:
        _, stderr = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return reached, [f"it did not end within {patience:g} s"]
    words = stderr.decode("utf-8", "replace")
    told = "Traceback" in words and _OWN.search(words)
    wrong = [f"stderr: {words[-3000:]}"] if told or "internal error" in words else []
    # Before doctrine's first line Python has its own words and codes for it.
    allowed = {*_WHOLE, 128 + number, -number, *((1,) if "Traceback" in words else ())}
    if process.returncode not in allowed:
        wrong.append(f"exit code {process.returncode}: {words[-300:]}")
    return reached, [*wrong, *left_behind(world), *_mixed(world, after)]


def _mixed(world: World, after: Contents | None) -> list[str]:
    """Return the files of the project that hold neither what they held nor what they were to hold."""
    before = contents(world.pristine)
    whole = before if after is None else after
    now = contents(world.project)
    return [
        f"neither old nor new: {path}"
        for path in sorted(before.keys() | now.keys())
        if now.get(path) not in {before.get(path), whole.get(path)}
    ]


def left_behind(world: World) -> list[str]:
    """Return what an ended check should not have left."""
    wrong: list[str] = []
    deadline = time.monotonic() + 3
    while (alive := family(str(world.project))) and time.monotonic() < deadline:
        time.sleep(0.05)
    wrong += [f"still running: {one}" for one in alive]
    wrong += [f"left: {path.relative_to(world.top)}" for path in world.temporary.iterdir()]
    for path in world.report.parent.iterdir():
        if path.stem != world.report.stem:
            wrong.append(f"left: {path.name}")
        elif not _is_whole(path.suffix, path.read_bytes().rstrip()):
            wrong.append(f"not whole: {path.name}")
    unfinished = [
        path for path in world.cache.rglob("*")
        if path.parent.name == "tmp" or path.name.startswith(_DRAFTS)
    ]  # fmt: skip
    return wrong + [f"left: {path.relative_to(world.top)}" for path in unfinished]


def _is_whole(kind: str, content: bytes) -> bool:
    """Return whether a report ends as one of its format does."""
    if kind in {".html", ".junit"}:
        return content.endswith((b"</html>", b"</testsuites>", b"</testsuite>"))
    try:
        msgspec.json.decode(content)
    except msgspec.DecodeError:
        return False
    return True


def _length(world: World, command: Command) -> float:
    """Return how many seconds the whole command takes, or as good as that."""
    empty(world)
    began = time.monotonic()
    start(world, command=command if command.ends else COMMANDS["check"]).communicate()
    return (time.monotonic() - began) * (1 if command.ends else 2)


def family(mark: str) -> list[str]:
    """Return the command of every living process that names something, whoever its parent is by now."""
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
    parser.add_argument(
        "--command", action="append", choices=sorted(COMMANDS), help="check; can be repeated"
    )
    parser.add_argument("--signal", choices=[one.name for one in _SIGNALS], help="only this one")
    parser.add_argument(
        "--until", type=float, default=0.0, help="last moment in seconds; 0: the end"
    )
    options = parser.parse_args(argv)
    # The moments only have to be different ones, and the same ones for the same seed.
    drawn = random.Random(options.seed)  # noqa: S311
    names = options.command or ["check"]
    counted: Counter[str] = Counter()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="interruptions-") as folder:
        world = make_world(Path(folder), real=options.real)
        for name in names:
            tries = _Tries(world, COMMANDS[name], drawn, options.until)
            print(f"{name}: {tries.cold:.2f} s, of the same tree {tries.warm:.2f} s", flush=True)
            for number in range(options.tries):
                what = signal.Signals[options.signal] if options.signal else None
                told, reached, wrong = tries.one(number, what)
                counted[told.name] += reached
                failed += bool(wrong)
                for line in wrong:
                    print(f"{name}: {told.name}: {line}", flush=True)
    said = ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
    whole = options.tries * len(names)
    print(f"{whole} tries, {sum(counted.values())} before the end ({said}), {failed} bad")
    return 1 if failed else 0


class _Tries:
    """Tries with one command."""

    def __init__(self, world: World, command: Command, drawn: random.Random, until: float) -> None:
        """Find out how long the command takes, and what it makes of the project."""
        self._world = world
        self._command = command
        self._drawn = drawn
        shutil.rmtree(world.cache, ignore_errors=True)
        cold = _length(world, command)
        self.cold = until or cold
        self._after = contents(world.project)
        self.warm = until or _length(world, command)

    def one(
        self, number: int, what: signal.Signals | None
    ) -> tuple[signal.Signals, bool, list[str]]:
        """Try once; return the signal, whether it was in time, and what is wrong afterwards."""
        cold = number % 4 != 0
        if cold:
            shutil.rmtree(self._world.cache, ignore_errors=True)
        # A watch goes on when a pipe breaks that is not its own.
        some = _SIGNALS if self._command.ends else _SIGNALS[:-1]
        told = what or self._drawn.choice(some)
        moment = self._drawn.uniform(_STARTING, self.cold if cold else self.warm)
        again = self._drawn.uniform(0.001, 0.3) if number % 3 == 0 else 0.0
        reached, wrong = interrupt(
            self._world, told, moment, command=self._command, again=again, after=self._after
        )
        return told, reached, [f"after {moment:.3f} s, {again:.3f} s: {line}" for line in wrong]


if __name__ == "__main__":
    sys.exit(main())
