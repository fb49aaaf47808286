"""Runs the tests on a copy of the tree in which one module is broken."""

from __future__ import annotations

import enum
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from compileall import compile_dir
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from benchmarks.mutants.breaking import Mutant
from benchmarks.mutants.plans import Ask, Plan

_LONGEST = 400.0
"""Seconds for one start of pytest; who takes longer hangs, and that is noticed as well."""
_NOTHING_CHOSEN = 5
"""pytest's exit code where no test was to run."""
_COPIED = ("src", "tests", "benchmarks", "docs", "templates", "corpus")


class Fate(enum.StrEnum):
    """What became of a mutant."""

    NOTICED = "noticed"
    SURVIVED = "survived"


class Tried(Struct, frozen=True, kw_only=True):
    """A mutant that the tests have seen.

    Attributes:
        name: As ``Mutant.name``.
        digest: Of the broken module.
        fate: Whether some test failed.
        by: The first test that failed.
        seconds: What it took.
    """

    name: str
    digest: str
    fate: Fate
    by: str
    seconds: float


class BrokenPlanError(Exception):
    """Tests fail although nothing is broken, so that their failing would mean nothing."""


class Tree:
    """A copy of the tree in which modules can be broken."""

    def __init__(self, folder: Path) -> None:
        """Take a copy that is there already.

        Args:
            folder: Made by ``copy_tree``.
        """
        self._folder = folder

    @contextmanager
    def holding(self, module: str, source: bytes) -> Generator[None]:
        """Put a module in the place of the whole one, and the whole one back at the end."""
        path = self._folder / "src/doctrine" / module
        whole = path.read_bytes()
        path.write_bytes(source)
        try:
            yield
        finally:
            path.write_bytes(whole)

    def failing(self, asks: Iterable[Ask]) -> str:
        """Return the first test that fails; empty where all pass."""
        return next((failed for failed in map(self._ask, asks) if failed), "")

    def _ask(self, ask: Ask) -> str:
        chosen = ("-k", ask.only) if ask.only else ()
        process = subprocess.Popen(
            [
                sys.executable, "-B", "-m", "pytest", "-n", "0", "-x", "-q", "--tb", "no",
                "-p", "no:cacheprovider", "--hypothesis-seed", "0",
                "-m", "not live", "-o", "faulthandler_timeout=0", *chosen, *ask.paths,
            ],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._folder / "src")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            printed, _ = process.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            return f"{ask.paths[0]} hangs"
        finally:
            # The group may outlive its leader.
            if process.poll() is None or _alive(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode in {0, _NOTHING_CHOSEN}:
            return ""
        return _first_failed(printed.decode("utf-8", "replace")) or f"{ask.paths[0]} breaks"


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _first_failed(printed: str) -> str:
    lines = (line.split() for line in printed.splitlines())
    return next((words[1] for words in lines if words[:1] in (["FAILED"], ["ERROR"])), "")


def copy_tree(top: Path, folder: Path) -> Tree:
    """Copy what the tests need.

    Args:
        top: Top of the tree.
        folder: Is made.
    """
    import shutil

    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for path in top.iterdir():
        if path.name in _COPIED:
            shutil.copytree(path, folder / path.name, symlinks=True, ignore=ignored)
        elif path.is_file() and path.name != ".git":
            shutil.copy2(path, folder / path.name)
    # Once, since no start of pytest writes what it compiles. A broken module has another time.
    compile_dir(folder / "src", quiet=2)
    return Tree(folder)


def require_whole(tree: Tree, plan: Plan) -> None:
    """See to it that the tests of a plan pass while nothing is broken.

    Raises:
        BrokenPlanError: They do not.
    """
    failed = tree.failing(plan.asks)
    if failed:
        message = f"{plan.module}: {failed} fails although nothing is broken"
        raise BrokenPlanError(message)


def attempt(tree: Tree, mutant: Mutant, plan: Plan) -> Tried:
    """Break a module and ask its tests.

    Args:
        tree: Whole before and after.
        mutant: How to break it.
        plan: Whom to ask.
    """
    start = time.monotonic()
    with tree.holding(mutant.module, mutant.source):
        failed = tree.failing(plan.asks)
    return Tried(
        name=mutant.name,
        digest=mutant.digest,
        fate=Fate.NOTICED if failed else Fate.SURVIVED,
        by=failed,
        seconds=time.monotonic() - start,
    )
