"""A machine on which something is scarce, forbidden, broken or in motion, and doctrine on it.

The real program judges a small project: ruff and the inspectors really look at it, and what stands
in for the slow tools does what a fault asks for while the project is judged.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import psutil
from msgspec import Struct

from benchmarks.interruptions import contents, family
from tests.binary.nursery import become, can_become
from tests.binary.running import Report

_PATIENCE = 120.0
_CODE = """\
import cgi
import random

token = random.random()
"""
_PYPROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.11"
"""
_STAND_IN = """\
#!{python} -IS
import os, pathlib, shutil, sys
if "--version" in sys.argv:
    print("1.0"); sys.exit()
project = pathlib.Path({project!r})
source = project / "src/sample/__init__.py"
{act}
print("[]")
"""
_STOOD_IN_FOR = {"mypy": "1.18.0", "pyright": "1.1.405", "semgrep": "1.140.0"}
_STRANGER = 20_000 + os.getpid() % 40_000
"""A user who owns nothing, and whom no test beside this one has started anything as."""
_BECOME = (
    "setpriv", f"--reuid={_STRANGER}", f"--regid={_STRANGER}", "--clear-groups",
    # Where Python lies may be closed to others: the stranger may read everything, and write nothing.
    "--securebits=+no_setuid_fixup", "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search", "--",
)  # fmt: skip


class Place(Struct, frozen=True):
    """The folders of one try.

    Attributes:
        top: What holds all the others.
    """

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
    def kept(self) -> Path:
        """What the cache once held."""
        return self.top / "kept"

    @property
    def out(self) -> Path:
        return self.top / "out"

    @property
    def full(self) -> Path:
        """Where a disk can be mounted that is too small."""
        return self.top / "full"


class Ended(Struct, frozen=True):
    """How a check has ended.

    Attributes:
        code: Exit code.
        stderr: What was said.
        report: What the report file holds; None without one.
    """

    code: int
    stderr: str
    report: Report | None


def make_place(top: Path, act: str = "pass") -> Place:
    """Write a project.

    Args:
        top: An empty folder.
        act: What mypy's stand-in does while the project is judged, as Python; it knows ``project``
            and ``source``.
    """
    place = Place(top)
    files = {
        "pyproject.toml": _PYPROJECT,
        "src/sample/__init__.py": _CODE,
        ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.7\n",
    }
    for name in ("python", *_STOOD_IN_FOR):
        files[f".venv/bin/{name}"] = _STAND_IN.format(
            python=sys.executable,
            project=str(place.project),
            act=act if name == "mypy" else "pass",
        )
    for name, version in _STOOD_IN_FOR.items():
        info = f".venv/lib/python3.11/site-packages/{name}-{version}.dist-info/METADATA"
        files[info] = f"Name: {name}\nVersion: {version}\n"
    for name, content in files.items():
        path = place.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o755 if "/bin/" in name else 0o644)
    for folder in (place.temporary, place.out, place.full):
        folder.mkdir()
        folder.chmod(0o777)
    return place


def check(
    place: Place,
    *words: str,
    env: Mapping[str, str | None] | None = None,
    prepare: Callable[[], None] | None = None,
    stranger: bool = False,
) -> Ended:
    """Check the project.

    Args:
        place: Where.
        words: More arguments.
        env: Variables; None takes one away.
        prepare: What the process does before it becomes doctrine, such as to limit itself.
        stranger: Whether somebody checks it who owns nothing of it.
    """
    own = {key: value for key, value in os.environ.items() if not key.startswith("DOCTRINE_")}
    own |= {"TMPDIR": str(place.temporary), "XDG_CACHE_HOME": str(place.cache)}
    changed = env or {}
    own = {key: value for key, value in own.items() if key not in changed}
    own |= {key: value for key, value in changed.items() if value is not None}
    written = place.out / "report.json"
    written.unlink(missing_ok=True)
    arguments = ("check", str(place.project), "--output", f"json={written}", *words)
    if prepare is None and not stranger and can_become(own):
        # What is the matter has nothing to do with how a process starts.
        done = become(arguments, place.top, own, _PATIENCE)
    else:
        done = _started(arguments, place, own, prepare, stranger=stranger)
    return Ended(
        code=done.returncode,
        stderr=done.stderr.decode("utf-8", "replace"),
        report=_report_in(written),
    )


def _started(
    arguments: Sequence[str],
    place: Place,
    env: Mapping[str, str],
    prepare: Callable[[], None] | None,
    *,
    stranger: bool,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*(as_stranger() if stranger else ()), sys.executable, "-m", "doctrine", *arguments],
        cwd=place.top, env=env, preexec_fn=prepare, timeout=_PATIENCE, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def _report_in(file: Path) -> Report | None:
    return msgspec.json.decode(file.read_bytes(), type=Report) if file.exists() else None


def as_stranger() -> tuple[str, ...]:
    """Return what makes a stranger of root; nothing where the tests run as somebody else."""
    return _BECOME if os.geteuid() == 0 else ()


def can_be_stranger() -> bool:
    """Return whether there is anybody whom limits and permissions bind."""
    return os.geteuid() != 0 or (
        shutil.which("setpriv") is not None
        and subprocess.run([*_BECOME, "true"], capture_output=True, check=False).returncode == 0
    )


def alive_of(user: int) -> int:
    """Return how many processes and threads a user has, as the system counts them against a limit."""
    count = 0
    for process in psutil.process_iter(["uids", "num_threads"]):
        if process.info["uids"] and process.info["uids"].real == user:
            count += process.info["num_threads"] or 1
    return count


def whose_limit() -> int:
    """Return the user whose processes a stranger's limit counts."""
    return _STRANGER if os.geteuid() == 0 else os.geteuid()


def left_of(place: Place, before: Mapping[str, bytes]) -> list[str]:
    """Return what a check has changed or left that it should not have.

    Args:
        place: Where.
        before: What the project held.
    """
    wrong = [f"still running: {one}" for one in family(str(place.project))]
    if contents(place.project) != before:
        wrong.append("the project was changed")
    for folder in (place.temporary, place.full):
        wrong += [
            f"left: {path.relative_to(place.top)}"
            for path in folder.rglob("*")
            if "doctrine" not in path.relative_to(folder).parts[:1]  # a cache, looked at below
        ]
    drafts = (path for top in (place.cache, place.full) for path in top.rglob("v1/tmp/*"))
    return wrong + [f"left: {path.relative_to(place.top)}" for path in drafts]
